/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/superblock.h"

#include <stdio.h>
#include <string.h>

#include "common/bytes.h"
#include "common/text.h"

#define BOOT_SIZE 512

bool superblock_fetch(const struct image_reader *reader, uint64_t offset, void *into, size_t size)
{
	return offset <= reader->file_bytes && size <= reader->file_bytes - offset &&
	       !reader->read(reader->arg, offset, into, size);
}

/* where what stands, from `at` on; 0: it is not told */
static const struct format {
	char type[SUPERBLOCK_TYPE_LEN], magic[9];
	uint16_t magic_at, uuid_at, label_at, label_bytes;
	uint32_t at;
} formats[] = {
	{"xfs", "XFSB", 0, 32, 108, 12, 0},
	{"btrfs", "_BHRfS_M", 64, 32, 299, 256, 65536},
	{"ReFS", "ReFS", 3, 0, 0, 0, 0},
	{"BitLocker", "-FVE-FS-", 3, 0, 0, 0, 0},
	{"ext", "\x53\xef", 56, 104, 120, 16, 1024},
};

#define EXT_INCOMPAT_JOURNAL_DEVICE 0x8
#define EXT_INCOMPAT_OF_EXT3 0x16 /* file types, recovery, meta block groups */
#define EXT_RO_COMPAT_OF_EXT3 0x7 /* sparse superblocks, large files, trees of names */
#define EXT_LOG_BLOCK_SIZE_MAX 6

/* Two bytes alone are no proof. One family with one superblock: the features make the name. */
static bool name_ext(const unsigned char *super, char ret_type[SUPERBLOCK_TYPE_LEN])
{
	uint32_t incompat = bytes_le32(super + 0x60), ro_compat = bytes_le32(super + 0x64);
	const char *name = incompat & EXT_INCOMPAT_JOURNAL_DEVICE				    ? "jbd"
			   : incompat & ~EXT_INCOMPAT_OF_EXT3 || ro_compat & ~EXT_RO_COMPAT_OF_EXT3 ? "ext4"
			   : bytes_le32(super + 0x5c) & 0x4					    ? "ext3"
												    : "ext2";
	snprintf(ret_type, SUPERBLOCK_TYPE_LEN, "%s", name);
	return bytes_le32(super + 0x18) <= EXT_LOG_BLOCK_SIZE_MAX;
}

static void take_uuid(const unsigned char *bytes, char ret_uuid[SUPERBLOCK_UUID_LEN])
{
	static const unsigned char none[16];
	char *at = ret_uuid;
	for (unsigned i = 0; i < 16; i++)
		at += sprintf(at, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", bytes[i]);
	if (!memcmp(bytes, none, sizeof none))
		ret_uuid[0] = 0;
}

static bool is_format(const struct image_reader *reader, uint64_t offset, const struct format *format,
	struct superblock *super)
{
	unsigned char bytes[BOOT_SIZE + 64]; /* as far as the label of Btrfs reaches */
	if (!superblock_fetch(reader, offset + format->at, bytes,
		    format->label_bytes > 16 ? sizeof bytes : BOOT_SIZE) ||
		memcmp(bytes + format->magic_at, format->magic, strlen(format->magic)) != 0)
		return false;
	memcpy(super->type, format->type, sizeof super->type);
	if (format->at == 1024 && !name_ext(bytes, super->type))
		return false;
	if (format->uuid_at)
		take_uuid(bytes + format->uuid_at, super->uuid);
	const char *label = (const char *)bytes + format->label_at;
	text_show(super->label, sizeof super->label,
		text_trim((struct text){label, strnlen(label, format->label_bytes)}));
	return true;
}

bool superblock_read(const struct image_reader *reader, uint64_t offset, struct superblock *ret_super)
{
	unsigned char boot[BOOT_SIZE];
	for (unsigned i = 0; i < ARRAY_LEN(formats); i++) {
		*ret_super = (struct superblock){.cluster_bytes = UNKNOWN_U32};
		if (is_format(reader, offset, &formats[i], ret_super))
			return true;
	}
	*ret_super = (struct superblock){.cluster_bytes = UNKNOWN_U32};
	return superblock_fetch(reader, offset, boot, sizeof boot) &&
	       superblock_windows(reader, offset, boot, ret_super);
}
