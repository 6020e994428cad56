/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What the superblock of ext2, ext3 and ext4 says about the journal and about errors. Layout: "The Super
 * Block" in the kernel's Documentation/filesystems/ext4/super.rst (all fields little-endian). Reads bytes one
 * by one, so any alignment will do. The superblock stands at byte 1024 of the device and is 1024 bytes long.
 */
#ifndef NASREADY_COMMON_EXT4_SUPER_H
#define NASREADY_COMMON_EXT4_SUPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXT4_SUPER_OFFSET 1024
#define EXT4_SUPER_SIZE 1024

/* it is no superblock of the ext family */
#define EXT4_SUPER_E_MAGIC 1

struct ext4_super {
	uint32_t block_bytes;
	bool has_journal, journal_external, has_errors, flex_bg;
	uint32_t journal_major, journal_minor; /* of an external journal; 0:0 when it is not told */
	char default_mode;		       /* 'j' data=journal, 'o' ordered, 'w' writeback, 0: not set */
	uint32_t error_count, last_error_s /* since 1970 */, last_error_line;
	char last_error_function[33];
};

/* `bytes` are the EXT4_SUPER_SIZE bytes at EXT4_SUPER_OFFSET. 0 or EXT4_SUPER_E_MAGIC. */
int ext4_super_parse(const unsigned char *bytes, struct ext4_super *ret_super);

#endif
