/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * How much written data the kernel may hold back, and for how long: what a power cut costs. From
 * /proc/sys/vm/dirty_ratio, dirty_bytes and dirty_expire_centisecs (kernel: admin-guide/sysctl/vm.rst). The
 * firmware of some NASes raises them to 80 % and a week before it lets the disks sleep, so they are read anew
 * each time.
 */
#ifndef NASREADY_COLLECT_SOURCE_WRITEBACK_H
#define NASREADY_COLLECT_SOURCE_WRITEBACK_H

#include "collect/source.h"
#include "common/text.h"

/* the three files' texts, empty where one is missing; dirty_bytes other than 0 wins over the ratio */
void writeback_parse(struct text ratio, struct text bytes, struct text expire, struct memory *memory);

int writeback_collect(struct pass *pass, struct fault *fault);

#endif
