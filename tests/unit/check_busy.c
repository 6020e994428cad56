/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "base/busy.h"

#include <check.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/loop.h"
#include "common/scope.h"

Suite *suite_busy(void);

static uint64_t waited(const char *schedstat)
{
	return busy_waited_ns(text_of(schedstat));
}

START_TEST(the_second_figure)
{
	ck_assert_uint_eq(waited("1234567 89012 34\n"), 89012);
	ck_assert_uint_eq(waited("0 0 0\n"), 0);
	ck_assert_uint_eq(waited("18446744073709551615 18446744073709551615 1\n"), UINT64_MAX);
}
END_TEST

START_TEST(nonsense_is_nothing)
{
	static const char *const texts[] = {
		"", "\n", "12", "12 \n", "12 x", "12 -3 4", "12 18446744073709551616 1"};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		ck_assert_uint_eq(waited(texts[i]), 0);
}
END_TEST

/* two that want the same processor all the time: each waits as long as it works */
START_TEST(it_stands_still_while_another_works)
{
	cpu_set_t one;
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu() < 0 ? 0 : sched_getcpu(), &one);
	if (access("/proc/self/schedstat", R_OK) || sched_setaffinity(0, sizeof one, &one))
		return;
	pid_t other = fork();
	if (!other) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			;
	}
	uint64_t began_ms = clock_monotonic_ms(), began_busy_ms = busy_ms(), wall_ms = 0;
	while (wall_ms < 300)
		wall_ms = clock_monotonic_ms() - began_ms;
	uint64_t worked_ms = busy_ms() - began_busy_ms;
	kill(other, SIGKILL);
	waitpid(other, NULL, 0);
	ck_assert_uint_lt(worked_ms, wall_ms - 30);
}
END_TEST

Suite *suite_busy(void)
{
	Suite *suite = suite_create("busy");
	TCase *tcase = tcase_create("busy");
	tcase_add_test(tcase, the_second_figure);
	tcase_add_test(tcase, nonsense_is_nothing);
	tcase_add_test(tcase, it_stands_still_while_another_works);
	suite_add_tcase(suite, tcase);
	return suite;
}
