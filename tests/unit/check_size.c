/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "common/size.h"

Suite *suite_size(void);

static const struct {
	const char *text;
	int error;
	uint64_t bytes;
} sizes[] = {
	{"0", 0, 0},
	{"5827411627212", 0, 5827411627212},
	{"12B", 0, 12},
	{"2TiB", 0, UINT64_C(2) << 40},
	{"5.3TiB", 0, 5827411627212},
	{"0.1KiB", 0, 102},
	{"16383.999PiB", 0, UINT64_C(18446742947809644773)},
	{"0.000000000000001PiB", 0, 1},
	{"16384PiB", -ERANGE, 0},
	{"18446744073709551615", -ERANGE, 0},
	{"99999999999999999999", -ERANGE, 0},
	{"", -EINVAL, 0},
	{"-1", -EINVAL, 0},
	{"+1", -EINVAL, 0},
	{" 1", -EINVAL, 0},
	{"1 TiB", -EINVAL, 0},
	{"1.", -EINVAL, 0},
	{".5TiB", -EINVAL, 0},
	{"1.5", -EINVAL, 0},
	{"1e3", -EINVAL, 0},
	{"5.3XB", -EINVAL, 0},
	{"5.3tib", -EINVAL, 0},
	{"5.3TB", -EINVAL, 0},
	{"100GB", -EINVAL, 0},
	{"1.1234567890123456TiB", -EINVAL, 0},
	{"TiB", -EINVAL, 0},
};

START_TEST(sizes_as_people_write_them)
{
	uint64_t bytes = 7;
	struct fault fault = {""};
	ck_assert_int_eq(size_parse(text_of(sizes[_i].text), &bytes, &fault), sizes[_i].error);
	ck_assert_uint_eq(bytes, sizes[_i].error ? 7 : sizes[_i].bytes);
	ck_assert_int_eq(fault.text[0] != 0, sizes[_i].error != 0);
}
END_TEST

START_TEST(both_readings_are_told)
{
	uint64_t bytes;
	struct fault fault;
	size_parse(TEXT("5.3TB"), &bytes, &fault);
	ck_assert_str_eq(fault.text, "5.3TB is 5300000000000 bytes on the disk's label, 5827411627212 in "
				     "PowerShell: write 5.3TiB or bytes");
}
END_TEST

START_TEST(not_terminated)
{
	uint64_t bytes;
	ck_assert_int_eq(size_parse((struct text){"2TiBxxx", 4}, &bytes, NULL), 0);
	ck_assert_uint_eq(bytes, UINT64_C(2) << 40);
	ck_assert_int_eq(size_parse((struct text){"1\0", 2}, &bytes, NULL), -EINVAL);
}
END_TEST

static const struct {
	uint64_t bytes;
	const char *text;
} shown[] = {
	{0, "0"},
	{1023, "1023"},
	{UINT64_C(2) << 40, "2TiB"},
	{5827411627212, "5.3TiB"},
	{1536, "1.5KiB"},
	{UINT64_C(5827411050496), "5827411050496"},
};

START_TEST(written_so_that_it_reads_back)
{
	char text[32];
	uint64_t back;
	size_show(shown[_i].bytes, text, sizeof text);
	ck_assert_str_eq(text, shown[_i].text);
	ck_assert_int_eq(size_parse(text_of(text), &back, NULL), 0);
	ck_assert_uint_eq(back, shown[_i].bytes);
}
END_TEST

Suite *suite_size(void)
{
	Suite *suite = suite_create("size");
	TCase *tcase = tcase_create("size");
	tcase_add_loop_test(tcase, sizes_as_people_write_them, 0, sizeof sizes / sizeof sizes[0]);
	tcase_add_test(tcase, both_readings_are_told);
	tcase_add_test(tcase, not_terminated);
	tcase_add_loop_test(tcase, written_so_that_it_reads_back, 0, sizeof shown / sizeof shown[0]);
	suite_add_tcase(suite, tcase);
	return suite;
}
