#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
"""tests/bench/gate.py [--out FILE] PROGRAM [STATIC]: what the gate costs: in smbd for each call, `dfree` for each question of a
client, and an answer of POST /v1/allocations. As root; half a minute. CPU time counts, medians: the machine does other
things, too.

The object is measured on an ext3 with the gate enabled: the kernel refuses to allocate there at once, so that nearly all
of a call is the object's own work: the page, and a message to the agent at the call's end. A call that is expected to last
0.1 s or more is told of when it begins, too, and has two looks at how long it waited for the processor.
"""
import argparse
import http.client
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from ending import end_well

GIB = 1 << 30
CALLS = 300
# name, file, bytes, calls, pause in microseconds (for the agent to hear that the last one has ended), goal
CASES = (
    ('let pass, 1 MiB', 'share/file', 1 << 20, 20000, 0, 2),
    ('let pass, 2 GiB outside the enabled share', 'file', 2 * GIB, 5000, 0, 20),
    ('let pass, 2 GiB in the enabled share', 'share/file', 2 * GIB, 5000, 0, 20),
    ('let pass, 16 GiB in the enabled share, 0.2 s at the default cost', 'share/file', 16 * GIB, CALLS, 5000, 20),
    ('refused, 60 GiB', 'share/file', 60 * GIB, 5000, 0, None),
)
EMPTY = 'int main(void) { return 0; }'


def run_calls(scratch, path, size, calls, pause_us, **environment):
    """Median and 99th of 100 of the CPU of a call, in microseconds; how many, and how they ended."""
    done = subprocess.run([f'{scratch}/calls', path, str(size), str(calls), str(pause_us)], capture_output=True,
                          check=True, text=True, env={**os.environ, **environment})
    median, high, count, error = map(int, done.stdout.split())
    return median / 1000, high / 1000, count, os.strerror(error) if error else 'done'


def cpu_ms_of(command, times=CALLS):
    """Median CPU of starting and ending it."""
    took = []
    for _ in range(times):
        pid = os.posix_spawn(command[0], command, os.environ,
                             file_actions=[(os.POSIX_SPAWN_OPEN, 1, '/dev/null', os.O_WRONLY, 0)])
        _, status, usage = os.wait4(pid, 0)
        if status:
            sys.exit(f'bench: {" ".join(command)} failed')
        took.append((usage.ru_utime + usage.ru_stime) * 1000)
    return statistics.median(took)


