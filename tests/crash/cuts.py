# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
"""Power cuts: every write of the native ext4 is logged while disks are created, grown and deleted; then a disk is made
of the log up to some flush, and a random subset of what followed it."""
import json
import os
import struct
import subprocess
import time

from machine import GIB, MIB, Failure, call

VOLUME_BYTES = 24 * GIB
MAGIC = 0x6A736677736872
FLUSH, FUA, DISCARD = 1, 2, 4
SIZES = [GIB + 3 * MIB, 2 * GIB, 2 * GIB + 40 * MIB, 5 * GIB]


class Recorder:
    """qemu-storage-daemon between a loop device and the image, logging as dm-log-writes does."""

    def __init__(self, scratch):
        self.image, self.log, self.export = (f'{scratch}/{name}' for name in ('cuts.img', 'cuts.log', 'cuts.export'))
        for path in (self.image, self.log, self.export):
            open(path, 'wb').close()
        os.truncate(self.image, VOLUME_BYTES)
        self.daemon = subprocess.Popen([
            'qemu-storage-daemon',
            '--blockdev', f'driver=file,node-name=disk,filename={self.image},discard=unmap',
            '--blockdev', f'driver=file,node-name=log,filename={self.log}',
            '--blockdev', 'driver=blklogwrites,node-name=both,file=disk,log=log,log-sector-size=512',
            '--export', f'type=fuse,id=export,node-name=both,mountpoint={self.export},writable=on'])
        for _ in range(100):
            if os.path.getsize(self.export) == VOLUME_BYTES:
                return
            time.sleep(0.1)
        raise RuntimeError('qemu-storage-daemon exports nothing')

    def entries(self):
        with open(self.log, 'rb') as file:
            magic, version, count, sector = struct.unpack('<QQQI', file.read(28))
        return count if magic == MAGIC else 0

    def stop(self):
        self.daemon.terminate()
        self.daemon.wait()


