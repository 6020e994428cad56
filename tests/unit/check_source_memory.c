/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/source_memory.h"

#include <errno.h>

#include "tests/unit/recorded_root.h"

#define U64 UNKNOWN_U64
#define KIB(n) ((uint64_t)(n)*1024)

/* Linux 2.6.31 on 256 MiB: neither MemAvailable nor Shmem */
#define MEMINFO_2631                                                                              \
	"MemTotal:         252384 kB\nMemFree:           20000 kB\nBuffers:            4000 kB\n" \
	"Cached:           100000 kB\nSwapCached:          100 kB\nActive:            60000 kB\n" \
	"Inactive:          80000 kB\nActive(anon):      20000 kB\nInactive(anon):    16000 kB\n" \
	"Active(file):      40000 kB\nInactive(file):    56000 kB\nUnevictable:           0 kB\n" \
	"SwapTotal:        524280 kB\nSwapFree:         524000 kB\nDirty:               128 kB\n" \
	"Writeback:             4 kB\nAnonPages:         36000 kB\nMapped:             9000 kB\n" \
	"Slab:              12000 kB\nSReclaimable:       8000 kB\nSUnreclaim:         4000 kB\n" \
	"VmallocTotal:     507904 kB\n"

static const struct {
	const char *text;
	uint64_t min_free, total, available;
	enum tri estimated;
	uint64_t dirty, writeback, swap_used;
} memories[] = {
	{"MemTotal:       24684092 kB\nMemFree:        24498272 kB\nMemAvailable:   24422620 kB\nBuffers: "
	 "840 kB\n"
	 "Cached: 35740 kB\nDirty:                44 kB\nWriteback:             0 kB\n"
	 "SwapTotal:             0 kB\nSwapFree:              0 kB\nHugePages_Total:       0\n",
		KIB(67584), KIB(24684092), KIB(24422620), NO, KIB(44), 0, 0},
	/* watermark 2500: 20000 + (96000 - 2500) + (8000 - 2500) - 2500 */
	{MEMINFO_2631, KIB(2000), KIB(252384), KIB(116500), YES, KIB(128), KIB(4), KIB(280)},
	/* the watermark not known: 20000 + 96000 + 8000 */
	{MEMINFO_2631, U64, KIB(252384), KIB(124000), YES, KIB(128), KIB(4), KIB(280)},
	/* one so large that it eats all: 20000 + 48000 + 4000 - 125000 */
	{MEMINFO_2631, KIB(100000), KIB(252384), 0, YES, KIB(128), KIB(4), KIB(280)},
	{MEMINFO_2631, U64 - 1, KIB(252384), KIB(124000), YES, KIB(128), KIB(4), KIB(280)},
	/* without the file lists: 10 + (30 + 5 - 8) + 0 */
	{"MemTotal: 99 kB\nMemFree: 10 kB\nBuffers: 5 kB\nCached: 30 kB\nShmem: 8 kB\n", U64, KIB(99),
		KIB(37), YES, U64, U64, U64},
	{"MemTotal: 99 kB\nMemFree: 10 kB\nCached: 30 kB\n", U64, KIB(99), KIB(40), YES, U64, U64, U64},
	{"MemTotal: 99 kB\nMemFree: 10 kB\nCached: 3 kB\nShmem: 8 kB\n", U64, KIB(99), KIB(10), YES, U64, U64,
		U64},
	/* half a pair of lists does not count; without any cache there is no estimate */
	{"MemTotal: 99 kB\nMemFree: 10 kB\nActive(file): 50 kB\nCached: 30 kB\n", U64, KIB(99), KIB(40), YES,
		U64, U64, U64},
	{"MemTotal: 99 kB\nMemFree: 10 kB\n", U64, KIB(99), U64, UNKNOWN, U64, U64, U64},
	{"MemTotal: 99 kB\nCached: 10 kB\n", U64, KIB(99), U64, UNKNOWN, U64, U64, U64},
	{"MemFree: 10 kB\nCached: 30 kB\n", U64 - 1, U64, U64, UNKNOWN, U64, U64, U64},
	/* more available than there is: estimated instead, and that too can be nonsense */
	{"MemTotal: 99 kB\nMemFree: 10 kB\nMemAvailable: 100 kB\nCached: 30 kB\n", U64, KIB(99), KIB(40), YES,
		U64, U64, U64},
	{"MemTotal: 99 kB\nMemFree: 90 kB\nCached: 30 kB\n", U64, KIB(99), U64, UNKNOWN, U64, U64, U64},
	/* huge, negative, without unit, with another, cut, overlong */
	{"MemTotal: 18014398509481984 kB\nDirty: 1 kB\n", U64, U64, U64, UNKNOWN, KIB(1), U64, U64},
	{"MemTotal: 18014398509481983 kB\nDirty: 1 kB\n", U64, U64 - 1023, U64, UNKNOWN, KIB(1), U64, U64},
	{"MemTotal: 99999999999999999999999999999 kB\nDirty: 1 kB\n", U64, U64, U64, UNKNOWN, KIB(1), U64,
		U64},
	{"MemTotal: 99 kB\nDirty: -4 kB\nWriteback: 7 MB\n", U64, KIB(99), U64, UNKNOWN, U64, U64, U64},
	{"MemTotal: 99 kB\nDirty: 4\nWriteback:\n", U64, KIB(99), U64, UNKNOWN, U64, U64, U64},
	{"MemTotal: 99 kB\nDirty: 4 kB kB\nWriteback: 4 k", U64, KIB(99), U64, UNKNOWN, U64, U64, U64},
	{"Dirty: 4 kB", U64, U64, U64, UNKNOWN, KIB(4), U64, U64},
	/* more free swap than swap; half of the two */
	{"MemTotal: 99 kB\nSwapTotal: 4 kB\nSwapFree: 5 kB\n", U64, KIB(99), U64, UNKNOWN, U64, U64, U64},
	{"MemTotal: 99 kB\nSwapTotal: 4 kB\n", U64, KIB(99), U64, UNKNOWN, U64, U64, U64},
	{"MemTotal: 99 kB\nSwapFree: 4 kB\n", U64, KIB(99), U64, UNKNOWN, U64, U64, U64},
	{"MemTotal: 99 kB\nMemFree: 18014398509481983 kB\nCached: 18014398509481983 kB\n", U64, KIB(99), U64,
		UNKNOWN, U64, U64, U64},
};

