/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "collect/source_volumes.h"

Suite *suite_source_volumes(void);

static struct snapshot snapshot;

static void start(void)
{
	snapshot_reset(&snapshot);
	snapshot.time_ms = 500;
	strcpy(snapshot_add_volume(&snapshot)->id, "root");
	strcpy(snapshot_add_volume(&snapshot)->id, "c");
}

START_TEST(figures)
{
	uint32_t told = volumes_parse_statfs(
		TEXT("c 4096 1449551462 1449000000 1448000000\nroot 1024 100 50 40\n"), &snapshot);
	ck_assert_uint_eq(told, 3);
	ck_assert_uint_eq(snapshot.volumes[1].size_bytes, 1449551462ull * 4096);
	ck_assert_uint_eq(snapshot.volumes[1].free_bytes, 1449000000ull * 4096);
	ck_assert_uint_eq(snapshot.volumes[1].available_bytes, 1448000000ull * 4096);
	ck_assert_uint_eq(snapshot.volumes[1].space_ms, 500);
	ck_assert_int_eq(snapshot.volumes[1].stale, NO);
	ck_assert_uint_eq(snapshot.volumes[0].size_bytes, 102400);
}
END_TEST

START_TEST(an_error_is_told)
{
	ck_assert_uint_eq(volumes_parse_statfs(TEXT("c error Permission denied\n"), &snapshot), 2);
	ck_assert_uint_eq(snapshot.volumes[1].size_bytes, UNKNOWN_U64);
	ck_assert(strstr(snapshot.volumes[1].space_reason, "Permission denied"));
}
END_TEST

static const struct {
	const char *text;
	uint32_t told;
} useless[] = {
	{"", 0},
	{"c 4096 1449551462 1449000000 1448000000", 0}, /* its newline has not come yet */
	{"c 4096 1449551462 144900\n", 2},
	{"c 4096 -1 5 5\n", 2},
	{"c 18446744073709551615 3 2 1\n", 2},
	{"c 4096 99999999999999999999 1 1\n", 2},
	{"c 4096 60982528 4182736440 41827\n", 2}, /* more free than there is */
	{"d 4096 1 1 1\n", 0},
	{"\n\n\n", 0},
	{"c\n", 2},
};

START_TEST(nonsense_tells_nothing)
{
	ck_assert_uint_eq(volumes_parse_statfs(text_of(useless[_i].text), &snapshot), useless[_i].told);
	ck_assert_int_eq(snapshot.volumes[1].space_reason[0] != 0, useless[_i].told != 0);
	ck_assert_uint_eq(snapshot.volumes[1].size_bytes, UNKNOWN_U64);
	ck_assert_uint_eq(snapshot.volumes[1].space_ms, 0);
}
END_TEST

Suite *suite_source_volumes(void)
{
	Suite *suite = suite_create("source_volumes");
	TCase *tcase = tcase_create("parse");
	tcase_add_checked_fixture(tcase, start, NULL);
	tcase_add_test(tcase, figures);
	tcase_add_test(tcase, an_error_is_told);
	tcase_add_loop_test(tcase, nonsense_tells_nothing, 0, sizeof useless / sizeof useless[0]);
	suite_add_tcase(suite, tcase);
	return suite;
}
