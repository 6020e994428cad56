#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
"""tests/bench/run.py [--out FILE] PROGRAM...: our builds beside monit, node_exporter and busybox httpd, in one run.

Needs root, the packages of `tests/deps.sh bench` and about 11 minutes. Prints the tables; --out writes the page.
"""
import argparse
import os
import pathlib
import sys
import time

sys.dont_write_bytecode = True  # nothing of ours lands in the source tree

import measure
import report
import smb
from agents import Ours, all_agents
from ending import end_well


def run(agents):
    figures = {agent.name: {} for agent in agents}
    for agent in agents:
        say(f'{agent.name}: start, back to back, memory, pollers')
        measure.measure_starts(agent, figures[agent.name])
        measure.measure_alone(agent, figures[agent.name])
    say('all together: asked every 6 s, then idle; callgrind meanwhile')
    measure.measure_together(agents, figures, lambda: count_instructions(agents, figures))
    for agent in agents:
        if isinstance(agent, Ours):
            say(f'{agent.name}: SMB writes beside it, in pairs')
            smb.measure_backup(agent, figures[agent.name])
    return figures


def count_instructions(agents, figures):
    for agent in agents:
        if agent.callgrind:
            say(f'{agent.name}: callgrind')
            measure.measure_instructions(agent, figures[agent.name])


def say(what):
    print(f'{time.strftime("%H:%M:%S")} {what}', file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('--out', type=pathlib.Path)
    parser.add_argument('programs', nargs='+', metavar='PROGRAM')
    options = parser.parse_args()
    if os.geteuid():
        sys.exit('bench: needs root, as the agents do; try: sudo make bench')
    end_well()
    agents = all_agents(options.programs)
    load = ' '.join(f'{value:.1f}' for value in os.getloadavg())
    figures = run(agents)
    print('\n\n'.join([report.main_table(figures), report.poller_table(figures), report.ratio_table(figures),
                       report.goals_text(figures)]))
    if options.out:
        template = pathlib.Path(__file__).with_name('bench.md.in').read_text(encoding='utf-8')
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(report.document(template, agents, figures, load), encoding='utf-8')


if __name__ == '__main__':
    main()
