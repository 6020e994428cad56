/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "work/disk_write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bytes.h"
#include "common/image_inspect.h"
#include "work/place.h"

#define BUFFER_BYTES 65536
#define BUFFER_ENTRIES (BUFFER_BYTES / VHDX_BAT_ENTRY_SIZE)

int disk_pwrite(int fd, const void *bytes, size_t size, uint64_t offset)
{
	for (const char *at = bytes; size;) {
		ssize_t count = pwrite(fd, at, size, (off_t)offset);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return count < 0 ? -errno : -EIO;
		at += count;
		offset += (uint64_t)count;
		size -= (size_t)count;
	}
	return 0;
}

int disk_pread(int fd, void *ret_bytes, size_t size, uint64_t offset)
{
	for (char *at = ret_bytes; size;) {
		ssize_t count = pread(fd, at, size, (off_t)offset);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return count < 0 ? -errno : -EIO;
		at += count;
		offset += (uint64_t)count;
		size -= (size_t)count;
	}
	return 0;
}

static int make_guid(struct guid *ret_guid)
{
	unsigned char random[GUID_SIZE];
	int error = place_random(random, sizeof random);
	if (!error)
		*ret_guid = guid_from_random(random);
	return error;
}

static int write_table(int fd, const struct vhdx_metadata *metadata, uint64_t block, uint64_t offset,
	uint64_t bat_offset, bool present)
{
	struct vhdx_bat_layout layout = vhdx_bat_layout(metadata);
	uint64_t at = vhdx_bat_payload_index(&layout, block), end = layout.entry_count;
	autofree unsigned char *bytes = calloc(1, BUFFER_BYTES);
	int error = bytes ? 0 : -ENOMEM;
	while (at < end && !error) {
		uint32_t count = end - at < BUFFER_ENTRIES ? (uint32_t)(end - at) : BUFFER_ENTRIES;
		if (present)
			vhdx_make_entries(metadata, block, offset, at, count, bytes);
		error = disk_pwrite(fd, bytes, (size_t)count * VHDX_BAT_ENTRY_SIZE,
			bat_offset + at * VHDX_BAT_ENTRY_SIZE);
		at += count;
	}
	return error;
}

int disk_write_entries(int fd, const struct disk_parts *parts, const struct vhdx_metadata *metadata,
	uint64_t block, uint64_t offset)
{
	return write_table(fd, metadata, block, offset, parts->bat.offset, true);
}

int disk_clear_entries(
	int fd, const struct disk_parts *parts, const struct vhdx_metadata *metadata, uint64_t block)
{
	return write_table(fd, metadata, block, 0, parts->bat.offset, false);
}

int disk_write_new(int fd, const struct vhdx_make *make)
{
	struct vhdx_make identified = *make;
	struct guid file_write, data_write;
	autofree unsigned char *bytes = calloc(1, VHDX_SECTION_SIZE);
	int error = bytes ? 0 : -ENOMEM;
	if (!error)
		error = make_guid(&identified.metadata.disk_id);
	if (!error)
		error = make_guid(&file_write);
	if (!error)
		error = make_guid(&data_write);
	if (error)
		return error;
	if (make->metadata.leave_allocated)
		error = write_table(fd, &make->metadata, 0, make->payload_offset, VHDX_MAKE_BAT_OFFSET, true);
	if (!error) {
		vhdx_metadata_encode(&identified.metadata, bytes);
		error = disk_pwrite(fd, bytes, VHDX_METADATA_SIZE, VHDX_MAKE_METADATA_OFFSET);
	}
	if (error)
		return error;
	vhdx_make_section(&identified, &file_write, &data_write, bytes);
	return disk_pwrite(fd, bytes, VHDX_SECTION_SIZE, 0);
}

static int read_headers(int fd, struct disk_parts *parts)
{
	struct vhdx_header headers[2];
	const struct vhdx_header *valid[2] = {NULL, NULL};
	unsigned char bytes[VHDX_HEADER_SIZE];
	for (unsigned i = 0; i < 2; i++) {
		int error = disk_pread(fd, bytes, sizeof bytes, VHDX_HEADER_OFFSET(i));
		if (error)
			return error;
		if (!vhdx_header_decode(bytes, &headers[i]))
			valid[i] = &headers[i];
	}
	parts->current = vhdx_header_current(valid[0], valid[1]);
	if (parts->current < 0)
		return -EINVAL;
	parts->header = headers[parts->current];
	return 0;
}

