/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/vhdx_make.h"

#include <string.h>

void vhdx_make_plan(
	uint64_t size_bytes, uint64_t room_bytes, uint32_t sector, bool fixed, struct vhdx_make *ret_make)
{
	struct vhdx_metadata *metadata = &ret_make->metadata;
	memset(ret_make, 0, sizeof *ret_make);
	metadata->block_bytes = VHDX_MAKE_BLOCK;
	metadata->leave_allocated = fixed;
	metadata->logical_sector = sector;
	metadata->physical_sector = 4096;
	metadata->size_bytes = room_bytes > size_bytes ? room_bytes : size_bytes;
	ret_make->bat_bytes = vhdx_bat_region_bytes(vhdx_bat_layout(metadata).entry_count);
	metadata->size_bytes = size_bytes;
	ret_make->layout = vhdx_bat_layout(metadata);
	ret_make->payload_offset = VHDX_MAKE_BAT_OFFSET + ret_make->bat_bytes;
	ret_make->file_bytes =
		ret_make->payload_offset + (fixed ? ret_make->layout.payload_count * VHDX_MAKE_BLOCK : 0);
}

void vhdx_make_entries(const struct vhdx_metadata *metadata, uint64_t block, uint64_t offset, uint64_t first,
	uint32_t count, unsigned char *ret_bytes)
{
	struct vhdx_bat_layout layout = vhdx_bat_layout(metadata);
	uint64_t per_chunk = (uint64_t)layout.chunk_ratio + 1;
	for (uint32_t i = 0; i < count; i++) {
		uint64_t chunk = (first + i) / per_chunk, within = (first + i) % per_chunk;
		uint64_t number = chunk * layout.chunk_ratio + within;
		bool present =
			within < layout.chunk_ratio && number >= block && number < layout.payload_count;
		vhdx_bat_entry_encode(present ? VHDX_BLOCK_PRESENT : VHDX_BLOCK_NOT_PRESENT,
			present ? offset + (number - block) * metadata->block_bytes : 0,
			ret_bytes + (size_t)i * VHDX_BAT_ENTRY_SIZE);
	}
}

void vhdx_make_section(const struct vhdx_make *make, const struct guid *file_write,
	const struct guid *data_write, unsigned char *ret_bytes)
{
	struct vhdx_header header = {
		.sequence = 1,
		.file_write = *file_write,
		.data_write = *data_write,
		.log_version = VHDX_LOG_VERSION,
		.version = VHDX_VERSION,
		.log_length = VHDX_MAKE_LOG_BYTES,
		.log_offset = VHDX_MAKE_LOG_OFFSET,
	};
	const struct vhdx_region regions[] = {
		{vhdx_region_bat, VHDX_MAKE_BAT_OFFSET, (uint32_t)make->bat_bytes, true},
		{vhdx_region_metadata, VHDX_MAKE_METADATA_OFFSET, VHDX_MIB, true},
	};
	memset(ret_bytes, 0, VHDX_SECTION_SIZE);
	vhdx_identifier_encode("nasready", ret_bytes + VHDX_IDENTIFIER_OFFSET);
	for (unsigned i = 0; i < 2; i++) {
		vhdx_header_encode(&header, ret_bytes + VHDX_HEADER_OFFSET(i));
		header.sequence++;
		vhdx_regions_encode(regions, 2, ret_bytes + VHDX_REGIONS_OFFSET(i));
	}
}
