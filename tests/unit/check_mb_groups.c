/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "common/mb_groups.h"
#include "common/scope.h"

Suite *suite_mb_groups(void);

#define KIB UINT64_C(1024)

static const struct mb_volume plain = {.block_bytes = 4096, .flex_bg = MB_FLEX_UNKNOWN};

static struct mb_room room; /* as it was counted last */

/* `piece` bytes at a time */
static int count(const char *text, size_t piece, const struct mb_volume *volume, uint64_t *ret_whole)
{
	struct mb_groups groups;
	mb_groups_start(&groups);
	for (size_t at = 0, length = strlen(text); at < length; at += piece)
		mb_groups_take(&groups, text + at, piece < length - at ? piece : length - at);
	int result = mb_groups_finish(&groups, volume, &room);
	if (!result)
		*ret_whole = room.whole_bytes;
	return result;
}

/* as Linux 2.6.31 and 6.18 print it */
#define HEADER                                                                                           \
	"#group: free  frags first [ 2^0   2^1   2^2   2^3   2^4   2^5   2^6   2^7   2^8   2^9   2^10  " \
	"2^11  "                                                                                         \
	"2^12  2^13  ]\n"
#define GROUP_0                                                                                              \
	"#0    : 26917 1     5851  [ 1     0     1     0     0     1     0     0     1     0     0     1   " \
	"  0     3     ]\n"
#define WHOLE                                                                                                \
	"#2    : 32768 1     0     [ 0     0     0     0     0     0     0     0     0     0     0     0   " \
	"  0     4     ]\n"
#define FULL                                                                                                 \
	"#3    : 0     0     32768 [ 0     0     0     0     0     0     0     0     0     0     0     0   " \
	"  0     0     ]\n"
#define NO_FLEX                                                                                              \
	"#4    : 31880 1     888   [ 0     0     0     1     0     0     0     1     0     0     1     1   " \
	"  1     3     ]\n"
#define PARTLY                                                                                               \
	"#5    : 20000 1     0     [ 0     0     0     0     0     1     0     0     0     1     1     1   " \
	"  0     2     ]\n"
#define IN_TWO                                                                                               \
	"#6    : 32000 2     0     [ 0     0     0     0     0     0     0     0     1     0     1     1   " \
	"  1     3     ]\n"
#define BROKEN                                                                                               \
	"#7    : 32768 1     0     [ 0     0     0     0     0     0     0     0     0     0     0     0   " \
	"  0     4     ] Block bitmap corrupted!\n"
#define WIDE                                                                                                 \
	"#40233: 32768 1     0     [ 0     0     0     0     0     0     0     0     0     0     0     0   " \
	"  0     4     ] 17 9\n"
#define WHOLE_BYTES (32768 * 4 * KIB)

static const struct {
	const char *text;
	struct mb_volume volume;
	uint64_t whole;
} good[] = {
	{HEADER GROUP_0 WHOLE WHOLE FULL, {4096, 0, MB_FLEX_UNKNOWN}, 2 * WHOLE_BYTES},
	{HEADER GROUP_0 WHOLE WHOLE FULL, {0, 0, MB_FLEX_YES}, 2 * WHOLE_BYTES},
	{GROUP_0 WHOLE, {4096, 0, MB_FLEX_YES}, WHOLE_BYTES},
	{WHOLE WIDE, {4096, 0, MB_FLEX_YES}, 2 * WHOLE_BYTES},
	/* chunks of 2048, 4096 and 8192 blocks */
	{NO_FLEX NO_FLEX, {4096, 0, MB_FLEX_UNKNOWN}, 2 * (2048 + 4096 + 3 * 8192) * 4 * KIB},
	{NO_FLEX NO_FLEX FULL, {4096, 0, MB_FLEX_NO}, 2 * (2048 + 4096 + 3 * 8192) * 4 * KIB},
	/* past the knee: with flex_bg what is left of metadata groups is no whole group */
	{NO_FLEX NO_FLEX FULL, {4096, 0, MB_FLEX_YES}, 0},
	{FULL FULL, {4096, 0, MB_FLEX_UNKNOWN}, 0},
	/* a free beginning is no whole group where the size of one is known */
	{PARTLY FULL, {4096, 0, MB_FLEX_YES}, 0},
	{IN_TWO IN_TWO, {4096, 0, MB_FLEX_YES}, 0},
	{PARTLY IN_TWO WHOLE, {4096, 0, MB_FLEX_YES}, WHOLE_BYTES},
	{WHOLE PARTLY, {4096, 0, MB_FLEX_YES}, WHOLE_BYTES},
	/* not counted: a broken bitmap, a group that could not be read, and what is no group */
	{WHOLE BROKEN "#8    : I/O error\n#9    : Corrupt filesystem\n\n#x: 1 1 0 [ 1 ]\n1 2 3\n",
		{4096, 0, MB_FLEX_YES}, WHOLE_BYTES},
	/* bigalloc: 16 blocks to the cluster show in the free space */
	{WHOLE WHOLE, {4096, 2 * 16 * WHOLE_BYTES, MB_FLEX_YES}, 2 * 16 * WHOLE_BYTES},
	{WHOLE "#8    : I/O error\n", {4096, 16 * WHOLE_BYTES, MB_FLEX_YES}, WHOLE_BYTES},
	/* some of the free space is promised to writers already, or was taken in between: still no clusters
	 */
	{WHOLE WHOLE, {4096, WHOLE_BYTES, MB_FLEX_YES}, 2 * WHOLE_BYTES},
	{WHOLE WHOLE, {4096, 2 * WHOLE_BYTES + WHOLE_BYTES / 2, MB_FLEX_YES}, 2 * WHOLE_BYTES},
	/* 1 KiB blocks: a group has 8192 of them, and 2 MiB is the largest chunk */
	{"#0    : 8192  1     0     [ 0     0     0     0     0     0     0     0     0     0     0     4    "
	 " 0     0     ]\n",
		{1024, 0, MB_FLEX_YES}, 8192 * KIB},
	{"#0    : 8000  1     192   [ 0     0     0     0     0     0     1     0     1     1     1     3    "
	 " 0     0     ]\n",
		{1024, 0, MB_FLEX_NO}, 3 * 2048 * KIB},
	/* numbers that contradict each other never make more than is free */
	{"#0: 100 1 5 [ 0 0 0 0 0 0 0 0 0 0 0 9 9 9 ]\n", {4096, 0, MB_FLEX_NO}, 100 * 4 * KIB},
	/* the last line may be cut before its end: then it does not count */
	{WHOLE "#1    : 32768 1     0     [ 0     0", {4096, 0, MB_FLEX_YES}, WHOLE_BYTES},
	{WHOLE "#1    : 32768 1     0     [ 4 ]", {4096, 0, MB_FLEX_YES}, 2 * WHOLE_BYTES},
};

