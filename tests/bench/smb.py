# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
"""What a backup loses: SMB writes through a real smbd that shares one core with the agent. Each round has two phases in
which the agent is stopped and one in which it is asked; what the two differ by is the machine's noise."""
import contextlib
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import tempfile
import threading
import time

from ask import ask
from measure import wait_for_answer
from process import Meter, Running, free_port

ROUNDS, PHASE_S, ASK_S = 8, 10, 5
FILE_BYTES = 1 << 28
CORE, OTHER = '0', '1'

CONFIGURATION = """[global]
{dirs}
server role = standalone server
map to guest = Bad User
guest account = nobody
passdb backend = smbpasswd:{dir}/private/smbpasswd
log file = {dir}/log
smb ports = {port}
interfaces = lo
bind interfaces only = yes
disable netbios = yes
load printers = no
printing = bsd
printcap name = /dev/null
[Backup]
path = {share}
guest ok = yes
force user = root
read only = no
"""


@contextlib.contextmanager
def samba():
    """A server of its own, on one core, with its share in memory; yields ((port, configuration, source file), its meter)."""
    base = pathlib.Path(tempfile.mkdtemp(prefix='nasready-bench-smb-', dir='/dev/shm'))
    share, port, smbd = base / 'share', free_port(), None
    meter = Meter(f'smbd-{port}')
    try:
        for name in 'share', 'private', 'lock', 'state', 'cache', 'pid', 'ncalrpc':
            (base / name).mkdir(mode=0o700)
        dirs = '\n'.join(f'{name} directory = {base}/{name}' for name in ('lock', 'state', 'cache', 'pid'))
        dirs += f'\nprivate dir = {base}/private\nncalrpc dir = {base}/ncalrpc'
        configuration = base / 'smb.conf'
        configuration.write_text(CONFIGURATION.format(dirs=dirs, dir=base, port=port, share=share))
        source = base / 'source'
        with open(source, 'wb') as file:
            file.write(bytes(FILE_BYTES))
        smbd = subprocess.Popen(['taskset', '-c', CORE, 'smbd', '-F', '--no-process-group', '-s', str(configuration)],
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                preexec_fn=meter.enter, start_new_session=True)  # smbd answers SIGTERM with one to its whole group
        for _ in range(100):
            if subprocess.run(put(port, configuration, source, 1), capture_output=True).returncode == 0:
                break
            time.sleep(0.1)
        else:
            raise SystemExit(f'bench: smbd does not answer: {(base / "log").read_text()[-400:]}')
        yield (port, configuration, source), meter
    finally:
        if smbd:
            smbd.send_signal(signal.SIGTERM)
            smbd.wait()
        meter.remove()
        shutil.rmtree(base, ignore_errors=True)


def put(port, configuration, source, times):
    commands = '; '.join([f'put {source} disk'] * times)
    return ['taskset', '-c', OTHER, 'smbclient', '-s', str(configuration), '-N', '-p', str(port), '//127.0.0.1/Backup',
            '-c', commands]


def write_rate(place, puts):
    start = time.monotonic()
    subprocess.run(put(*place, puts), check=True, capture_output=True)
    return FILE_BYTES * puts / (time.monotonic() - start)


class Asker(threading.Thread):
    """Asks at once, and every 5 s until it is told to end."""

    def __init__(self, running):
        super().__init__(daemon=True)
        self.running, self.ended = running, threading.Event()

    def run(self):
        while True:
            ask(self.running.port, self.running.agent.path)
            if self.ended.wait(ASK_S):
                return


class Phase:
    """Writing for ten seconds: bytes a second, smbd's processor time for each, the share of the core that the agent took."""

    def __init__(self, place, smbd, running, puts, asked):
        asker = Asker(running)
        smbd_ms, agent_ms, start = smbd.cpu_ms([]), running.cpu_ms(), time.monotonic()
        if asked:
            running.signal(signal.SIGCONT)
            asker.start()
        self.rate = write_rate(place, puts)
        asker.ended.set()
        if asked:
            asker.join()
            running.signal(signal.SIGSTOP)
        self.share = (running.cpu_ms() - agent_ms) / (time.monotonic() - start) / 1000
        self.cost = (smbd.cpu_ms([]) - smbd_ms) / (FILE_BYTES * puts)


def lost_by_time(alone, other):
    """Of what one core could write: the agent's share of it, and what smbd needs more for each byte."""
    return 1 - (1 - other.share) * alone.cost / other.cost


def measure_rounds(agent, place, smbd, puts):
    """(alone, alone again, asked) of each round; the order changes, so that no trend counts for one of them."""
    with Running(agent, ['taskset', '-c', CORE]) as running:
        wait_for_answer(running)
        time.sleep(3)
        running.signal(signal.SIGSTOP)
        for turn in range(ROUNDS):
            phases = {}
            for kind in [0, 1, 2][turn % 3:] + [0, 1, 2][:turn % 3]:
                phases[kind] = Phase(place, smbd, running, puts, asked=kind == 2)
            yield phases[0], phases[1], phases[2]
        running.signal(signal.SIGCONT)


def spread(values):
    low, middle, high = statistics.quantiles(values, n=4)
    return {'median': middle, 'low': low, 'high': high}


def measure_backup(agent, figures):
    """Shares lost, each with the quartiles of its rounds; None of it if there is no Samba or no accounting of its time."""
    if not shutil.which('smbd') or not shutil.which('smbclient'):
        return
    with samba() as (place, smbd):
        if not smbd.group:
            return
        agent.options = ['--smb-conf', str(place[1])]
        puts = max(4, int(write_rate(place, 4) * PHASE_S / FILE_BYTES))
        rounds = list(measure_rounds(agent, place, smbd, puts))
        agent.options = []
    figures['backup'] = {
        'time': spread([(lost_by_time(a, asked) + lost_by_time(b, asked)) / 2 for a, b, asked in rounds]),
        'time_noise': statistics.median([abs(lost_by_time(a, b)) for a, b, _ in rounds]),
        'wall': spread([1 - asked.rate * 2 / (a.rate + b.rate) for a, b, asked in rounds]),
        'wall_noise': statistics.median([abs(1 - a.rate / b.rate) for a, b, _ in rounds]),
        'share': statistics.median([asked.share for _, _, asked in rounds]),
        'rate': statistics.median([a.rate for a, _, _ in rounds]),
    }
