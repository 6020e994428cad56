/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/vhdx_metadata.h"

#include <string.h>

#include "common/bytes.h"

/* offsets inside the structures, [MS-VHDX] 2.6.1.1, 2.6.1.2 and 2.6.2.6 */
enum {
	COUNT = 10,
	ITEM_FIRST = 32,
	ITEM_SIZE = 32,
	ITEM_OFFSET = 16,
	ITEM_LENGTH = 20,
	ITEM_FLAGS = 24,

	LOCATOR_COUNT = 18,
};

enum { IS_USER = 1, IS_VIRTUAL_DISK = 2, IS_REQUIRED = 4 };
enum { LEAVE_ALLOCATED = 1, HAS_PARENT = 2 };

/* b04aefb7-d19e-4a81-b789-25b8e9445913 */
const struct guid vhdx_locator_vhdx = {
	{0xb7, 0xef, 0x4a, 0xb0, 0x9e, 0xd1, 0x81, 0x4a, 0xb7, 0x89, 0x25, 0xb8, 0xe9, 0x44, 0x59, 0x13}};

static const struct {
	struct guid id;
	uint32_t size, offset; /* where we put it, behind the table */
	bool virtual_disk;
} known[VHDX_KNOWN_COUNT] = {
	/* caa16737-fa36-4d43-b3b6-33f0aa44e76b */
	{{{0x37, 0x67, 0xa1, 0xca, 0x36, 0xfa, 0x43, 0x4d, 0xb3, 0xb6, 0x33, 0xf0, 0xaa, 0x44, 0xe7, 0x6b}},
		8, 0, false},
	/* 2fa54224-cd1b-4876-b211-5dbed83bf4b8 */
	{{{0x24, 0x42, 0xa5, 0x2f, 0x1b, 0xcd, 0x76, 0x48, 0xb2, 0x11, 0x5d, 0xbe, 0xd8, 0x3b, 0xf4, 0xb8}},
		8, 8, true},
	/* beca12ab-b2e6-4523-93ef-c309e000c746 */
	{{{0xab, 0x12, 0xca, 0xbe, 0xe6, 0xb2, 0x23, 0x45, 0x93, 0xef, 0xc3, 0x09, 0xe0, 0x00, 0xc7, 0x46}},
		16, 16, true},
	/* 8141bf1d-a96f-4709-ba47-f233a8faab5f */
	{{{0x1d, 0xbf, 0x41, 0x81, 0x6f, 0xa9, 0x09, 0x47, 0xba, 0x47, 0xf2, 0x33, 0xa8, 0xfa, 0xab, 0x5f}},
		4, 32, true},
	/* cda348c7-445d-4471-9cc9-e9885251c556 */
	{{{0xc7, 0x48, 0xa3, 0xcd, 0x5d, 0x44, 0x71, 0x44, 0x9c, 0xc9, 0xe9, 0x88, 0x52, 0x51, 0xc5, 0x56}},
		4, 36, true},
	/* a8d35f2d-b30b-454d-abf7-d3d84834ab0c */
	{{{0x2d, 0x5f, 0xd3, 0xa8, 0x0b, 0xb3, 0x4d, 0x45, 0xab, 0xf7, 0xd3, 0xd8, 0x48, 0x34, 0xab, 0x0c}},
		0, 0, false},
};

int vhdx_items_decode(const unsigned char *bytes, uint32_t *ret_count)
{
	if (memcmp(bytes, "metadata", 8) != 0)
		return VHDX_E_SIGNATURE;
	uint32_t count = bytes_le16(bytes + COUNT);
	if (count > VHDX_METADATA_ITEMS_MAX)
		return VHDX_E_COUNT;
	*ret_count = count;
	return 0;
}

struct vhdx_item vhdx_item_decode(const unsigned char *bytes, uint32_t index)
{
	const unsigned char *entry = bytes + ITEM_FIRST + (size_t)index * ITEM_SIZE;
	uint32_t flags = bytes_le32(entry + ITEM_FLAGS);
	return (struct vhdx_item){
		.id = guid_of(entry),
		.offset = bytes_le32(entry + ITEM_OFFSET),
		.length = bytes_le32(entry + ITEM_LENGTH),
		.user = flags & IS_USER,
		.virtual_disk = flags & IS_VIRTUAL_DISK,
		.required = flags & IS_REQUIRED,
	};
}

