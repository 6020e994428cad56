/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>

#include "collect/source_writeback.h"

Suite *suite_source_writeback(void);

static const struct {
	const char *ratio, *bytes, *expire;
	uint32_t percent;
	uint64_t limit_bytes;
	uint32_t expire_s;
} cases[] = {
	{"20\n", "0\n", "3000\n", 20, UNKNOWN_U64, 30},
	{"80\n", "0\n", "60480000\n", 80, UNKNOWN_U64, 604800},
	{"0\n", "268435456\n", "3000\n", UNKNOWN_U32, 268435456, 30},
	{"10", "", "50", 10, UNKNOWN_U64, 0},
	{"", "", "", UNKNOWN_U32, UNKNOWN_U64, UNKNOWN_U32},
	{"-1\n", "-5\n", "-1\n", UNKNOWN_U32, UNKNOWN_U64, UNKNOWN_U32},
	{"101\n", "0\n", "99999999999\n", UNKNOWN_U32, UNKNOWN_U64, UNKNOWN_U32},
	{"2 0\n", "99999999999999999999999\n", "x\n", UNKNOWN_U32, UNKNOWN_U64, UNKNOWN_U32},
};

START_TEST(limits_and_times)
{
	struct memory memory = {.dirty_limit_percent = UNKNOWN_U32,
		.dirty_limit_bytes = UNKNOWN_U64,
		.dirty_expire_s = UNKNOWN_U32};
	writeback_parse(
		text_of(cases[_i].ratio), text_of(cases[_i].bytes), text_of(cases[_i].expire), &memory);
	ck_assert_uint_eq(memory.dirty_limit_percent, cases[_i].percent);
	ck_assert_uint_eq(memory.dirty_limit_bytes, cases[_i].limit_bytes);
	ck_assert_uint_eq(memory.dirty_expire_s, cases[_i].expire_s);
}
END_TEST

Suite *suite_source_writeback(void)
{
	Suite *suite = suite_create("source_writeback");
	TCase *tcase = tcase_create("parse");
	tcase_add_loop_test(tcase, limits_and_times, 0, sizeof cases / sizeof cases[0]);
	suite_add_tcase(suite, tcase);
	return suite;
}
