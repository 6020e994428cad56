/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/vhdx_bat.h"

#include "common/bytes.h"

#define STATE_BITS 3
#define OFFSET_SHIFT 20 /* the offset in MiB stands in bits 20 to 63, so masking makes it bytes */
#define SECTORS_PER_BITMAP (UINT64_C(1) << 23)

struct vhdx_bat_entry vhdx_bat_entry_decode(const unsigned char *bytes)
{
	uint64_t entry = bytes_le64(bytes);
	return (struct vhdx_bat_entry){
		.state = entry & ((1u << STATE_BITS) - 1),
		.offset = entry >> OFFSET_SHIFT << OFFSET_SHIFT,
		.reserved = (uint32_t)(entry & ((1u << OFFSET_SHIFT) - 1)) >> STATE_BITS,
	};
}

void vhdx_bat_entry_encode(unsigned state, uint64_t offset, unsigned char *ret_bytes)
{
	bytes_put_le64(ret_bytes, (offset >> OFFSET_SHIFT << OFFSET_SHIFT) | state);
}

struct vhdx_bat_layout vhdx_bat_layout(const struct vhdx_metadata *metadata)
{
	uint64_t block = metadata->block_bytes;
	struct vhdx_bat_layout layout = {
		.chunk_ratio = (uint32_t)(SECTORS_PER_BITMAP * metadata->logical_sector / block),
		.payload_count = metadata->size_bytes / block + (metadata->size_bytes % block != 0),
	};
	layout.bitmap_count = (layout.payload_count + layout.chunk_ratio - 1) / layout.chunk_ratio;
	/* without a parent the table ends with the last payload block, with one it holds whole chunks */
	layout.entry_count = metadata->has_parent
				     ? layout.bitmap_count * (layout.chunk_ratio + UINT64_C(1))
				     : layout.payload_count + (layout.payload_count - 1) / layout.chunk_ratio;
	return layout;
}

uint64_t vhdx_bat_payload_index(const struct vhdx_bat_layout *layout, uint64_t block)
{
	return block + block / layout->chunk_ratio;
}

uint64_t vhdx_bat_bitmap_index(const struct vhdx_bat_layout *layout, uint64_t chunk)
{
	return chunk * (layout->chunk_ratio + UINT64_C(1)) + layout->chunk_ratio;
}

uint64_t vhdx_bat_region_bytes(uint64_t entry_count)
{
	return (entry_count * VHDX_BAT_ENTRY_SIZE + VHDX_MIB - 1) / VHDX_MIB * VHDX_MIB;
}
