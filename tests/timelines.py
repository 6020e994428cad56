#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
"""tests/timelines.py OUT: recorded machines with times, for rates, allocations, freeing and settling.

Writes OUT/NAME/base, the machine of tests/machines/raidiator-5.3, and OUT/NAME/tSSSSSS, what had changed SSSSSS
seconds later. `nasready status --json --root OUT/NAME` plays them. Nothing is random: the same files every time.
Needs no more of Python than Debian's python3-minimal has.
"""
import pathlib
import re
import sys

MACHINE = pathlib.Path(__file__).resolve().parent / 'machines' / 'raidiator-5.3'

BLOCK = 4096
MB, GB, TB = 10**6, 10**9, 10**12
HZ = 100

HERE = '10.0.0.2'
TCP = 'proc/net/tcp'
JBD2 = 'proc/fs/jbd2/dm-0:8/info'
DELAYED = 'sys/fs/ext4/dm-0/delayed_allocation_blocks'


def copy_tree(source, target):
    for path in sorted(source.rglob('*')):
        if path.is_file() and path.name != 'README.md':
            put(target / path.relative_to(source), path.read_text())


def in_hex(address):
    """as /proc/net/tcp of a little-endian machine has it"""
    return ''.join(f'{int(part):02X}' for part in reversed(address.split('.')))


