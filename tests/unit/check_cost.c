/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <string.h>

#include "common/cost.h"

Suite *suite_cost(void);

#define GIB (UINT64_C(1) << 30)
#define TIB (UINT64_C(1) << 40)

/* 64 GiB that took so many seconds per TiB */
static void add(struct cost *cost, unsigned s_per_tib)
{
	ck_assert(cost_add(cost, 64 * GIB, (uint64_t)s_per_tib * 1000000 / 16, 1000));
}

START_TEST(nothing_is_learned_from_nothing)
{
	struct cost cost = {0};
	ck_assert_uint_eq(cost_ms_per_tib(&cost), UINT32_MAX);
	ck_assert(!cost_add(&cost, COST_SAMPLE_BYTES - 1, 1000, 1));
	ck_assert(!cost_add(&cost, 0, 1000, 1));
	ck_assert_uint_eq(cost.count, 0);
}
END_TEST

START_TEST(one_sample_counts)
{
	struct cost cost = {0};
	add(&cost, 15);
	ck_assert_uint_eq(cost_ms_per_tib(&cost), 22500);
	ck_assert_uint_eq(cost.samples[0].clock_ms, 1000);
}
END_TEST

START_TEST(of_two_the_dearer_counts)
{
	struct cost cost = {0};
	add(&cost, 15);
	add(&cost, 4);
	ck_assert_uint_eq(cost_ms_per_tib(&cost), 22500);
}
END_TEST

START_TEST(one_bad_sample_of_three_does_not_count)
{
	struct cost cost = {0};
	add(&cost, 15);
	add(&cost, 900);
	add(&cost, 14);
	ck_assert_uint_eq(
		cost_ms_per_tib(&cost), 16499); /* a tenth above the median, in whole us for each GiB */
	add(&cost, 0);
	add(&cost, 16);
	ck_assert_uint_eq(cost_ms_per_tib(&cost), 16499);
}
END_TEST

START_TEST(old_samples_go)
{
	struct cost cost = {0};
	for (unsigned i = 0; i < COST_SAMPLES_MAX; i++)
		add(&cost, 100);
	for (unsigned i = 0; i < COST_SAMPLES_MAX / 2 + 1; i++)
		add(&cost, 2);
	ck_assert_uint_eq(cost.count, COST_SAMPLES_MAX);
	ck_assert_uint_eq(cost_ms_per_tib(&cost), 2200);
}
END_TEST

START_TEST(what_was_no_allocation_is_left_out)
{
	struct cost cost = {0};
	ck_assert(!cost_add(&cost, 64 * GIB, UINT64_MAX, 1));
	ck_assert(!cost_add(&cost, 4 * GIB, UINT64_C(3600) * 1000000, 1));
	ck_assert(cost_add(&cost, UINT64_MAX, 1, 1)); /* too fast to be seen is possible */
	ck_assert_uint_eq(cost_ms_per_tib(&cost), 1);
}
END_TEST

START_TEST(is_the_same_after_writing_and_reading)
{
	struct cost cost = {0}, again = {0};
	char text[COST_TEXT_LEN];
	for (unsigned i = 0; i < COST_SAMPLES_MAX; i++)
		ck_assert(cost_add(&cost, TIB, 3515000 * UINT64_C(1000), UINT64_MAX - i));
	ck_assert(cost_write(&cost, text, sizeof text));
	ck_assert(cost_read(text_of(text), &again));
	ck_assert_uint_eq(again.count, cost.count);
	for (unsigned i = 0; i < cost.count; i++) {
		ck_assert_uint_eq(again.samples[i].clock_ms, cost.samples[i].clock_ms);
		ck_assert_uint_eq(again.samples[i].us_per_gib, cost.samples[i].us_per_gib);
	}
	ck_assert(!cost_write(&cost, text, 20));
	ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(damaged_text_is_refused_whole)
{
	static const char *const bad[] = {"1", ":", "1:", ":1", "1:2:3", "1:-2", "1:2 x", "1:99999999999",
		"1:4294967295", "1:1 1:1 1:1 1:1 1:1 1:1 1:1 1:1 1:1 1:1"};
	struct cost cost = {.count = 1, .samples = {{7, 7}}};
	for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(!cost_read(text_of(bad[i]), &cost), "%s", bad[i]);
	ck_assert_uint_eq(cost.count, 1);
	ck_assert_uint_eq(cost.samples[0].us_per_gib, 7);
	ck_assert(cost_read(TEXT(""), &cost));
	ck_assert_uint_eq(cost.count, 0);
}
END_TEST

Suite *suite_cost(void)
{
	Suite *suite = suite_create("cost");
	TCase *tcase = tcase_create("cost");
	tcase_add_test(tcase, nothing_is_learned_from_nothing);
	tcase_add_test(tcase, one_sample_counts);
	tcase_add_test(tcase, of_two_the_dearer_counts);
	tcase_add_test(tcase, one_bad_sample_of_three_does_not_count);
	tcase_add_test(tcase, old_samples_go);
	tcase_add_test(tcase, what_was_no_allocation_is_left_out);
	tcase_add_test(tcase, is_the_same_after_writing_and_reading);
	tcase_add_test(tcase, damaged_text_is_refused_whole);
	suite_add_tcase(suite, tcase);
	return suite;
}
