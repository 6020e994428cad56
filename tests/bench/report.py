# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
"""The table for the terminal and docs/bench.md with the goals, computed from the figures of this run."""
import dataclasses
import datetime
import os
import pathlib
import platform
import re
import shutil
from collections.abc import Callable

import measure
import smb
from agents import SHARED, STATIC
from process import Meter

COLUMNS = (
    ('CPU, asked every 6 s', 'ms/answer', lambda f: number(f['paced_ms'])),
    ('CPU, back to back', 'ms/answer', lambda f: number(f['burst_ms'])),
    ('user instructions', 'per answer', lambda f: number(f.get('instructions'))),
    ('PSS', 'KiB', lambda f: number(f['pss_kib'])),
    ('private', 'KiB', lambda f: number(f['private_kib'])),
    ('idle wake-ups', '/min', lambda f: number(f['wakeups'])),
    ('idle CPU', 'ms/min', lambda f: number(f['idle_ms'])),
    ('start', 'ms', lambda f: number(f['start_ms'])),
    ('latency', 'ms', lambda f: number(f['latency_ms'])),
    ('answer', 'bytes', lambda f: number(f['bytes'])),
)
RATIOS = (('paced CPU', 'paced_ms'), ('back-to-back CPU', 'burst_ms'), ('user instructions', 'instructions'),
          ('PSS', 'pss_kib'), ('private memory', 'private_kib'), ('start', 'start_ms'))


@dataclasses.dataclass
class Goal:
    what: str
    limit: float
    unit: str
    figure: Callable
    least: bool = False  # the limit is the least, not the most
    noise: Callable = lambda f: 0  # below which the bench cannot tell a figure from nothing


GOALS = (
    Goal('CPU of an answer when asked every 6 s', 1.0, 'ms', lambda f: f['paced_ms']),
    Goal('CPU of an answer back to back', 0.08, 'ms', lambda f: f['burst_ms']),
    Goal('user instructions of an answer', 120000, '', lambda f: f['instructions']),
    Goal('PSS of all processes', 400, 'KiB', lambda f: f['pss_kib']),
    Goal('private memory of all processes', 200, 'KiB', lambda f: f['private_kib']),
    Goal('wake-ups a minute, idle', 2, '', lambda f: f['wakeups']),
    Goal('CPU a minute, idle', 0.1, 'ms', lambda f: f['idle_ms']),
    Goal('memory growth with 1,000 pollers', 10, '%', lambda f: f['pollers'][1000]['growth'] * 100),
    Goal('answers to 1,000 pollers within 1 s', 100, '%', lambda f: f['pollers'][1000]['share'] * 100, least=True),
    Goal("a backup's throughput lost, asked every 5 s", 0.5, '%', lambda f: f['backup']['time']['median'] * 100,
         noise=lambda f: f['backup']['time_noise'] * 100),
)


def number(value):
    """Three significant digits; thousands apart."""
    if value is None:
        return '–'
    if value >= 100:
        return f'{value:,.0f}'.replace(',', ' ')
    return f'{value:.3g}'


def percent(value):
    """Rounded down: 100 % is said only of all."""
    return f'{int(value * 1000) / 10:g} %'


def table(head, rows):
    """A Markdown table that is aligned for the terminal too."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    lines = [[row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]
             for row in [head, *rows]]
    rule = '|'.join('-' * (width + 1) + ('-' if not i else ':') for i, width in enumerate(widths))
    lines = [f"| {' | '.join(cells)} |" for cells in lines]
    return '\n'.join([lines[0], f'|{rule}|', *lines[1:]])


def main_table(figures):
    head = ['agent', *(f'{what}, {unit}' for what, unit, _ in COLUMNS)]
    return table(head, [[name, *(show(row) for _, _, show in COLUMNS)] for name, row in figures.items()])


def poller_table(figures):
    head = ['agent']
    for count in measure.POLLERS:
        head += [f'{count:,}: within 1 s', 'slowest, ms', 'memory', 'CPU, cores']
    rows = []
    for name, row in figures.items():
        cells = [name]
        for polled in row['pollers'].values():
            cells += [percent(polled['share']), number(polled['slowest_ms'] or None),
                      f"{polled['growth'] * 100:+.1f} %", number(polled['cpu'])]
        rows.append(cells)
    return table(head, rows)


def ratio_table(figures):
    """How much of each other agent's figure ours takes."""
    ours = next(name for name in (STATIC, SHARED) if name in figures)
    rows = []
    for name in figures:
        pairs = [(figures[ours].get(key), figures[name].get(key)) for _, key in RATIOS]
        rows.append([name, *(f'{theirs / own:.2f}' if own and theirs else '–' for own, theirs in pairs)])
    return f'{ours} is 1; above 1 the other one takes more.\n\n' + table(['agent', *(what for what, _ in RATIOS)], rows)


