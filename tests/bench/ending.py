# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
"""Whatever ends a bench, it stops what it started and unmounts what it mounted."""
import signal
import sys


def end_well():
    for number in signal.SIGTERM, signal.SIGHUP:
        signal.signal(number, lambda number, _: sys.exit(128 + number))
