/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/vhdx_inspect.h"

#include <string.h>

#include "common/vhdx_log.h"

static int fetch(struct vhdx_scan *scan, uint64_t offset, size_t size, const char *what)
{
	return image_fetch(scan->reader, scan->image, offset, scan->work->buffer, size, what);
}

static bool has_signature(const struct image_reader *reader, unsigned char *buffer, uint64_t offset,
	const char *signature, size_t length)
{
	return reader->file_bytes >= offset + length && !reader->read(reader->arg, offset, buffer, length) &&
	       !memcmp(buffer, signature, length);
}

/* the identifier, or, where that was overwritten, one of the headers */
static bool is_vhdx(const struct image_reader *reader, unsigned char *buffer)
{
	return has_signature(reader, buffer, VHDX_IDENTIFIER_OFFSET, "vhdxfile", 8) ||
	       has_signature(reader, buffer, VHDX_HEADER_OFFSET(0), "head", 4) ||
	       has_signature(reader, buffer, VHDX_HEADER_OFFSET(1), "head", 4);
}

static int inspect_identifier(struct vhdx_scan *scan)
{
	int result = fetch(scan, VHDX_IDENTIFIER_OFFSET, VHDX_IDENTIFIER_SIZE, "the file type identifier");
	if (result)
		return result;
	if (vhdx_identifier_decode(scan->work->buffer, scan->image->creator))
		image_problem(scan->image, IMAGE_DAMAGE, 0, "identifier-damaged",
			"the file does not begin with \"vhdxfile\", though VHDX headers follow");
	return 0;
}

static const char *reason_of(int result)
{
	return result == VHDX_E_SIGNATURE  ? "does not begin with its signature"
	       : result == VHDX_E_CHECKSUM ? "fails its checksum"
					   : "claims more entries than it has room for";
}

static int inspect_headers(struct vhdx_scan *scan)
{
	struct vhdx_header headers[2];
	int results[2];
	for (unsigned i = 0; i < 2; i++) {
		int result =
			fetch(scan, VHDX_HEADER_OFFSET(i), VHDX_HEADER_SIZE, i ? "header 2" : "header 1");
		if (result)
			return result;
		results[i] = vhdx_header_decode(scan->work->buffer, &headers[i]);
	}
	int current = vhdx_header_current(results[0] ? NULL : &headers[0], results[1] ? NULL : &headers[1]);
	for (unsigned i = 0; i < 2; i++)
		if (results[i])
			image_problem(scan->image, current < 0, VHDX_HEADER_OFFSET(i), "header-damaged",
				"header %u %s%s", i + 1, reason_of(results[i]),
				current < 0 ? "" : "; the other one holds");
	if (current < 0 && !results[0])
		image_problem(scan->image, IMAGE_DAMAGE, VHDX_HEADER_OFFSET(0), "headers-equal",
			"the two headers differ, but claim the same sequence number");
	if (current < 0)
		return 1;
	scan->header = headers[current];
	scan->image->data_write = scan->header.data_write;
	if (scan->header.version != VHDX_VERSION)
		image_problem(scan->image, IMAGE_DAMAGE, VHDX_HEADER_OFFSET((unsigned)current),
			"version-unknown", "the header is of version %u; only %u is known",
			scan->header.version, VHDX_VERSION);
	return scan->header.version != VHDX_VERSION;
}

/* -- regions -- */

static bool overlaps(const struct vhdx_scan *scan, uint64_t offset, uint64_t length)
{
	for (uint32_t i = 0; i < scan->taken_count; i++) {
		const struct vhdx_taken *taken = &scan->taken[i];
		if (offset < taken->offset + taken->length && taken->offset < offset + length)
			return true;
	}
	return false;
}

/* 2.2.3.2 and 2.3: above the first MiB, in whole MiB, inside the file, apart from each other */
static bool take(struct vhdx_scan *scan, const char *what, uint64_t offset, uint64_t length)
{
	const char *wrong = NULL;
	if (offset < VHDX_SECTION_SIZE || !length || offset % VHDX_ALIGN || length % VHDX_ALIGN)
		wrong = "does not lie in whole MiB behind the first";
	else if (offset > scan->reader->file_bytes || length > scan->reader->file_bytes - offset)
		wrong = "reaches beyond the end of the file";
	else if (overlaps(scan, offset, length))
		wrong = "overlaps another region";
	else if (scan->taken_count == VHDX_TAKEN_MAX)
		wrong = "is one of more regions than any known writer makes";
	if (wrong) {
		image_problem(scan->image, IMAGE_DAMAGE, offset, "region-bad", "%s %s", what, wrong);
		return false;
	}
	scan->taken[scan->taken_count++] = (struct vhdx_taken){offset, length};
	return true;
}

