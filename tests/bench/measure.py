# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
"""The measurements. Each takes agents and adds to a dictionary of figures per agent; None is "not measured"."""
import contextlib
import json
import re
import statistics
import time

from ask import Pollers, ask
from process import Running

STARTS, ANSWERS = 3, 500
PACED, PACE_S = 10, 6
SETTLE_S, IDLE_S = 65, 60  # ours goes to its idle pace a minute after the last request
POLLERS, POLL_S = (1, 100, 1000), 10
FEW, MANY = 100, 400  # answers under callgrind; the difference is free of starting and stopping
LOOKS, LOOK_S = 8, 2.5  # so many of the many are asked so far apart that each brings a look of the collector
START_TIMEOUT_S = 60


def wait_for_answer(running):
    """Milliseconds from the start of the program to the first good answer."""
    while not ask(running.port, running.agent.path):
        if running.process.poll() is not None:
            running.complain('it ended')
        if time.monotonic() - running.started > START_TIMEOUT_S:
            running.complain(f'no good answer within {START_TIMEOUT_S} s')
        time.sleep(0.001)
    return (time.monotonic() - running.started) * 1000


@contextlib.contextmanager
def started(agent, wrapper=()):
    with Running(agent, wrapper) as running:
        wait_for_answer(running)
        yield running


def ask_many(running, count):
    """Median time of an answer in ms."""
    times = []
    for _ in range(count):
        start = time.monotonic()
        if not ask(running.port, running.agent.path):
            running.complain('no good answer')
        times.append(time.monotonic() - start)
    return statistics.median(times) * 1000


def measure_starts(agent, figures):
    times = []
    for _ in range(STARTS):
        with Running(agent) as running:
            times.append(wait_for_answer(running))
    figures['start_ms'] = statistics.median(times)


def measure_alone(agent, figures):
    """With no other agent running: back to back, memory, pollers."""
    with started(agent) as running:
        time.sleep(3)  # what it still does after its start is no answer's cost
        body = ask(running.port, agent.path).partition(b'\r\n\r\n')[2]
        figures['bytes'], figures['lists'] = len(body), lists_of(body)
        before = running.cpu_ms()
        figures['latency_ms'] = ask_many(running, ANSWERS)
        figures['burst_ms'] = (running.cpu_ms() - before) / ANSWERS
        figures['processes'] = len(running.pids())
        figures['pss_kib'], figures['private_kib'] = running.memory_kib()
        figures['pollers'] = {count: measure_pollers(running, count) for count in POLLERS}


def lists_of(body):
    """How many entries each list of a JSON answer has; empty for other answers."""
    fields = json.loads(body) if body.startswith(b'{') else {}
    return {name: len(value) for name, value in fields.items() if isinstance(value, list)}


def measure_pollers(running, count):
    pollers = Pollers(running.port, running.agent.path, count, POLL_S)
    pss = [running.memory_kib()[0]]
    cpu_ms = running.cpu_ms()
    pollers.run(lambda: pss.append(running.memory_kib()[0]))
    in_time = sum(seconds <= 1 for seconds in pollers.times_s)
    return {
        'share': in_time / (len(pollers.times_s) + pollers.lost),
        'slowest_ms': max(pollers.times_s, default=0) * 1000,
        'growth': max(pss) / pss[0] - 1,
        'cpu': (running.cpu_ms() - cpu_ms) / POLL_S / 1000,
    }


def measure_together(agents, figures, meanwhile):
    """All agents run; each is asked at its own moment of the 6 s, then all are left alone."""
    with contextlib.ExitStack() as stack:
        runnings = [stack.enter_context(started(agent)) for agent in agents]
        time.sleep(3)
        measure_paced(runnings, figures)
        until = time.monotonic() + SETTLE_S
        meanwhile()  # what takes no look at the clock
        time.sleep(max(0, until - time.monotonic()))
        measure_idle(runnings, figures)


def measure_paced(runnings, figures):
    start = time.monotonic()
    before = []
    for turn in range(PACED):
        for number, running in enumerate(runnings):
            due = start + turn * PACE_S + number * PACE_S / len(runnings)
            time.sleep(max(0, due - time.monotonic()))
            if not turn:
                before.append(running.cpu_ms())
            ask_many(running, 1)
    for number, running in enumerate(runnings):
        due = start + PACED * PACE_S + number * PACE_S / len(runnings)
        time.sleep(max(0, due - time.monotonic()))
        figures[running.agent.name]['paced_ms'] = (running.cpu_ms() - before[number]) / PACED


def measure_idle(runnings, figures):
    before = [(running.cpu_ms(), running.wakeups()) for running in runnings]
    time.sleep(IDLE_S)
    for running, (cpu_ms, wakeups) in zip(runnings, before):
        row = figures[running.agent.name]
        row['idle_ms'] = (running.cpu_ms() - cpu_ms) * 60 / IDLE_S
        row['wakeups'] = (running.wakeups() - wakeups) * 60 / IDLE_S


def measure_instructions(agent, figures):
    """User instructions per answer in the process that answers; ours also per look of the collector."""
    few, many = callgrind(agent, FEW, 0), callgrind(agent, MANY - LOOKS, LOOKS)
    figures['instructions'] = (many['total'] - few['total']) // (MANY - FEW)
    calls = many['looks'][0] - few['looks'][0]
    figures['pass_instructions'] = (many['looks'][1] - few['looks'][1]) // calls if calls > 0 else None


def callgrind(agent, count, looks):
    wrapper = ['valgrind', '-q', '--tool=callgrind', '--callgrind-out-file={dir}/callgrind.%p']
    with started(agent, wrapper) as running:
        ask_many(running, count)
        for _ in range(looks):
            time.sleep(LOOK_S)
            ask_many(running, 1)
        pids = running.pids()
        running.stop()
        texts = [(running.scratch / f'callgrind.{pid}').read_text() for pid in pids[:2]]
        return {'total': total(texts[-1]), 'looks': calls_of(texts[0], 'sources_run')}


def total(text):
    return int(re.search(r'^(?:totals|summary): (\d+)', text, re.M).group(1))


def calls_of(text, function):
    """How often a function is called, and what all calls of it cost."""
    named = re.search(rf'^c?fn=(\(\d+\)) {function}$', text, re.M)
    calls = re.findall(rf'^cfn={re.escape(named[1])}.*\ncalls=(\d+).*\n\S+ (\d+)$', text, re.M) if named else ()
    return sum(int(count) for count, _ in calls), sum(int(cost) for _, cost in calls)
