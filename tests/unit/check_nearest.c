/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdlib.h>

#include "common/nearest.h"

Suite *suite_nearest(void);

static const struct {
	const char *left, *right;
	unsigned distance;
} pairs[] = {
	{"", "", 0},
	{"", "plan", 4},
	{"plan", "plan", 0},
	{"paln", "plan", 1},
	{"pln", "plan", 1},
	{"plann", "plan", 1},
	{"plon", "plan", 1},
	{"ready", "status", 5},
	/* only the first 32 letters count */
	{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaax", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaay", 0},
};

START_TEST(distance)
{
	struct text left = text_of(pairs[_i].left), right = text_of(pairs[_i].right);
	ck_assert_uint_eq(nearest_distance(left, right), pairs[_i].distance);
	ck_assert_uint_eq(nearest_distance(right, left), pairs[_i].distance);
}
END_TEST

static const struct {
	const char *typed, *means;
} slips[] = {
	{"stauts", "status"},
	{"stat", "status"},
	{"Ready", "ready"},
	{"serv", "serve"},
	{"verison", "version"},
	{"x", NULL},
	{"", NULL},
	{"delete", NULL},
};

START_TEST(suggestion)
{
	static const char *const words[] = {"serve", "status", "ready", "plan", "version"};
	struct nearest nearest;
	nearest_start(&nearest, text_of(slips[_i].typed));
	for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++)
		nearest_offer(&nearest, words[i]);
	ck_assert_pstr_eq(nearest.best, slips[_i].means);
}
END_TEST

Suite *suite_nearest(void)
{
	Suite *suite = suite_create("nearest");
	TCase *tcase = tcase_create("nearest");
	tcase_add_loop_test(tcase, distance, 0, sizeof pairs / sizeof pairs[0]);
	tcase_add_loop_test(tcase, suggestion, 0, sizeof slips / sizeof slips[0]);
	suite_add_tcase(suite, tcase);
	return suite;
}