/* Leaves the table that holds in the buffer: the first, unless only the second is valid. */
static int choose_table(struct vhdx_scan *scan, uint32_t *ret_count)
{
	unsigned char first[8], second[8]; /* signature and checksum stand for all of it */
	uint32_t count = 0;
	int results[2] = {0, 0};
	for (unsigned i = 2; i-- > 0;) {
		int result = fetch(scan, VHDX_REGIONS_OFFSET(i), VHDX_REGIONS_SIZE,
			i ? "region table 2" : "region table 1");
		if (result)
			return result;
		results[i] = vhdx_regions_decode(scan->work->buffer, &count);
		memcpy(i ? second : first, scan->work->buffer, sizeof first);
	}
	bool none = results[0] && results[1];
	for (unsigned i = 0; i < 2; i++)
		if (results[i])
			image_problem(scan->image, none, VHDX_REGIONS_OFFSET(i), "region-table-damaged",
				"region table %u %s%s", i + 1, reason_of(results[i]),
				none ? "" : "; the other one holds");
	if (none)
		return 1;
	if (!results[0] && !results[1] && memcmp(first, second, sizeof first) != 0)
		image_problem(scan->image, IMAGE_NOTE, VHDX_REGIONS_OFFSET(1), "region-tables-differ",
			"the two region tables differ; the first is taken");
	if (results[0]) {
		int result = fetch(scan, VHDX_REGIONS_OFFSET(1), VHDX_REGIONS_SIZE, "region table 2");
		if (result || vhdx_regions_decode(scan->work->buffer, &count))
			return result ? result : 1;
	}
	*ret_count = count;
	return 0;
}

static bool take_region(struct vhdx_scan *scan, const struct vhdx_region *region)
{
	struct vhdx_region *place = guid_equal(&region->id, &vhdx_region_bat)	     ? &scan->bat
				    : guid_equal(&region->id, &vhdx_region_metadata) ? &scan->metadata_region
										     : NULL;
	const char *what = place == &scan->bat ? "the block table"
			   : place	       ? "the metadata region"
					       : "a region of unknown kind";
	if (!place && region->required)
		image_problem(scan->image, IMAGE_DAMAGE, region->offset, "region-unknown",
			"the file needs a region of a kind that nobody but its writer knows");
	if (place && place->length) {
		image_problem(
			scan->image, IMAGE_DAMAGE, region->offset, "region-bad", "%s is there twice", what);
		return false;
	}
	if (place)
		*place = *region;
	return take(scan, what, region->offset, region->length);
}

static int inspect_regions(struct vhdx_scan *scan)
{
	uint32_t count;
	int result = choose_table(scan, &count);
	if (result)
		return result;
	bool good = true;
	for (uint32_t i = 0; i < count && good; i++) {
		struct vhdx_region region = vhdx_region_decode(scan->work->buffer, i);
		good = take_region(scan, &region);
	}
	const char *missing = !scan->metadata_region.length ? "metadata region"
			      : !scan->bat.length	    ? "block table"
							    : NULL;
	if (missing && good)
		image_problem(scan->image, IMAGE_DAMAGE, VHDX_REGIONS_OFFSET(0), "region-missing",
			"the region table names no %s", missing);
	return !good || missing;
}

/* -- log -- */

static int inspect_log(struct vhdx_scan *scan)
{
	struct image *image = scan->image;
	const struct vhdx_header *header = &scan->header;
	if (!take(scan, "the log", header->log_offset, header->log_length)) {
		image->log = guid_is_zero(&header->log) ? IMAGE_LOG_EMPTY : IMAGE_LOG_DAMAGED;
		return 0;
	}
	struct vhdx_log log;
	int result = vhdx_log_scan(scan->reader, header, scan->work->buffer, &log);
	if (result < 0) {
		image_problem(image, IMAGE_DAMAGE, header->log_offset, "unreadable",
			"the log cannot be read: %s", strerror(-result));
		return result;
	}
	image->log = log.state;
	if (result == VHDX_LOG_E_LARGE)
		image_problem(image, IMAGE_NOTE, header->log_offset, "log-unread",
			"the log is too large or too confused to be judged here");
	else if (log.state == IMAGE_LOG_DAMAGED)
		image_problem(image, IMAGE_DAMAGE, header->log_offset, "log-damaged",
			"the header says that a log is to be replayed, but the log holds no whole sequence "
			"of entries");
	else if (log.state == IMAGE_LOG_DIRTY)
		image_problem(image, IMAGE_NOTE, log.head_offset, "log-dirty",
			"it was not closed: %llu entries of the log wait to be replayed by who opens it next",
			(unsigned long long)log.entry_count);
	if (log.state == IMAGE_LOG_DIRTY && log.flushed_bytes > scan->reader->file_bytes) {
		image->log = IMAGE_LOG_DAMAGED;
		image_problem(image, IMAGE_DAMAGE, scan->reader->file_bytes, "file-cut-off",
			"the log was written when the file had %llu bytes; now it has %llu",
			(unsigned long long)log.flushed_bytes, (unsigned long long)scan->reader->file_bytes);
	}
	return 0;
}

static int inspect_all(struct vhdx_scan *scan)
{
	static int (*const steps[])(struct vhdx_scan *) = {inspect_identifier, inspect_headers, inspect_log,
		inspect_regions, vhdx_inspect_metadata, vhdx_inspect_bat};
	int result = 0;
	for (unsigned i = 0; i < ARRAY_LEN(steps) && !result; i++)
		result = steps[i](scan);
	return result;
}

int vhdx_inspect(const struct image_reader *reader, struct image_work *work, struct image *image)
{
	struct vhdx_scan scan = {.reader = reader, .work = work, .image = image};
	if (!is_vhdx(reader, work->buffer))
		return 0;
	image->format = IMAGE_VHDX;
	int result = inspect_all(&scan);
	if (image->log == IMAGE_LOG_DIRTY)
		image->clean = NO;
	else if (!result && image->log == IMAGE_LOG_EMPTY)
		image->clean = YES;
	return result < 0 ? result : 0;
}
