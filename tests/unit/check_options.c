/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/options.h"

Suite *suite_options(void);

static struct options options;
static struct complaints complaints;
static char last[512];

static void remember(const char *text, void *arg)
{
	(void)arg;
	snprintf(last, sizeof last, "%s", text);
}

static void start(void)
{
	options_start(&options);
	complaints = (struct complaints){remember, NULL, 0};
	last[0] = 0;
}

static unsigned line_of(const char *key)
{
	for (unsigned i = 0; i < option_rows_count; i++)
		if (!strcmp(option_rows[i].key, key))
			return options.lines[i];
	return UINT_MAX;
}

START_TEST(a_good_file)
{
	options_parse(&options,
		"# a comment\n\nlisten = 127.0.0.1:80\nallow=10.1.0.0/16 # why\n  user =\tnas\n", "f",
		&complaints);
	ck_assert_uint_eq(complaints.count, 0);
	ck_assert_str_eq(options.listen, "127.0.0.1:80");
	ck_assert_str_eq(options.allow, "10.1.0.0/16");
	ck_assert_str_eq(options.user, "nas");
	ck_assert_str_eq(options.log, "stderr");
	ck_assert_uint_eq(line_of("user"), 5);
	ck_assert_uint_eq(line_of("log"), 0);
}
END_TEST

static const struct {
	const char *text, *says;
} bad[] = {
	{"listen = x\nlisn = y", "f:2: there is no key \"lisn\": did you mean listen?"},
	{"nothing", "f:1: there is no key \"nothing\" (nasready serve --help lists them)"},
	{"= x", "f:1: there is no key \"\""},
};

START_TEST(errors_name_file_line_and_key)
{
	options_parse(&options, bad[_i].text, "f", &complaints);
	ck_assert_uint_eq(complaints.count, 1);
	ck_assert_msg(!strncmp(last, bad[_i].says, strlen(bad[_i].says)), "%s", last);
}
END_TEST

START_TEST(every_error_is_told_and_the_rest_taken)
{
	options_parse(&options, "a = 1\nuser = me\nb = 2\nc", "f", &complaints);
	ck_assert_uint_eq(complaints.count, 3);
	ck_assert_str_eq(options.user, "me");
}
END_TEST

START_TEST(an_overlong_value)
{
	char text[OPTION_LEN + 32] = "user=";
	memset(text + 5, 'u', OPTION_LEN);
	options_parse(&options, text, "f", &complaints);
	ck_assert_str_eq(last, "f:1: user: the value is longer than 255 bytes");
	ck_assert_str_eq(options.user, "nobody");
}
END_TEST

START_TEST(a_missing_file)
{
	options_read_file(&options, "/nonexistent/nasready.conf", &complaints);
	ck_assert_uint_eq(complaints.count, 1);
	ck_assert_ptr_nonnull(strstr(last, "/nonexistent/nasready.conf"));
}
END_TEST

Suite *suite_options(void)
{
	Suite *suite = suite_create("options");
	TCase *tcase = tcase_create("options");
	tcase_add_checked_fixture(tcase, start, NULL);
	tcase_add_test(tcase, a_good_file);
	tcase_add_loop_test(tcase, errors_name_file_line_and_key, 0, sizeof bad / sizeof bad[0]);
	tcase_add_test(tcase, an_overlong_value);
	tcase_add_test(tcase, every_error_is_told_and_the_rest_taken);
	tcase_add_test(tcase, a_missing_file);
	suite_add_tcase(suite, tcase);
	return suite;
}