void vhdx_items_encode(const struct vhdx_item *items, uint32_t count, unsigned char *ret_bytes)
{
	memset(ret_bytes, 0, VHDX_METADATA_TABLE_SIZE);
	memcpy(ret_bytes, "metadata", 8);
	bytes_put_le16(ret_bytes + COUNT, (uint16_t)count);
	for (uint32_t i = 0; i < count; i++) {
		unsigned char *entry = ret_bytes + ITEM_FIRST + (size_t)i * ITEM_SIZE;
		guid_put(entry, &items[i].id);
		bytes_put_le32(entry + ITEM_OFFSET, items[i].offset);
		bytes_put_le32(entry + ITEM_LENGTH, items[i].length);
		bytes_put_le32(entry + ITEM_FLAGS, (uint32_t)((items[i].user ? IS_USER : 0) |
							      (items[i].virtual_disk ? IS_VIRTUAL_DISK : 0) |
							      (items[i].required ? IS_REQUIRED : 0)));
	}
}

enum vhdx_known vhdx_item_known(const struct guid *id)
{
	unsigned kind = 0;
	while (kind < VHDX_KNOWN_COUNT && !guid_equal(id, &known[kind].id))
		kind++;
	return kind;
}

uint32_t vhdx_item_size(enum vhdx_known kind)
{
	return known[kind].size;
}

uint32_t vhdx_metadata_item_offset(enum vhdx_known kind)
{
	return VHDX_METADATA_TABLE_SIZE + known[kind].offset;
}

void vhdx_metadata_take(struct vhdx_metadata *metadata, enum vhdx_known kind, const unsigned char *bytes)
{
	switch (kind) {
	case VHDX_FILE_PARAMETERS:
		metadata->block_bytes = bytes_le32(bytes);
		metadata->leave_allocated = bytes_le32(bytes + 4) & LEAVE_ALLOCATED;
		metadata->has_parent = bytes_le32(bytes + 4) & HAS_PARENT;
		break;
	case VHDX_VIRTUAL_DISK_SIZE:
		metadata->size_bytes = bytes_le64(bytes);
		break;
	case VHDX_VIRTUAL_DISK_ID:
		metadata->disk_id = guid_of(bytes);
		break;
	case VHDX_LOGICAL_SECTOR_SIZE:
		metadata->logical_sector = bytes_le32(bytes);
		break;
	case VHDX_PHYSICAL_SECTOR_SIZE:
		metadata->physical_sector = bytes_le32(bytes);
		break;
	case VHDX_PARENT_LOCATOR:
	case VHDX_KNOWN_COUNT:
		break;
	}
}

void vhdx_metadata_put(const struct vhdx_metadata *metadata, enum vhdx_known kind, unsigned char *ret_bytes)
{
	switch (kind) {
	case VHDX_FILE_PARAMETERS:
		bytes_put_le32(ret_bytes, metadata->block_bytes);
		bytes_put_le32(ret_bytes + 4, (uint32_t)((metadata->leave_allocated ? LEAVE_ALLOCATED : 0) |
							 (metadata->has_parent ? HAS_PARENT : 0)));
		break;
	case VHDX_VIRTUAL_DISK_SIZE:
		bytes_put_le64(ret_bytes, metadata->size_bytes);
		break;
	case VHDX_VIRTUAL_DISK_ID:
		guid_put(ret_bytes, &metadata->disk_id);
		break;
	case VHDX_LOGICAL_SECTOR_SIZE:
		bytes_put_le32(ret_bytes, metadata->logical_sector);
		break;
	case VHDX_PHYSICAL_SECTOR_SIZE:
		bytes_put_le32(ret_bytes, metadata->physical_sector);
		break;
	case VHDX_PARENT_LOCATOR:
	case VHDX_KNOWN_COUNT:
		break;
	}
}

static bool is_sector(uint32_t bytes)
{
	return bytes == 512 || bytes == 4096;
}

