/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * VHDX, the block allocation table: where each payload block and each sector bitmap block lies
 * ([MS-VHDX] 2.5).
 */
#ifndef NASREADY_COMMON_VHDX_BAT_H
#define NASREADY_COMMON_VHDX_BAT_H

#include <stdint.h>

#include "common/vhdx_metadata.h"

/* -- entry, 2.5.1 -- */

#define VHDX_BAT_ENTRY_SIZE 8

/* 2.5.1.1 and, for sector bitmap blocks, 2.5.1.2 (only not present and present); 4 and 5 are reserved */
enum vhdx_block {
	VHDX_BLOCK_NOT_PRESENT = 0, /* zeros, or in a differencing disk the parent's */
	VHDX_BLOCK_UNDEFINED = 1,   /* anything may be read */
	VHDX_BLOCK_ZERO = 2,
	VHDX_BLOCK_UNMAPPED = 3,
	VHDX_BLOCK_PRESENT = 6, /* wholly in this file */
	VHDX_BLOCK_PARTIALLY_PRESENT =
		7, /* the sector bitmap says which sectors are; only in differencing disks */
};

struct vhdx_bat_entry {
	unsigned state;	   /* enum vhdx_block, or reserved */
	uint64_t offset;   /* bytes in the file, whole MiB */
	uint32_t reserved; /* bits that must be 0 */
};

struct vhdx_bat_entry vhdx_bat_entry_decode(const unsigned char *bytes);
/* `offset`: whole MiB, below 2^64 */
void vhdx_bat_entry_encode(unsigned state, uint64_t offset, unsigned char *ret_bytes);

/* -- layout, 2.5: after every `chunk_ratio` payload entries stands one of a sector bitmap -- */

#define VHDX_BITMAP_BYTES VHDX_MIB /* of a sector bitmap block */

struct vhdx_bat_layout {
	uint32_t chunk_ratio;	/* payload blocks that one sector bitmap block describes */
	uint64_t payload_count; /* blocks that the virtual size takes */
	uint64_t bitmap_count;	/* sector bitmap blocks that belong to them */
	uint64_t entry_count;	/* of the table, as long as it must be for this size and type */
};

/* of metadata that vhdx_metadata_fault finds nothing wrong with */
struct vhdx_bat_layout vhdx_bat_layout(const struct vhdx_metadata *metadata);
/* the entry of a payload block, and of the sector bitmap of a chunk */
uint64_t vhdx_bat_payload_index(const struct vhdx_bat_layout *layout, uint64_t block);
uint64_t vhdx_bat_bitmap_index(const struct vhdx_bat_layout *layout, uint64_t chunk);
/* the length of the BAT region for so many entries, bytes, whole MiB */
uint64_t vhdx_bat_region_bytes(uint64_t entry_count);

#endif
