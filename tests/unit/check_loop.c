/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/loop.h"

Suite *suite_loop(void);

struct fixture {
	struct loop loop;
	int ends[2];
	unsigned calls, timers;
	uint64_t first_ms;
};

static struct fixture fixture;

static void set_up(void)
{
	fixture = (struct fixture){.ends = {-1, -1}};
	ck_assert_int_eq(loop_init(&fixture.loop), 0);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fixture.ends), 0);
}

static void tear_down(void)
{
	for (int i = 0; i < 2; i++)
		if (fixture.ends[i] >= 0)
			close(fixture.ends[i]);
}

static void stop(void *arg)
{
	struct fixture *it = arg;
	it->timers++;
	loop_stop(&it->loop);
}

static void count_and_stop(void *arg)
{
	struct fixture *it = arg;
	char byte;
	it->calls++;
	if (read(it->ends[0], &byte, 1) <= 0 || it->calls == 3)
		loop_stop(&it->loop);
}

static void write_again(void *arg)
{
	struct fixture *it = arg;
	it->timers++;
	ck_assert_int_eq(write(it->ends[1], "x", 1), 1);
	loop_timer(&it->loop, 1, clock_monotonic_ms() + 5, write_again, it);
}

START_TEST(test_reads_and_repeats)
{
	ck_assert_int_eq(loop_watch(&fixture.loop, fixture.ends[0], count_and_stop, &fixture), 0);
	loop_timer(&fixture.loop, 1, clock_monotonic_ms(), write_again, &fixture);
	loop_run(&fixture.loop);
	ck_assert_uint_eq(fixture.calls, 3);
	ck_assert_uint_eq(fixture.timers, 3);
	ck_assert(!loop_signalled());
}
END_TEST

START_TEST(test_hang_up)
{
	ck_assert_int_eq(loop_watch(&fixture.loop, fixture.ends[0], count_and_stop, &fixture), 0);
	close(fixture.ends[1]);
	fixture.ends[1] = -1;
	loop_run(&fixture.loop);
	ck_assert_uint_eq(fixture.calls, 1);
}
END_TEST

START_TEST(test_timer_waits)
{
	uint64_t began = clock_monotonic_ms();
	loop_timer(&fixture.loop, 0, began + 60, stop, &fixture);
	loop_run(&fixture.loop);
	uint64_t took = clock_monotonic_ms() - began;
	ck_assert_uint_eq(fixture.timers, 1);
	ck_assert_msg(took >= 60 && took < 5000, "%u ms", (unsigned)took);
}
END_TEST

static void count(void *arg)
{
	(*(unsigned *)arg)++;
}

START_TEST(test_timer_once)
{
	unsigned shots = 0;
	loop_timer(&fixture.loop, 0, clock_monotonic_ms(), count, &shots);
	loop_timer(&fixture.loop, 1, clock_monotonic_ms() + 30, stop, &fixture);
	loop_run(&fixture.loop);
	ck_assert_uint_eq(shots, 1);
}
END_TEST

static void never(void *arg)
{
	(void)arg;
	ck_abort_msg("a timer that was turned off was called");
}

START_TEST(test_timer_off)
{
	uint64_t now = clock_monotonic_ms();
	loop_timer(&fixture.loop, 0, now + 5, never, NULL);
	loop_timer(&fixture.loop, 0, LOOP_NEVER, never, NULL);
	loop_timer(&fixture.loop, LOOP_TIMERS_MAX, now, never, NULL);
	loop_timer(&fixture.loop, 2, now + 3600000000000, never, NULL);
	loop_timer(&fixture.loop, LOOP_TIMERS_MAX - 1, now + 30, stop, &fixture);
	loop_run(&fixture.loop);
	ck_assert_uint_eq(fixture.timers, 1);
}
END_TEST

/* with nothing due the loop must not wake up: the processor time of the sleep tells */
START_TEST(test_sleeps)
{
	loop_timer(&fixture.loop, 0, clock_monotonic_ms() + 200, stop, &fixture);
	ck_assert_int_eq(loop_watch(&fixture.loop, fixture.ends[0], count_and_stop, &fixture), 0);
	clock_t began = clock();
	loop_run(&fixture.loop);
	ck_assert_int_lt((clock() - began) * 1000 / CLOCKS_PER_SEC, 50);
	ck_assert_uint_eq(fixture.calls, 0);
}
END_TEST

