/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * A good VHDX, spoilt: the input is a choice of its size and type and then pieces, each with a place, a
 * length and bytes that are written there. Checksums are made anew if the input says so. max_len: 2048
 */
#include "tests/fuzz/fuzz.h"
#include "tests/unit/vhdx_sparse.h"

static struct sparse base, disk;

static int read_checked(void *arg, uint64_t offset, void *into, size_t size)
{
	const struct sparse *sparse = arg;
	MUST(size && offset <= sparse->file_bytes && size <= sparse->file_bytes - offset);
	return sparse_read(arg, offset, into, size);
}

static void start(struct text *rest)
{
	if (!base.file_bytes)
		sparse_start(&base, 300);
	disk = base;
	unsigned choice = fuzz_choice(rest, 8);
	if (choice & 1) { /* a log that is open */
		memset(disk.header.log.bytes, 0x10, GUID_SIZE);
		vhdx_header_encode(&disk.header, disk.head + VHDX_HEADER_OFFSET(1));
		uint32_t at = sparse_log_entry(&disk, 8192, 5, 8192, 2);
		sparse_log_entry(&disk, 8192 + at, 6, 8192, 1);
	}
	if (choice & 2) {
		disk.metadata.has_parent = true;
		vhdx_metadata_encode(&disk.metadata, disk.table);
	}
	if (choice & 4)
		disk.file_bytes = fuzz_number(rest);
}

static void spoil(struct text *rest)
{
	const struct {
		unsigned char *at;
		size_t size;
	} places[] = {
		{disk.head + VHDX_HEADER_OFFSET(0), 128},
		{disk.head + VHDX_HEADER_OFFSET(1), 128},
		{disk.head + VHDX_REGIONS_OFFSET(0), 256},
		{disk.head + VHDX_REGIONS_OFFSET(1), 256},
		{disk.table, 512},
		{disk.table + VHDX_METADATA_TABLE_SIZE, 256},
		{disk.bat, sizeof disk.bat},
		{disk.log, 40960},
		{disk.head, 64},
	};
	while (rest->length >= 4) {
		unsigned place = fuzz_choice(rest, ARRAY_LEN(places));
		size_t offset = (size_t)(unsigned char)rest->at[0] << 8 | (unsigned char)rest->at[1];
		size_t length = (unsigned char)rest->at[2] & 31;
		*rest = (struct text){rest->at + 3, rest->length - 3};
		length = length < rest->length ? length : rest->length;
		offset %= places[place].size - 32;
		memcpy(places[place].at + offset, rest->at, length);
		*rest = (struct text){rest->at + length, rest->length - length};
	}
}

static void seal(unsigned char *at, size_t size)
{
	bytes_put_le32(at + 4, crc32c_without(at, size, 4));
}

static void check(const struct image *image)
{
	MUST_END(image->creator);
	MUST_END(image->parent);
	MUST(image->problem_count <= IMAGE_PROBLEMS_MAX);
	for (uint32_t i = 0; i < image->problem_count; i++) {
		MUST_END(image->problems[i].code);
		MUST_END(image->problems[i].message);
		MUST(image->problems[i].code[0] && image->problems[i].message[0]);
		MUST(!image->problems[i].damage || image->damaged);
	}
	MUST(image->clean != YES || (!image->damaged && image->log == IMAGE_LOG_EMPTY));
	MUST(!image->damaged || image->clean == NO);
	MUST(!image->damaged || image->problem_count);
	MUST(image->payload_offset == UNKNOWN_U64 || image->type == IMAGE_FIXED);
	MUST(image->present_count == UNKNOWN_U64 || image->present_count <= image->block_count);
	image_format_name(image->format);
	image_type_name(image->type);
	image_log_name(image->log);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct image_work work;
	struct text rest = fuzz_text(data, size);
	struct image image;
	start(&rest);
	unsigned sealed = fuzz_choice(&rest, 8);
	spoil(&rest);
	for (unsigned i = 0; i < 2; i++) {
		if (sealed & 1)
			seal(disk.head + VHDX_HEADER_OFFSET(i), VHDX_HEADER_SIZE);
		if (sealed & 2)
			seal(disk.head + VHDX_REGIONS_OFFSET(i), VHDX_REGIONS_SIZE);
	}
	if (sealed & 4)
		seal(disk.log + 8192, 3 * 4096);
	struct image_reader reader = {read_checked, &disk, disk.file_bytes, disk.file_bytes};
	MUST(image_inspect(&reader, &work, &image) == 0);
	check(&image);
	return 0;
}
