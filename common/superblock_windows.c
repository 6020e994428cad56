/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * NTFS, FAT and exFAT. Their names lie outside the boot sector: in a record of NTFS' table of files, or in an
 * entry of the root folder, near its beginning.
 */
#include <stdio.h>
#include <string.h>

#include "common/bytes.h"
#include "common/ntfs_boot.h"
#include "common/superblock.h"
#include "common/text.h"

#define RECORD_SIZE 1024 /* of NTFS' table; larger ones have what is wanted at their beginning, too */
#define VOLUME_RECORD 3
#define ATTRIBUTE_VOLUME_NAME 0x60
#define ENTRY_SIZE 32
#define ENTRIES_MOST 64 /* of a root folder; Windows makes the name its first one */
#define NO_NAME "NO NAME    "

static unsigned put_utf8(char *into, uint32_t code)
{
	if (code < 0x80) {
		into[0] = (char)code;
		return 1;
	}
	unsigned more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
	into[0] = (char)((0xffu << (7 - more) & 0xff) | code >> 6 * more);
	for (unsigned i = 1; i <= more; i++)
		into[i] = (char)(0x80 | (code >> 6 * (more - i) & 0x3f));
	return more + 1;
}

/* half of a pair alone becomes '?' */
static void take_utf16(const unsigned char *bytes, unsigned units, char ret_label[SUPERBLOCK_LABEL_LEN])
{
	char text[SUPERBLOCK_LABEL_LEN];
	unsigned length = 0;
	for (unsigned i = 0; i < units && length + 4 < sizeof text; i++) {
		uint32_t code = bytes_le16(bytes + 2 * i);
		uint32_t next = i + 1 < units ? bytes_le16(bytes + 2 * i + 2) : 0;
		if (!code)
			break;
		if ((code & 0xfc00) == 0xd800 && (next & 0xfc00) == 0xdc00) {
			code = 0x10000 + ((code & 0x3ff) << 10 | (next & 0x3ff));
			i++;
		}
		length += put_utf8(text + length, (code & 0xf800) == 0xd800 ? '?' : code);
	}
	text_show(ret_label, SUPERBLOCK_LABEL_LEN, (struct text){text, length});
}

/* $Volume's attribute $VOLUME_NAME, which always lies in the record itself */
static void find_ntfs_name(const unsigned char *record, char ret_label[SUPERBLOCK_LABEL_LEN])
{
	uint32_t at = bytes_le16(record + 20), length;
	if (memcmp(record, "FILE", 4) != 0)
		return;
	for (; at <= RECORD_SIZE - 24; at += length) {
		length = bytes_le32(record + at + 4);
		if (length < 24 || length > RECORD_SIZE - at)
			return;
		uint32_t size = bytes_le32(record + at + 16), from = bytes_le16(record + at + 20);
		if (bytes_le32(record + at) != ATTRIBUTE_VOLUME_NAME)
			continue;
		if (!record[at + 8] && from <= length && size <= length - from)
			take_utf16(record + at + from, size / 2, ret_label);
		return;
	}
}

static bool is_ntfs(const struct image_reader *reader, uint64_t offset, const unsigned char *boot,
	struct superblock *super)
{
	struct ntfs_boot ntfs;
	unsigned char record[RECORD_SIZE];
	if (ntfs_boot_parse(boot, &ntfs))
		return false;
	memcpy(super->type, "ntfs", 5);
	super->cluster_bytes = ntfs.cluster_bytes;
	snprintf(super->uuid, sizeof super->uuid, "%016llX", (unsigned long long)bytes_le64(boot + 72));
	/* above 127 the byte is the negative exponent of two */
	uint64_t size = boot[64] < 128 ? (uint64_t)boot[64] * ntfs.cluster_bytes
				       : 1ull << (256u - boot[64] < 32 ? 256u - boot[64] : 0);
	uint64_t table = bytes_le64(boot + 48);
	if (size >= RECORD_SIZE && table < reader->file_bytes / ntfs.cluster_bytes &&
		superblock_fetch(reader, offset + table * ntfs.cluster_bytes + VOLUME_RECORD * size, record,
			sizeof record))
		find_ntfs_name(record, super->label);
	return true;
}

