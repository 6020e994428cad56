/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * A VHDX of any size in little memory, for unit tests and fuzzers: only the structures are kept, all else
 * reads as zeros. sparse_start makes a good one; a test spoils it and, where that is not the point, seals it
 * again.
 */
#ifndef NASREADY_TESTS_UNIT_VHDX_SPARSE_H
#define NASREADY_TESTS_UNIT_VHDX_SPARSE_H

#include <errno.h>
#include <string.h>

#include "common/bytes.h"
#include "common/crc32c.h"
#include "common/image_inspect.h"
#include "common/vhdx_bat.h"

#define SPARSE_LOG_AT (1 * VHDX_MIB)
#define SPARSE_METADATA_AT (2 * VHDX_MIB)
#define SPARSE_BAT_AT (3 * VHDX_MIB)
#define SPARSE_PAYLOAD_AT (4 * VHDX_MIB)
#define SPARSE_ENTRIES 4096 /* of the block table that are kept */

struct sparse {
	uint64_t file_bytes;
	struct vhdx_header header;
	struct vhdx_region regions[2];
	struct vhdx_metadata metadata;
	unsigned char head[5 * 65536];
	unsigned char log[VHDX_MIB];
	unsigned char table[VHDX_METADATA_SIZE];
	unsigned char bat[SPARSE_ENTRIES * VHDX_BAT_ENTRY_SIZE];
	uint64_t reads, fails_at; /* the read of which number fails; 0: none */
};

static inline int sparse_read(void *arg, uint64_t offset, void *into, size_t size)
{
	struct sparse *sparse = arg;
	const struct {
		uint64_t offset;
		unsigned char *bytes;
		size_t size;
	} pieces[] = {
		{0, sparse->head, sizeof sparse->head},
		{SPARSE_LOG_AT, sparse->log, sizeof sparse->log},
		{SPARSE_METADATA_AT, sparse->table, sizeof sparse->table},
		{SPARSE_BAT_AT, sparse->bat, sizeof sparse->bat},
	};
	if (++sparse->reads == sparse->fails_at)
		return -EIO;
	memset(into, 0, size);
	for (unsigned i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		uint64_t from = offset > pieces[i].offset ? offset : pieces[i].offset;
		uint64_t to = pieces[i].offset + pieces[i].size;
		to = offset + size < to ? offset + size : to;
		if (from < to)
			memcpy((char *)into + (from - offset), pieces[i].bytes + (from - pieces[i].offset),
				(size_t)(to - from));
	}
	return 0;
}

/* writes headers and region tables from their values */
static inline void sparse_seal(struct sparse *sparse)
{
	struct vhdx_header older = sparse->header;
	older.sequence--;
	vhdx_identifier_encode("tests", sparse->head);
	vhdx_header_encode(&older, sparse->head + VHDX_HEADER_OFFSET(0));
	vhdx_header_encode(&sparse->header, sparse->head + VHDX_HEADER_OFFSET(1));
	for (unsigned i = 0; i < 2; i++)
		vhdx_regions_encode(sparse->regions, 2, sparse->head + VHDX_REGIONS_OFFSET(i));
	vhdx_metadata_encode(&sparse->metadata, sparse->table);
}

static inline void sparse_put(struct sparse *sparse, uint64_t entry, unsigned state, uint64_t offset)
{
	vhdx_bat_entry_encode(state, offset, sparse->bat + entry * VHDX_BAT_ENTRY_SIZE);
}

/* A fixed disk of `blocks` blocks of 32 MiB, all in one piece, at most SPARSE_ENTRIES with the bitmaps. */
static inline void sparse_start(struct sparse *sparse, uint64_t blocks)
{
	memset(sparse, 0, sizeof *sparse);
	sparse->header = (struct vhdx_header){
		.sequence = 7, .version = VHDX_VERSION, .log_length = VHDX_MIB, .log_offset = SPARSE_LOG_AT};
	memset(sparse->header.data_write.bytes, 0x77, GUID_SIZE);
	sparse->regions[0] = (struct vhdx_region){vhdx_region_metadata, SPARSE_METADATA_AT, VHDX_MIB, true};
	sparse->regions[1] = (struct vhdx_region){vhdx_region_bat, SPARSE_BAT_AT, VHDX_MIB, true};
	sparse->metadata = (struct vhdx_metadata){.block_bytes = 32 * VHDX_MIB,
		.leave_allocated = true,
		.size_bytes = blocks * 32 * VHDX_MIB,
		.logical_sector = 512,
		.physical_sector = 4096};
	struct vhdx_bat_layout layout = vhdx_bat_layout(&sparse->metadata);
	for (uint64_t i = 0; i < blocks; i++)
		sparse_put(sparse, vhdx_bat_payload_index(&layout, i), VHDX_BLOCK_PRESENT,
			SPARSE_PAYLOAD_AT + i * 32 * VHDX_MIB);
	sparse->file_bytes = SPARSE_PAYLOAD_AT + blocks * 32 * VHDX_MIB;
	sparse_seal(sparse);
}

/* -- the log -- */

/* An entry at `at` of the log: one zero descriptor, then `data` data descriptors with their sectors. Its
 * length. */
static inline uint32_t sparse_log_entry(
	struct sparse *sparse, uint32_t at, uint64_t sequence, uint32_t tail, unsigned data)
{
	static unsigned char entry[64 * 4096];
	uint32_t length = 4096 * (1 + data), ring = sparse->header.log_length;
	memset(entry, 0, length);
	memcpy(entry, "loge", 4);
	bytes_put_le32(entry + 8, length);
	bytes_put_le32(entry + 12, tail);
	bytes_put_le64(entry + 16, sequence);
	bytes_put_le32(entry + 24, 1 + data);
	guid_put(entry + 32, &sparse->header.log);
	bytes_put_le64(entry + 48, sparse->file_bytes);
	bytes_put_le64(entry + 56, sparse->file_bytes);
	for (unsigned i = 0; i <= data; i++) {
		unsigned char *descriptor = entry + 64 + 32 * i, *sector = entry + 4096 * i;
		memcpy(descriptor, i ? "desc" : "zero", 4);
		bytes_put_le64(descriptor + 24, sequence);
		if (!i)
			continue;
		memcpy(sector, "data", 4);
		bytes_put_le32(sector + 4, (uint32_t)(sequence >> 32));
		bytes_put_le32(sector + 4092, (uint32_t)sequence);
	}
	bytes_put_le32(entry + 4, crc32c_without(entry, length, 4));
	for (uint32_t i = 0; i < length; i++)
		sparse->log[(at + i) % ring] = entry[i];
	return length;
}

static inline int sparse_inspect(struct sparse *sparse, struct image *ret_image)
{
	static struct image_work work;
	struct image_reader reader = {sparse_read, sparse, sparse->file_bytes, sparse->file_bytes};
	return image_inspect(&reader, &work, ret_image);
}

#endif
