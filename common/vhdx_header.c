/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/vhdx_header.h"

#include <string.h>

#include "common/bytes.h"
#include "common/crc32c.h"

/* offsets inside the structures, [MS-VHDX] 2.2.1 to 2.2.3.2 */
enum {
	CHECKSUM = 4, /* of headers and region tables */

	CREATOR = 8,

	SEQUENCE = 8,
	FILE_WRITE = 16,
	DATA_WRITE = 32,
	LOG_GUID = 48,
	LOG_VERSION = 64,
	VERSION = 66,
	LOG_LENGTH = 68,
	LOG_OFFSET = 72,

	REGION_COUNT = 8,
	REGION_FIRST = 16,
	REGION_SIZE = 32,
	REGION_OFFSET = 16,
	REGION_LENGTH = 24,
	REGION_FLAGS = 28,
};

/* 2DC27766-F623-4200-9D64-115E9BFD4A08 and 8B7CA206-4790-4B9A-B8FE-575F050F886E */
const struct guid vhdx_region_bat = {
	{0x66, 0x77, 0xc2, 0x2d, 0x23, 0xf6, 0x00, 0x42, 0x9d, 0x64, 0x11, 0x5e, 0x9b, 0xfd, 0x4a, 0x08}};
const struct guid vhdx_region_metadata = {
	{0x06, 0xa2, 0x7c, 0x8b, 0x90, 0x47, 0x9a, 0x4b, 0xb8, 0xfe, 0x57, 0x5f, 0x05, 0x0f, 0x88, 0x6e}};

int vhdx_identifier_decode(const unsigned char *bytes, char ret_creator[VHDX_CREATOR_LEN])
{
	if (memcmp(bytes, "vhdxfile", 8) != 0)
		return VHDX_E_SIGNATURE;
	unsigned length = 0;
	for (; length < VHDX_CREATOR_LEN - 1; length++) {
		uint16_t c = bytes_le16(bytes + CREATOR + 2 * length);
		if (!c)
			break;
		ret_creator[length] = c >= ' ' && c < 0x7f ? (char)c : '?';
	}
	ret_creator[length] = 0;
	return 0;
}

void vhdx_identifier_encode(const char *creator, unsigned char *ret_bytes)
{
	memset(ret_bytes, 0, VHDX_IDENTIFIER_SIZE);
	memcpy(ret_bytes, "vhdxfile", 8);
	for (unsigned i = 0; i < 255 && creator[i]; i++)
		ret_bytes[CREATOR + 2 * i] = (unsigned char)creator[i];
}

static int check(const unsigned char *bytes, const char *signature, size_t size)
{
	if (memcmp(bytes, signature, 4) != 0)
		return VHDX_E_SIGNATURE;
	return bytes_le32(bytes + CHECKSUM) == crc32c_without(bytes, size, CHECKSUM) ? 0 : VHDX_E_CHECKSUM;
}

static void seal(unsigned char *bytes, const char *signature, size_t size)
{
	memcpy(bytes, signature, 4);
	bytes_put_le32(bytes + CHECKSUM, crc32c_without(bytes, size, CHECKSUM));
}

int vhdx_header_decode(const unsigned char *bytes, struct vhdx_header *ret_header)
{
	int result = check(bytes, "head", VHDX_HEADER_SIZE);
	if (result)
		return result;
	*ret_header = (struct vhdx_header){
		.sequence = bytes_le64(bytes + SEQUENCE),
		.file_write = guid_of(bytes + FILE_WRITE),
		.data_write = guid_of(bytes + DATA_WRITE),
		.log = guid_of(bytes + LOG_GUID),
		.log_version = bytes_le16(bytes + LOG_VERSION),
		.version = bytes_le16(bytes + VERSION),
		.log_length = bytes_le32(bytes + LOG_LENGTH),
		.log_offset = bytes_le64(bytes + LOG_OFFSET),
	};
	return 0;
}

void vhdx_header_encode(const struct vhdx_header *header, unsigned char *ret_bytes)
{
	memset(ret_bytes, 0, VHDX_HEADER_SIZE);
	bytes_put_le64(ret_bytes + SEQUENCE, header->sequence);
	guid_put(ret_bytes + FILE_WRITE, &header->file_write);
	guid_put(ret_bytes + DATA_WRITE, &header->data_write);
	guid_put(ret_bytes + LOG_GUID, &header->log);
	bytes_put_le16(ret_bytes + LOG_VERSION, header->log_version);
	bytes_put_le16(ret_bytes + VERSION, header->version);
	bytes_put_le32(ret_bytes + LOG_LENGTH, header->log_length);
	bytes_put_le64(ret_bytes + LOG_OFFSET, header->log_offset);
	seal(ret_bytes, "head", VHDX_HEADER_SIZE);
}

static bool same(const struct vhdx_header *one, const struct vhdx_header *other)
{
	return guid_equal(&one->file_write, &other->file_write) &&
	       guid_equal(&one->data_write, &other->data_write) && guid_equal(&one->log, &other->log) &&
	       one->log_version == other->log_version && one->version == other->version &&
	       one->log_length == other->log_length && one->log_offset == other->log_offset;
}

int vhdx_header_current(const struct vhdx_header *first, const struct vhdx_header *second)
{
	if (!first || !second)
		return first ? 0 : second ? 1 : -1;
	if (first->sequence != second->sequence)
		return first->sequence > second->sequence ? 0 : 1;
	return same(first, second) ? 0 : -1; /* some tools write the same header twice */
}

int vhdx_regions_decode(const unsigned char *bytes, uint32_t *ret_count)
{
	int result = check(bytes, "regi", VHDX_REGIONS_SIZE);
	uint32_t count = bytes_le32(bytes + REGION_COUNT);
	if (result)
		return result;
	if (count > VHDX_REGIONS_MAX)
		return VHDX_E_COUNT;
	*ret_count = count;
	return 0;
}

struct vhdx_region vhdx_region_decode(const unsigned char *bytes, uint32_t index)
{
	const unsigned char *entry = bytes + REGION_FIRST + (size_t)index * REGION_SIZE;
	return (struct vhdx_region){
		.id = guid_of(entry),
		.offset = bytes_le64(entry + REGION_OFFSET),
		.length = bytes_le32(entry + REGION_LENGTH),
		.required = bytes_le32(entry + REGION_FLAGS) & 1,
	};
}

void vhdx_regions_encode(const struct vhdx_region *regions, uint32_t count, unsigned char *ret_bytes)
{
	memset(ret_bytes, 0, VHDX_REGIONS_SIZE);
	bytes_put_le32(ret_bytes + REGION_COUNT, count);
	for (uint32_t i = 0; i < count; i++) {
		unsigned char *entry = ret_bytes + REGION_FIRST + (size_t)i * REGION_SIZE;
		guid_put(entry, &regions[i].id);
		bytes_put_le64(entry + REGION_OFFSET, regions[i].offset);
		bytes_put_le32(entry + REGION_LENGTH, regions[i].length);
		bytes_put_le32(entry + REGION_FLAGS, regions[i].required);
	}
	seal(ret_bytes, "regi", VHDX_REGIONS_SIZE);
}
