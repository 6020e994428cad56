# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
"""What both kinds of crashes need: a volume in a loop device with a share on it, the program, and the judge."""
import hashlib
import json
import os
import random
import shutil
import socket
import subprocess
import time

MIB = 1 << 20
GIB = 1 << 30
DATA_BYTES = 8 * MIB  # that a grown disk holds and must keep


def call(*words, check=True, **more):
    done = subprocess.run(words, capture_output=True, text=True, **more)
    if check and done.returncode:
        raise RuntimeError(f'{" ".join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr}')
    return done


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Failure(Exception):
    pass


class Machine:
    """One volume, mounted at `mount`, with the share "backup"; `close` undoes everything."""

    def __init__(self, program, scratch):
        self.program, self.scratch = os.path.abspath(program), scratch
        self.mount, self.state = f'{scratch}/mnt', f'{scratch}/state'
        self.share, self.hidden = f'{self.mount}/share', f'{self.mount}/share/.nasready'
        self.conf = f'{scratch}/smb.conf'
        self.loop = None
        os.makedirs(self.mount)
        os.makedirs(self.state)
        with open(self.conf, 'w') as file:
            file.write(f'[global]\n[backup]\n  path = {self.share}\n  read only = no\n')

    # -- the volume --

    def attach(self, image):
        self.loop = call('losetup', '-f', '--show', image).stdout.strip()

    def fsck(self, repair):
        """e2fsck's exit code: 0 clean, 1 mended (only after a power cut may there be anything to mend)."""
        return call('e2fsck', '-fy' if repair else '-fn', self.loop, check=False)

    def up(self):
        call('mount', '-o', 'noatime', self.loop, self.mount)

    def down(self):
        for _ in range(50):
            if not os.path.ismount(self.mount) or not call('umount', self.mount, check=False).returncode:
                return
            time.sleep(0.1)
        raise RuntimeError(f'{self.mount} stays busy')

    def detach(self):
        if self.loop:
            call('losetup', '-d', self.loop, check=False)
            self.loop = None

    def close(self):
        self.down()
        self.detach()

    def lost_bytes(self):
        """Space that is taken and belongs to no file, but for what the file system takes itself."""
        at = os.statvfs(self.mount)
        used = (at.f_blocks - at.f_bfree) * at.f_frsize
        return used - int(call('du', '-sx', '--block-size=1', self.mount).stdout.split()[0])

    # -- the program --

    def disk(self, *words, check=True, before=()):
        return call(*before, self.program, 'disk', *words, '--state-dir', self.state, '--smb-conf', self.conf, check=check)

    def leftovers(self):
        try:
            return [name for name in os.listdir(self.hidden) if not name.startswith('trash-')]
        except FileNotFoundError:
            return []

    def recover(self):
        """Starts the agent and waits until it has looked after the share; what it says of that in /v1/jobs."""
        left = self.leftovers()
        agent = subprocess.Popen([self.program, 'serve', '--listen', f'127.0.0.1:{free_port()}', '--state-dir', self.state,
                                  '--smb-conf', self.conf], stderr=subprocess.PIPE, text=True)
        try:
            url = None
            while not url:
                line = agent.stderr.readline()
                if not line:
                    raise Failure('the agent does not start')
                url = line.split(' answers at ')[1].strip() if ' answers at ' in line else None
            until = time.time() + 30
            jobs = []
            while time.time() < until:
                answer = call('curl', '-s', '--max-time', '5', url + 'v1/jobs', check=False).stdout
                jobs = json.loads(answer)['jobs'] if answer.startswith('{"jobs"') else []
                if not self.leftovers() and (jobs or not left) and all(job['state'] != 'running' for job in jobs):
                    break
                time.sleep(0.05)
            else:
                raise Failure(f'recovery left {self.leftovers()}, jobs {jobs}')
            if left and not any(job['kind'] == 'tidy' and job['message'] for job in jobs):
                raise Failure(f'there was {left}, and the agent says nothing of it')
            return jobs
        finally:
            agent.terminate()
            agent.communicate()

    # -- disks --

    def inspect(self, path):
        done = call(self.program, 'inspect', path, '--json', check=False)
        return done.returncode, json.loads(done.stdout) if done.stdout.startswith('{') else None

    def fill(self, name, seed):
        """Puts data into the first blocks of a fixed disk, as its server would; the digest."""
        data = random.Random(seed).randbytes(DATA_BYTES)
        with open(f'{self.share}/{name}', 'r+b') as file:
            file.seek(self.payload(name))
            file.write(data)
            os.fsync(file.fileno())
        return hashlib.sha256(data).hexdigest()

    def payload(self, name):
        return 20 * MIB  # header, log, metadata, and a table with room for 64 TiB

    def digest(self, path):
        with open(path, 'rb') as file:
            file.seek(self.payload(path))
            return hashlib.sha256(file.read(DATA_BYTES)).hexdigest()

    def judge_disk(self, path, sizes):
        """A published name: all checkers accept it, and it has one of these sizes."""
        check = call('qemu-img', 'check', path, check=False)
        if check.returncode:
            raise Failure(f'qemu-img check refuses {path}: {check.stdout}{check.stderr}')
        info = json.loads(call('qemu-img', 'info', '--output=json', path).stdout)
        if info['virtual-size'] not in sizes:
            raise Failure(f'{path} has {info["virtual-size"]} bytes, not one of {sizes}')
        if call('vhdiinfo', path, check=False).returncode:
            raise Failure(f'vhdiinfo refuses {path}')
        code, says = self.inspect(path)
        if code > 1 or not says['clean']:
            raise Failure(f'inspect says {says}')
        return info['virtual-size']


def make_scratch():
    scratch = os.path.realpath(f'{os.environ.get("TMPDIR", "/tmp")}/nasready-crash.{os.getpid()}')
    shutil.rmtree(scratch, ignore_errors=True)
    os.makedirs(scratch)
    return scratch
