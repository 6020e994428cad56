/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "work/job_child.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/busy.h"
#include "base/loop.h"
#include "common/text.h"
#include "work/lock.h"

#define NICE 10
#define CHUNK_FIRST_BYTES (UINT64_C(1) << 30)
#define CHUNK_LEAST_BYTES (UINT64_C(64) << 20)
#define CHUNK_MOST_BYTES (UINT64_C(1) << 40)
#define CHUNK_MS 1000 /* a cancel waits as long, and so does whoever opens the disk */
#define CHUNK_POLITE_MS 250
#define REST_MS 10 /* after each chunk, so that whoever waits for the file system gets it */
#define REST_MOST_MS 2000

/* a signal handler reaches nothing but static data */
static volatile sig_atomic_t ended_by_signal;

static void on_signal(int number)
{
	(void)number;
	ended_by_signal = 1;
}

static void tell(struct job_run *run, enum job_news news)
{
	run->message.news = news;
	/* a parent that is gone hears nothing; the work is finished or undone all the same */
	ssize_t count = write(run->out, &run->message, sizeof run->message);
	(void)count;
}

void job_accept(struct job_run *run)
{
	tell(run, JOB_NEWS_ACCEPTED);
}

int job_refuse(struct job_run *run, enum order_status status, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(run->message.says, sizeof run->message.says, format, args);
	va_end(args);
	run->message.status = status;
	tell(run, JOB_NEWS_REFUSED);
	return -EPERM;
}

int job_says(struct job_run *run, int code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(run->message.says, sizeof run->message.says, format, args);
	va_end(args);
	return code;
}

void job_phase(struct job_run *run, const char *phase)
{
	snprintf(run->message.phase, sizeof run->message.phase, "%s", phase);
	tell(run, JOB_NEWS_PROGRESS);
}

void job_progress(struct job_run *run, uint64_t done_bytes, uint64_t total_bytes)
{
	run->message.done_bytes = done_bytes;
	run->message.total_bytes = total_bytes;
	tell(run, JOB_NEWS_PROGRESS);
}

bool job_cancelled(const struct job_run *run)
{
	return ended_by_signal || atomic_load(&run->control->cancel);
}

uint64_t job_next_chunk(uint64_t bytes, uint64_t ms, bool give_way)
{
	uint64_t target_ms = give_way ? CHUNK_POLITE_MS : CHUNK_MS;
	uint64_t next = ms < 1 ? bytes * 4 : bytes / ms * target_ms;
	if (next > bytes * 4)
		next = bytes * 4; /* the first ones may have been lucky */
	next -= next % CHUNK_LEAST_BYTES;
	return next < CHUNK_LEAST_BYTES	 ? CHUNK_LEAST_BYTES
	       : next > CHUNK_MOST_BYTES ? CHUNK_MOST_BYTES
					 : next;
}

uint64_t job_chunk(struct job_run *run, uint64_t left_bytes)
{
	if (!run->chunk_bytes)
		run->chunk_bytes = CHUNK_FIRST_BYTES;
	run->chunk_began_ms = clock_monotonic_ms();
	run->chunk_began_busy_ms = busy_ms();
	return left_bytes < run->chunk_bytes ? left_bytes : run->chunk_bytes;
}

static bool end_chunk(struct job_run *run, uint64_t bytes, uint64_t ms)
{
	bool give_way = atomic_load(&run->control->give_way);
	if (bytes >= CHUNK_LEAST_BYTES)
		run->chunk_bytes = job_next_chunk(bytes, ms, give_way);
	uint64_t rest_ms = give_way && ms > REST_MS ? ms : REST_MS;
	usleep((unsigned)(rest_ms > REST_MOST_MS ? REST_MOST_MS : rest_ms) * 1000);
	return !job_cancelled(run);
}

void job_timed(struct job_run *run, uint64_t bytes, uint64_t ms)
{
	run->message.chunk_bytes = bytes;
	run->message.chunk_ms = ms > UINT32_MAX ? UINT32_MAX : (uint32_t)ms;
	tell(run, JOB_NEWS_CHUNK);
}

bool job_chunk_done(struct job_run *run, uint64_t bytes)
{
	job_timed(run, bytes, busy_ms() - run->chunk_began_busy_ms);
	return end_chunk(run, bytes, clock_monotonic_ms() - run->chunk_began_ms);
}

bool job_free_done(struct job_run *run, uint64_t bytes)
{
	return end_chunk(run, bytes, clock_monotonic_ms() - run->chunk_began_ms);
}

void job_rest(struct job_run *run)
{
	usleep((atomic_load(&run->control->give_way) ? CHUNK_POLITE_MS : REST_MS) * 1000);
}

void job_idle_io(void)
{
#ifdef SYS_ioprio_set
	syscall(SYS_ioprio_set, 1 /* IOPRIO_WHO_PROCESS */, 0, 3 << 13 /* IOPRIO_CLASS_IDLE */);
#endif
}

/* the socket that the agent listens at, above all: it must not stay open for as long as this takes */
static void close_inherited(int keep)
{
	for (int fd = STDERR_FILENO + 1; fd < 64; fd++)
		if (fd != keep)
			close(fd);
}

static void prepare(int out, pid_t parent)
{
	const struct sigaction end = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};
	close_inherited(out);
	sigaction(SIGTERM, &end, NULL);
	sigaction(SIGINT, &ignore, NULL); /* of the terminal: the parent cancels */
	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGIO, &ignore, NULL); /* somebody wants the file: looked at between chunks */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		ended_by_signal = 1;
	setpriority(PRIO_PROCESS, 0, NICE);
}

void job_child(const struct job_row *row, const struct job_task *task, struct job_control *control, int out,
	pid_t parent)
{
	struct job_run run = {.task = task, .control = control, .out = out};
	run.message.done_bytes = run.message.total_bytes = run.message.next_s = UNKNOWN_U64;
	prepare(out, parent);
	struct fault fault = {""};
	int lock = lock_take(task->state_dir, &fault);
	int result = 0;
	if (lock == -EAGAIN)
		result = job_refuse(&run, ORDER_BUSY,
			"another nasready works on a disk at the moment: wait until it has ended");
	else if (lock < 0)
		result = job_refuse(&run, ORDER_FAILED, "%s", fault.text);
	else
		result = row->run(&run);
	run.message.result = result;
	tell(&run, JOB_NEWS_ENDED);
	_exit(result ? 1 : 0);
}
