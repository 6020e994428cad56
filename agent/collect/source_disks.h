/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Disks and their activity from /proc/diskstats (kernel: Documentation/admin-guide/iostats.rst), with what
 * sysfs knows of each without asking the disk. The same file says what was written to each volume, and what
 * the kernel calls its block device.
 */
#ifndef NASREADY_COLLECT_SOURCE_DISKS_H
#define NASREADY_COLLECT_SOURCE_DISKS_H

#include "collect/source.h"
#include "common/text.h"

/* `is_disk` says whether a kernel name is a real disk (and not a partition, loop device, md or dm). The
 * number of lines understood. */
unsigned disks_parse(
	struct text text, struct snapshot *snapshot, bool (*is_disk)(const char *name, void *arg), void *arg);
/* "write back" and "write through", as queue/write_cache and scsi_disk's cache_type put it */
enum tri disks_parse_cache(struct text text);

int disks_collect(struct pass *pass, struct fault *fault);

#endif
