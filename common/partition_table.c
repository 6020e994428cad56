/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/partition_table.h"

#include <string.h>

#include "common/bytes.h"
#include "common/superblock.h"

#define GPT_ENTRY_SIZE 128 /* at least */
#define GPT_ENTRIES_MOST 1024
#define MBR_SIZE 512
#define MBR_TABLE 446
#define MBR_ENTRIES 4
#define MBR_ENTRY_SIZE 16
#define LOGICAL_MOST 64 /* so that a chain in a circle ends */

static bool fetch(const struct partitioned *disk, uint64_t sector, void *into, size_t size)
{
	return sector < disk->size_bytes / disk->sector_bytes &&
	       superblock_fetch(disk->reader, disk->offset + sector * disk->sector_bytes, into, size);
}

/* the numbers of a table may be anything */
static void tell(const struct partitioned *disk, uint64_t first, uint64_t sectors)
{
	uint64_t all = disk->size_bytes / disk->sector_bytes;
	if (sectors && first < all && sectors <= all - first)
		disk->found(disk->arg, first * disk->sector_bytes, sectors * disk->sector_bytes);
}

static bool read_gpt(const struct partitioned *disk, uint64_t header_sector)
{
	static const unsigned char unused[16];
	unsigned char header[92], entry[GPT_ENTRY_SIZE];
	if (!fetch(disk, header_sector, header, sizeof header) || memcmp(header, "EFI PART", 8) != 0)
		return false;
	uint64_t at = bytes_le64(header + 72);
	uint32_t count = bytes_le32(header + 80), size = bytes_le32(header + 84);
	if (at >= disk->size_bytes / disk->sector_bytes || size < GPT_ENTRY_SIZE || size > 4096 ||
		count > GPT_ENTRIES_MOST)
		return false;
	at = disk->offset + at * disk->sector_bytes;
	for (uint32_t i = 0; i < count; i++) {
		if (!superblock_fetch(disk->reader, at + (uint64_t)i * size, entry, sizeof entry))
			break;
		uint64_t first = bytes_le64(entry + 32), last = bytes_le64(entry + 40);
		if (memcmp(entry, unused, sizeof unused) != 0 && last >= first)
			tell(disk, first, last - first + 1);
	}
	return true;
}

static bool is_extended(unsigned char type)
{
	return type == 0x05 || type == 0x0f || type == 0x85;
}

/* each link: one partition, counted from the link, and the next link, counted from the first */
static void read_logical(const struct partitioned *disk, uint64_t start)
{
	unsigned char bytes[MBR_SIZE];
	uint64_t link = start;
	for (unsigned i = 0; i < LOGICAL_MOST && fetch(disk, link, bytes, sizeof bytes); i++) {
		const unsigned char *entry = bytes + MBR_TABLE, *next = entry + MBR_ENTRY_SIZE;
		if (bytes_le16(bytes + 510) != 0xaa55)
			return;
		if (entry[4])
			tell(disk, link + bytes_le32(entry + 8), bytes_le32(entry + 12));
		if (!is_extended(next[4]))
			return;
		link = start + bytes_le32(next + 8);
	}
}

/* what has such a mark at its end may as well be a boot sector with code in this place */
static bool is_mbr(const unsigned char *bytes)
{
	bool any = false;
	for (unsigned i = 0; i < MBR_ENTRIES; i++) {
		const unsigned char *entry = bytes + MBR_TABLE + i * MBR_ENTRY_SIZE;
		if ((entry[0] && entry[0] != 0x80) || entry[4] == 0xee)
			return false;
		any |= entry[4] != 0;
	}
	return any && bytes_le16(bytes + 510) == 0xaa55;
}

static bool read_mbr(const struct partitioned *disk)
{
	unsigned char bytes[MBR_SIZE];
	if (!fetch(disk, 0, bytes, sizeof bytes) || !is_mbr(bytes))
		return false;
	for (unsigned i = 0; i < MBR_ENTRIES; i++) {
		const unsigned char *entry = bytes + MBR_TABLE + i * MBR_ENTRY_SIZE;
		if (is_extended(entry[4]))
			read_logical(disk, bytes_le32(entry + 8));
		else if (entry[4])
			tell(disk, bytes_le32(entry + 8), bytes_le32(entry + 12));
	}
	return true;
}

const char *partition_table_read(const struct partitioned *disk)
{
	if (!disk->sector_bytes || disk->size_bytes < disk->sector_bytes)
		return NULL;
	/* the second copy lies in the last sector */
	if (read_gpt(disk, 1) || read_gpt(disk, disk->size_bytes / disk->sector_bytes - 1))
		return "gpt";
	return read_mbr(disk) ? "dos" : NULL;
}
