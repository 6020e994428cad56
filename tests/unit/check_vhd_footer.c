/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "common/image_inspect.h"
#include "common/vhd_footer.h"

Suite *suite_vhd_footer(void);

static struct image_work work;
static unsigned char file[8192];
static size_t file_size;
static struct image image;

static void put_be32(unsigned char *at, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (unsigned char)(value >> (24 - 8 * i));
}

static void seal(unsigned char *at, size_t size, size_t hole)
{
	uint32_t sum = 0;
	put_be32(at + hole, 0);
	for (size_t i = 0; i < size; i++)
		sum += at[i];
	put_be32(at + hole, ~sum);
}

static void put_footer(unsigned char *at, uint32_t type, uint32_t size)
{
	memset(at, 0, 512);
	memcpy(at, "conectix", 8);
	put_be32(at + 16, type == 2 ? UINT32_MAX : 0);
	put_be32(at + 20, type == 2 ? UINT32_MAX : 512);
	memcpy(at + 28, "win ", 4);
	put_be32(at + 52, size);
	put_be32(at + 60, type);
	for (unsigned i = 0; i < 16; i++)
		at[68 + i] = (unsigned char)i;
	seal(at, 512, 64);
}

static int read_file(void *arg, uint64_t offset, void *into, size_t size)
{
	(void)arg;
	ck_assert_uint_le(offset + size, file_size);
	memcpy(into, file + offset, size);
	return 0;
}

static void inspect(void)
{
	struct image_reader reader = {read_file, NULL, file_size, file_size};
	ck_assert_int_eq(image_inspect(&reader, &work, &image), 0);
}

START_TEST(fixed)
{
	file_size = 4096 + 512;
	put_footer(file + 4096, 2, 4096);
	inspect();
	ck_assert_int_eq(image.format, IMAGE_VHD);
	ck_assert_int_eq(image.type, IMAGE_FIXED);
	ck_assert(!image.damaged);
	ck_assert_int_eq(image.clean, UNKNOWN);
	ck_assert_int_eq(image.log, IMAGE_LOG_UNKNOWN);
	ck_assert_int_eq(image.hollow, NO);
	ck_assert_uint_eq(image.virtual_size_bytes, 4096);
	ck_assert_uint_eq(image.payload_offset, 0);
	ck_assert_str_eq(image.creator, "win ");
	char text[GUID_TEXT_LEN];
	guid_format(text, &image.disk_id);
	ck_assert_str_eq(text, "00010203-0405-0607-0809-0a0b0c0d0e0f");
	put_footer(file + 4096, 2, 8192);
	inspect();
	ck_assert_str_eq(image.problems[0].code, "file-cut-off");
	ck_assert_uint_eq(image.payload_offset, UNKNOWN_U64);
	put_footer(file + 4096, 7, 4096);
	inspect();
	ck_assert_str_eq(image.problems[0].code, "type-unknown");
	put_footer(file + 4096, 2, 4095);
	inspect();
	ck_assert_str_eq(image.problems[0].code, "size-bad");
}
END_TEST

static void make_dynamic(uint32_t type)
{
	memset(file, 0, sizeof file);
	file_size = 512 + 1024 + 512 + 512;
	put_footer(file, type, 4096);
	unsigned char *header = file + 512;
	memcpy(header, "cxsparse", 8);
	put_be32(header + 20, 1536);
	put_be32(header + 28, 2);
	put_be32(header + 32, 2097152);
	header[65] = 'p';
	header[67] = 'q';
	seal(header, 1024, 36);
	memcpy(file + 2048, file, 512);
}

START_TEST(dynamic)
{
	make_dynamic(3);
	inspect();
	ck_assert_int_eq(image.type, IMAGE_DYNAMIC);
	ck_assert(!image.damaged);
	ck_assert_uint_eq(image.block_bytes, 2097152);
	ck_assert_uint_eq(image.block_count, 2);
	ck_assert_str_eq(image.parent, "");
	make_dynamic(4);
	inspect();
	ck_assert_int_eq(image.type, IMAGE_DIFFERENCING);
	ck_assert_str_eq(image.parent, "pq");
	file[512 + 100] ^= 1;
	inspect();
	ck_assert_str_eq(image.problems[0].code, "header-damaged");
	make_dynamic(3);
	put_be32(file + 512 + 28, 1000);
	seal(file + 512, 1024, 36);
	inspect();
	ck_assert_str_eq(image.problems[0].code, "region-bad");
}
END_TEST

START_TEST(cut_off)
{
	make_dynamic(3);
	file_size -= 512;
	inspect();
	ck_assert_int_eq(image.format, IMAGE_VHD);
	ck_assert_str_eq(image.problems[0].code, "file-cut-off");
	ck_assert_uint_eq(image.virtual_size_bytes, 4096);
	make_dynamic(3);
	file[2048 + 60] ^= 1;
	inspect();
	ck_assert_str_eq(image.problems[0].code, "footer-damaged");
	ck_assert_uint_eq(image.virtual_size_bytes, 4096);
	file[60] ^= 1;
	inspect();
	ck_assert_int_eq(image.format, IMAGE_VHD);
	ck_assert(image.damaged);
	ck_assert_uint_eq(image.virtual_size_bytes, UNKNOWN_U64);
	file_size = 511;
	inspect();
	ck_assert_int_eq(image.format, IMAGE_FORMAT_UNKNOWN);
	ck_assert_str_eq(image.problems[0].code, "not-a-disk");
}
END_TEST

Suite *suite_vhd_footer(void)
{
	Suite *suite = suite_create("vhd_footer");
	TCase *tcase = tcase_create("judge");
	tcase_add_test(tcase, fixed);
	tcase_add_test(tcase, dynamic);
	tcase_add_test(tcase, cut_off);
	suite_add_tcase(suite, tcase);
	return suite;
}
