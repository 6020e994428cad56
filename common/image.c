/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/image.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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
