/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * How a VHDX that we make is laid out ([MS-VHDX] 2.2 to 2.6): header section, 1 MiB of log, 1 MiB of
 * metadata, the block allocation table with room to grow, then (in a fixed disk) all blocks in order. Pure
 * arithmetic.
 */
#ifndef NASREADY_COMMON_VHDX_MAKE_H
#define NASREADY_COMMON_VHDX_MAKE_H

#include "common/vhdx_bat.h"

#define VHDX_MAKE_BLOCK (32 * VHDX_MIB)
#define VHDX_MAKE_SIZE_MIN (UINT64_C(3) * VHDX_MIB) /* what Windows' New-VHD takes at least */
#define VHDX_MAKE_LOG_OFFSET (1 * VHDX_MIB)
#define VHDX_MAKE_LOG_BYTES VHDX_MIB
#define VHDX_MAKE_METADATA_OFFSET (2 * VHDX_MIB)
#define VHDX_MAKE_BAT_OFFSET (3 * VHDX_MIB)

struct vhdx_make {
	struct vhdx_metadata metadata; /* but the disk's id, which is the caller's to choose */
	struct vhdx_bat_layout layout;
	uint64_t bat_bytes;	 /* of the region */
	uint64_t payload_offset; /* of the first block */
	uint64_t file_bytes;	 /* of the whole file */
};

/* A disk of `size_bytes` (whole MiB, VHDX_MAKE_SIZE_MIN to VHDX_DISK_SIZE_MAX) that can grow to `room_bytes`
 * without its table being moved. `sector`: 512 or 4096. */
void vhdx_make_plan(
	uint64_t size_bytes, uint64_t room_bytes, uint32_t sector, bool fixed, struct vhdx_make *ret_make);
/* `count` entries of a fixed disk's table from entry `first` on, 8 bytes each. Payload block `block` lies at
 * `offset`, and those behind it follow in one piece. Entries before it come out as not present. */
void vhdx_make_entries(const struct vhdx_metadata *metadata, uint64_t block, uint64_t offset, uint64_t first,
	uint32_t count, unsigned char *ret_bytes);
/* the header section, VHDX_SECTION_SIZE bytes: identifier, both headers, both region tables */
void vhdx_make_section(const struct vhdx_make *make, const struct guid *file_write,
	const struct guid *data_write, unsigned char *ret_bytes);

#endif