const char *vhdx_metadata_fault(const struct vhdx_metadata *metadata)
{
	uint32_t block = metadata->block_bytes;
	if (block < VHDX_BLOCK_MIN || block > VHDX_BLOCK_MAX || block & (block - 1))
		return "the block size is no power of two from 1 to 256 MiB";
	if (!is_sector(metadata->logical_sector))
		return "the logical sector size is neither 512 nor 4096";
	if (!is_sector(metadata->physical_sector))
		return "the physical sector size is neither 512 nor 4096";
	if (!metadata->size_bytes || metadata->size_bytes > VHDX_DISK_SIZE_MAX)
		return "the virtual size is 0 or above 64 TiB";
	if (metadata->size_bytes % metadata->logical_sector)
		return "the virtual size is no multiple of the logical sector size";
	return NULL;
}

void vhdx_metadata_encode(const struct vhdx_metadata *metadata, unsigned char *ret_bytes)
{
	struct vhdx_item items[VHDX_PARENT_LOCATOR];
	for (unsigned kind = 0; kind < VHDX_PARENT_LOCATOR; kind++)
		items[kind] = (struct vhdx_item){.id = known[kind].id,
			.offset = vhdx_metadata_item_offset(kind),
			.length = known[kind].size,
			.virtual_disk = known[kind].virtual_disk,
			.required = true};
	memset(ret_bytes, 0, VHDX_METADATA_SIZE);
	vhdx_items_encode(items, VHDX_PARENT_LOCATOR, ret_bytes);
	for (unsigned kind = 0; kind < VHDX_PARENT_LOCATOR; kind++)
		vhdx_metadata_put(metadata, kind, ret_bytes + vhdx_metadata_item_offset(kind));
}

static bool fits(uint32_t offset, uint16_t length, size_t size)
{
	return offset && length && length % 2 == 0 && offset <= size && length <= size - offset;
}

int vhdx_locator_decode(const unsigned char *bytes, size_t length, uint32_t *ret_count)
{
	if (length < VHDX_LOCATOR_HEADER_SIZE)
		return VHDX_E_COUNT;
	struct guid type = guid_of(bytes);
	uint32_t count = bytes_le16(bytes + LOCATOR_COUNT);
	if (!guid_equal(&type, &vhdx_locator_vhdx))
		return VHDX_E_SIGNATURE;
	if (count > (length - VHDX_LOCATOR_HEADER_SIZE) / VHDX_LOCATOR_ENTRY_SIZE)
		return VHDX_E_COUNT;
	for (uint32_t i = 0; i < count; i++) {
		struct vhdx_locator_entry entry = vhdx_locator_entry_decode(bytes, i);
		if (!fits(entry.key_offset, entry.key_length, length) ||
			!fits(entry.value_offset, entry.value_length, length))
			return VHDX_E_COUNT;
	}
	*ret_count = count;
	return 0;
}

struct vhdx_locator_entry vhdx_locator_entry_decode(const unsigned char *bytes, uint32_t index)
{
	const unsigned char *entry =
		bytes + VHDX_LOCATOR_HEADER_SIZE + (size_t)index * VHDX_LOCATOR_ENTRY_SIZE;
	return (struct vhdx_locator_entry){
		.key_offset = bytes_le32(entry),
		.value_offset = bytes_le32(entry + 4),
		.key_length = bytes_le16(entry + 8),
		.value_length = bytes_le16(entry + 10),
	};
}

static void ascii_of(const unsigned char *utf16, uint32_t length, char *into, size_t size)
{
	size_t count = length / 2 < size - 1 ? length / 2 : size - 1;
	for (size_t i = 0; i < count; i++) {
		uint16_t c = bytes_le16(utf16 + 2 * i);
		into[i] = c >= ' ' && c < 0x7f ? (char)c : '?';
	}
	into[count] = 0;
}

bool vhdx_locator_value(
	const unsigned char *bytes, uint32_t count, const char *key, char *ret_value, size_t size)
{
	for (uint32_t i = 0; i < count; i++) {
		struct vhdx_locator_entry entry = vhdx_locator_entry_decode(bytes, i);
		char name[32];
		ascii_of(bytes + entry.key_offset, entry.key_length, name, sizeof name);
		if (strcmp(name, key) != 0)
			continue;
		ascii_of(bytes + entry.value_offset, entry.value_length, ret_value, size);
		return true;
	}
	return false;
}
