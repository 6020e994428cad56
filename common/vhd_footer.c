/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/vhd_footer.h"

#include <string.h>

#include "common/bytes.h"

enum {
	FOOTER_HEADER = 16,
	FOOTER_CREATOR = 28,
	FOOTER_SIZE = 48,
	FOOTER_TYPE = 60,
	FOOTER_CHECKSUM = 64,
	FOOTER_ID = 68,

	HEADER_TABLE = 16,
	HEADER_BLOCKS = 28,
	HEADER_BLOCK_SIZE = 32,
	HEADER_CHECKSUM = 36,
	HEADER_PARENT = 64, /* UTF-16, big-endian, 512 bytes */
};

#define SECTOR 512
#define SIZE_MAX_VHD (UINT64_C(2040) << 30)

/* the one's complement of the sum of all bytes but its own four */
static bool sum_fits(const unsigned char *bytes, size_t size, size_t hole)
{
	uint32_t sum = 0;
	for (size_t i = 0; i < size; i++)
		if (i < hole || i >= hole + 4)
			sum += bytes[i];
	return bytes_be32(bytes + hole) == ~sum;
}

int vhd_footer_decode(const unsigned char *bytes, struct vhd_footer *ret_footer)
{
	if (memcmp(bytes, "conectix", 8) != 0)
		return VHD_E_SIGNATURE;
	if (!sum_fits(bytes, VHD_FOOTER_SIZE, FOOTER_CHECKSUM))
		return VHD_E_CHECKSUM;
	*ret_footer = (struct vhd_footer){
		.header_offset = bytes_be64(bytes + FOOTER_HEADER),
		.size_bytes = bytes_be64(bytes + FOOTER_SIZE),
		.type = bytes_be32(bytes + FOOTER_TYPE),
	};
	for (unsigned i = 0; i < 4; i++) {
		char c = (char)bytes[FOOTER_CREATOR + i];
		ret_footer->creator[i] = c >= ' ' && c < 0x7f ? c : c ? '?' : 0;
	}
	/* here all of it is big-endian; struct guid has the first three fields little-endian */
	static const unsigned char order[GUID_SIZE] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
	for (unsigned i = 0; i < GUID_SIZE; i++)
		ret_footer->id.bytes[order[i]] = bytes[FOOTER_ID + i];
	return 0;
}

int vhd_header_decode(const unsigned char *bytes, struct vhd_header *ret_header)
{
	if (memcmp(bytes, "cxsparse", 8) != 0)
		return VHD_E_SIGNATURE;
	if (!sum_fits(bytes, VHD_HEADER_SIZE, HEADER_CHECKSUM))
		return VHD_E_CHECKSUM;
	*ret_header = (struct vhd_header){
		.table_offset = bytes_be64(bytes + HEADER_TABLE),
		.block_count = bytes_be32(bytes + HEADER_BLOCKS),
		.block_bytes = bytes_be32(bytes + HEADER_BLOCK_SIZE),
	};
	return 0;
}

static void take_parent(const unsigned char *header, struct image *image)
{
	for (unsigned i = 0; i < IMAGE_PARENT_LEN - 1; i++) {
		unsigned c =
			(unsigned)(header[HEADER_PARENT + 2 * i] << 8 | header[HEADER_PARENT + 2 * i + 1]);
		if (!c)
			break;
		image->parent[i] = c >= ' ' && c < 0x7f ? (char)c : '?';
	}
}

static int inspect_header(
	const struct image_reader *reader, unsigned char *buffer, uint64_t offset, struct image *image)
{
	struct vhd_header header;
	int result = image_fetch(reader, image, offset, buffer, VHD_HEADER_SIZE, "the dynamic disk header");
	if (result)
		return result < 0 ? result : 0;
	result = vhd_header_decode(buffer, &header);
	if (result) {
		image_problem(image, IMAGE_DAMAGE, offset, "header-damaged", "the dynamic disk header %s",
			result == VHD_E_CHECKSUM ? "fails its checksum"
						 : "does not begin with its signature");
		return 0;
	}
	image->block_bytes = header.block_bytes;
	image->block_count = header.block_count;
	if (image->type == IMAGE_DIFFERENCING)
		take_parent(buffer, image);
	if (header.table_offset > reader->file_bytes ||
		(uint64_t)header.block_count * 4 > reader->file_bytes - header.table_offset)
		image_problem(image, IMAGE_DAMAGE, header.table_offset, "region-bad",
			"the block table reaches beyond the end of the file");
	return 0;
}

static int judge(const struct image_reader *reader, unsigned char *buffer, const struct vhd_footer *footer,
	uint64_t offset, struct image *image)
{
	static const enum image_type types[] = {
		[2] = IMAGE_FIXED, [3] = IMAGE_DYNAMIC, [4] = IMAGE_DIFFERENCING};
	image->format = IMAGE_VHD;
	image->type = footer->type < ARRAY_LEN(types) ? types[footer->type] : IMAGE_TYPE_UNKNOWN;
	image->virtual_size_bytes = footer->size_bytes;
	image->logical_sector_bytes = SECTOR;
	image->disk_id = footer->id;
	image->has_ids = true;
	memcpy(image->creator, footer->creator, sizeof footer->creator);
	if (image->type == IMAGE_TYPE_UNKNOWN)
		image_problem(image, IMAGE_DAMAGE, offset, "type-unknown",
			"the footer tells of a disk of type %u, which is neither fixed, dynamic nor "
			"differencing",
			(unsigned)footer->type);
	if (footer->size_bytes > SIZE_MAX_VHD || footer->size_bytes % SECTOR)
		image_problem(image, IMAGE_DAMAGE, offset, "size-bad",
			"the footer tells of a disk of %llu bytes: above 2040 GiB, or no whole sectors",
			(unsigned long long)footer->size_bytes);
	if (image->type != IMAGE_FIXED)
		return inspect_header(reader, buffer, footer->header_offset, image);
	image->payload_offset = 0;
	image->block_count = image->present_count = footer->size_bytes / SECTOR;
	if (footer->size_bytes > offset) {
		image->payload_offset = UNKNOWN_U64;
		image_problem(image, IMAGE_DAMAGE, offset, "file-cut-off",
			"the file holds fewer bytes than the disk that its footer tells of");
	}
	return 0;
}

int vhd_inspect(const struct image_reader *reader, unsigned char *buffer, struct image *image)
{
	/* a dynamic disk has a copy in front; that alone shows a file that was cut off */
	const uint64_t end = reader->file_bytes - VHD_FOOTER_SIZE;
	const uint64_t places[] = {end, 0};
	struct vhd_footer footer;
	if (reader->file_bytes < VHD_FOOTER_SIZE)
		return 0;
	for (unsigned i = 0; i < ARRAY_LEN(places); i++) {
		int error = reader->read(reader->arg, places[i], buffer, VHD_FOOTER_SIZE);
		if (error)
			return error;
		int result = vhd_footer_decode(buffer, &footer);
		if (result == VHD_E_CHECKSUM) {
			image->format = IMAGE_VHD;
			image_problem(image, IMAGE_DAMAGE, places[i], "footer-damaged",
				"the footer fails its checksum");
		}
		if (result)
			continue;
		if (i && !image->damaged)
			image_problem(image, IMAGE_DAMAGE, end, "file-cut-off",
				"the file does not end with a footer: it was cut off, or its end was "
				"overwritten");
		return judge(reader, buffer, &footer, end, image);
	}
	return 0;
}
