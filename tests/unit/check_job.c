/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Jobs with children that only pretend to work.
 */
#include <check.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "work/job_child.h"
#include "work/lock.h"

Suite *suite_job(void);

#define MIB (UINT64_C(1) << 20)

static int works(struct job_run *run)
{
	job_accept(run);
	job_phase(run, "working");
	for (uint64_t done = 0; done < 1000; done += 100) {
		uint64_t chunk = job_chunk(run, 100);
		job_progress(run, done + chunk, 1000);
		if (!job_chunk_done(run, chunk))
			return job_says(run, -ECANCELED, "stopped at %d", (int)done);
	}
	return job_says(run, 0, "all done");
}

static int refuses(struct job_run *run)
{
	return job_refuse(run, ORDER_EXISTS, "%s is there already", run->task->file);
}

static int waits(struct job_run *run)
{
	job_accept(run);
	for (int i = 0; i < 500; i++) {
		job_chunk(run, 1);
		if (!job_chunk_done(run, 1))
			return job_says(run, -ECANCELED, "stopped");
	}
	return 0;
}

static int says_nothing(struct job_run *run)
{
	(void)run;
	return 0;
}

static const struct job_row rows[] = {
	{JOB_CREATE, works},
	{JOB_GROW, refuses},
	{JOB_DELETE, waits},
	{JOB_TIDY, says_nothing},
};

static struct jobs jobs;
static struct job_task task;
static struct snapshot snapshot;
static char dir[] = "/tmp/nasready-job-XXXXXX";

