#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
"""tests/crash/run.py PROGRAM [--kills N] [--cuts N] [--seed N]: ends jobs on disks at random points, by kill -9 and by
power cuts, and judges after each what the agent has made of it: never a published name that a checker refuses, never
data of a grown disk changed, never space lost. As root."""
import argparse
import os
import random
import shutil
import signal
import subprocess
import sys

import cuts
import kills
from machine import Machine, make_scratch


def apart():
    """mounts that nobody else sees, and that go with this process"""
    if not os.environ.get('NASREADY_CRASH_APART') and \
            not subprocess.run(['unshare', '--mount', '--propagation', 'private', 'true'], check=False).returncode:
        os.environ['NASREADY_CRASH_APART'] = '1'
        os.execvp('unshare', ['unshare', '--mount', '--propagation', 'private', sys.executable, *sys.argv])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('program')
    parser.add_argument('--kills', type=int, default=20)
    parser.add_argument('--cuts', type=int, default=20)
    parser.add_argument('--seed', type=int, default=random.SystemRandom().randrange(1 << 30))
    options = parser.parse_args()
    if os.geteuid():
        print('crashes skipped: not root')
        return 0
    apart()
    for number in signal.SIGTERM, signal.SIGHUP:  # what was started and mounted ends with this
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    print(f'seed {options.seed}', flush=True)
    scratch, failed, passed = make_scratch(), 0, 0
    try:
        for name, module, count in (('kill -9', kills, options.kills), ('power cut', cuts, options.cuts)):
            if not count:
                continue
            machine = Machine(options.program, f'{scratch}/{name.split()[0]}')
            try:
                table, failures = module.run(machine, count, random.Random(options.seed))
            finally:
                machine.close()
            for key in sorted(table, key=str):
                print(f'  {table[key]:4d} {name}: {", ".join(key) if isinstance(key, tuple) else key}')
            failed += len(failures)
            passed += sum(table.values())
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    print(f'{passed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