START_TEST(test_memory)
{
	struct memory memory;
	memset(&memory, 0x55, sizeof memory);
	ck_assert_int_eq(memory_parse(text_of(memories[_i].text), memories[_i].min_free, &memory), 0);
	ck_assert_uint_eq(memory.total_bytes, memories[_i].total);
	ck_assert_uint_eq(memory.available_bytes, memories[_i].available);
	ck_assert_int_eq(memory.available_estimated, memories[_i].estimated);
	ck_assert_uint_eq(memory.dirty_bytes, memories[_i].dirty);
	ck_assert_uint_eq(memory.writeback_bytes, memories[_i].writeback);
	ck_assert_uint_eq(memory.swap_used_bytes, memories[_i].swap_used);
}
END_TEST

static const char *const refused[] = {
	"",
	"\n",
	"MemTotal",
	"MemTotal:",
	"MemTotal: 25238",
	"MemTotal: many kB\n",
	"        total:    used:    free:\nMem:  1 2 3\n",
	"HugePages_Total: 0\nMapped: 4 kB\n",
};

START_TEST(test_refused)
{
	struct memory memory = {.total_bytes = 7};
	ck_assert_int_eq(memory_parse(text_of(refused[_i]), 0, &memory), -EBADMSG);
	ck_assert_uint_eq(memory.total_bytes, 7);
}
END_TEST

static struct recorded_root machine;

START_TEST(test_collect)
{
	recorded_make(&machine);
	recorded_put(&machine, "proc/meminfo", MEMINFO_2631);
	int without = memory_collect(&machine.pass, &machine.fault);
	uint64_t generous = machine.now.memory.available_bytes;
	recorded_put(&machine, "proc/sys/vm/min_free_kbytes", "2000\n");
	int with = memory_collect(&machine.pass, &machine.fault);
	recorded_drop(&machine);
	ck_assert_int_eq(without, 0);
	ck_assert_uint_eq(generous, KIB(124000));
	ck_assert_int_eq(with, 0);
	ck_assert_uint_eq(machine.now.memory.available_bytes, KIB(116500));
}
END_TEST

START_TEST(test_collect_failures)
{
	recorded_make(&machine);
	int missing = memory_collect(&machine.pass, &machine.fault);
	bool named = strstr(machine.fault.text, "/proc/meminfo") != NULL;
	recorded_put(&machine, "proc/meminfo", "");
	int empty = memory_collect(&machine.pass, &machine.fault);
	recorded_drop(&machine);
	ck_assert_int_eq(missing, -ENOENT);
	ck_assert(named);
	ck_assert_int_eq(empty, -EBADMSG);
	ck_assert_ptr_nonnull(strstr(machine.fault.text, "MemTotal"));
	ck_assert_uint_eq(machine.now.memory.total_bytes, U64);
}
END_TEST

Suite *suite_source_memory(void);
Suite *suite_source_memory(void)
{
	Suite *suite = suite_create("source_memory");
	TCase *parse = tcase_create("parse");
	tcase_add_loop_test(parse, test_memory, 0, ARRAY_LEN(memories));
	tcase_add_loop_test(parse, test_refused, 0, ARRAY_LEN(refused));
	suite_add_tcase(suite, parse);
	TCase *collect = tcase_create("collect");
	tcase_add_test(collect, test_collect);
	tcase_add_test(collect, test_collect_failures);
	suite_add_tcase(suite, collect);
	return suite;
}