class Log:
    def __init__(self, path):
        self.file = open(path, 'rb')
        magic, version, self.count, sector = struct.unpack('<QQQI', self.file.read(28))
        if magic != MAGIC or version != 1 or sector != 512:
            raise RuntimeError('no log of writes')
        self.entries, at = [], 512
        for _ in range(self.count):
            self.file.seek(at)
            start, sectors, flags, length = struct.unpack('<QQQQ', self.file.read(32))
            at += 512
            self.entries.append((start * 512, sectors * 512, flags, at))
            if not flags & DISCARD:
                at += sectors * 512

    def flushes_before(self, number):
        return max((i + 1 for i in range(number) if self.entries[i][2] & (FLUSH | FUA)), default=0)

    def apply(self, out, number, most=None):
        offset, length, flags, at = self.entries[number]
        if flags & DISCARD or not length:
            return
        self.file.seek(at)
        os.pwrite(out, self.file.read(length if most is None else most), offset)

    def cut(self, path, number, rng):
        """The disk after a power cut before entry `number`; what the cut kept of the unflushed entries."""
        safe = self.flushes_before(number)
        loose = [i for i in range(safe, number) if self.entries[i][1] and not self.entries[i][2] & DISCARD]
        keep = rng.choice([0.0, 1.0, 0.5, 0.5, 0.2, 0.8])
        kept = [i for i in loose if rng.random() < keep or keep == 1.0]
        with open(path, 'wb') as file:
            file.truncate(VOLUME_BYTES)
        out = os.open(path, os.O_RDWR)
        for i in range(safe):
            self.apply(out, i)
        for i in kept:
            torn = i == kept[-1] and keep != 1.0 and self.entries[i][1] > 512
            self.apply(out, i, rng.randrange(1, self.entries[i][1] // 512) * 512 if torn else None)
        os.close(out)
        return safe, len(kept), len(loose)


def work(machine, recorder):
    """What happens while the log is written; each promise is (entries at that time, what must hold from then on)."""
    promises = []

    def promise(**what):
        call('sync', '-f', machine.mount) if what.get('sync') else None
        promises.append((recorder.entries(), what))

    os.makedirs(machine.share)
    machine.disk('create', 'backup/grown.vhdx', str(SIZES[0]))
    machine.disk('create', 'backup/kept.vhdx', str(GIB))
    digest = machine.fill('grown.vhdx', 'cuts')
    call('sync', '-f', machine.mount)
    begin = recorder.entries()
    promises.append((begin, {'grown': SIZES[0], 'new': None, 'kept': True}))
    for size in SIZES[1:]:
        machine.disk('grow', 'backup/grown.vhdx', str(size))
        promise(grown=size)
    machine.disk('create', 'backup/new.vhdx', str(3 * GIB))
    promise(new=3 * GIB)
    machine.disk('delete', 'backup/kept.vhdx')
    promise(kept='deleted')
    machine.disk('undelete', 'backup/kept.vhdx')
    promise(kept=True)
    machine.disk('delete', 'backup/new.vhdx', '--trash-hours', '0')
    promise(new='deleted')
    machine.disk('create', 'backup/dynamic.vhdx', str(100 * GIB), '--dynamic')
    promise(dynamic=100 * GIB)
    call('sync', '-f', machine.mount)
    return begin, promises, digest


def expectation(promises, safe, number):
    """What has certainly happened, and what may have: the state of each disk at the last promise kept by the flush, and
    the one that was being worked at."""
    certain, possible = {}, {}
    for entries, what in promises:
        if entries <= safe:
            certain.update(what)
    done = False
    for entries, what in promises:
        if entries > safe and not done:
            for name, value in what.items():
                possible.setdefault(name, []).append(value)
            done = entries > number
    return certain, possible


def judge(machine, promises, safe, number, digest, lost_at_best):
    certain, possible = expectation(promises, safe, number)
    names = set(os.listdir(machine.share)) - {'.nasready'}
    sizes = [certain['grown'], *possible.get('grown', [])]
    machine.judge_disk(f'{machine.share}/grown.vhdx', sizes)
    if machine.digest(f'{machine.share}/grown.vhdx') != digest:
        raise Failure('data of the grown disk changed')
    for name, size in (('new', 3 * GIB), ('dynamic', 100 * GIB)):
        may = [certain.get(name), *possible.get(name, [])]
        if f'{name}.vhdx' in names:
            machine.judge_disk(f'{machine.share}/{name}.vhdx', (size,))
            if size not in may:
                raise Failure(f'{name}.vhdx is there, which must be one of {may}')
        elif None not in may and 'deleted' not in may and name in certain:
            raise Failure(f'{name}.vhdx is not there, which was promised')
    listed = machine.disk('list').stdout
    if 'backup/kept.vhdx' not in listed:
        raise Failure(f'kept.vhdx is neither there nor kept: {listed}')
    may = [certain['kept'], *possible.get('kept', [])]
    if 'kept.vhdx' in names:
        machine.judge_disk(f'{machine.share}/kept.vhdx', (GIB,))
    if ('kept.vhdx' in names) not in [value is True for value in may]:
        raise Failure(f'kept.vhdx is {"" if "kept.vhdx" in names else "not "}there, which must be one of {may}')
    strange = names - {'grown.vhdx', 'new.vhdx', 'kept.vhdx', 'dynamic.vhdx'}
    if strange:
        raise Failure(f'strange names: {strange}')
    if machine.lost_bytes() != lost_at_best:
        raise Failure(f'{machine.lost_bytes() - lost_at_best} bytes are lost')


def record(machine):
    recorder = Recorder(machine.scratch)
    try:
        machine.attach(recorder.export)
        call('mkfs.ext4', '-q', '-m', '0', '-E', 'lazy_itable_init=0,lazy_journal_init=1', machine.loop)
        machine.up()
        lost = machine.lost_bytes()
        result = work(machine, recorder)
        machine.close()
    finally:
        if os.path.ismount(machine.mount):
            machine.close()
        recorder.stop()
    os.unlink(recorder.image)
    return recorder.log, lost, result


def run(machine, count, rng):
    path, lost, (begin, promises, digest) = record(machine)
    log, table, failures = Log(path), {}, []
    print(f'power cuts: {log.count} entries, {os.path.getsize(path) // MIB} MiB, '
          f'{sum(1 for entry in log.entries if entry[2] & FLUSH)} flushes; cut between {begin} and the end', flush=True)
    image = f'{machine.scratch}/cut.img'
    for number in range(count):
        at = rng.randrange(begin + 1, log.count + 1)
        safe, kept, loose = log.cut(image, at, rng)
        try:
            machine.attach(image)
            check = machine.fsck(repair=True)
            if check.returncode > 1:
                raise Failure(f'e2fsck: exit {check.returncode} {check.stdout}')
            machine.up()
            left = machine.leftovers()
            jobs = machine.recover()
            judge(machine, promises, safe, at, digest, lost)
            says = ' '.join(word for job in jobs for word in (job['message'] or '').split())
            key = 'undone' if 'as it was before' in says or 'removed' in says else \
                'finished' if 'new size' in says else 'space given back' if left else 'nothing to recover'
            table[key] = table.get(key, 0) + 1
        except Failure as failure:
            failures.append(f'cut {number} at entry {at} (flush {safe}, {kept} of {loose} loose writes kept): {failure}')
            print(f'FAILED - {failures[-1]}', flush=True)
        finally:
            machine.close()
    os.unlink(image)
    os.unlink(path)
    return table, failures
