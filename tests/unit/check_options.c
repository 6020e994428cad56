/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/options.h"

Suite *suite_options(void);

static struct options options;
static struct fault fault;

static void start(void)
{
	options_start(&options);
	fault.text[0] = 0;
}

START_TEST(a_good_file)
{
	ck_assert_int_eq(
		options_parse(&options,
			"# a comment\n\nlisten = 127.0.0.1:80\nallow=10.1.0.0/16 # why\n  user =\tnas\n", "f",
			&fault),
		0);
	ck_assert_str_eq(options.listen, "127.0.0.1:80");
	ck_assert_str_eq(options.allow, "10.1.0.0/16");
	ck_assert_str_eq(options.user, "nas");
	ck_assert_str_eq(options.log, "stderr");
}
END_TEST

static const struct {
	const char *text, *says;
} bad[] = {
	{"listen = x\nlisn = y", "f:2: there is no key \"lisn\""},
	{"nothing", "f:1: there is no key \"nothing\""},
	{"= x", "f:1: there is no key \"\""},
	{"\n\nlog = paper", "f:3: log is stderr or syslog, not \"paper\""},
};

START_TEST(errors_name_file_line_and_key)
{
	ck_assert_int_eq(options_parse(&options, bad[_i].text, "f", &fault), -EINVAL);
	ck_assert_msg(!strncmp(fault.text, bad[_i].says, strlen(bad[_i].says)), "%s", fault.text);
}
END_TEST

START_TEST(an_overlong_value)
{
	char text[OPTION_LEN + 32] = "user=";
	memset(text + 5, 'u', OPTION_LEN);
	ck_assert_int_eq(options_parse(&options, text, "f", &fault), -EINVAL);
	ck_assert_str_eq(options.user, "nobody");
}
END_TEST

START_TEST(arguments)
{
	char *argv[] = {"serve", "--listen", "1.2.3.4:5", "--user=me", "--log"};
	int index = 1;
	ck_assert_int_eq(options_argument(&options, 5, argv, &index, &fault), 0);
	ck_assert_int_eq(index, 3);
	ck_assert_int_eq(options_argument(&options, 5, argv, &index, &fault), 0);
	ck_assert_int_eq(index, 4);
	ck_assert_str_eq(options.listen, "1.2.3.4:5");
	ck_assert_str_eq(options.user, "me");
	ck_assert_int_eq(options_argument(&options, 5, argv, &index, &fault), -EINVAL);
	ck_assert_ptr_nonnull(strstr(fault.text, "--log needs stderr|syslog"));
}
END_TEST

START_TEST(odd_arguments)
{
	char *argv[] = {"serve", "listen", "--", "--x=1", "--=1"};
	for (int i = 1; i < 5; i++) {
		int index = i;
		ck_assert_int_eq(options_argument(&options, 5, argv, &index, &fault), -EINVAL);
	}
}
END_TEST

START_TEST(a_missing_file)
{
	ck_assert_int_eq(options_read_file(&options, "/nonexistent/nasready.conf", &fault), -ENOENT);
	ck_assert_ptr_nonnull(strstr(fault.text, "/nonexistent/nasready.conf"));
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
	tcase_add_test(tcase, arguments);
	tcase_add_test(tcase, odd_arguments);
	tcase_add_test(tcase, a_missing_file);
	suite_add_tcase(suite, tcase);
	return suite;
}
