#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/live/gate.sh: take_steps.py FILE CURRENT < SIZES grows a file to each size in turn, by fallocate(1) as smbd
# does by the same call; one line each: "size wall sys", in seconds. The kernel's time is what counts: the wall clock
# also shows what else this machine does.
import os
import sys
import time

path, current = sys.argv[1], int(sys.argv[2])
for size in map(int, sys.stdin.read().split()):
    began = time.monotonic()
    pid = os.spawnlp(os.P_NOWAIT, "fallocate", "fallocate", "-o", str(current), "-l", str(size - current), path)
    _, status, usage = os.wait4(pid, 0)
    if status:
        sys.exit(f"fallocate to {size} failed")
    print(f"{size} {time.monotonic() - began:.2f} {usage.ru_stime:.2f}", flush=True)
    current = size
