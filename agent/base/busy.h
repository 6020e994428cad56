/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * A clock for what work costs on a machine that does other things, too.
 */
#ifndef NASREADY_BASE_BUSY_H
#define NASREADY_BASE_BUSY_H

#include <stdint.h>

#include "common/text.h"

/* Milliseconds that this process has worked, slept, or waited for a disk: the monotonic clock, less the time
 * in which it waited for a processor. Only differences mean anything. A kernel that does not tell the latter
 * counts it in. */
uint64_t busy_ms(void);
/* the second figure of /proc/PID/schedstat (Documentation/scheduler/sched-stats.txt); 0 if there is none.
 * Pure. */
uint64_t busy_waited_ns(struct text schedstat);

#endif