class Agent:
    def __init__(self, program, scratch, share):
        self.run = f'{scratch}/run'
        os.mkdir(self.run)
        conf = f'{scratch}/smb.conf'
        pathlib.Path(conf).write_text(f'[Backup]\n path = {share}\n strict allocate = yes\n', encoding='ascii')
        pathlib.Path(f'{self.run}/gate.conf').write_text('# nasready gate 1\n[Backup]\n', encoding='ascii')
        self.port = 20000 + os.getpid() % 10000
        self.child = subprocess.Popen([program, 'serve', '--listen', f'127.0.0.1:{self.port}', '--state-dir', self.run,
                                       '--run-dir', self.run, '--smb-conf', conf, '--user', 'nobody', '--log', 'stderr'],
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def ask(self, method, path, body=None):
        link = http.client.HTTPConnection('127.0.0.1', self.port, timeout=10)
        link.request(method, path, body, {'Content-Type': 'application/json'} if body else {})
        answer = link.getresponse()
        text = answer.read()
        link.close()
        return answer.status, json.loads(text)

    def wait(self):
        for _ in range(100):
            try:
                shares = self.ask('GET', '/v1/status')[1]['shares']
                if any(share['gated'] for share in shares):
                    return
            except OSError:
                pass
            time.sleep(0.2)
        sys.exit('bench: the agent does not take the gate up')

    def cpu_ms(self):
        pids = [self.child.pid] + [int(pid) for pid in subprocess.run(['pgrep', '-P', str(self.child.pid)],
                                                                      capture_output=True, text=True).stdout.split()]
        return sum(int(pathlib.Path(f'/proc/{pid}/schedstat').read_text().split()[0]) for pid in pids) / 1e6

    def gate_ms(self, size):
        body = json.dumps({'share': 'Backup', 'file': 'a.vhdx', 'size_bytes': size})
        status, _ = self.ask('POST', '/v1/allocations', body)
        before = self.cpu_ms()
        for _ in range(CALLS):
            self.ask('POST', '/v1/allocations', body)
        return (self.cpu_ms() - before) / CALLS, status

    def stop(self):
        self.child.terminate()
        self.child.wait()


def measure(program, static, scratch):
    image, mount = f'{scratch}/image', f'{scratch}/mount'
    os.mkdir(mount)
    with open(image, 'wb') as file:
        file.truncate(32 * GIB)
    subprocess.run(['mkfs.ext3', '-q', '-F', '-N', '2000', '-m', '0', image], check=True)
    subprocess.run(['mount', '-o', 'loop', image, mount], check=True)
    os.mkdir(f'{mount}/share')
    agent = Agent(program, scratch, f'{mount}/share')
    try:
        agent.wait()
        time.sleep(12)  # the volume settles
        yield from object_rows(program, agent, scratch, mount)
        yield from dfree_rows(static or program, agent, scratch, f'{mount}/share')
        took, status = agent.gate_ms(60 * GIB)
        yield (f'an answer of POST /v1/allocations (status {status})', f'{took:.2f} ms', 'at most 1 ms', took <= 1)
    finally:
        agent.stop()
        subprocess.run(['umount', mount], check=True)


def object_rows(program, agent, scratch, mount):
    calls = pathlib.Path(__file__).with_name('gate_calls.c')
    subprocess.run(['cc', '-O2', '-D_GNU_SOURCE', '-D_FILE_OFFSET_BITS=64', '-o', f'{scratch}/calls', calls], check=True)
    gate_so = os.path.join(os.path.dirname(os.path.realpath(program)), 'libnasready-gate.so')
    for name, file, size, count, pause, most in CASES:
        plain = run_calls(scratch, f'{mount}/{file}', size, count, pause)
        gated = run_calls(scratch, f'{mount}/{file}', size, count, pause, LD_PRELOAD=gate_so, NASREADY_RUN_DIR=agent.run)
        more = gated[0] - plain[0]
        yield (f'a call of smbd, {name} ("{gated[3]}", {gated[2]} calls)',
               f'{more:+.2f} µs; 99 of 100 within {gated[1]:.0f} µs in all', f'at most {most} µs' if most else '',
               more <= most if most else None)


def dfree_rows(program, agent, scratch, mount):
    empty = f'{scratch}/empty'
    subprocess.run(['cc', '-O2', '-static', '-o', empty, '-x', 'c', '-'], input=EMPTY, text=True, check=True)
    base = cpu_ms_of([empty])
    more = cpu_ms_of([os.path.realpath(program), 'dfree', mount, '--run-dir', agent.run]) - base
    yield (f'`nasready dfree` ({"static" if "musl" in program else "shared libraries"}), above an empty static program ({base:.2f} ms)', f'{more:+.2f} ms', 'at most 1 ms', more <= 1)


def page(rows):
    lines = ['| what | CPU | goal | result |', '|---|---|---|---|']
    for what, took, goal, reached in rows:
        lines.append(f"| {what} | {took} | {goal} | {'' if reached is None else 'reached' if reached else 'not reached'} |")
    return '\n'.join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('--out', type=pathlib.Path)
    parser.add_argument('program')
    parser.add_argument('static', nargs='?', help='the static build, for dfree')
    options = parser.parse_args()
    end_well()
    with tempfile.TemporaryDirectory() as scratch:
        os.chmod(scratch, 0o755)
        table = page(measure(options.program, options.static, scratch))
    print(table)
    if options.out:
        load = ' '.join(f'{value:.1f}' for value in os.getloadavg())
        options.out.write_text('# What the gate costs\n\n`make bench-gate` wrote this page; load average at the end: '
                               f'{load}. CPU time, medians of {CALLS} calls.\n\n{table}\n\n'
                               f'{__doc__.split(chr(10) + chr(10))[1].strip()}\n', encoding='utf-8')


if __name__ == '__main__':
    main()