/* the first table that is valid: both say the same in a clean disk */
static int read_regions(
	int fd, unsigned char *bytes, struct vhdx_region *ret_bat, struct vhdx_region *ret_metadata)
{
	uint32_t count = 0;
	bool bat = false, metadata = false;
	int error = -EINVAL;
	for (unsigned i = 0; i < 2 && error; i++) {
		error = disk_pread(fd, bytes, VHDX_REGIONS_SIZE, VHDX_REGIONS_OFFSET(i));
		if (!error)
			error = vhdx_regions_decode(bytes, &count) ? -EINVAL : 0;
	}
	for (uint32_t i = 0; !error && i < count; i++) {
		struct vhdx_region region = vhdx_region_decode(bytes, i);
		if (guid_equal(&region.id, &vhdx_region_bat)) {
			*ret_bat = region;
			bat = true;
		} else if (guid_equal(&region.id, &vhdx_region_metadata)) {
			*ret_metadata = region;
			metadata = true;
		}
	}
	return error ? error : bat && metadata ? 0 : -EINVAL;
}

static int read_item(
	int fd, const struct vhdx_region *region, const struct vhdx_item *item, struct disk_parts *parts)
{
	unsigned char value[GUID_SIZE];
	enum vhdx_known kind = vhdx_item_known(&item->id);
	uint32_t size = kind == VHDX_KNOWN_COUNT ? 0 : vhdx_item_size(kind);
	uint64_t offset = region->offset + item->offset;
	if (!size || item->length != size)
		return 0;
	int error = disk_pread(fd, value, size, offset);
	if (error)
		return error;
	vhdx_metadata_take(&parts->metadata, kind, value);
	if (kind == VHDX_VIRTUAL_DISK_SIZE)
		parts->size_offset = offset;
	return 0;
}

int disk_read_parts(int fd, struct disk_parts *ret_parts)
{
	struct vhdx_region region = {.offset = 0};
	uint32_t count = 0;
	autofree unsigned char *bytes = malloc(VHDX_REGIONS_SIZE);
	*ret_parts = (struct disk_parts){.current = -1};
	int error = bytes ? read_headers(fd, ret_parts) : -ENOMEM;
	if (!error)
		error = read_regions(fd, bytes, &ret_parts->bat, &region);
	if (!error)
		error = disk_pread(fd, bytes, VHDX_METADATA_TABLE_SIZE, region.offset);
	if (!error && vhdx_items_decode(bytes, &count))
		error = -EINVAL;
	for (uint32_t i = 0; !error && i < count; i++) {
		struct vhdx_item item = vhdx_item_decode(bytes, i);
		error = read_item(fd, &region, &item, ret_parts);
	}
	if (!error && (!ret_parts->size_offset || vhdx_metadata_fault(&ret_parts->metadata)))
		error = -EINVAL;
	return error;
}

int disk_renew_headers(int fd, struct disk_parts *parts)
{
	unsigned char bytes[VHDX_HEADER_SIZE];
	int error = make_guid(&parts->header.file_write);
	if (!error)
		error = make_guid(&parts->header.data_write);
	for (unsigned i = 0; i < 2 && !error; i++) {
		parts->header.sequence++;
		parts->current = !parts->current;
		vhdx_header_encode(&parts->header, bytes);
		error = disk_pwrite(fd, bytes, sizeof bytes, VHDX_HEADER_OFFSET((unsigned)parts->current));
		if (!error && fsync(fd))
			error = -errno;
	}
	return error;
}

int disk_write_size(int fd, const struct disk_parts *parts, uint64_t size_bytes)
{
	unsigned char bytes[8];
	bytes_put_le64(bytes, size_bytes);
	return disk_pwrite(fd, bytes, sizeof bytes, parts->size_offset);
}

int disk_zero(int fd, uint64_t offset, uint64_t length)
{
	static unsigned char zeros[4096]; /* not const: then the program would store them */
	autofree unsigned char *bytes = malloc(BUFFER_BYTES);
	int error = bytes ? 0 : -ENOMEM;
	while (length && !error) {
		size_t size = length < BUFFER_BYTES ? (size_t)length : BUFFER_BYTES;
		error = disk_pread(fd, bytes, size, offset);
		for (size_t at = 0; at < size && !error; at += sizeof zeros) {
			size_t piece = size - at < sizeof zeros ? size - at : sizeof zeros;
			if (memcmp(bytes + at, zeros, piece))
				error = disk_pwrite(fd, zeros, piece, offset + at);
		}
		offset += size;
		length -= size;
	}
	return error;
}

static int read_for_image(void *arg, uint64_t offset, void *into, size_t size)
{
	return disk_pread(*(const int *)arg, into, size, offset);
}

int disk_inspect(int fd, uint64_t file_bytes, struct image *ret_image)
{
	struct stat stat;
	autofree struct image_work *work = malloc(sizeof *work);
	if (!work || fstat(fd, &stat))
		return work ? -errno : -ENOMEM;
	const struct image_reader reader = {.read = read_for_image,
		.arg = &fd,
		.file_bytes = file_bytes,
		.allocated_bytes = (uint64_t)stat.st_blocks * 512};
	return image_inspect(&reader, work, ret_image);
}
