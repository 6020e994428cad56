/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Orders, with a table of jobs that only pretend to work.
 */
#include <check.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/vhdx_make.h"
#include "work/job_child.h"
#include "work/obey.h"

Suite *suite_obey(void);

#define MIB UINT64_C(1048576)

static int accepts(struct job_run *run)
{
	job_accept(run);
	while (!job_cancelled(run))
		usleep(1000);
	return job_says(run, -ECANCELED, "stopped");
}

static int refuses(struct job_run *run)
{
	return job_refuse(run, ORDER_IN_USE, "%s is open", run->task->file);
}

static int thinks(struct job_run *run)
{
	while (!job_cancelled(run))
		usleep(1000);
	return job_says(run, -ECANCELED, "stopped");
}

static const struct job_row rows[] = {
	{JOB_CREATE, accepts}, {JOB_GROW, refuses}, {JOB_DELETE, thinks}, {JOB_UNDELETE, accepts}};

static struct jobs jobs;
static struct obey boss;
static struct snapshot known;
static struct order_answer answer;
static unsigned answers;
static char dir[] = "/tmp/nasready-obey-XXXXXX";

static void on_answer(void *arg, const struct order_answer *given)
{
	(void)arg;
	answer = *given;
	answers++;
}

static void set_up(void)
{
	strcpy(dir + sizeof dir - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	jobs_init(&jobs, rows, ARRAY_LEN(rows));
	obey_init(&boss, &jobs, dir, false);
	obey_begin(&boss, on_answer, NULL);
	boss.quiet = true;
	answers = 0;
	snapshot_reset(&known);
	struct share *share = snapshot_add_share(&known);
	strcpy(share->name, "Backup");
	strcpy(share->path, dir);
	share->number = 7;
	share = snapshot_add_share(&known);
	strcpy(share->name, "home");
	strcpy(share->path, "/home/%U");
	share->number = 8;
	struct vdisk *disk = snapshot_add_vdisk(&known);
	strcpy(disk->share, "Backup");
	strcpy(disk->file, "a.vhdx");
	disk->number = 70;
}

static void receive_until(unsigned wanted)
{
	while (answers < wanted || (wanted == 0 && jobs_busy(&jobs))) {
		struct pollfd wait = {.fd = jobs.fd, .events = POLLIN};
		ck_assert_int_eq(poll(&wait, 1, 10000), 1);
		obey_receive(&boss, 1000, 1000);
	}
}

static void tear_down(void)
{
	char command[80];
	if (jobs_busy(&jobs)) {
		jobs_cancel(&jobs, jobs.last_number);
		receive_until(0);
	}
	snprintf(command, sizeof command, "rm -rf %s", dir);
	ck_assert_int_eq(system(command), 0);
}

static void order(enum order_kind kind, uint32_t number, const char *file, uint64_t size)
{
	struct order given = {.id = 5, .kind = kind, .number = number, .size_bytes = size};
	snprintf(given.file, sizeof given.file, "%s", file);
	obey(&boss, &given, &known);
}

START_TEST(test_becomes_a_job)
{
	order(ORDER_CREATE, 7, "new.vhdx", 100 * MIB + 5);
	ck_assert_uint_eq(answers, 0);
	receive_until(1);
	ck_assert_int_eq(answer.status, ORDER_JOB);
	ck_assert_uint_eq(answer.id, 5);
	ck_assert_uint_eq(answer.job, 1);
	ck_assert_uint_eq(jobs.task.order.size_bytes, 100 * MIB); /* rounded down */
	order(ORDER_CREATE, 7, "other.vhdx", 100 * MIB);
	ck_assert_int_eq(answer.status, ORDER_BUSY);
	ck_assert_uint_ne(answer.retry_after_s, 0);
	order(ORDER_CANCEL, 2, "", 0);
	ck_assert_int_eq(answer.status, ORDER_UNKNOWN_JOB);
	order(ORDER_CANCEL, 1, "", 0);
	ck_assert_int_eq(answer.status, ORDER_DONE);
	receive_until(0);
	order(ORDER_CANCEL, 1, "", 0); /* what has ended needs no cancelling */
	ck_assert_int_eq(answer.status, ORDER_DONE);
}
END_TEST

START_TEST(test_the_job_refuses)
{
	order(ORDER_GROW, 70, "", 100 * MIB);
	receive_until(1);
	ck_assert_int_eq(answer.status, ORDER_IN_USE);
	ck_assert_str_eq(answer.fault.text, "a.vhdx is open");
	receive_until(0);
	ck_assert_uint_eq(answers, 1);
}
END_TEST

/* a disk that has to spin up must not keep the one who asks */
START_TEST(test_takes_its_time)
{
	order(ORDER_DELETE, 70, "", 0);
	ck_assert_uint_ne(obey_due_ms(&boss), UINT64_MAX);
	obey_settle(&boss, &known, boss.waiting_until_ms - 1, 1000);
	ck_assert_uint_eq(answers, 0);
	obey_settle(&boss, &known, boss.waiting_until_ms, 1000);
	ck_assert_uint_eq(answers, 1);
	ck_assert_int_eq(answer.status, ORDER_JOB);
	jobs_publish(&jobs, &known);
	ck_assert_uint_eq(known.job_count, 1);
}
END_TEST

static const struct {
	enum order_kind kind;
	uint32_t number;
	const char *file;
	uint64_t size;
	enum order_status status;
} wrong[] = {
	{ORDER_NONE, 7, "a.vhdx", 100 * MIB, ORDER_UNSUPPORTED},
	{(enum order_kind)99, 7, "a.vhdx", 100 * MIB, ORDER_UNSUPPORTED},
	{ORDER_CREATE, 9, "a.vhdx", 100 * MIB, ORDER_UNKNOWN_SHARE},
	{ORDER_CREATE, 0, "a.vhdx", 100 * MIB, ORDER_UNKNOWN_SHARE},
	{ORDER_CREATE, 8, "a.vhdx", 100 * MIB, ORDER_UNKNOWN_SHARE},
	{ORDER_CREATE, 7, "../a.vhdx", 100 * MIB, ORDER_BAD_NAME},
	{ORDER_CREATE, 7, "CON.vhdx", 100 * MIB, ORDER_BAD_NAME},
	{ORDER_CREATE, 7, "", 100 * MIB, ORDER_BAD_NAME},
	{ORDER_CREATE, 7, "a.vhdx", 0, ORDER_BAD_SIZE},
	{ORDER_CREATE, 7, "a.vhdx", 1, ORDER_BAD_SIZE},
	{ORDER_CREATE, 7, "a.vhdx", 3 * MIB - 1, ORDER_BAD_SIZE},
	{ORDER_CREATE, 7, "a.vhdx", VHDX_DISK_SIZE_MAX + 1, ORDER_BEYOND_LIMIT},
	{ORDER_CREATE, 7, "a.vhdx", UINT64_MAX, ORDER_BEYOND_LIMIT},
	{ORDER_GROW, 71, "", 100 * MIB, ORDER_UNKNOWN_DISK},
	{ORDER_GROW, 0, "", 100 * MIB, ORDER_UNKNOWN_DISK},
	{ORDER_GROW, 70, "", VHDX_DISK_SIZE_MAX + 1, ORDER_BEYOND_LIMIT},
	{ORDER_DELETE, 7, "a.vhdx", 0, ORDER_UNKNOWN_DISK},
	{ORDER_UNDELETE, 7, "..", 0, ORDER_BAD_NAME},
	{ORDER_UNDELETE, 7, ".nasready/new.vhdx", 0, ORDER_BAD_NAME},
	{ORDER_UNDELETE, 7, "a/b/c.vhdx", 0, ORDER_BAD_NAME},
	{ORDER_UNDELETE, 7, "/a.vhdx", 0, ORDER_BAD_NAME},
	{ORDER_UNDELETE, 7, "a/", 0, ORDER_BAD_NAME},
	{ORDER_PROBE, 9, "", 0, ORDER_UNKNOWN_SHARE},
	{ORDER_PROBE, 8, "", 0, ORDER_UNKNOWN_SHARE},
	{ORDER_GRANT, 9, "a.vhdx", MIB, ORDER_UNKNOWN_SHARE},
	{ORDER_GRANT, 7, "../a.vhdx", MIB, ORDER_BAD_NAME},
};

START_TEST(test_wrong)
{
	order(wrong[_i].kind, wrong[_i].number, wrong[_i].file, wrong[_i].size);
	ck_assert_uint_eq(answers, 1);
	ck_assert_msg(answer.status == wrong[_i].status, "%d: %s", answer.status, answer.fault.text);
	ck_assert_str_ne(answer.fault.text, "");
	ck_assert(!jobs_busy(&jobs));
}
END_TEST

static uint64_t granted_bytes;

static void on_grant(void *arg, const struct share *share, const struct order *given)
{
	(void)arg;
	ck_assert_uint_eq(share->number, 7);
	ck_assert_str_eq(given->file, "a.vhdx");
	granted_bytes = given->size_bytes;
}

START_TEST(test_grant)
{
	order(ORDER_GRANT, 7, "a.vhdx", 300 * MIB); /* nobody wants to know */
	ck_assert_int_eq(answer.status, ORDER_DONE);
	boss.grant = on_grant;
	order(ORDER_GRANT, 7, "a.vhdx", 200 * MIB);
	ck_assert_int_eq(answer.status, ORDER_DONE);
	ck_assert_uint_eq(granted_bytes, 200 * MIB);
	ck_assert(!jobs_busy(&jobs));
}
END_TEST

START_TEST(test_recorded)
{
	boss.recorded = true;
	order(ORDER_CREATE, 7, "a.vhdx", 100 * MIB);
	ck_assert_int_eq(answer.status, ORDER_UNSUPPORTED);
}
END_TEST

Suite *suite_obey(void)
{
	Suite *suite = suite_create("obey");
	TCase *tcase = tcase_create("obey");
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 20);
	tcase_add_test(tcase, test_becomes_a_job);
	tcase_add_test(tcase, test_the_job_refuses);
	tcase_add_test(tcase, test_takes_its_time);
	tcase_add_loop_test(tcase, test_wrong, 0, (int)ARRAY_LEN(wrong));
	tcase_add_test(tcase, test_grant);
	tcase_add_test(tcase, test_recorded);
	suite_add_tcase(suite, tcase);
	return suite;
}
