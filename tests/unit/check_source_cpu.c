/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/source_cpu.h"

#include <errno.h>
#include <stdlib.h>

#include "tests/unit/recorded_root.h"

#define U64 UNKNOWN_U64
#define U32 UNKNOWN_U32
#define TOO_HUGE "18446744073709551616"
#define ALMOST "18446744073709551614" /* the largest number that is not UNKNOWN_U64 */

static struct cpu unknown_cpu(void)
{
	static struct snapshot snapshot;
	snapshot_reset(&snapshot);
	return snapshot.cpu;
}

static const struct {
	const char *text;
	int result;
	uint32_t cores;
	uint64_t user, system, idle, iowait, steal;
} stats[] = {
	/* Linux 6.18, two processors */
	{"cpu  4059 10 2840 315881 397 1 73 805 6 7\n"
	 "cpu0 1491 0 1149 158888 24 0 9 437 0 0\ncpu1 2568 0 1691 156992 372 0 63 368 0 0\n"
	 "intr 171130 0 0\nctxt 1\n",
		0, 2, 4069, 2914, 315881, 397, 805},
	/* Linux 2.6.31, one processor, no guest_nice */
	{"cpu  100 20 300 4000 50 6 7 0 0\ncpu0 100 20 300 4000 50 6 7 0 0\nintr 12 1\n", 0, 1, 120, 313,
		4000, 50, 0},
	/* 2.6.0: no steal; 2.4: four columns */
	{"cpu  100 20 300 4000 50 6 7\ncpu0 100 20 300 4000 50 6 7\n", 0, 1, 120, 313, 4000, 50, U64},
	{"cpu  100 20 300 4000\ncpu0 100 20 300 4000\npage 1 2\n", 0, 1, 120, 300, 4000, U64, U64},
	/* cut, at any place */
	{"cpu  100 20 300", 0, U32, 120, 300, U64, U64, U64},
	{"cpu  100", -EBADMSG, U32, U64, U64, U64, U64, U64},
	{"cpu", -EBADMSG, U32, U64, U64, U64, U64, U64},
	{"cp", -EBADMSG, U32, U64, U64, U64, U64, U64},
	{"", -EBADMSG, U32, U64, U64, U64, U64, U64},
	{"\n\n\n", -EBADMSG, U32, U64, U64, U64, U64, U64},
	{"intr 1 2 3\nctxt 4\n", -EBADMSG, U32, U64, U64, U64, U64, U64},
	/* nonsense stays in its field */
	{"cpu  -1 2 3 4 5 6 7 8\n", 0, U32, U64, 16, 4, 5, 8},
	{"cpu  1 2 " TOO_HUGE " 4 5 6 7 8\n", 0, U32, 3, U64, 4, 5, 8},
	{"cpu  1 2 3 4 x 6 7 8y\n", 0, U32, 3, 16, 4, U64, U64},
	{"cpu  1 2 3 4 5 6 - 8\n", 0, U32, 3, U64, 4, 5, 8},
	/* sums that do not fit, or would look unknown */
	{"cpu  " ALMOST " 1 3 4 5 6 7 8\n", 0, U32, U64, 16, 4, 5, 8},
	{"cpu  " ALMOST " 0 3 4 5 6 7 8\n", 0, U32, U64 - 1, 16, 4, 5, 8},
	{"cpu  " ALMOST " " ALMOST " 3 4 5 6 7 8\n", 0, U32, U64, 16, 4, 5, 8},
	/* processors alone, the total in second place, a second total, and words that only begin so */
	{"cpu0 1 2 3 4\ncpu1 1 2 3 4\n", 0, 2, U64, U64, U64, U64, U64},
	{"softirq 9\ncpu0 1 2 3 4\ncpu  5 6 7 8 9 0 0 1\n", 0, 1, 11, 7, 8, 9, 1},
	{"cpu  1 2 3 4 5 6 7 8\ncpu  9 9 9 9 9 9 9 9\n", 0, U32, 3, 16, 4, 5, 8},
	{"cpufreq 1 2 3 4\ncpux 1 2 3 4\n", -EBADMSG, U32, U64, U64, U64, U64, U64},
	{"cpu  1 2 3 4 5 6 7 8\nctxt 1\ncpu0 1 2 3 4\n", 0, U32, 3, 16, 4, 5, 8},
};

START_TEST(test_stat)
{
	struct cpu cpu = unknown_cpu();
	ck_assert_int_eq(cpu_parse_stat(text_of(stats[_i].text), &cpu), stats[_i].result);
	ck_assert_uint_eq(cpu.cores, stats[_i].cores);
	ck_assert_uint_eq(cpu.user, stats[_i].user);
	ck_assert_uint_eq(cpu.system, stats[_i].system);
	ck_assert_uint_eq(cpu.idle, stats[_i].idle);
	ck_assert_uint_eq(cpu.iowait, stats[_i].iowait);
	ck_assert_uint_eq(cpu.steal, stats[_i].steal);
}
END_TEST

