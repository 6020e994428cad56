/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/image_inspect.h"

#include "common/vhd_footer.h"
#include "common/vhdx_inspect.h"

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