def goal_row(goal, row):
    try:
        value = goal.figure(row)
    except KeyError:
        return [goal.what, f'{goal.limit:,g} {goal.unit}'.strip(), 'not measured', '–']
    reached = value >= goal.limit if goal.least else value <= goal.limit
    noise = goal.noise(row)
    result = 'reached' if reached else f'within the noise, {number(noise)} {goal.unit}' if value <= noise else 'not reached'
    return [goal.what, f"{'at least' if goal.least else 'at most'} {goal.limit:,g} {goal.unit}".strip(),
            f'{number(value)} {goal.unit}'.strip(), result]


def goals_text(figures):
    parts = []
    for name in (STATIC, SHARED):
        if name in figures:
            rows = [goal_row(goal, figures[name]) for goal in GOALS]
            parts.append(f'### {name}\n\n' + table(['goal', 'limit', 'measured', 'result'], rows))
    if STATIC not in figures:
        parts.insert(0, 'The goals are for the static musl build, which was not there in this run; '
                     "Debian's shared libraries cost memory that it does not have.")
    return '\n\n'.join(parts)


def backup_table(figures):
    """What the rounds of SMB writes gave."""
    rows = []
    for name, row in figures.items():
        if 'backup' in row:
            b = row['backup']
            cells = [f"{spread['median'] * 100:.2f} ({spread['low'] * 100:.2f} to {spread['high'] * 100:.2f})"
                     for spread in (b['time'], b['wall'])]
            rows.append([name, f"{b['rate'] / 1e6:.0f}", f"{b['share'] * 100:.3f}", cells[0], f"{b['time_noise'] * 100:.2f}",
                         cells[1], f"{b['wall_noise'] * 100:.2f}"])
    head = ['agent', 'alone, MB/s', "agent's share of the core, %", 'lost by processor time, %', 'noise, %',
            'lost by the clock, %', 'noise, %']
    return table(head, rows) if rows else 'Not measured: smbd, smbclient or a control group that counts its time is missing.'


def machine():
    release = dict(re.findall(r'^(\w+)="?([^"\n]*)', pathlib.Path('/etc/os-release').read_text(), re.M))
    model = re.search(r'^model name\s*: (.*)', pathlib.Path('/proc/cpuinfo').read_text(), re.M)
    memory = int(re.search(r'MemTotal:\s*(\d+)', pathlib.Path('/proc/meminfo').read_text())[1]) / 2**20
    return (f"{release['PRETTY_NAME']}, {platform.machine()}, kernel {platform.release()}, {os.cpu_count()} cores "
            f"({model[1] if model else 'unknown'}), {memory:.0f} GiB")


def samba():
    if shutil.which('smbstatus'):
        return ('Samba is\ninstalled here: `smbstatus` runs every 30 s while somebody asks and an SMB client is connected, and '
                'its CPU time is in\nthe row.')
    return 'Samba is not\ninstalled here, so no `smbstatus` ran.'


def agents_table(agents):
    rows = [[agent.name, agent.version(), f'`{agent.path}`: {agent.answer}'] for agent in agents]
    return table(['agent', 'version', 'one answer'], rows)


def document(template, agents, figures, load):
    """The page: its words stand in bench.md.in, the figures come from here."""
    lists = next(row['lists'] for row in figures.values() if row['lists'])
    passes = [f"{number(row['pass_instructions'])} ({name})" for name, row in figures.items()
              if row.get('pass_instructions')]
    return template.format(
        date=datetime.date.today().isoformat(), machine=machine(), load=load, main=main_table(figures),
        pollers=poller_table(figures), ratios=ratio_table(figures), goals=goals_text(figures),
        lists=', '.join(f'{name}: {count}' for name, count in lists.items() if count),
        agents=agents_table(agents), meter=Meter.how(), samba=samba(), backup=backup_table(figures), passes=', '.join(passes) or 'not measured',
        answers=measure.ANSWERS, starts=measure.STARTS, few=measure.FEW, many=measure.MANY, paced=measure.PACED,
        rounds=smb.ROUNDS, phase=smb.PHASE_S, asks=smb.ASK_S, pace=measure.PACE_S, settle=measure.SETTLE_S, idle=measure.IDLE_S, seconds=measure.POLL_S)
