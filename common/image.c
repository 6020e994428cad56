/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/image.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/vhd_footer.h"
#include "common/vhdx_inspect.h"

const char *image_format_name(enum image_format format)
{
	return format == IMAGE_VHDX ? "vhdx" : format == IMAGE_VHD ? "vhd" : "unknown";
}

const char *image_type_name(enum image_type type)
{
	static const char *const names[] = {NULL, "fixed", "dynamic", "differencing"};
	return names[type];
}

const char *image_log_name(enum image_log log)
{
	static const char *const names[] = {NULL, "empty", "dirty", "damaged"};
	return names[log];
}

void image_problem(
	struct image *image, bool damage, uint64_t offset, const char *code, const char *format, ...)
{
	image->damaged |= damage;
	if (image->problem_count == IMAGE_PROBLEMS_MAX) {
		image->problems_omitted++;
		return;
	}
	struct image_problem *problem = &image->problems[image->problem_count++];
	problem->damage = damage;
	problem->offset = offset;
	snprintf(problem->code, sizeof problem->code, "%s", code);
	va_list args;
	va_start(args, format);
	vsnprintf(problem->message, sizeof problem->message, format, args);
	va_end(args);
}

int image_fetch(const struct image_reader *reader, struct image *image, uint64_t offset, void *into,
	size_t size, const char *what)
{
	if (offset > reader->file_bytes || size > reader->file_bytes - offset) {
		image_problem(image, IMAGE_DAMAGE, offset, "file-cut-off",
			"the file ends at byte %llu, before the end of %s",
			(unsigned long long)reader->file_bytes, what);
		return 1;
	}
	int error = reader->read(reader->arg, offset, into, size);
	if (error)
		image_problem(image, IMAGE_DAMAGE, offset, "unreadable", "%s cannot be read: %s", what,
			strerror(-error));
	return error;
}

void image_reset(struct image *image)
{
	*image = (struct image){
		.clean = UNKNOWN,
		.hollow = UNKNOWN,
		.file_size_bytes = UNKNOWN_U64,
		.allocated_bytes = UNKNOWN_U64,
		.virtual_size_bytes = UNKNOWN_U64,
		.block_bytes = UNKNOWN_U32,
		.logical_sector_bytes = UNKNOWN_U32,
		.physical_sector_bytes = UNKNOWN_U32,
		.block_count = UNKNOWN_U64,
		.present_count = UNKNOWN_U64,
		.room_bytes = UNKNOWN_U64,
		.payload_offset = UNKNOWN_U64,
	};
}

/* The blocks that are there must take space; head, log and tables may have holes in any order. */
static enum tri is_hollow(const struct image *image)
{
	if (image->allocated_bytes == UNKNOWN_U64 || image->present_count == UNKNOWN_U64 ||
		image->virtual_size_bytes == UNKNOWN_U64)
		return UNKNOWN;
	uint64_t payload = image->present_count == image->block_count
				   ? image->virtual_size_bytes
				   : image->present_count * image->block_bytes;
	bool lacks_blocks = image->type == IMAGE_FIXED && image->present_count < image->block_count;
	return lacks_blocks || image->allocated_bytes < payload ? YES : NO;
}

int image_inspect(const struct image_reader *reader, struct image_work *work, struct image *ret_image)
{
	image_reset(ret_image);
	ret_image->file_size_bytes = reader->file_bytes;
	ret_image->allocated_bytes = reader->allocated_bytes;
	int result = vhdx_inspect(reader, work, ret_image);
	if (!result && ret_image->format == IMAGE_FORMAT_UNKNOWN)
		result = vhd_inspect(reader, work->buffer, ret_image);
	ret_image->hollow = is_hollow(ret_image);
	if (ret_image->format == IMAGE_FORMAT_UNKNOWN && !result)
		image_problem(ret_image, IMAGE_DAMAGE, 0, "not-a-disk", "%s",
			reader->file_bytes ? "neither a VHDX begins here nor does the footer of a VHD end it"
					   : "the file is empty");
	if (ret_image->damaged)
		ret_image->clean = NO;
	return result;
}
