/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Type, label and UUID of each volume by libblkid (its sole user), and what the superblock of ext2/3/4 says.
 * This reads the device, so it is done once for a device and mount, in a disposable child, and never again:
 * a sleeping disk stays asleep. A volume of which the child told nothing is asked for again, ever less often,
 * a few times. `answers/filesystems` has a line per volume: `ID TYPE=ext4 LABEL=… UUID=… BLOCK=4096
 * JOURNAL=internal|external|none [DEVICE=8:17] [MODE=ordered|writeback|data] STATE=clean|error FLEX=yes|no
 * [ERRORS=2 ERROR_S=1700000000 ERROR_AT=function:line]`, values with the kernel's octal escapes; or `ID error
 * TEXT`.
 */
#ifndef NASREADY_COLLECT_SOURCE_FILESYSTEMS_H
#define NASREADY_COLLECT_SOURCE_FILESYSTEMS_H

#include "collect/source.h"
#include "common/text.h"

/* fills label, uuid and super of the volumes named, and marks them probed, if bit i of `asked` is set for
 * volume i; the number of lines understood */
unsigned filesystems_parse(struct text text, uint32_t asked, struct snapshot *snapshot);

struct filesystems_question {
	const struct root *root;
	const struct snapshot *snapshot;
	uint32_t wanted; /* bit i: volume i */
};

/* writes the lines; opens and reads the devices */
void filesystems_ask(int out, void *filesystems_question);

int filesystems_collect(struct pass *pass, struct fault *fault);

#endif
