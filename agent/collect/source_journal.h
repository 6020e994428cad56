/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The journal of each volume: is there one, where, in which mode, how busy, and did the file system see
 * errors. From jbd2's statistics (/proc/fs/jbd2/DEV/info, of 2.6.31 and of today), ext4's options and sysfs
 * attributes, the mount options, and what the superblock said when it was last read. Opens no device.
 */
#ifndef NASREADY_COLLECT_SOURCE_JOURNAL_H
#define NASREADY_COLLECT_SOURCE_JOURNAL_H

#include "collect/source.h"
#include "common/text.h"

/* the number of transactions in jbd2's info; -EBADMSG if there is none */
int journal_parse_info(struct text text, uint64_t *ret_transactions);
/* /proc/fs/ext4/DEV/options: one option a line, defaults included */
void journal_parse_options(struct text text, struct journal *journal);

int journal_collect(struct pass *pass, struct fault *fault);

#endif
