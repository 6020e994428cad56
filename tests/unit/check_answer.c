/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system/answer.h"

Suite *suite_answer(void);

static struct root root = {.fd = -1, .base_fd = -1};

static void say(int out, void *arg)
{
	dprintf(out, "%s\n", (const char *)arg);
}

static void hang(int out, void *arg)
{
	dprintf(out, "first\n");
	pause();
	(void)arg;
}

static void flood(int out, void *arg)
{
	(void)arg;
	for (int i = 0; i < ANSWER_MAX; i++)
		dprintf(out, "0123456789\n");
}

START_TEST(a_child_answers)
{
	struct answer answer = {0};
	ck_assert_int_eq(answer_begin(&answer, &root, "x", say, "hello"), 0);
	ck_assert(answer_wait(&answer, 5000));
	ck_assert_str_eq(answer.text, "hello\n");
	ck_assert_int_eq(answer.pid, 0);
	answer_drop(&answer);
	answer_free(&answer);
}
END_TEST

START_TEST(a_child_hangs)
{
	struct answer answer = {0};
	ck_assert_int_eq(answer_begin(&answer, &root, "x", hang, NULL), 0);
	pid_t child = answer.pid;
	for (int i = 0; i < 50 && !answer.length; i++)
		ck_assert(!answer_wait(&answer, 100));
	ck_assert_str_eq(answer.text, "first\n");
	answer_drop(&answer);
	for (int i = 0; i < 100 && !kill(child, 0); i++) {
		usleep(10000);
		answer_reap();
	}
	ck_assert_int_eq(kill(child, 0), -1);
	ck_assert_str_eq(answer.text, "first\n");
	answer_free(&answer);
}
END_TEST

START_TEST(too_much_is_told)
{
	struct answer answer = {0};
	ck_assert_int_eq(answer_begin(&answer, &root, "x", flood, NULL), 0);
	ck_assert(answer_wait(&answer, 10000));
	ck_assert(answer.overflow);
	ck_assert_uint_eq(answer.length, ANSWER_MAX);
	ck_assert_uint_eq(strlen(answer.text), ANSWER_MAX);
	answer_free(&answer);
}
END_TEST

START_TEST(a_recording_without_the_answer)
{
	struct answer answer = {0};
	struct root recorded;
	ck_assert_int_eq(root_open(&recorded, "/proc/self"), 0);
	ck_assert_int_eq(answer_begin(&answer, &recorded, "statfs", say, "live"), -ENOENT);
	ck_assert(!answer.ended && !answer_wait(&answer, 0));
	answer_free(&answer);
	root_close(&recorded);
}
END_TEST

Suite *suite_answer(void)
{
	Suite *suite = suite_create("answer");
	TCase *tcase = tcase_create("answer");
	tcase_set_timeout(tcase, 30);
	tcase_add_test(tcase, a_child_answers);
	tcase_add_test(tcase, a_child_hangs);
	tcase_add_test(tcase, too_much_is_told);
	tcase_add_test(tcase, a_recording_without_the_answer);
	suite_add_tcase(suite, tcase);
	return suite;
}
