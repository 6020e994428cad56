#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# prediction.py NASREADY [VARIANT...]: what allocations at ten fill levels take, against what the plan says. As root, in a
# mount namespace of its own (unshare --mount), on sparse ext4 volumes of 5.4 TiB in TMPDIR; ten minutes. The kernel's
# seconds count, median of three: the wall clock also shows what else this machine does. What is predicted is the plan
# of the program at that level, with the c that the agent would have learned by then: as in common/cost.c, the median of
# the last samples, which are three probes of 64 GiB on the empty volume and then each step that was seen through.
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

from ending import end_well

GIB, TIB = 1 << 30, 1 << 40
SIZE = 5937362789990 // 4096 * 4096
SAMPLES = 9  # COST_SAMPLES_MAX
DEFAULT_COST = 15  # PLAN_COST_MS_PER_TIB: what `nasready plan` reckons with without an agent
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


def plan(program, mount, size):
    """As without an agent: default c, one step. Its times are proportional to c."""
    said = subprocess.run([program, "plan", str(size), "--volume", mount, "--client-timeout", "86400", "--json"],
                          capture_output=True, check=True)
    return json.loads(said.stdout)


def knee(program, mount):
    return plan(program, mount, GIB)["knee_bytes"]


def predicted(program, mount, step, cost):
    return sum(part["predicted_s"] for part in plan(program, mount, step)["steps"]) * cost / DEFAULT_COST


class Cost:
    """The same rule as common/cost.c."""

    def __init__(self):
        self.samples = []

    def add(self, step, took):
        self.samples = [took * TIB / step, *self.samples][:SAMPLES]

    def value(self):
        if len(self.samples) < 3:
            return max(self.samples) * 1.5
        return sorted(self.samples)[len(self.samples) // 2] * 1.1


def measure(path, start, step, times):
    took = []
    for _ in range(times):
        took.append(allocate(path, start, step))
        os.truncate(path, start)
        os.sync()  # only then can it be taken again, and not what lies behind it, up to the knee and past it
    return statistics.median(took)


def probe(mount, cost):
    path = f"{mount}/probe"
    cost.add(64 * GIB, allocate(path, 0, 64 * GIB))
    os.unlink(path)


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


def available(mount):
    space = os.statvfs(mount)
    return space.f_bavail * space.f_frsize


def past_the_knee(program, mount, path, at, cost, flexed):
    """Levels after wholly free groups have run out, and one where nothing but crumbs is left: without flex_bg all are so,
    and filling takes seconds for a GiB."""
    while knee(program, mount) > GIB:
        at = fill(path, at, at + max(knee(program, mount), GIB))
    for ahead in (0, 30 * GIB, 60 * GIB, available(mount) - 110 * GIB) if flexed else (0, 4 * GIB, 16 * GIB):
        at, step = fill(path, at, at + ahead // GIB * GIB), 4 * GIB
        says, took = predicted(program, mount, step, cost.value()), allocate(path, at, step)
        at += step
        yield show(at - step, step, says, took, True)


def run(program, name, options, scratch):
    image, mount = f"{scratch}/image", f"{scratch}/mount"
    os.makedirs(mount, exist_ok=True)
    with open(image, "wb") as file:
        file.truncate(SIZE)
    subprocess.run(["mkfs.ext4", "-q", "-F", "-m", "0", "-E", "lazy_itable_init=1,lazy_journal_init=1", *options, image],
                   check=True)
    subprocess.run(["mount", "-o", "loop,noinit_itable", image, mount], check=True)
    errors, times, cost, at = [], [], Cost(), 0
    try:
        os.sync()
        time.sleep(10)  # a probe is taken of a volume that has settled
        for _ in range(3):
            probe(mount, cost)
        print(f"| {name}: c = {cost.value():.2f} s/TiB at first | | | | |", flush=True)
        for start, step in levels(knee(program, mount)):
            at = fill(f"{mount}/disk", at, start)
            says = predicted(program, mount, step, cost.value())
            took = measure(f"{mount}/disk", at, step, 3)
            errors.append(show(at, step, says, took, False))
            cost.add(step, took)
        times = list(past_the_knee(program, mount, f"{mount}/disk", at, cost, "^flex_bg" not in options))
    finally:
        subprocess.run(["umount", mount], check=True)
        os.unlink(image)
    print(f"# {name}: before the knee median {statistics.median(errors):.0f} %, worst {max(errors):.0f} %; past it "
          f"{min(times):.1f} to {max(times):.1f} times; c = {cost.value():.2f} s/TiB at last", flush=True)
    return statistics.median(errors) <= 15 and max(errors) <= 40 and min(times) >= 0.5 and max(times) <= 20


def main():
    program, names = sys.argv[1], sys.argv[2:] or list(VARIANTS)
    end_well()
    print("| from | step | predicted | measured | off (past the knee: predicted / measured) |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        reached = [run(program, name, VARIANTS[name], scratch) for name in names]
    sys.exit(not all(reached))


main()
