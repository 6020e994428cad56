#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# prediction.py NASREADY [VARIANT...]: what allocations of eight fill levels take, against the model of the plan. As root,
# in a mount namespace of its own (unshare --mount), on sparse ext4 volumes of 5.4 TiB in TMPDIR. The kernel's seconds
# count, median of three: the wall clock also shows what else this machine does. c is the median of five probes of 64 GiB
# on the empty volume, W is what `nasready plan` reads of mb_groups at each level.
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

GIB, TIB = 1 << 30, 1 << 40
SIZE = 5937362789990 // 4096 * 4096
STEEP = 100  # PLAN_PAST_KNEE_FACTOR
VARIANTS = {
    "defaults": [],
    "old": ["-O", "^metadata_csum,^64bit,uninit_bg"],
    "no flex_bg": ["-O", "^flex_bg"],
}


def allocate(path, start, length):
    """The call that smbd makes: the kernel's seconds in it."""
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    began = time.thread_time()
    os.posix_fallocate(fd, start, length)
    took = time.thread_time() - began
    os.close(fd)
    return took


def knee(program, mount):
    plan = subprocess.run([program, "plan", "1GiB", "--volume", mount, "--json"], capture_output=True, check=True)
    return json.loads(plan.stdout)["knee_bytes"]


def predicted(step, whole, cost):
    before = min(step, whole)
    return (before + STEEP * (step - before)) * cost / TIB


def measure(path, start, step, times):
    took = []
    for _ in range(times):
        took.append(allocate(path, start, step))
        os.truncate(path, start)
    return statistics.median(took)


def probe(mount):
    took = []
    for _ in range(5):
        path = f"{mount}/probe"
        took.append(allocate(path, 0, 64 * GIB) * TIB / (64 * GIB))
        os.unlink(path)
    return statistics.median(took)


def levels(whole):
    """Before the knee: where the step begins, and its size."""
    for share in (0, 0.15, 0.35, 0.55, 0.75, 0.85):
        yield int(whole * share) // GIB * GIB, 512 * GIB


def fill(path, at, to):
    if to > at:
        allocate(path, at, to - at)
    return max(at, to)


def show(at, step, says, took, past):
    off = says / took if past else abs(says - took) / took * 100
    print(f"| {at / TIB:.2f} TiB | +{step // GIB} GiB | {says:.2f} s | {took:.2f} s |"
          f" {f'{off:.1f} times' if past else f'{off:.0f} %'} |", flush=True)
    return off


def past_the_knee(program, mount, path, at, cost):
    """Two levels of which W tells that wholly free groups have run out."""
    while knee(program, mount) > GIB:
        at = fill(path, at, at + max(knee(program, mount), GIB))
    for _ in range(2):
        whole, step = knee(program, mount), 8 * GIB
        took = allocate(path, at, step)
        show(at, step, predicted(step, whole, cost), took, True)
        at = fill(path, at + step, at + step + 30 * GIB)


def run(program, name, options, scratch):
    image, mount = f"{scratch}/image", f"{scratch}/mount"
    os.makedirs(mount, exist_ok=True)
    with open(image, "wb") as file:
        file.truncate(SIZE)
    subprocess.run(["mkfs.ext4", "-q", "-F", "-m", "0", "-E", "lazy_itable_init=1,lazy_journal_init=1", *options, image],
                   check=True)
    subprocess.run(["mount", "-o", "loop,noinit_itable", image, mount], check=True)
    errors = []
    try:
        cost, at = probe(mount), 0
        print(f"| {name}: c = {cost:.2f} s/TiB | | | | |")
        for start, step in levels(knee(program, mount)):
            at, whole = fill(f"{mount}/disk", at, start), knee(program, mount)
            took = measure(f"{mount}/disk", at, step, 3)
            errors.append(show(at, step, predicted(step, whole, cost), took, False))
        past_the_knee(program, mount, f"{mount}/disk", at, cost)
    finally:
        subprocess.run(["umount", mount], check=True)
        os.unlink(image)
    print(f"# {name}: before the knee median {statistics.median(errors):.0f} %, worst {max(errors):.0f} %", flush=True)


def main():
    program, names = sys.argv[1], sys.argv[2:] or list(VARIANTS)
    print("| from | step | predicted | measured | off (past the knee: predicted / measured) |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        for name in names:
            run(program, name, VARIANTS[name], scratch)


main()
