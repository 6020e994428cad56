# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
"""kill -9 at random points of create, grow, delete and undelete: at the n-th of the calls that change anything (strace
injects the signal there), or after a random time."""
import os
import random
import signal
import subprocess
import time

from machine import GIB, MIB, Failure, call

CALLS = 'fallocate,pwrite64,ftruncate,fsync,fdatasync,linkat,unlinkat,renameat,mkdirat,fchown,fchmod'
MOST = {'create': 19, 'dynamic': 18, 'grow': 23, 'delete': 21, 'trash': 11, 'undelete': 9}  # such calls in one
OLD, NEW = 2 * GIB + 5 * MIB, 5 * GIB


def operations(rng):
    size = rng.randrange(3, 6 * 1024) * MIB
    return {
        'create': (['create', 'backup/new.vhdx', str(size)], size),
        'dynamic': (['create', 'backup/new.vhdx', str(size), '--dynamic'], size),
        'grow': (['grow', 'backup/grown.vhdx', str(NEW)], NEW),
        'delete': (['delete', 'backup/old.vhdx', '--trash-hours', '0'], None),
        'trash': (['delete', 'backup/old.vhdx'], None),
        'undelete': (['undelete', 'backup/kept.vhdx'], None),
    }


def prepare(machine):
    call('find', machine.share, '-mindepth', '1', '-delete')
    for name, size in (('grown', OLD), ('old', 3 * GIB), ('kept', GIB)):
        machine.disk('create', f'backup/{name}.vhdx', str(size))
    digests = {name: machine.fill(f'{name}.vhdx', name) for name in ('grown', 'old', 'kept')}
    machine.disk('delete', 'backup/kept.vhdx')
    return digests


def kill_at_call(machine, words, number):
    machine.disk(*words, check=False, before=(
        'strace', '-f', '-qq', '-o', '/dev/null', '-e', f'trace={CALLS}', '-e', f'inject={CALLS}:signal=KILL:when={number}'))


def kill_after(machine, words, seconds):
    process = subprocess.Popen([machine.program, 'disk', *words, '--state-dir', machine.state, '--smb-conf', machine.conf],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    time.sleep(seconds)
    children = call('pgrep', '-P', str(process.pid), check=False).stdout.split()
    for pid in [*map(int, children), process.pid]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    process.wait()


def wait_for_children(machine):
    """what PDEATHSIG ended may still be undoing"""
    for _ in range(300):
        if not call('pgrep', '-f', f'{machine.program} disk', check=False).stdout:
            return
        time.sleep(0.05)
    raise Failure('a job outlives its parent')


def judge(machine, what, words, size, digests, lost_before):
    names = set(os.listdir(machine.share)) - {'.nasready'}
    if names - {'grown.vhdx', 'old.vhdx', 'kept.vhdx', 'new.vhdx'}:
        raise Failure(f'strange names: {names}')
    grown = machine.judge_disk(f'{machine.share}/grown.vhdx', (OLD, NEW) if what == 'grow' else (OLD,))
    if machine.digest(f'{machine.share}/grown.vhdx') != digests['grown']:
        raise Failure('data of the grown disk changed')
    for name, wanted in (('old', 3 * GIB), ('kept', GIB)):
        if f'{name}.vhdx' in names:
            machine.judge_disk(f'{machine.share}/{name}.vhdx', (wanted,))
            if machine.digest(f'{machine.share}/{name}.vhdx') != digests[name]:
                raise Failure(f'data of {name} changed')
    if 'new.vhdx' in names:
        machine.judge_disk(f'{machine.share}/new.vhdx', (size,))
    listed = machine.disk('list').stdout
    for name, may_go in (('old', what == 'delete'), ('kept', False)):
        if not may_go and f'backup/{name}.vhdx' not in listed:
            raise Failure(f'{name} is neither there nor kept: {listed}')
    if machine.lost_bytes() != lost_before:
        raise Failure(f'{machine.lost_bytes() - lost_before} bytes are lost')
    return names, grown


def outcome(what, names, grown):
    done = {'create': 'new.vhdx' in names, 'dynamic': 'new.vhdx' in names, 'grow': grown == NEW,
            'delete': 'old.vhdx' not in names, 'trash': 'old.vhdx' not in names, 'undelete': 'kept.vhdx' in names}[what]
    return 'happened' if done else 'has not happened'


def run(machine, count, rng):
    image = f'{machine.scratch}/kills.img'
    with open(image, 'wb') as file:
        file.truncate(40 * GIB)
    call('mkfs.ext4', '-q', '-m', '0', image)
    machine.attach(image)
    machine.up()
    os.makedirs(machine.share, exist_ok=True)
    table, failures = {}, []
    for number in range(count):
        what = rng.choice(['create', 'create', 'dynamic', 'grow', 'grow', 'grow', 'delete', 'trash', 'undelete'])
        digests = prepare(machine)
        lost_before = machine.lost_bytes()
        words, size = operations(rng)[what]
        by_call = rng.random() < 0.75
        point = rng.randrange(1, MOST[what]) if by_call else rng.uniform(0.02, 0.5)
        (kill_at_call if by_call else kill_after)(machine, words, point)
        try:
            wait_for_children(machine)
            machine.down()
            check = machine.fsck(repair=False)
            machine.up()
            if check.returncode:
                raise Failure(f'e2fsck: {check.stdout}')
            left = machine.leftovers()
            machine.recover()
            happened = outcome(what, *judge(machine, what, words, size, digests, lost_before))
        except Failure as failure:
            failures.append(f'kill {number}, {what} at {point}: {failure}')
            print(f'FAILED - {failures[-1]}', flush=True)
            call('find', machine.share, '-mindepth', '1', '-delete', check=False)
            continue
        key = (what, happened, 'something to recover' if left else 'nothing to recover')
        table[key] = table.get(key, 0) + 1
    machine.close()
    os.unlink(image)
    return table, failures
