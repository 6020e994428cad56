/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "base/footprint.h"

#include <check.h>
#include <stdbool.h>
#include <stdio.h>

static const char constants[1 << 20] = {1};

/* KiB of the constants' mapping that this process holds; 0: an emulator that does not tell */
static unsigned resident(void)
{
	char line[512];
	unsigned long from, to, here = (unsigned long)(const void *)constants;
	unsigned kib = 0;
	bool ours = false;
	FILE *file = fopen("/proc/self/smaps", "r");
	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof line, file)) {
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			ours = here >= from && here < to;
		if (ours && sscanf(line, "Rss: %u", &kib) == 1)
			break;
	}
	fclose(file);
	return kib;
}

START_TEST(what_is_not_used_is_given_up)
{
	for (size_t i = 0; i < sizeof constants; i += 4096)
		ck_assert_int_eq(((const volatile char *)constants)[i], i == 0);
	unsigned before = resident();
	footprint_trim();
	unsigned after = resident();
	ck_assert(!before || (before >= 1024 && after < before - 512));
	ck_assert_int_eq(((const volatile char *)constants)[0], 1);
}
END_TEST

Suite *suite_footprint(void);
Suite *suite_footprint(void)
{
	Suite *suite = suite_create("footprint");
	TCase *tcase = tcase_create("footprint");
	tcase_add_test(tcase, what_is_not_used_is_given_up);
	suite_add_tcase(suite, tcase);
	return suite;
}
