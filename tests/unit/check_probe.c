/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * How much a probe takes, what it leaves behind, and what is kept of it.
 */
#include <check.h>
#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "enforce/costs.h"
#include "work/kinds.h"
#include "work/obey.h"
#include "work/record.h"

Suite *suite_probe(void);

#define GIB (UINT64_C(1) << 30)

static char dir[] = "/tmp/nasready-probe-XXXXXX";
static struct volume volume;

static void set_up(void)
{
	strcpy(dir + sizeof dir - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	memset(&volume, 0, sizeof volume);
	strcpy(volume.uuid, "1-2");
	volume.knee_bytes = UNKNOWN_U64;
}

static void tear_down(void)
{
	char command[80];
	snprintf(command, sizeof command, "rm -rf %s", dir);
	ck_assert_int_eq(system(command), 0);
}

START_TEST(test_how_much)
{
	ck_assert_uint_eq(probe_bytes(UNKNOWN_U64, UNKNOWN_U64), 0);
	ck_assert_uint_eq(probe_bytes(0, UNKNOWN_U64), 0);
	ck_assert_uint_eq(probe_bytes(400 * GIB - 1, UNKNOWN_U64), 0);
	ck_assert_uint_eq(probe_bytes(400 * GIB, UNKNOWN_U64), 4 * GIB);
	ck_assert_uint_eq(probe_bytes(1000 * GIB + 77, UNKNOWN_U64), 10 * GIB);
	ck_assert_uint_eq(probe_bytes(6400 * GIB, UNKNOWN_U64), 64 * GIB);
	ck_assert_uint_eq(probe_bytes(UINT64_MAX - 1, UNKNOWN_U64), 64 * GIB);
	ck_assert_uint_eq(probe_bytes(6400 * GIB, 16 * GIB), 16 * GIB); /* the largest file there */
	ck_assert_uint_eq(probe_bytes(6400 * GIB, 2 * GIB), 0);
}
END_TEST

static unsigned entries(const char *path)
{
	unsigned count = 0;
	DIR *stream = opendir(path);
	ck_assert_ptr_nonnull(stream);
	while (readdir(stream))
		count++;
	closedir(stream);
	return count - 2;
}

/* how the job ended on a folder, told no file there may be larger than 1 GiB: refused wherever it is */
static struct job_message probe(const char *folder)
{
	static const struct job_row rows[] = {{JOB_PROBE, job_probe}};
	struct jobs jobs;
	struct job_message message;
	struct job_task task = {.kind = JOB_PROBE, .share = "Backup", .limit_bytes = GIB, .state_dir = dir};
	snprintf(task.dir, sizeof task.dir, "%s", folder);
	jobs_init(&jobs, rows, 1);
	ck_assert_int_gt(jobs_start(&jobs, &task, 1000, 1000), 0);
	do {
		struct pollfd wait = {.fd = jobs.fd, .events = POLLIN};
		ck_assert_int_eq(poll(&wait, 1, 10000), 1);
	} while (jobs_receive(&jobs, 1000, 1000, &message) != JOB_NEWS_ENDED);
	return message;
}

START_TEST(test_leaves_nothing)
{
	char folder[64];
	snprintf(folder, sizeof folder, "%s/share", dir);
	ck_assert_int_ne(probe(folder).result, 0); /* it is not there */
	ck_assert_int_eq(mkdir(folder, 0755), 0);
	struct job_message message = probe(folder);
	ck_assert_int_ne(message.result, 0);
	ck_assert(message.status == ORDER_NO_SPACE || message.status == ORDER_UNSUPPORTED);
	ck_assert_ptr_nonnull(strstr(message.says, "share Backup"));
	ck_assert_uint_eq(entries(folder), 0);
}
END_TEST

START_TEST(test_both_sides_learn)
{
	struct costs agent = {.state_dir = dir}, command = {.state_dir = dir};
	costs_read(&agent);
	ck_assert_uint_eq(agent.learned.count, 0);
	ck_assert(costs_learn(&command, &volume, 64 * GIB, 1000000, 5000));
	costs_read(&agent);
	ck_assert_uint_eq(agent.learned.count, 1);
	ck_assert_uint_eq(agent.learned.volumes[0].cost.count, 1);
	ck_assert(costs_learn(&agent, &volume, 64 * GIB, 900000, 6000));
	ck_assert(costs_learn(&command, &volume, 64 * GIB, 800000, 7000)); /* of what both had */
	costs_read(&agent);
	ck_assert_uint_eq(agent.learned.volumes[0].cost.count, 3);
	ck_assert_uint_eq(agent.learned.volumes[0].cost.samples[0].us_per_gib, 12500);
}
END_TEST

START_TEST(test_past_the_knee_teaches_nothing)
{
	struct costs costs = {.state_dir = dir};
	volume.knee_bytes = 63 * GIB;
	ck_assert(!costs_learn(&costs, &volume, 64 * GIB, 1000000, 5000));
	ck_assert_uint_eq(record_stamp(dir, "costs"), 0); /* and nothing is written */
}
END_TEST

START_TEST(test_damaged_record)
{
	static const char *const damaged[] = {"nasready costs 2\n1-2 5:5\n", "nasready costs 1\n1-2 5:x\n",
		"nasready costs 1\n1-2 5:99999999999\n", "\n",
		"nasready costs 1\na 1:1\nb 1:1\nc 1:1\nd 1:1\ne 1:1\nf 1:1\ng 1:1\nh 1:1\ni 1:1\n"};
	struct fault fault;
	for (unsigned i = 0; i < ARRAY_LEN(damaged); i++) {
		struct costs costs = {.state_dir = dir};
		ck_assert_int_eq(record_write(dir, "costs", damaged[i], &fault), 0);
		costs_read(&costs);
		ck_assert_uint_eq(costs.learned.count, 0);
		ck_assert(costs_learn(&costs, &volume, 64 * GIB, 1000000, 5000));
		ck_assert_uint_eq(costs.learned.count, 1);
	}
}
END_TEST

Suite *suite_probe(void)
{
	Suite *suite = suite_create("probe");
	TCase *tests = tcase_create("probe");
	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, test_how_much);
	tcase_add_test(tests, test_leaves_nothing);
	tcase_add_test(tests, test_both_sides_learn);
	tcase_add_test(tests, test_past_the_knee_teaches_nothing);
	tcase_add_test(tests, test_damaged_record);
	suite_add_tcase(suite, tests);
	return suite;
}
