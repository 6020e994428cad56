/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/vhdx_log.h"

#include <string.h>

#include "common/bytes.h"
#include "common/crc32c.h"

/* offsets, [MS-VHDX] 2.3.1.1 to 2.3.1.4 */
enum {
	CHECKSUM = 4,
	ENTRY_LENGTH = 8,
	TAIL = 12,
	SEQUENCE = 16,
	DESCRIPTOR_COUNT = 24,
	LOG_GUID = 32,
	FLUSHED = 48,
	LAST = 56,

	DESCRIPTOR_FIRST = 64,
	DESCRIPTOR_SIZE = 32,
	DESCRIPTOR_SEQUENCE = 24,

	SECTOR_SEQUENCE_HIGH = 4,
	SECTOR_SEQUENCE_LOW = 4092,
};

/* Logs have 1 MiB; an entry that only looks like one costs its length, so a hostile log could cost its
 * square. */
#define READ_MAX (UINT64_C(64) << 20)

struct scan {
	const struct image_reader *reader;
	const struct vhdx_header *header;
	unsigned char *buffer;
	uint64_t budget;
};

/* the sequence of entries that is being followed */
struct run {
	uint64_t start, next; /* positions, counted on beyond the end of the ring */
	uint64_t sequence, count;
};

int vhdx_log_entry_decode(const unsigned char *sector, struct vhdx_log_entry *ret_entry)
{
	if (memcmp(sector, "loge", 4) != 0)
		return VHDX_E_SIGNATURE;
	struct vhdx_log_entry entry = {
		.length = bytes_le32(sector + ENTRY_LENGTH),
		.tail = bytes_le32(sector + TAIL),
		.sequence = bytes_le64(sector + SEQUENCE),
		.descriptor_count = bytes_le32(sector + DESCRIPTOR_COUNT),
		.log = guid_of(sector + LOG_GUID),
		.flushed_bytes = bytes_le64(sector + FLUSHED),
		.last_bytes = bytes_le64(sector + LAST),
	};
	if (!entry.length || entry.length % VHDX_LOG_SECTOR || entry.tail % VHDX_LOG_SECTOR ||
		!entry.sequence ||
		entry.descriptor_count > (entry.length - DESCRIPTOR_FIRST) / DESCRIPTOR_SIZE)
		return VHDX_E_COUNT;
	*ret_entry = entry;
	return 0;
}

/* up to the end of the ring or of the buffer; the count of bytes, or a negative errno */
static int64_t read_ring(struct scan *scan, uint64_t position, uint64_t length)
{
	uint64_t at = position % scan->header->log_length, most = scan->header->log_length - at;
	length = length < most ? length : most;
	length = length < IMAGE_BUFFER_SIZE ? length : IMAGE_BUFFER_SIZE;
	scan->budget -= length < scan->budget ? length : scan->budget;
	int error = scan->reader->read(
		scan->reader->arg, scan->header->log_offset + at, scan->buffer, (size_t)length);
	return error ? error : (int64_t)length;
}

struct entry_check {
	const struct vhdx_log_entry *entry;
	uint32_t crc, sector, descriptors_left, data_left;
};

static bool check_descriptors(struct entry_check *check, const unsigned char *sector)
{
	for (unsigned at = check->sector ? 0 : DESCRIPTOR_FIRST;
		at < VHDX_LOG_SECTOR && check->descriptors_left; at += DESCRIPTOR_SIZE) {
		bool data = !memcmp(sector + at, "desc", 4);
		if ((!data && memcmp(sector + at, "zero", 4) != 0) ||
			bytes_le64(sector + at + DESCRIPTOR_SEQUENCE) != check->entry->sequence)
			return false;
		check->descriptors_left--;
		check->data_left += data;
	}
	return true;
}

