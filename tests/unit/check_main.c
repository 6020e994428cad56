/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Runs all suites, or those named as arguments. The Makefile lists them in suites.h: check_NAME.c holds
 * suite_NAME.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "common/scope.h"

#define SUITE(name) Suite *suite_##name(void);
#include "suites.h"
#undef SUITE

static const struct {
	const char *name;
	Suite *(*make)(void);
} suites[] = {
#define SUITE(name) {#name, suite_##name},
#include "suites.h"
#undef SUITE
};

static int suite_find(const char *name)
{
	for (unsigned i = 0; i < ARRAY_LEN(suites); i++)
		if (!strcmp(suites[i].name, name))
			return (int)i;
	fprintf(stderr, "no suite is called '%s'; there are:", name);
	for (unsigned i = 0; i < ARRAY_LEN(suites); i++)
		fprintf(stderr, " %s", suites[i].name);
	fprintf(stderr, "\n");
	return -1;
}

int main(int argc, char **argv)
{
	SRunner *runner = srunner_create(NULL);
	for (int i = 1; i < argc; i++) {
		int found = suite_find(argv[i]);
		if (found < 0)
			return 2;
		srunner_add_suite(runner, suites[found].make());
	}
	for (unsigned i = 0; argc < 2 && i < ARRAY_LEN(suites); i++)
		srunner_add_suite(runner, suites[i].make());
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner), run = srunner_ntests_run(runner);
	srunner_free(runner);
	printf("%d passed, %d failed\n", run - failed, failed);
	return failed || !run ? 1 : 0;
}
