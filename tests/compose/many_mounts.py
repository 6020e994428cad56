#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
"""Writes tests/machines/many-mounts: hundreds of mounts, most of no interest, some with names made to hurt.

Use: tests/compose/many_mounts.py [OUT]; the same bytes every time.
"""

import os
import sys

OUT = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "..", "machines", "many-mounts")

# Mount points as bytes, as the kernel would hand them out before it escapes them. The agent keeps 24 volumes.
ODD = [
    b"/mnt/with blank",
    b"/mnt/with\ttab",
    b"/mnt/with\nnewline",
    b"/mnt/back\\slash",
    b"/mnt/hash#tag",
    b"/mnt/a/b",
    b"/mnt/a-b",
    b"/mnt/a_b",
    b"/-",
    b"/root",
    "/mnt/Bücher & Fotos".encode(),
    "/mnt/\u202egnp.exe".encode(),  # right-to-left override: shows as exe.png
    "/mnt/\u05d2\u05d9\u05d1\u05d5\u05d9".encode(),
    "/mnt/\U0001f4be".encode(),
    b"/mnt/latin1-\xe9t\xe9",
    b"/mnt/%s%n%08x",
    b'/mnt/"quoted"\'s',
    b"/mnt/<script>alert(1)</script>",
    b"/mnt/$(reboot);`id`",
    b"/mnt/..\x01\x1b[31mred",
]
OVERLONG = b"/mnt/" + b"deep/" * 60 + b"end"


def escape(name: bytes) -> bytes:
    """As the kernel's mangle(): blank, tab, newline and backslash, '#' in newer versions."""
    return b"".join(b"\\%03o" % byte if byte in b" \t\n\\#" else bytes([byte]) for byte in name)


def volume_id(mount: bytes) -> bytes:
    """As mounts_volume_id of the agent."""
    if mount == b"/":
        return b"root"
    name, changed = mount[1:], mount[1:] == b"root"
    shown = bytearray()
    for byte in name[:42]:
        plain = chr(byte).isascii() and (chr(byte).isalnum() or byte in b"._")
        changed |= not plain
        shown.append(byte if plain else ord("-") if byte in b"/-" else ord("_"))
    if changed or len(name) > 42:
        value = 2166136261
        for byte in mount:
            value = (value ^ byte) * 16777619 & 0xFFFFFFFF
        shown += b"-%04x" % (value & 0xFFFF)
    return bytes(shown)


def mount_lines() -> list[bytes]:
    lines = []

    def add(number, root, mount, fstype, device, options=b"rw,relatime", more=b"rw"):
        lines.append(b"%d 1 %s %s %s %s - %s %s %s" % (
            len(lines) + 20, number, root, escape(mount), options, fstype, escape(device), more))

    add(b"0:1", b"/", b"/", b"rootfs", b"rootfs")
    for i, name in enumerate((b"proc", b"sysfs", b"devtmpfs", b"tmpfs", b"devpts", b"cgroup2", b"pstore", b"bpf")):
        add(b"0:%d" % (20 + i), b"/", b"/sys/" + name, name, name)
    add(b"8:1", b"/@root", b"/var/lib/folder", b"ext4", b"/dev/sda1")  # a folder of / before / itself
    add(b"8:1", b"/", b"/", b"ext4", b"/dev/sda1", b"rw,noatime", b"rw,commit=30,data=writeback")
    for i in range(90):
        add(b"0:%d" % (100 + i), b"/", b"/var/lib/docker/overlay2/%032x/merged" % (i * 7919), b"overlay", b"overlay")
        add(b"0:4", b"net:[%d]" % (4026531840 + i), b"/run/docker/netns/%012x" % (i * 104729), b"nsfs", b"nsfs")
    for i in range(100):
        add(b"8:1", b"/srv/%d" % i, b"/export/share%d" % i, b"ext4", b"/dev/sda1")
    for i, mount in enumerate(ODD):
        add(b"8:%d" % (16 + i), b"/", mount, b"ext4", b"/dev/sdb%d" % i)
    add(b"8:64", b"/", OVERLONG, b"xfs", b"/dev/sde")
    add(b"8:65", b"/", b"/mnt/long-device", b"xfs", b"/dev/mapper/" + b"d" * 200)
    add(b"8:66", b"/", b"/mnt/read-only", b"xfs", b"/dev/sdf", b"ro,relatime", b"ro")
    add(b"0:300", b"/", b"/mnt/stacked", b"fuse.sshfs", b"nas:/below")
    add(b"0:301", b"/", b"/mnt/stacked", b"fuse.sshfs", b"nas:/above")
    for i in range(8):
        add(b"7:%d" % i, b"/", b"/mnt/one-too-many/%d" % i, b"ext4", b"/dev/loop%d" % i)
    lines.append(b"900 1 8:80 / /mnt/broken\\04escape\\400 rw - ext4 /dev/sdh rw")
    lines.append(b"901 1 8:x / /mnt/no-number rw - ext4 /dev/sdi rw")
    lines.append(b"902 1 8:96 / /mnt/no-separator rw ext4 /dev/sdg rw")
    lines.append(b"903 1 8:97 / /mnt/cut sho")
    return lines


def statfs_lines() -> list[bytes]:
    lines = [b"root 4096 2580302 1290151 1158751"]
    for i, mount in enumerate(ODD):
        lines.append(b"%s 4096 %d %d %d" % (volume_id(mount), 1000000 + i, 500000 + i, 450000 + i))
    lines[3] = lines[3].split(b" ")[0] + b" error Input/output error"
    lines[4] = lines[4].split(b" ")[0] + b" 4096 18446744073709551615 1 1"
    lines[5] = lines[5].split(b" ")[0] + b" 4096 -1 -1 -1"
    del lines[6]
    lines.append(volume_id(b"/mnt/read-only") + b" 4096 1000 0 0")
    lines.append(b"never-heard-of 4096 1 1 1")
    return lines


def write(path: str, lines: list[bytes]) -> None:
    path = os.path.join(OUT, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(b"".join(line + b"\n" for line in lines))


def main() -> None:
    write("proc/self/mountinfo", mount_lines())
    write("proc/stat", [b"cpu  901827 1827 618273 81927364 91827 0 18273 0 0 0"])
    write("answers/statfs", statfs_lines())
    write("answers/time", [b"981273640 1769312714000"])


main()