START_TEST(test_stat_keeps_on_failure)
{
	struct cpu cpu = {.cores = 3, .user = 7, .load1_hundredths = 5};
	ck_assert_int_eq(cpu_parse_stat(TEXT("cpu x y z\n"), &cpu), -EBADMSG);
	ck_assert_uint_eq(cpu.user, 7);
	ck_assert_uint_eq(cpu.cores, 3);
	ck_assert_int_eq(cpu_parse_stat(TEXT("cpu 1 2 3 4\n"), &cpu), 0);
	ck_assert_uint_eq(cpu.load1_hundredths, 5);
	ck_assert_int_eq(cpu_parse_stat((struct text){NULL, 0}, &cpu), -EBADMSG);
}
END_TEST

static const struct {
	const char *text;
	int result;
	uint32_t loads[3];
} loadavgs[] = {
	{"0.27 0.11 0.04 1/87 6209\n", 0, {27, 11, 4}},
	{"312.50 2.40 1.20 3/400 1\n", 0, {31250, 240, 120}},
	{"0.00 0.00 0.00", 0, {0, 0, 0}},
	{"1.00 2.00", 0, {100, 200, U32}},
	{"", -EBADMSG, {U32, U32, U32}},
	{"\n", -EBADMSG, {U32, U32, U32}},
	{"- 2.00 x", 0, {U32, 200, U32}},
	{"-1.00 99999999999.00 1e3", -EBADMSG, {U32, U32, U32}},
};

START_TEST(test_loadavg)
{
	struct cpu cpu = unknown_cpu();
	ck_assert_int_eq(cpu_parse_loadavg(text_of(loadavgs[_i].text), &cpu), loadavgs[_i].result);
	ck_assert_uint_eq(cpu.load1_hundredths, loadavgs[_i].loads[0]);
	ck_assert_uint_eq(cpu.load5_hundredths, loadavgs[_i].loads[1]);
	ck_assert_uint_eq(cpu.load15_hundredths, loadavgs[_i].loads[2]);
	ck_assert_uint_eq(cpu.user, U64);
}
END_TEST

static struct recorded_root machine;

START_TEST(test_collect)
{
	recorded_make(&machine);
	recorded_put(&machine, "proc/stat", "cpu  1 2 3 4 5 6 7 8\ncpu0 1 2 3 4 5 6 7 8\n");
	recorded_put(&machine, "proc/loadavg", "3.10 2.40 1.20 1/50 99\n");
	recorded_put(&machine, "proc/sys/kernel/hostname", "nas-1\n");
	recorded_put(&machine, "proc/sys/kernel/osrelease", "2.6.31.8.duov2\n");
	int result = cpu_collect(&machine.pass, &machine.fault);
	recorded_drop(&machine);
	ck_assert_int_eq(result, 0);
	ck_assert_str_eq(machine.now.host, "nas-1");
	ck_assert_str_eq(machine.now.kernel, "2.6.31.8.duov2");
	ck_assert_uint_eq(machine.now.cpu.cores, 1);
	ck_assert_uint_eq(machine.now.cpu.load1_hundredths, 310);
}
END_TEST

START_TEST(test_collect_without_the_optional)
{
	recorded_make(&machine);
	recorded_put(&machine, "proc/stat", "cpu  1 2 3 4 5 6 7 8\n");
	int result = cpu_collect(&machine.pass, &machine.fault);
	recorded_drop(&machine);
	ck_assert_int_eq(result, 0);
	ck_assert_str_eq(machine.now.host, "");
	ck_assert_uint_eq(machine.now.cpu.load1_hundredths, U32);
	ck_assert_uint_eq(machine.now.cpu.idle, 4);
}
END_TEST

START_TEST(test_collect_failures)
{
	recorded_make(&machine);
	int missing = cpu_collect(&machine.pass, &machine.fault);
	bool missing_named = strstr(machine.fault.text, "/proc/stat") != NULL;
	recorded_put(&machine, "proc/stat", "nothing of use\n");
	int nonsense = cpu_collect(&machine.pass, &machine.fault);
	bool nonsense_named = strstr(machine.fault.text, "\"cpu\"") != NULL;
	char *big = calloc(1, PROC_TEXT_MAX + 1);
	memset(big, 'c', PROC_TEXT_MAX);
	recorded_put(&machine, "proc/stat", big);
	free(big);
	int too_big = cpu_collect(&machine.pass, &machine.fault);
	bool size_named = strstr(machine.fault.text, "65536") != NULL;
	recorded_drop(&machine);
	ck_assert_int_eq(missing, -ENOENT);
	ck_assert(missing_named);
	ck_assert_int_eq(nonsense, -EBADMSG);
	ck_assert(nonsense_named);
	ck_assert_int_eq(too_big, -EFBIG);
	ck_assert(size_named);
	ck_assert_uint_lt(strlen(machine.fault.text), TEXT_LEN);
}
END_TEST

Suite *suite_source_cpu(void);
Suite *suite_source_cpu(void)
{
	Suite *suite = suite_create("source_cpu");
	TCase *parse = tcase_create("parse");
	tcase_add_loop_test(parse, test_stat, 0, ARRAY_LEN(stats));
	tcase_add_test(parse, test_stat_keeps_on_failure);
	tcase_add_loop_test(parse, test_loadavg, 0, ARRAY_LEN(loadavgs));
	suite_add_tcase(suite, parse);
	TCase *collect = tcase_create("collect");
	tcase_add_test(collect, test_collect);
	tcase_add_test(collect, test_collect_without_the_optional);
	tcase_add_test(collect, test_collect_failures);
	suite_add_tcase(suite, collect);
	return suite;
}
