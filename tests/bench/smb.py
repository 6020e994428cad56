# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
"""What a backup loses: SMB writes through a real smbd that shares one core with the agent, with it and without, in pairs."""
import contextlib
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
from process import Running, free_port

PAIRS, ASK_S = 5, 5
FILE_BYTES, WRITE_S = 1 << 28, 20  # each side of a pair takes about so long
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
    """A server of its own, on one core, with its share in memory; yields (port, configuration, source file)."""
    base = pathlib.Path(tempfile.mkdtemp(prefix='nasready-bench-smb-', dir='/dev/shm'))
    share, port, smbd = base / 'share', free_port(), None
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
                                start_new_session=True)  # smbd answers SIGTERM with one to its whole group
        for _ in range(100):
            if subprocess.run(put(port, configuration, source, 1), capture_output=True).returncode == 0:
                break
            time.sleep(0.1)
        else:
            raise SystemExit(f'bench: smbd does not answer: {(base / "log").read_text()[-400:]}')
        yield port, configuration, source
    finally:
        if smbd:
            smbd.send_signal(signal.SIGTERM)
            smbd.wait()
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
    def __init__(self, running):
        super().__init__(daemon=True)
        self.running, self.ended = running, threading.Event()

    def run(self):
        while not self.ended.wait(ASK_S):
            ask(self.running.port, self.running.agent.path)


def with_agent(agent, place, puts):
    with Running(agent, ['taskset', '-c', CORE]) as running:
        wait_for_answer(running)
        time.sleep(3)
        asker, before, start = Asker(running), running.cpu_ms(), time.monotonic()
        asker.start()
        rate = write_rate(place, puts)
        share = (running.cpu_ms() - before) / (time.monotonic() - start) / 1000
        asker.ended.set()
        asker.join()
        return rate, share


def measure_backup(agent, figures):
    """Loss as a share, of the median pair; the agent's share of the core; the lowest and highest pair."""
    if not shutil.which('smbd') or not shutil.which('smbclient'):
        return
    losses, shares = [], []
    with samba() as place:
        agent.options = ['--smb-conf', str(place[1])]
        puts = max(4, int(write_rate(place, 4) * WRITE_S / FILE_BYTES))
        for turn in range(PAIRS):
            if turn % 2:
                (rate, share), alone = with_agent(agent, place, puts), write_rate(place, puts)
            else:
                alone, (rate, share) = write_rate(place, puts), with_agent(agent, place, puts)
            losses.append(1 - rate / alone)
            shares.append(share)
        agent.options = []
    figures['backup'] = {'loss': statistics.median(losses), 'least': min(losses), 'most': max(losses),
                         'share': statistics.median(shares), 'rate': alone}