START_TEST(test_full)
{
	for (int i = 0; i < LOOP_FDS_MAX; i++)
		ck_assert_int_eq(loop_watch(&fixture.loop, fixture.ends[0], count_and_stop, &fixture), 0);
	ck_assert_int_eq(loop_watch(&fixture.loop, fixture.ends[1], count_and_stop, &fixture), -ENOSPC);
	struct loop other;
	ck_assert_int_eq(loop_init(&other), 0);
	ck_assert_int_eq(loop_watch(&other, -1, count_and_stop, NULL), -EBADF);
}
END_TEST

/* a descriptor closed behind the loop's back neither spins nor calls */
START_TEST(test_closed)
{
	int fd = dup(fixture.ends[0]);
	ck_assert_int_eq(loop_watch(&fixture.loop, fd, never, NULL), 0);
	close(fd);
	loop_timer(&fixture.loop, 0, clock_monotonic_ms() + 200, stop, &fixture);
	clock_t began = clock();
	loop_run(&fixture.loop);
	ck_assert_int_lt((clock() - began) * 1000 / CLOCKS_PER_SEC, 50);
}
END_TEST

static void raise_it(void *arg)
{
	raise(*(const int *)arg);
}

/* runs in a child: the flag is the process's */
static int signalled_child(const int *number, bool before)
{
	pid_t pid = fork();
	if (!pid) {
		struct loop loop;
		alarm(10);
		if (loop_init(&loop))
			_exit(2);
		if (before)
			raise(*number);
		else
			loop_timer(&loop, 0, clock_monotonic_ms() + 20, raise_it, (void *)number);
		loop_run(&loop);
		_exit(loop_signalled() ? 0 : 1);
	}
	int status = -1;
	waitpid(pid, &status, 0);
	return status;
}

START_TEST(test_signal)
{
	static const int numbers[] = {SIGTERM, SIGINT};
	ck_assert_int_eq(signalled_child(&numbers[_i], false), 0);
	ck_assert_int_eq(signalled_child(&numbers[_i], true), 0);
	ck_assert(!loop_signalled());
}
END_TEST

/* of a signal from outside, while poll() sleeps without a timer (and does sleep) */
START_TEST(test_signal_wakes)
{
	pid_t pid = fork();
	if (!pid) {
		struct loop loop;
		alarm(10);
		if (loop_init(&loop))
			_exit(2);
		ck_assert_int_eq(write(fixture.ends[1], "r", 1), 1);
		loop_run(&loop);
		_exit(loop_signalled() ? 0 : 1);
	}
	char byte = 0;
	while (read(fixture.ends[0], &byte, 1) < 0)
		usleep(1000);
	usleep(200000);
	kill(pid, SIGTERM);
	int status = -1;
	struct rusage used;
	ck_assert_int_eq(wait4(pid, &status, 0, &used), pid);
	ck_assert_int_eq(status, 0);
	ck_assert_int_lt(
		used.ru_utime.tv_sec * 1000000 + used.ru_utime.tv_usec + used.ru_stime.tv_usec, 100000);
}
END_TEST

/* the loop goes on, and each is told */
START_TEST(test_hangup)
{
	ck_assert_int_eq(loop_on_hangup(&fixture.loop, stop, &fixture), 0);
	for (unsigned i = 1; i <= 2; i++) {
		raise(SIGHUP);
		fixture.loop.stopped = false;
		loop_run(&fixture.loop);
		ck_assert_uint_eq(fixture.timers, i);
		ck_assert(!loop_signalled());
	}
	signal(SIGHUP, SIG_DFL);
}
END_TEST

START_TEST(test_broken_pipe)
{
	close(fixture.ends[0]);
	fixture.ends[0] = -1;
	ck_assert_int_eq(write(fixture.ends[1], "x", 1), -1);
	ck_assert_int_eq(errno, EPIPE);
}
END_TEST

Suite *suite_loop(void)
{
	Suite *suite = suite_create("loop");
	TCase *tcase = tcase_create("loop");
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, test_reads_and_repeats);
	tcase_add_test(tcase, test_hang_up);
	tcase_add_test(tcase, test_timer_waits);
	tcase_add_test(tcase, test_timer_once);
	tcase_add_test(tcase, test_timer_off);
	tcase_add_test(tcase, test_sleeps);
	tcase_add_test(tcase, test_full);
	tcase_add_test(tcase, test_closed);
	tcase_add_loop_test(tcase, test_signal, 0, 2);
	tcase_add_test(tcase, test_signal_wakes);
	tcase_add_test(tcase, test_hangup);
	tcase_add_test(tcase, test_broken_pipe);
	suite_add_tcase(suite, tcase);
	return suite;
}