/* the first entry of a folder with mark[at] & mask == value; an entry that begins with 0 ends the folder */
static bool find_entry(const struct image_reader *reader, uint64_t folder, unsigned at, unsigned char mask,
	unsigned char value, unsigned char entry[ENTRY_SIZE])
{
	for (unsigned i = 0; i < ENTRIES_MOST; i++)
		if (!superblock_fetch(reader, folder + i * ENTRY_SIZE, entry, ENTRY_SIZE) || !entry[0])
			return false;
		else if (entry[0] != 0xe5 && (entry[at] & mask) == value)
			return true;
	return false;
}

static void take_serial(const unsigned char *bytes, struct superblock *super)
{
	snprintf(super->uuid, sizeof super->uuid, "%04X-%04X", bytes_le16(bytes + 2), bytes_le16(bytes));
}

static bool is_exfat(const struct image_reader *reader, uint64_t offset, const unsigned char *boot,
	struct superblock *super)
{
	unsigned char entry[ENTRY_SIZE];
	unsigned sector = boot[108], cluster = boot[109];
	uint32_t root = bytes_le32(boot + 96);
	if (memcmp(boot + 3, "EXFAT   ", 8) != 0 || sector < 9 || sector > 12 || cluster > 25 - sector ||
		root < 2)
		return false;
	memcpy(super->type, "exfat", 6);
	take_serial(boot + 100, super);
	uint64_t folder =
		((uint64_t)bytes_le32(boot + 88) << sector) + ((uint64_t)(root - 2) << (sector + cluster));
	if (find_entry(reader, offset + folder, 0, 0xff, 0x83, entry))
		take_utf16(entry + 2, entry[1] < 11 ? entry[1] : 11, super->label);
	return true;
}

/* in the code page of whoever wrote it: what is not ASCII becomes '?' */
static void take_fat_name(const unsigned char *name, struct superblock *super)
{
	char text[11];
	for (unsigned i = 0; i < sizeof text; i++)
		text[i] = name[i] < 128 ? (char)name[i] : '?';
	text_show(super->label, sizeof super->label, text_trim((struct text){text, sizeof text}));
}

static bool is_power_of_two(unsigned value)
{
	return value && !(value & (value - 1));
}

static bool is_fat(const struct image_reader *reader, uint64_t offset, const unsigned char *boot,
	struct superblock *super)
{
	unsigned char entry[ENTRY_SIZE];
	uint32_t sector = bytes_le16(boot + 11), cluster = boot[13], reserved = bytes_le16(boot + 14);
	uint32_t tables = boot[16], sectors = bytes_le16(boot + 22), root = bytes_le32(boot + 44);
	bool is_32 = !sectors && !memcmp(boot + 82, "FAT32   ", 8);
	if (bytes_le16(boot + 510) != 0xaa55 || boot[21] < 0xf0 || !reserved || !tables ||
		!is_power_of_two(cluster) || !is_power_of_two(sector) || sector < 512 || sector > 4096 ||
		(is_32 ? root < 2 : !sectors || memcmp(boot + 54, "FAT1", 4) != 0))
		return false;
	memcpy(super->type, "vfat", 5);
	const unsigned char *serial = boot + (is_32 ? 67 : 39), *name = serial + 4;
	take_serial(serial, super);
	uint64_t folder = is_32 ? (uint64_t)tables * bytes_le32(boot + 36) + (uint64_t)(root - 2) * cluster
				: tables * sectors;
	/* the volume's name has bit 3 alone; with bits 0 to 3 it is part of a long name */
	if (find_entry(reader, offset + (reserved + folder) * sector, 11, 0x1f, 0x08, entry))
		name = entry;
	if (memcmp(name, NO_NAME, 11) != 0)
		take_fat_name(name, super);
	return true;
}

bool superblock_windows(const struct image_reader *reader, uint64_t offset, const unsigned char *boot,
	struct superblock *ret_super)
{
	return is_ntfs(reader, offset, boot, ret_super) || is_exfat(reader, offset, boot, ret_super) ||
	       is_fat(reader, offset, boot, ret_super);
}
