/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Which volumes there are: mounted file systems that hold files, each once (bind mounts and pseudo file
 * systems are left out). Reads /proc/self/mountinfo, or /proc/mounts where that is missing (proc(5)).
 */
#ifndef NASREADY_COLLECT_SOURCE_MOUNTS_H
#define NASREADY_COLLECT_SOURCE_MOUNTS_H

#include "collect/source.h"
#include "common/text.h"

/* Append the volumes that the text names. The number of lines that made no sense or had a name that is too
 * long. */
unsigned mounts_parse_mountinfo(struct text text, struct snapshot *snapshot);
unsigned mounts_parse_mounts(struct text text, struct snapshot *snapshot);

/* "/c" gives "c", "/" gives "root", "/mnt/data" gives "mnt-data-XXXX" (a hash, because the name was changed)
 */
void mounts_volume_id(const char *mount, char *ret_id, size_t size);

int mounts_collect(struct pass *pass, struct fault *fault);

#endif
