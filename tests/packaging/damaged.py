#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
"""tests/packaging/damaged.py GOOD.bin: packaging/readynas/verify takes it, and says what is wrong with damaged copies."""
import gzip
import hashlib
import io
import pathlib
import subprocess
import sys
import tarfile
import tempfile

VERIFY = pathlib.Path(__file__).resolve().parents[2] / 'packaging/readynas/verify'
good = pathlib.Path(sys.argv[1]).read_bytes()
header, payload = good[:16384], good[16384:]
line = header[:header.index(b'\n')]


def with_header(text):
    return (text + b'\n').ljust(16384, b'\0') + payload


def packed(payload, **changes):
    """a whole .bin around another payload, with a right size and checksum"""
    fields = dict(pair.split('=', 1) for pair in line.decode()[7:].split(','))
    fields.update(size=str(len(payload)), md5sum=hashlib.md5(payload).hexdigest(), **changes)
    return ('addon::' + ','.join(f'{k}={v}' for k, v in fields.items()) + '\n').encode().ljust(16384, b'\0') + payload


def members_of(data, mode='r:'):
    with tarfile.open(fileobj=io.BytesIO(data), mode=mode) as archive:
        return {m.name: [m, archive.extractfile(m).read()] for m in archive}


def archive_of(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode='w', format=tarfile.USTAR_FORMAT) as archive:
        for member, data in members.values():
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def outer(change):
    members = members_of(payload)
    change(members)
    return packed(archive_of(members))


def inner(change):
    def apply(members):
        files = members_of(members['files.tgz'][1], 'r:gz')
        change(files)
        members['files.tgz'][1] = gzip.compress(archive_of(files), mtime=0)
    return outer(apply)


def program(change):
    name = './etc/frontview/addons/bin/NASREADY/nasready'

    def apply(files):
        data = bytearray(files[name][1])
        change(data)
        files[name][1] = bytes(data)
    return inner(apply)


def set_bytes(at, value):
    return lambda data: data.__setitem__(slice(at, at + len(value)), value)


def new_arch(data):
    """Tag_CPU_arch, the number after tag 6 in the attributes, becomes v7"""
    at = data.index(b'aeabi\0')
    at = data.index(b'\x06', at + 11)
    data[at + 1] = 10


def set_member(name, **changes):
    def apply(members):
        for key, value in changes.items():
            setattr(members[name][0], key, value)
    return apply


def set_data(name, function):
    return lambda members: members[name].__setitem__(1, function(members[name][1]))


def add(name):
    def apply(members):
        members[name] = [tarfile.TarInfo(name), b'x']
    return apply


cases = [
    ('nothing', b'', 'too few'),
    ('a header alone', header, 'too few'),
    ('another magic', b'addin::' + good[7:], 'this is no add-on'),
    ('no end of the header line', header.replace(b'\n', b'\0') + payload, 'no end within'),
    ('bytes after the header line', header[:-1] + b'x' + payload, 'other bytes than NUL'),
    ('cut by a block', good[:-512], 'cut, or padded'),
    ('cut in a block', good[:-100], 'no multiple of 512'),
    ('padded', good + bytes(512), 'cut, or padded'),
    ('one bit turned', good[:20000] + bytes([good[20000] ^ 1]) + good[20001:], 'damaged'),
    ('another architecture', with_header(line.replace(b'arch=arm', b'arch=x86')), 'arch=x86'),
    ('a comma in the name', with_header(line.replace(b'name=NasReady', b'name=Nas,Ready')), 'a comma in a value?'),
    ('a key twice', with_header(line + b',api=1'), 'api comes twice'),
    ('an unknown key', with_header(line + b',colour=red'), 'no key is called "colour"'),
    ('encrypted', with_header(line.replace(b'unencrypted=1', b'unencrypted=0')), 'unencrypted=0'),
    ('no checksum', with_header(line.replace(b'md5sum=', b'md5sum=x')), 'md5sum=x'),
    ('a carriage return', with_header(line + b'\r'), 'is not what it must be'),
    ('no version', with_header(b','.join(p for p in line.split(b',') if not p.startswith(b'version='))), 'version is missing'),
    ('a payload that is no archive', packed(b'x' * 1024), 'no ustar archive'),
    ('an archive that is cut', packed(payload[:1024]), 'the archive has no end'),
    ('no install.sh', outer(lambda m: m.pop('install.sh')), 'has no install.sh'),
    ('an install.sh that may not run', outer(set_member('install.sh', mode=0o644)), 'may not be executed'),
    ('an install.sh from Windows', outer(set_data('install.sh', lambda d: d.replace(b'\n', b'\r\n'))), 'carriage returns'),
    ('an install.sh in Python', outer(set_data('install.sh', lambda d: b'#!/usr/bin/python\n' + d)), 'not with #!/bin/sh'),
    ('somebody else\'s file', outer(set_member('addons.conf', uid=1000)), 'not to root'),
    ('six fields', outer(set_data('addons.conf', lambda d: d.replace(b'!!Other', b''))), '6 fields'),
    ('another tag', outer(set_data('addons.conf', lambda d: d.replace(b'NASREADY!!', b'NAS!!', 1))), 'the tag is NAS'),
    ('another version', outer(set_data('addons.conf', lambda d: d.replace(b'NasReady!!', b'NasReady!!9'))), 'the header NasReady'),
    ('a start command that is not there', outer(set_data('addons.conf', lambda d: d.replace(b'start.sh', b'begin.sh'))), 'begin.sh is not in'),
    ('files.tgz that is no gzip', outer(set_data('files.tgz', lambda d: b'x' + d)), 'files.tgz cannot be read'),
    ('files.tgz that is cut', outer(set_data('files.tgz', lambda d: d[:-2000])), 'files.tgz cannot be read'),
    ('a way out', inner(add('./../../etc/passwd')), 'leads out of it'),
    ('a file elsewhere', inner(add('./etc/passwd')), 'lies outside'),
    ('an absolute path', inner(add('/etc/passwd')), 'leads out of it'),
    ('a program for x86', program(set_bytes(18, b'\x3e\0')), 'is no 32-bit ARM program'),
    ('a hard-float program', program(set_bytes(37, b'\x04')), 'hard-float ABI'),
    ('a program for ARMv7', program(new_arch), 'newer processor'),
    ('a program that does not say for what', program(set_bytes(32, b'\0\0\0\0')), 'for which processor'),
]

failed = 0
with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder) / 'a.bin'
    for what, data, says in [('the add-on itself', good, None)] + cases:
        path.write_bytes(data)
        run = subprocess.run([VERIFY, path], capture_output=True, text=True)
        right = run.returncode == (1 if says else 0) and not run.stderr and (not says or says in run.stdout)
        said = run.stdout.strip().split('\n')[0].removeprefix(f'{path}: ')
        print(f'{"ok" if right else "FAILED"} - {what}: {said}')
        if not right:
            failed += 1
            print(f'    wanted: {says}\n    code {run.returncode}: {run.stdout}{run.stderr}')
print(f'{len(cases) + 1 - failed} passed, {failed} failed')
sys.exit(failed > 0)
