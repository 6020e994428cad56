# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
"""A running agent: started in a scratch folder and a control group of its own, looked at, stopped by its id."""
import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

V1, V2 = pathlib.Path('/sys/fs/cgroup/cpuacct'), pathlib.Path('/sys/fs/cgroup')
STOP_S = 20  # valgrind writes its file at the end


class Meter:
    """CPU time of an agent with all its children, also those that are gone."""

    def __init__(self, name):
        self.group = None
        for base, counter in (V1, 'cpuacct.usage'), (V2, 'cpu.stat'):
            group = base / f'bench-{os.getpid()}-{name}'
            if (base / 'cgroup.procs').exists() and os.access(base, os.W_OK):
                group.mkdir()
                self.group, self.counter = group, group / counter
                break

    @staticmethod
    def how():
        for base, says in (V1, 'cgroup v1, cpuacct.usage'), (V2, 'cgroup v2, usage_usec of cpu.stat'):
            if (base / 'cgroup.procs').exists() and os.access(base, os.W_OK):
                return says + ': children that are gone are included'
        return '/proc/PID/stat: children that nobody waits for are missing (those of busybox httpd)'

    def enter(self):
        """In the child, before it becomes the agent."""
        if self.group:
            (self.group / 'cgroup.procs').write_text(str(os.getpid()))

    def cpu_ms(self, pids):
        if not self.group:
            return sum(stat_ms(pid) for pid in pids)
        text = self.counter.read_text()
        return int(text.split()[1]) / 1e3 if self.counter.name == 'cpu.stat' else int(text) / 1e6

    def remove(self):
        for _ in range(50):
            try:
                return self.group and self.group.rmdir()
            except OSError:
                time.sleep(0.1)


def stat_ms(pid):
    """User and system time of a process and of the children it waited for."""
    fields = pathlib.Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()
    return sum(map(int, fields[11:15])) * 1000 / os.sysconf('SC_CLK_TCK')


def parents():
    """Parent by process id, of all processes."""
    table = {}
    for entry in os.listdir('/proc'):
        if entry.isdigit():
            try:
                stat = pathlib.Path('/proc', entry, 'stat').read_text()
            except OSError:
                continue
            table[int(entry)] = int(stat.rpartition(')')[2].split()[1])
    return table


class Running:
    """The agent while it runs; use as `with Running(agent) as running`."""

    def __init__(self, agent, wrapper=()):
        self.agent, self.port = agent, free_port()
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix='nasready-bench-'))
        self.scratch.chmod(0o777)  # the agent may give up root and still write here
        self.meter = Meter(f'{self.port}')
        command = [part.format(dir=self.scratch) for part in wrapper] + agent.command(self.scratch, self.port)
        self.started = time.monotonic()
        with open(self.scratch / 'output', 'w', encoding='utf-8') as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            cwd=self.scratch, preexec_fn=self.meter.enter)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def stop(self):
        """Ends the process that was started; the agents end their own children."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.meter.remove()

    def signal(self, number):
        for pid in self.pids():
            with contextlib.suppress(ProcessLookupError):  # a child that has just ended
                os.kill(pid, number)

    def pids(self):
        table, found = parents(), [self.process.pid]
        for pid in found:
            found += [child for child, parent in table.items() if parent == pid]
        return found

    def cpu_ms(self):
        return self.meter.cpu_ms(self.pids())

    def memory_kib(self):
        """(PSS, private) of all processes; one that just ended counts nothing."""
        pss = private = 0
        for pid in self.pids():
            try:
                lines = pathlib.Path(f'/proc/{pid}/smaps_rollup').read_text().splitlines()[1:]
            except OSError:
                continue
            rows = {line.split(':')[0]: int(line.split()[1]) for line in lines}
            pss += rows['Pss']
            private += rows['Private_Clean'] + rows['Private_Dirty']
        return pss, private

    def wakeups(self):
        """Voluntary context switches so far, of every thread."""
        count = 0
        for pid in self.pids():
            for status in pathlib.Path(f'/proc/{pid}/task').glob('*/status'):
                count += int(status.read_text().partition('\nvoluntary_ctxt_switches:')[2].split()[0])
        return count

    def complain(self, what):
        said = (self.scratch / 'output').read_text(errors='replace')[-800:]
        raise SystemExit(f'bench: {self.agent.name}: {what}; it said:\n{said}')


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]