static void set_up(void)
{
	strcpy(dir + sizeof dir - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	jobs_init(&jobs, rows, ARRAY_LEN(rows));
	task = (struct job_task){.kind = JOB_CREATE, .share = "Backup", .file = "a.vhdx", .state_dir = dir};
	strcpy(task.order.who, "operator");
}

static void tear_down(void)
{
	char path[64];
	jobs_cancel(&jobs, jobs.last_number);
	snprintf(path, sizeof path, "%s/job.lock", dir);
	unlink(path);
	rmdir(dir);
}

static enum job_news next(struct job_message *message)
{
	struct pollfd wait = {.fd = jobs.fd, .events = POLLIN};
	ck_assert_int_eq(poll(&wait, 1, 10000), 1);
	return jobs_receive(&jobs, 2000, 3000, message);
}

/* the message that ends it */
static struct job_message ended(void)
{
	struct job_message message;
	while (next(&message) != JOB_NEWS_ENDED)
		;
	return message;
}

static const struct job *shown(void)
{
	jobs_publish(&jobs, &snapshot);
	ck_assert_uint_gt(snapshot.job_count, 0);
	return &snapshot.jobs[snapshot.job_count - 1];
}

START_TEST(test_done)
{
	struct job_message message;
	ck_assert_int_eq(jobs_start(&jobs, &task, 1000, 2000), 1);
	ck_assert_int_eq(jobs_start(&jobs, &task, 1000, 2000), -EBUSY);
	jobs_publish(&jobs, &snapshot);
	ck_assert_uint_eq(snapshot.job_count, 0); /* nobody knows yet whether it may */
	ck_assert_int_eq(next(&message), JOB_NEWS_ACCEPTED);
	ck_assert_int_eq(shown()->state, JOB_RUNNING);
	ck_assert_str_eq(shown()->who, "operator");
	message = ended();
	ck_assert_int_eq(message.result, 0);
	ck_assert(!jobs_busy(&jobs));
	ck_assert_int_eq(shown()->state, JOB_DONE);
	ck_assert_str_eq(shown()->says, "all done");
	ck_assert_uint_eq(shown()->done_bytes, 1000);
	ck_assert_uint_eq(shown()->ended_clock_ms, 3000);
	ck_assert_uint_eq(shown()->eta_s, UNKNOWN_U64);
}
END_TEST

START_TEST(test_refused)
{
	struct job_message message;
	task.kind = JOB_GROW;
	ck_assert_int_eq(jobs_start(&jobs, &task, 1000, 2000), 1);
	ck_assert_int_eq(next(&message), JOB_NEWS_REFUSED);
	ck_assert_int_eq(message.status, ORDER_EXISTS);
	ck_assert_str_eq(message.says, "a.vhdx is there already");
	ended();
	jobs_publish(&jobs, &snapshot);
	ck_assert_uint_eq(snapshot.job_count, 0);
}
END_TEST

/* who was told that it is a job finds it in the list, however it ends */
START_TEST(test_refused_late)
{
	task.kind = JOB_GROW;
	ck_assert_int_eq(jobs_start(&jobs, &task, 1000, 2000), 1);
	jobs_show(&jobs);
	ended();
	ck_assert_int_eq(shown()->state, JOB_FAILED);
	ck_assert_str_eq(shown()->says, "a.vhdx is there already");
}
END_TEST

START_TEST(test_cancelled)
{
	struct job_message message;
	task.kind = JOB_DELETE;
	ck_assert_int_eq(jobs_start(&jobs, &task, 1000, 2000), 1);
	next(&message);
	ck_assert(!jobs_cancel(&jobs, 2));
	ck_assert(jobs_cancel(&jobs, 1));
	ck_assert_uint_eq(shown()->cancelling, 1);
	message = ended();
	ck_assert_int_eq(message.result, -ECANCELED);
	ck_assert_int_eq(shown()->state, JOB_CANCELLED);
	ck_assert(!jobs_cancel(&jobs, 1));
}
END_TEST

START_TEST(test_killed)
{
	struct job_message message;
	task.kind = JOB_DELETE;
	ck_assert_int_eq(jobs_start(&jobs, &task, 1000, 2000), 1);
	next(&message);
	kill(jobs.pid, SIGKILL);
	message = ended();
	ck_assert_int_eq(shown()->state, JOB_FAILED);
	ck_assert_ptr_nonnull(strstr(shown()->says, "signal 9"));
	ck_assert_int_eq(jobs_start(&jobs, &task, 1000, 2000), 2); /* and the lock is free again */
	ck_assert_int_eq(next(&message), JOB_NEWS_ACCEPTED);
	kill(jobs.pid, SIGTERM); /* the agent ends */
	ck_assert_int_eq(ended().result, -ECANCELED);
}
END_TEST

START_TEST(test_locked)
{
	struct job_message message;
	struct fault fault;
	int lock = lock_take(dir, &fault);
	ck_assert_int_ge(lock, 0);
	ck_assert_int_eq(lock_take(dir, &fault), -EAGAIN);
	ck_assert_int_eq(jobs_start(&jobs, &task, 1000, 2000), 1);
	ck_assert_int_eq(next(&message), JOB_NEWS_REFUSED);
	ck_assert_int_eq(message.status, ORDER_BUSY);
	ended();
	close(lock);
	ck_assert_int_eq(jobs_start(&jobs, &task, 1000, 2000), 2);
	ck_assert_int_eq(next(&message), JOB_NEWS_ACCEPTED);
	ended();
}
END_TEST

START_TEST(test_silent)
{
	task.kind = JOB_TIDY;
	ck_assert_int_eq(jobs_start(&jobs, &task, 1000, 2000), 1);
	ended();
	jobs_publish(&jobs, &snapshot);
	ck_assert_uint_eq(snapshot.job_count, 0);
}
END_TEST

START_TEST(test_the_oldest_is_forgotten)
{
	for (int i = 1; i <= JOBS_MAX + 2; i++) {
		ck_assert_int_eq(jobs_start(&jobs, &task, 1000, 2000), i);
		ended();
	}
	jobs_publish(&jobs, &snapshot);
	ck_assert_uint_eq(snapshot.job_count, JOBS_MAX);
	ck_assert_uint_eq(snapshot.jobs[0].number, 3);
	ck_assert_ptr_null(jobs_find(&jobs, 2));
	ck_assert_ptr_nonnull(jobs_find(&jobs, 3));
}
END_TEST

START_TEST(test_chunks)
{
	uint64_t gib = 1024 * MIB;
	ck_assert_uint_eq(job_next_chunk(1000 * MIB, 1000, false), 960 * MIB);
	ck_assert_uint_eq(job_next_chunk(gib, 0, false), 4 * gib);
	ck_assert_uint_eq(job_next_chunk(gib, 10, false), 4 * gib);
	ck_assert_uint_lt(job_next_chunk(gib, 1000, true), gib / 3);
	ck_assert_uint_eq(job_next_chunk(64 * MIB, 60000, false), 64 * MIB);
	ck_assert_uint_eq(job_next_chunk(1024 * gib, 1, false), 1024 * gib);
}
END_TEST

START_TEST(test_others_write)
{
	static struct snapshot before, now;
	snapshot_reset(&before);
	struct link *link = snapshot_add_link(&before);
	strcpy(link->name, "eth0");
	link->rx_bytes = 1000;
	now = before;
	before.time_ms = 1000;
	now.time_ms = 3000;
	ck_assert(!jobs_others_write(&before, &now));
	now.links[0].rx_bytes += 1900000;
	ck_assert(!jobs_others_write(&before, &now));
	now.links[0].rx_bytes += 200000;
	ck_assert(jobs_others_write(&before, &now));
	strcpy(now.links[0].name, "eth1");
	ck_assert(!jobs_others_write(&before, &now));
}
END_TEST

Suite *suite_job(void)
{
	Suite *suite = suite_create("job");
	TCase *tcase = tcase_create("job");
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 20);
	tcase_add_test(tcase, test_done);
	tcase_add_test(tcase, test_refused);
	tcase_add_test(tcase, test_refused_late);
	tcase_add_test(tcase, test_cancelled);
	tcase_add_test(tcase, test_killed);
	tcase_add_test(tcase, test_locked);
	tcase_add_test(tcase, test_silent);
	tcase_add_test(tcase, test_the_oldest_is_forgotten);
	tcase_add_test(tcase, test_chunks);
	tcase_add_test(tcase, test_others_write);
	suite_add_tcase(suite, tcase);
	return suite;
}
