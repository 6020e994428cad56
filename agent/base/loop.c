/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "base/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A signal handler reaches nothing but static data. The flag stays: a signal that comes while one loop has
 * ended and the next has not begun must not be lost. */
static volatile sig_atomic_t signalled, hung_up;
static int wake_ends[2] = {-1, -1};

static uint64_t clock_ms(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

uint64_t clock_monotonic_ms(void)
{
	return clock_ms(CLOCK_MONOTONIC);
}

uint64_t clock_wall_ms(void)
{
	return clock_ms(CLOCK_REALTIME);
}

/* The byte in the pipe wakes a poll() that was just about to begin, which the flag alone would not. */
static void on_signal(int number)
{
	int error = errno;
	if (number == SIGHUP)
		hung_up = 1;
	else
		signalled = 1;
	ssize_t count = write(wake_ends[1], "", 1);
	(void)count;
	errno = error;
}

static int catch_signal(int number, void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler};
	sigemptyset(&action.sa_mask);
	return sigaction(number, &action, NULL) ? -errno : 0;
}

/* A forked process must not share the pipe of its parent: one's signal would wake the other. */
static int make_wake_pipe(void)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
		return -errno;
	for (int i = 0; i < 2; i++) {
		if (wake_ends[i] >= 0)
			close(wake_ends[i]);
		wake_ends[i] = ends[i];
	}
	return 0;
}

int loop_init(struct loop *loop)
{
	memset(loop, 0, sizeof *loop);
	for (unsigned i = 0; i < LOOP_TIMERS_MAX; i++)
		loop->timers[i].at_ms = LOOP_NEVER;
	int error = make_wake_pipe();
	if (!error)
		error = catch_signal(SIGPIPE, SIG_IGN);
	if (!error)
		error = catch_signal(SIGINT, on_signal);
	if (!error)
		error = catch_signal(SIGTERM, on_signal);
	return error;
}

int loop_watch(struct loop *loop, int fd, void (*call)(void *arg), void *arg)
{
	if (fd < 0)
		return -EBADF;
	unsigned slot = 0;
	while (slot < loop->fd_count && loop->fds[slot].fd >= 0)
		slot++;
	if (slot == LOOP_FDS_MAX)
		return -ENOSPC;
	loop->fds[slot].fd = fd;
	loop->fds[slot].call = call;
	loop->fds[slot].arg = arg;
	if (slot == loop->fd_count)
		loop->fd_count++;
	return 0;
}

void loop_unwatch(struct loop *loop, int fd)
{
	for (unsigned i = 0; i < loop->fd_count; i++)
		if (loop->fds[i].fd == fd)
			loop->fds[i].fd = -1; /* which poll() passes over */
}

int loop_on_hangup(struct loop *loop, void (*call)(void *arg), void *arg)
{
	loop->hangup = call;
	loop->hangup_arg = arg;
	return catch_signal(SIGHUP, on_signal);
}

void loop_timer(struct loop *loop, unsigned slot, uint64_t at_ms, void (*call)(void *arg), void *arg)
{
	if (slot >= LOOP_TIMERS_MAX)
		return;
	loop->timers[slot].at_ms = at_ms;
	loop->timers[slot].call = call;
	loop->timers[slot].arg = arg;
}

void loop_stop(struct loop *loop)
{
	loop->stopped = true;
}

bool loop_signalled(void)
{
	return signalled;
}

/* for poll(): -1 sleeps until a descriptor or a signal says something */
static int time_to_sleep(const struct loop *loop)
{
	uint64_t next = LOOP_NEVER;
	for (unsigned i = 0; i < LOOP_TIMERS_MAX; i++)
		if (loop->timers[i].at_ms < next)
			next = loop->timers[i].at_ms;
	if (next == LOOP_NEVER)
		return -1;
	uint64_t now = clock_monotonic_ms();
	if (next <= now)
		return 0;
	return next - now > INT_MAX ? INT_MAX : (int)(next - now);
}

/* `ready` is as poll() filled it: a descriptor added by a callback is first looked at in the next round. */
static void call_ready(struct loop *loop, const struct pollfd *ready, unsigned count)
{
	for (unsigned i = 0; i < count && !loop->stopped && !signalled; i++) {
		if (ready[i].fd != loop->fds[i].fd)
			continue;
		/* it was closed without a word: asking again would never sleep */
		if (ready[i].revents & POLLNVAL)
			loop->fds[i].fd = -1;
		else if (ready[i].revents)
			loop->fds[i].call(loop->fds[i].arg);
	}
}

static void call_due(struct loop *loop)
{
	uint64_t now = clock_monotonic_ms();
	for (unsigned i = 0; i < LOOP_TIMERS_MAX && !loop->stopped && !signalled; i++) {
		if (loop->timers[i].at_ms == LOOP_NEVER || loop->timers[i].at_ms > now)
			continue;
		loop->timers[i].at_ms = LOOP_NEVER;
		loop->timers[i].call(loop->timers[i].arg);
	}
}

static void call_hangup(struct loop *loop)
{
	char bytes[16];
	while (!signalled && read(wake_ends[0], bytes, sizeof bytes) > 0)
		;
	if (!hung_up || !loop->hangup || loop->stopped || signalled)
		return;
	hung_up = 0;
	loop->hangup(loop->hangup_arg);
}

void loop_run(struct loop *loop)
{
	struct pollfd ready[LOOP_FDS_MAX + 1];
	while (!loop->stopped && !signalled) {
		unsigned count = loop->fd_count;
		for (unsigned i = 0; i < count; i++)
			ready[i] = (struct pollfd){.fd = loop->fds[i].fd, .events = POLLIN};
		ready[count] = (struct pollfd){.fd = wake_ends[0], .events = POLLIN};
		int found = poll(ready, count + 1, time_to_sleep(loop));
		if (found > 0 && ready[count].revents)
			call_hangup(loop);
		if (found > 0)
			call_ready(loop, ready, count);
		call_due(loop);
	}
}