static bool check_sector(struct entry_check *check, const unsigned char *sector)
{
	bool good;
	if (!check->sector || check->descriptors_left) {
		good = check_descriptors(check, sector);
	} else {
		good = check->data_left && !memcmp(sector, "data", 4) &&
		       bytes_le32(sector + SECTOR_SEQUENCE_HIGH) == check->entry->sequence >> 32 &&
		       bytes_le32(sector + SECTOR_SEQUENCE_LOW) == (uint32_t)check->entry->sequence;
		check->data_left--;
	}
	check->crc = check->sector ? crc32c(check->crc, sector, VHDX_LOG_SECTOR)
				   : crc32c_without(sector, VHDX_LOG_SECTOR, CHECKSUM);
	check->sector++;
	return good;
}

/* 1: a whole entry of this log begins there; 0: none; or a negative errno */
static int check_entry(struct scan *scan, uint64_t position, struct vhdx_log_entry *ret_entry)
{
	int64_t count = read_ring(scan, position, VHDX_LOG_SECTOR);
	if (count < 0)
		return (int)count;
	struct vhdx_log_entry entry;
	uint32_t checksum = bytes_le32(scan->buffer + CHECKSUM);
	if (vhdx_log_entry_decode(scan->buffer, &entry) || !guid_equal(&entry.log, &scan->header->log) ||
		entry.length > scan->header->log_length || entry.tail >= scan->header->log_length)
		return 0;
	struct entry_check check = {.entry = &entry, .descriptors_left = entry.descriptor_count};
	bool good = check_sector(&check, scan->buffer);
	for (uint64_t done = VHDX_LOG_SECTOR; done < entry.length && good; done += (uint64_t)count) {
		count = read_ring(scan, position + done, entry.length - done);
		if (count < 0)
			return (int)count;
		for (int64_t at = 0; at < count && good; at += VHDX_LOG_SECTOR)
			good = check_sector(&check, scan->buffer + at);
	}
	if (!good || check.data_left || check.descriptors_left || check.crc != checksum)
		return 0;
	*ret_entry = entry;
	return 1;
}

/* 2.3.2: a sequence holds if its last entry's tail is one of its own entries */
static void take(struct scan *scan, struct run *run, uint64_t position, const struct vhdx_log_entry *entry,
	uint64_t *best, struct vhdx_log *log)
{
	uint32_t ring = scan->header->log_length;
	bool goes_on = run->count && position == run->next && entry->sequence == run->sequence + 1;
	if (!goes_on)
		*run = (struct run){.start = position};
	run->next = position + entry->length;
	run->sequence = entry->sequence;
	run->count++;
	uint64_t back = (position % ring + ring - entry->tail) % ring;
	if (back > position - run->start || entry->sequence <= *best)
		return;
	*best = entry->sequence;
	*log = (struct vhdx_log){.state = IMAGE_LOG_DIRTY,
		.entry_count = run->count,
		.head_offset = scan->header->log_offset + position % ring,
		.flushed_bytes = entry->flushed_bytes};
}

int vhdx_log_scan(const struct image_reader *reader, const struct vhdx_header *header, unsigned char *buffer,
	struct vhdx_log *ret_log)
{
	struct scan scan = {reader, header, buffer, READ_MAX};
	struct run run = {0};
	struct vhdx_log log = {.state = IMAGE_LOG_DAMAGED};
	uint64_t best = 0, ring = header->log_length;
	if (guid_is_zero(&header->log)) {
		*ret_log = (struct vhdx_log){.state = IMAGE_LOG_EMPTY};
		return 0;
	}
	/* a sequence that began before the end of the ring is followed over it */
	for (uint64_t position = 0; position < ring || (run.count && position < 2 * ring);) {
		struct vhdx_log_entry entry = {0};
		int found = scan.budget ? check_entry(&scan, position, &entry) : VHDX_LOG_E_LARGE;
		if (found < 0)
			return found;
		if (!scan.budget) {
			*ret_log = (struct vhdx_log){.state = IMAGE_LOG_UNKNOWN};
			return VHDX_LOG_E_LARGE;
		}
		if (found)
			take(&scan, &run, position, &entry, &best, &log);
		else
			run.count = 0;
		position += found ? entry.length : VHDX_LOG_SECTOR;
	}
	*ret_log = log;
	return 0;
}
