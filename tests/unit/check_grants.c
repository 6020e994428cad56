/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "enforce/grants.h"

Suite *suite_grants(void);

static struct grants grants;

static void add(const char *path, const char *volume, uint64_t until_ms)
{
	struct grant grant = {.bytes = 1, .until_ms = until_ms};
	snprintf(grant.path, sizeof grant.path, "%s", path);
	snprintf(grant.volume, sizeof grant.volume, "%s", volume);
	grants_add(&grants, &grant);
}

static bool has(const char *path)
{
	for (unsigned i = 0; i < GATE_GRANTS_MAX; i++)
		if (!strcmp(grants.open[i].path, path))
			return true;
	return false;
}

static void set_up(void)
{
	memset(&grants, 0, sizeof grants);
}

START_TEST(test_one_a_volume)
{
	ck_assert(!grants_any(&grants));
	add("/c/a.vhdx", "c", 100);
	add("/d/a.vhdx", "d", 100);
	add("/c/b.vhdx", "c", 200);
	ck_assert(!has("/c/a.vhdx"));
	ck_assert(has("/c/b.vhdx"));
	ck_assert(has("/d/a.vhdx"));
	ck_assert(grants_any(&grants));
}
END_TEST

START_TEST(test_ends)
{
	add("/c/a.vhdx", "c", 100);
	add("/d/a.vhdx", "d", 200);
	grants_expire(&grants, 99);
	ck_assert(has("/c/a.vhdx"));
	grants_expire(&grants, 100);
	ck_assert(!has("/c/a.vhdx"));
	grants_close(&grants, "/d/b.vhdx");
	ck_assert(grants_any(&grants));
	grants_close(&grants, "/d/a.vhdx");
	ck_assert(!grants_any(&grants));
}
END_TEST

START_TEST(test_full)
{
	char path[32], volume[8];
	for (unsigned i = 0; i < GATE_GRANTS_MAX; i++) {
		snprintf(path, sizeof path, "/%u/a.vhdx", i);
		snprintf(volume, sizeof volume, "%u", i);
		add(path, volume, i == 2 ? 50 : 100 + i);
	}
	add("/new/a.vhdx", "new", 90);
	ck_assert(has("/new/a.vhdx"));
	ck_assert(!has("/2/a.vhdx"));
	ck_assert(has("/0/a.vhdx"));
	ck_assert(has("/3/a.vhdx"));
}
END_TEST

Suite *suite_grants(void)
{
	Suite *suite = suite_create("grants");
	TCase *tcase = tcase_create("grants");
	tcase_add_checked_fixture(tcase, set_up, NULL);
	tcase_add_test(tcase, test_one_a_volume);
	tcase_add_test(tcase, test_ends);
	tcase_add_test(tcase, test_full);
	suite_add_tcase(suite, tcase);
	return suite;
}