START_TEST(counts_wherever_it_is_cut)
{
	static const size_t pieces[] = {1, 7, 120, 16384};
	for (unsigned i = 0; i < ARRAY_LEN(pieces); i++) {
		uint64_t whole = 42;
		ck_assert_int_eq(count(good[_i].text, pieces[i], &good[_i].volume, &whole), 0);
		ck_assert_uint_eq(whole, good[_i].whole);
	}
}
END_TEST

/* pieces of 8 MiB and more, whole groups among them */
START_TEST(coarse)
{
	uint64_t whole;
	const struct mb_volume flexed = {4096, 0, MB_FLEX_YES};
	ck_assert_int_eq(count(NO_FLEX WHOLE FULL PARTLY, 100, &flexed, &whole), 0);
	ck_assert_uint_eq(whole, WHOLE_BYTES);
	ck_assert_uint_eq(room.coarse_bytes, (2 * 2048 + 4096 + 9 * 8192) * 4 * KIB);
	ck_assert_int_eq(count(NO_FLEX NO_FLEX, 100, &flexed, &whole), 0);
	ck_assert_uint_eq(whole, 0);
	ck_assert_uint_eq(room.coarse_bytes, 2 * (2048 + 4096 + 3 * 8192) * 4 * KIB);
}
END_TEST

static const char *const bad[] = {
	"",
	"\n\n\n",
	HEADER,
	"#0    : I/O error\n",
	BROKEN,
	"#0    : -1    1     0     [ 0 ]\n",
	"#0    : 18446744073709551616 1     0     [ 0 ]\n",
	"#0    : 4294967296 1     0     [ 0 ]\n",
	"#0    : 1     1     0       0 ]\n",
	"#0    : 1     1     0     [ 0 x ]\n",
	"#0    : 1     1     0     [ 0 -1 ]\n",
	"#0    : 1     1     [ 0 ]\n",
	"#     : 1     1     0     [ 0 ]\n",
	"0     : 1     1     0     [ 0 ]\n",
};

START_TEST(refuses)
{
	uint64_t whole = 42;
	ck_assert_int_eq(count(bad[_i], 5, &plain, &whole), MB_GROUPS_E_FORM);
	ck_assert_uint_eq(whole, 42);
}
END_TEST

START_TEST(overlong_lines_are_dropped)
{
	static char text[300000];
	uint64_t whole = 0;
	memset(text, '1', sizeof text - 1);
	memcpy(text, "#0 : 32768 1 0 [ 4 ] ", 21);
	strcpy(text + 200000, "\n" WHOLE);
	ck_assert_int_eq(count(text, 16384, &plain, &whole), 0);
	ck_assert_uint_eq(whole, WHOLE_BYTES);
	memset(text + 200000, 0, 1000); /* without its end */
	ck_assert_int_eq(count(text, 16384, &plain, &whole), MB_GROUPS_E_FORM);
}
END_TEST

START_TEST(nul_bytes)
{
	struct mb_groups groups;
	static const char zeros[40000];
	mb_groups_start(&groups);
	mb_groups_take(&groups, zeros, sizeof zeros);
	ck_assert_int_eq(mb_groups_finish(&groups, &plain, &room), MB_GROUPS_E_FORM);
}
END_TEST

START_TEST(large_volumes)
{
	struct mb_groups groups;
	char line[200];
	mb_groups_start(&groups);
	for (unsigned i = 0; i < 40234; i++) {
		int length = snprintf(
			line, sizeof line, "#%-5u: 32768 1     0     [ 0 0 0 0 0 0 0 0 0 0 0 0 0 4 ]\n", i);
		mb_groups_take(&groups, line, (size_t)length);
	}
	ck_assert_int_eq(mb_groups_finish(&groups, &plain, &room), 0);
	ck_assert_uint_eq(room.whole_bytes, 40234 * WHOLE_BYTES);
	ck_assert_uint_eq(room.coarse_bytes, 40234 * WHOLE_BYTES);
}
END_TEST

Suite *suite_mb_groups(void)
{
	Suite *suite = suite_create("mb_groups");
	TCase *tcase = tcase_create("mb_groups");
	tcase_add_loop_test(tcase, counts_wherever_it_is_cut, 0, (int)ARRAY_LEN(good));
	tcase_add_test(tcase, coarse);
	tcase_add_loop_test(tcase, refuses, 0, (int)ARRAY_LEN(bad));
	tcase_add_test(tcase, overlong_lines_are_dropped);
	tcase_add_test(tcase, nul_bytes);
	tcase_add_test(tcase, large_volumes);
	suite_add_tcase(suite, tcase);
	return suite;
}
