#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
"""tests/bench/disks.py [--out FILE] PROGRAM: what it costs to create a fixed disk of 5.0 TB on an ext4 of 5.4 TiB, beside
a bare fallocate() of that size, and what a second SMB client's writes suffer meanwhile. As root, about four minutes."""
import argparse
import importlib.util
import os
import pathlib
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

from ending import end_well

DISK_BYTES = 5_000_000_000_000 // 1048576 * 1048576
VOLUME_BYTES = 5_937_362_788_352
WRITE_BYTES = 65536
SEED_BYTES_PER_S = 470_000_000 / 8  # Windows zeroing a disk over the seed's network
ROUNDS = int(os.environ.get('ROUNDS', 3))
ALONE_S = 20


def call(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def children_s():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Volume:
    def __init__(self, scratch):
        self.mount, self.share = f'{scratch}/mnt', f'{scratch}/mnt/backup'
        os.mkdir(self.mount)
        image = f'{scratch}/volume.img'
        with open(image, 'wb') as file:
            file.truncate(VOLUME_BYTES)
        call('mkfs.ext4', '-q', '-m', '0', '-E', 'lazy_itable_init=1,lazy_journal_init=1', image)
        call('mount', '-o', 'loop,noinit_itable', image, self.mount)
        os.mkdir(self.share)
        os.chmod(self.share, 0o777)

    def close(self):
        for _ in range(50):
            if not subprocess.run(['umount', self.mount], check=False, stderr=subprocess.DEVNULL).returncode:
                return
            time.sleep(0.2)


class Disks:
    def __init__(self, program, scratch, volume):
        self.program, self.share, self.options = program, volume.share, ['--state-dir', scratch, '--smb-conf', f'{scratch}/smb.conf']

    def create(self):
        call(self.program, 'disk', 'create', 'Backup/job.vhdx', str(DISK_BYTES), *self.options)

    def fallocate(self):
        call('fallocate', '-l', str(DISK_BYTES), f'{self.share}/bare')

    def remove(self):
        for name in ('job.vhdx', 'bare'):
            path = pathlib.Path(self.share, name)
            if path.exists():
                path.unlink()
        call('sync', '-f', self.share)


def cost(disks):
    """median CPU seconds and wall seconds of both"""
    figures = {'create': [], 'fallocate': []}
    for _ in range(ROUNDS):
        for name in figures:
            before, began = children_s(), time.monotonic()
            getattr(disks, name)()
            figures[name].append((children_s() - before, time.monotonic() - began))
            disks.remove()
            time.sleep(2)
    return {name: sorted(runs)[len(runs) // 2] for name, runs in figures.items()}


# -- the other client --

def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def start_smbd(scratch, volume):
    port, smb = free_port(), f'{scratch}/smb'
    os.mkdir(smb, 0o700)
    dirs = ''.join(f'  {name} dir = {smb}\n' for name in ('private', 'lock', 'state', 'cache', 'pid', 'ncalrpc'))
    pathlib.Path(scratch, 'smb.conf').write_text(
        f'[global]\n{dirs}  map to guest = Bad User\n  guest account = nobody\n  passdb backend = smbpasswd:{smb}/p\n'
        f'  log file = {smb}/log\n  smb ports = {port}\n  interfaces = lo\n  bind interfaces only = yes\n'
        '  disable netbios = yes\n  load printers = no\n  printing = bsd\n  printcap name = /dev/null\n'
        f'[Backup]\n  path = {volume.share}\n  guest ok = yes\n  force user = root\n  read only = no\n', encoding='ascii')
    daemon = subprocess.Popen(['smbd', '-F', '--no-process-group', '-s', f'{scratch}/smb.conf'],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    for _ in range(100):
        try:
            socket.create_connection(('127.0.0.1', port), 1).close()
            return daemon, port
        except OSError:
            time.sleep(0.1)
    raise RuntimeError('smbd does not listen')


class Writer:
    """writes 64 KiB again and again into a file of 1 GiB; the time of each"""

    def __init__(self, port):
        from impacket import smb3structs
        from impacket.smbconnection import SMBConnection
        self.connection = SMBConnection('*SMBSERVER', '127.0.0.1', sess_port=port, timeout=120,
                                        preferredDialect=smb3structs.SMB2_DIALECT_21)
        self.connection.login('guest', '')
        self.tree = self.connection.connectTree('Backup')
        self.file = self.connection.createFile(self.tree, 'other.bin')
        self.data, self.at = os.urandom(WRITE_BYTES), 0

    def run_while(self, goes_on):
        times = []
        while goes_on():
            began = time.monotonic()
            self.connection.writeFile(self.tree, self.file, self.data, self.at)
            times.append(time.monotonic() - began)
            self.at = (self.at + WRITE_BYTES) % (1 << 30)
        return times

    def during(self, work):
        thread = threading.Thread(target=work)
        thread.start()
        times = self.run_while(thread.is_alive)
        thread.join()
        return times


def percentile(times, share):
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


def disturbance(disks, port):
    writer, rows = Writer(port), {}
    writer.during(lambda: time.sleep(5))  # the file's blocks are there from then on
    rows['alone'] = writer.during(lambda: time.sleep(ALONE_S))
    rows['a job creates 5.0 TB'] = writer.during(disks.create)
    disks.remove()
    time.sleep(5)
    rows['one fallocate() of 5.0 TB'] = writer.during(disks.fallocate)
    disks.remove()
    return rows


# -- the page --

def document(figures, rows):
    create, bare = figures['create'], figures['fallocate']
    zeros_s = DISK_BYTES / SEED_BYTES_PER_S
    lines = [
        '# Creating a disk on the NAS', '',
        f'Written by `make bench-disks` on {time.strftime("%Y-%m-%d")}: {os.cpu_count()} cores, Linux {os.uname().release}, an ext4 of '
        f'5.4 TiB in a sparse file, load {os.getloadavg()[0]:.1f}. Medians of {ROUNDS}.', '',
        '| 5.0 TB, fixed | CPU s | wall s |', '|---|---:|---:|',
        f'| `nasready disk create` (all processes) | {create[0]:.2f} | {create[1]:.1f} |',
        f'| one bare `fallocate` | {bare[0]:.2f} | {bare[1]:.1f} |',
        f'| ratio of CPU time (goal: at most 1.3) | {create[0] / bare[0]:.2f} | |',
        f'| zeros from Windows at 470 Mbit/s | | {zeros_s:.0f} |',
        f'| times faster (goal: at least 1000) | | {zeros_s / create[1]:.0f} |', '',
        'A second SMB client writes 64 KiB at a time into another file, one after the other:', '',
        '| meanwhile | writes | median ms | 99 % ms | 99.9 % ms | worst ms |', '|---|---:|---:|---:|---:|---:|']
    for name, times in rows.items():
        lines.append(f'| {name} | {len(times)} | {percentile(times, 0.5):.2f} | {percentile(times, 0.99):.2f} | '
                     f'{percentile(times, 0.999):.2f} | {max(times) * 1000:.0f} |')
    ratio = percentile(rows['a job creates 5.0 TB'], 0.99) / percentile(rows['alone'], 0.99)
    lines += ['', f'99th percentile with the job over that without (goal: at most 2): {ratio:.2f}.', '']
    return '\n'.join(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('program')
    parser.add_argument('--out', type=pathlib.Path)
    options = parser.parse_args()
    if os.geteuid():
        sys.exit('bench-disks: needs root')
    if not os.environ.get('NASREADY_BENCH_APART'):
        os.environ['NASREADY_BENCH_APART'] = '1'
        # impacket comes as a package of Debian's, which only Debian's own python finds
        python = sys.executable if importlib.util.find_spec('impacket') else '/usr/bin/python3'
        os.execvp('unshare', ['unshare', '--mount', '--propagation', 'private', python, *sys.argv])
    end_well()
    scratch, daemon, volume = tempfile.mkdtemp(prefix='nasready-bench.'), None, None
    os.chmod(scratch, 0o755)
    try:
        volume = Volume(scratch)
        daemon, port = start_smbd(scratch, volume)
        disks = Disks(os.path.abspath(options.program), scratch, volume)
        text = document(cost(disks), disturbance(disks, port))
    finally:
        if daemon:
            daemon.terminate()
            daemon.wait()
        if volume:
            volume.close()
        shutil.rmtree(scratch, ignore_errors=True)
    print(text)
    if options.out:
        options.out.write_text(text, encoding='utf-8')


if __name__ == '__main__':
    main()
