/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The kernel's md arrays: are they whole, and is one being rebuilt or checked? Hardware and device-mapper
 * RAID are not seen. A resync that waits (DELAYED behind another array, PENDING until an auto-read-only
 * array is first written to) has its name in `sync` and no percentage.
 */
#ifndef NASREADY_COLLECT_SOURCE_RAID_H
#define NASREADY_COLLECT_SOURCE_RAID_H

#include "collect/source.h"
#include "common/text.h"

/* /proc/mdstat: adds a row for each array (none is no error); -EBADMSG if the text is no mdstat */
int raid_parse_mdstat(struct text mdstat, struct snapshot *snapshot);

int raid_collect(struct pass *pass, struct fault *fault);

#endif