def put(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def add_to_row(text, key, at, additions):
    """Adds to numbers of each line that has the word `key` at place `at`; additions: {place: number}."""
    lines = text.splitlines()
    for i, line in enumerate(lines):
        words = list(re.finditer(r'[^\s:]+:|[^\s:]+', line))  # "eth0:123" is two
        if len(words) > at and words[at].group() == key:
            for place in sorted(additions, reverse=True):
                start, end = words[place].span()
                line = line[:start] + str(int(line[start:end]) + additions[place]) + line[end:]
            lines[i] = line
    return '\n'.join(lines) + '\n'


class Nas:
    """The machine, and how it changes. live() lets time pass; look() writes down what the agent would see."""

    def __init__(self, folder, free=None):
        self.folder, self.seconds, self.write_ms = folder, 0, 0
        self.changed = {DELAYED: '0\n'}
        copy_tree(MACHINE, folder / 'base')
        for line in self.read('answers/statfs').splitlines():
            if line.startswith('c '):
                self.c_blocks, self.c_free = int(line.split()[2]), int(line.split()[3]) * BLOCK
            else:
                self.root = [int(word) for word in line.split()[1:]]
        self.c_free = free or self.c_free
        self.monotonic_ms, self.wall_ms = (int(word) for word in self.read('answers/time').split())

    def read(self, path):
        return self.changed.get(path) or (self.folder / 'base' / path).read_text()

    def live(self, seconds, user=0, system=0, iowait=0, taken=0, written=0, commits=0, received=0, root_written=0):
        """Percent of the CPU; bytes taken from /c (negative: given back), written to it, received; /'s bytes grow."""
        self.seconds += seconds
        self.c_free -= taken
        self.root[2] -= root_written // BLOCK
        self.root[3] -= root_written // BLOCK
        ticks = seconds * HZ
        busy = {1: user * ticks // 100, 3: system * ticks // 100, 5: iowait * ticks // 100}
        busy[4] = ticks - sum(busy.values())
        for cpu in 'cpu', 'cpu0':
            self.change('proc/stat', cpu, 0, busy)
        self.change('proc/net/dev', 'eth0:', 0, {1: received, 2: received // 1448, 8: seconds // 2,
                                                9: received // 44, 10: received // 2896})
        self.change(JBD2, 'transaction,', 1, {0: commits})
        self.write('dm-0', written)
        self.write('md2', written)
        for disk, part in ('sda', 'sda3'), ('sdb', 'sdb3'):  # RAID 0: each has half
            self.write(disk, written // 2, busy=True)
            self.write(part, written // 2, busy=True)
        self.write('md0', root_written)
        for disk, part in ('sda', 'sda1'), ('sdb', 'sdb1'):  # RAID 1: each has all
            self.write(disk, root_written, busy=True)
            self.write(part, root_written, busy=True)

    def write(self, device, size, busy=False):
        busy_ms = size // (100 * MB // 1000) if busy else 0  # a disk of 100 MB/s
        self.change('proc/diskstats', device, 2, {7: size // 65536, 9: size // 512, 10: busy_ms, 12: busy_ms,
                                                  13: busy_ms})

    def change(self, path, key, at, additions):
        self.changed[path] = add_to_row(self.read(path), key, at, additions)

    def delay(self, size):
        """This much was written by programs, but not by the kernel."""
        self.changed[DELAYED] = f'{size // BLOCK}\n'

    def remount(self, options):
        for path in 'proc/mounts', 'proc/self/mountinfo':
            text = (self.folder / 'base' / path).read_text()
            self.changed[path] = text.replace('data=ordered', 'data=ordered,' + options)

    def connect(self, *peers):
        """Who is connected now: (address, port of ours, state), on top of what listens."""
        lines = (self.folder / 'base' / TCP).read_text()
        for i, (address, port, state) in enumerate(peers):
            lines += (f'{10 + i:4d}: {in_hex(HERE)}:{port:04X} {in_hex(address)}:{0xC000 + i:04X} {state} '
                      '00000000:00000000 00:00000000 00000000     0        0 4711 1 cf0a0d80 20 4 1 3 -1\n')
        self.changed[TCP] = lines

    def ups(self, status, charge, runtime_s):
        self.changed['answers/ups'] = (
            'BEGIN LIST UPS\nUPS ups "Smart-UPS 750"\nEND LIST UPS\n'
            f'VAR ups ups.status "{status}"\nVAR ups battery.charge "{charge}"\n'
            f'VAR ups battery.runtime "{runtime_s}"\nOK Goodbye\n')

    def look(self):
        step = self.folder / f't{self.seconds:06d}'
        now_ms = self.seconds * 1000
        free = self.c_free // BLOCK
        put(step / 'answers/time', f'{self.monotonic_ms + now_ms} {self.wall_ms + now_ms}\n')
        put(step / 'answers/statfs', f'root {" ".join(map(str, self.root))}\n'
                                     f'c {BLOCK} {self.c_blocks} {free} {free}\n')
        for path, text in self.changed.items():
            put(step / path, text)

    def idle(self, seconds, every):
        """Nothing happens; a look every so many seconds."""
        for second in range(1, seconds + 1):
            self.live(1, system=1)
            if second % every == 0:
                self.look()

    def allocate(self, size, seconds):
        """fallocate() of one file, looked at every 2 s. The journal commits every 5 s: 60 MB per TB."""
        for second in range(1, seconds + 1):
            commits = second % 5 == 0
            self.live(1, system=98, taken=size // seconds, commits=commits,
                      written=60 * MB * 5 * size // seconds // TB if commits else 0)
            if second % 2 == 0:
                self.look()

    def last_commit(self):
        """The commit that closes it comes up to 5 s after the end, with what was left to write."""
        self.idle(4, every=2)
        self.live(2, iowait=60, commits=1, written=30 * MB)
        self.look()


def alloc_2tb(nas):
    """20 s of rest; Windows makes a VHDX of 2 TB at once, which takes 41 s; 30 s until long after it has settled."""
    nas.look()
    nas.idle(20, every=2)
    nas.allocate(2 * TB, seconds=41)
    nas.live(1)
    nas.look()
    nas.last_commit()
    nas.idle(24, every=2)


def freeing_20min(nas):
    """Windows makes a VHDX of 5.4 TB in one step and gives up after 60 s. The NAS goes on to the end, 80 s; then the
    file is deleted, and for 20 minutes the space comes back, a little with every commit."""
    nas.look()
    nas.idle(20, every=2)
    nas.allocate(54 * TB // 10, seconds=80)
    for second in range(1, 1201):
        commits = second % 5 == 0
        nas.live(1, system=96, commits=commits,
                 taken=-54 * TB // 10 // 240 if commits else 0, written=2 * MB if commits else 0)
        if second % 20 == 0:
            nas.look()
    nas.last_commit()
    nas.idle(24, every=2)


def backup_60mbs(nas):
    """5 minutes into a fixed VHDX: the device writes, free space stands still. Then 5 minutes into a file that grows:
    what it takes has just been written, or waits in memory. Then rest."""
    nas.look()
    nas.idle(20, every=5)
    for second in range(1, 301):
        nas.live(1, user=12, system=70, iowait=10, received=60 * MB, written=60 * MB, commits=second % 5 == 0)
        if second % 5 == 0:
            nas.look()
    delayed = 0
    for second in range(1, 301):
        # 6 s fill the memory with 10 MB/s, 3 s empty it again
        before, delayed = delayed, 20 * MB * (second % 9 if second % 9 <= 6 else 18 - 2 * (second % 9)) // 2
        nas.live(1, user=12, system=75, iowait=8, received=60 * MB, taken=60 * MB,
                 written=60 * MB - delayed + before, commits=second % 5 == 0)
        nas.delay(delayed)
        if second % 5 == 0:
            nas.look()
    nas.live(5, iowait=40, written=delayed, commits=1)
    nas.delay(0)
    nas.look()
    nas.idle(30, every=5)


def idle_night(nas):
    """Two hours, a look a minute. A log on / grows by 8 KiB a minute and is rotated after an hour; /c commits now and
    then. After 30 minutes the firmware lets the disks sleep, and sets commit=604800 for it; after 90 it wakes them."""
    nas.look()
    for minute in range(1, 121):
        asleep = 30 <= minute < 90
        commits = not asleep and minute % 3 == 0
        nas.live(60, system=1, root_written=8192, commits=int(commits), written=49152 if commits else 0)
        if minute == 30:
            nas.remount('commit=604800')
        if minute == 60:
            nas.root[2] += 768  # 3 MiB
            nas.root[3] += 768
        if minute == 90:
            nas.remount('commit=5')
        nas.look()


SERVER, DESKTOP = '10.0.0.5', '10.0.0.9'
ESTABLISHED, CLOSE_WAIT = '01', '08'
SMB, SSH, WEB_UI = 445, 22, 80


def backup_night(nas):
    """From the evening to the morning after. The administrator has the web page, a shell and an Explorer window
    open; deletes last year's VHDX of 1.5 TB; logs out, goes home. At 22:00 the server mounts its disk and writes
    for a while; the power fails and comes back; the server dies in the middle of making a larger disk, smbd
    goes on without it. Then it is quiet. (An hour here is five minutes: nothing depends on it.)"""
    mine = (DESKTOP, SMB, ESTABLISHED), (DESKTOP, SSH, ESTABLISHED), (DESKTOP, WEB_UI, ESTABLISHED)
    backup = (SERVER, SMB, ESTABLISHED)
    nas.ups('OL', 100, 1800)
    nas.connect(*mine)
    nas.look()
    nas.idle(60, every=10)
    for second in range(1, 301):  # the space of the old disk comes back
        nas.live(1, system=96, commits=second % 5 == 0, taken=-15 * TB // 10 // 60 if second % 5 == 0 else 0)
        if second % 10 == 0:
            nas.look()
    nas.idle(40, every=10)
    nas.connect()
    nas.idle(60, every=30)
    nas.connect(backup)
    for second in range(1, 601):
        if second == 300:
            nas.ups('OB DISCHRG', 96, 1500)
        if second == 360:
            nas.ups('OL CHRG', 91, 1500)
        nas.live(1, user=12, system=70, iowait=10, received=60 * MB, written=60 * MB, commits=second % 5 == 0)
        if second % 30 == 0:
            nas.look()
    nas.idle(60, every=10)
    nas.allocate(TB, seconds=20)
    nas.connect((SERVER, SMB, CLOSE_WAIT))
    nas.allocate(TB, seconds=20)
    nas.connect()
    nas.last_commit()
    nas.idle(60, every=10)


TIMELINES = {
    'alloc-2tb': (alloc_2tb, None),
    'freeing-20min': (freeing_20min, 56 * TB // 10),
    'backup-60mbs': (backup_60mbs, None),
    'idle-night': (idle_night, None),
    'backup-night': (backup_night, None),
}


def main():
    if len(sys.argv) != 2:
        sys.exit('usage: tests/timelines.py OUT')
    for name, (tell, free) in TIMELINES.items():
        folder = pathlib.Path(sys.argv[1]) / name
        if folder.exists():
            sys.exit(f'{folder} is there already: remove it, or name another folder')
        tell(Nas(folder, free))


main()
