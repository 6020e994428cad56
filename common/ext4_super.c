/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/ext4_super.h"

#include <string.h>

#include "common/bytes.h"

enum {
	S_LOG_BLOCK_SIZE = 0x18,
	S_MAGIC = 0x38,
	S_STATE = 0x3a,
	S_FEATURE_COMPAT = 0x5c,
	S_FEATURE_INCOMPAT = 0x60,
	S_JOURNAL_INUM = 0xe0,
	S_JOURNAL_DEV = 0xe4,
	S_DEFAULT_MOUNT_OPTS = 0x100,
	S_ERROR_COUNT = 0x194,
	S_LAST_ERROR_TIME = 0x1cc,
	S_LAST_ERROR_LINE = 0x1d4,
	S_LAST_ERROR_FUNC = 0x1e0,
};

#define MAGIC 0xef53
#define STATE_ERROR_FS 0x2
#define COMPAT_HAS_JOURNAL 0x4
#define INCOMPAT_FLEX_BG 0x200
#define MOUNT_OPT_MODE 0x60
#define LOG_BLOCK_SIZE_MAX 6 /* 64 KiB */

static char default_mode(uint32_t mount_opts)
{
	switch (mount_opts & MOUNT_OPT_MODE) {
	case 0x20:
		return 'j';
	case 0x40:
		return 'o';
	case 0x60:
		return 'w';
	}
	return 0;
}

int ext4_super_parse(const unsigned char *bytes, struct ext4_super *ret_super)
{
	if (bytes_le16(bytes + S_MAGIC) != MAGIC || bytes_le32(bytes + S_LOG_BLOCK_SIZE) > LOG_BLOCK_SIZE_MAX)
		return EXT4_SUPER_E_MAGIC;
	uint32_t device = bytes_le32(bytes + S_JOURNAL_DEV);
	*ret_super = (struct ext4_super){
		.block_bytes = 1024u << bytes_le32(bytes + S_LOG_BLOCK_SIZE),
		.has_journal = bytes_le32(bytes + S_FEATURE_COMPAT) & COMPAT_HAS_JOURNAL,
		.journal_external = !bytes_le32(bytes + S_JOURNAL_INUM),
		.has_errors = bytes_le16(bytes + S_STATE) & STATE_ERROR_FS,
		.flex_bg = bytes_le32(bytes + S_FEATURE_INCOMPAT) & INCOMPAT_FLEX_BG,
		/* the kernel's new_decode_dev: 20 bits of minor around 12 of major */
		.journal_major = (device & 0xfff00) >> 8,
		.journal_minor = (device & 0xff) | ((device >> 12) & 0xfff00),
		.default_mode = default_mode(bytes_le32(bytes + S_DEFAULT_MOUNT_OPTS)),
		.error_count = bytes_le32(bytes + S_ERROR_COUNT),
		.last_error_s = bytes_le32(bytes + S_LAST_ERROR_TIME),
		.last_error_line = bytes_le32(bytes + S_LAST_ERROR_LINE),
	};
	memcpy(ret_super->last_error_function, bytes + S_LAST_ERROR_FUNC, 32);
	if (!ret_super->has_journal)
		ret_super->journal_external = false;
	return 0;
}
