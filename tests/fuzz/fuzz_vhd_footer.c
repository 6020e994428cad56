/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * A file that may be a VHD; if the first byte says so, the checksums of footer and header are made to fit.
 * max_len: 4096
 */
#include "common/image_inspect.h"
#include "common/vhd_footer.h"
#include "tests/fuzz/fuzz.h"

struct file {
	unsigned char *bytes;
	size_t size;
};

static int read_file(void *arg, uint64_t offset, void *into, size_t size)
{
	const struct file *file = arg;
	MUST(size && offset <= file->size && size <= file->size - offset);
	memcpy(into, file->bytes + offset, size);
	return 0;
}

static void seal(unsigned char *at, size_t size, size_t hole)
{
	uint32_t sum = 0;
	for (size_t i = 0; i < size; i++)
		sum += i < hole || i >= hole + 4 ? at[i] : 0;
	for (unsigned i = 0; i < 4; i++)
		at[hole + i] = (unsigned char)(~sum >> (24 - 8 * i));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct image_work work;
	struct image image;
	if (!size)
		return 0;
	struct file file = {malloc(size), size - 1};
	MUST(file.bytes != NULL);
	memcpy(file.bytes, data + 1, size - 1);
	if (data[0] & 1 && file.size >= 512)
		seal(file.bytes + file.size - 512, 512, 64);
	if (data[0] & 2 && file.size >= 512)
		seal(file.bytes, 512, 64);
	if (data[0] & 4 && file.size >= 1536)
		seal(file.bytes + 512, 1024, 36);
	struct image_reader reader = {read_file, &file, file.size, file.size};
	MUST(image_inspect(&reader, &work, &image) == 0);
	MUST_END(image.creator);
	MUST_END(image.parent);
	MUST(image.problem_count <= IMAGE_PROBLEMS_MAX);
	MUST(!image.damaged || (image.problem_count && image.clean == NO));
	MUST(image.format != IMAGE_VHD || image.log == IMAGE_LOG_UNKNOWN);
	MUST(image.payload_offset == UNKNOWN_U64 || image.virtual_size_bytes <= file.size);
	free(file.bytes);
	return 0;
}
