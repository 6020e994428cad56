/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "common/scope.h"
#include "judge/history.h"

Suite *suite_history(void);

#define MB UINT64_C(1000000)
#define TB (1000000 * MB)

_Static_assert(sizeof(struct history) < 48 * 1024, "the server has little memory");

static struct snapshot snapshot;
static struct history history;
static struct rates rates;

static struct volume *add_volume(const char *id)
{
	struct volume *volume = snapshot_add_volume(&snapshot);
	strcpy(volume->id, id);
	volume->stale = NO;
	volume->free_bytes = 5 * TB;
	volume->written_bytes = 1000 * MB;
	volume->delayed_bytes = 0;
	volume->journal.present = YES;
	volume->journal.commit_s = 5;
	volume->journal.transactions = 100;
	return volume;
}

static void start(void)
{
	snapshot_reset(&snapshot);
	history_reset(&history);
	snapshot.time_ms = 100000;
	snapshot.cpu = (struct cpu){
		.cores = 1, .user = 1000, .system = 1000, .idle = 1000, .iowait = 1000, .steal = 1000};
	add_volume("c");
	struct link *link = snapshot_add_link(&snapshot);
	strcpy(link->name, "eth0");
	link->rx_bytes = link->tx_bytes = link->errors = link->drops = link->multicast = 1000;
	struct disk *disk = snapshot_add_disk(&snapshot);
	strcpy(disk->name, "sda");
	disk->read_bytes = disk->written_bytes = disk->busy_ms = 1000;
}

static void add(uint64_t ms)
{
	snapshot.time_ms += ms;
	memset(&rates, 0x55, sizeof rates);
	history_add(&history, &snapshot, &rates);
}

static void assert_unknown(void)
{
	ck_assert_uint_eq(rates.cpu.busy_hundredths, UNKNOWN_U32);
	ck_assert_uint_eq(rates.cpu.user_hundredths, UNKNOWN_U32);
	ck_assert_uint_eq(rates.cpu.system_hundredths, UNKNOWN_U32);
	ck_assert_uint_eq(rates.cpu.iowait_hundredths, UNKNOWN_U32);
	ck_assert_uint_eq(rates.cpu.window_ms, UNKNOWN_U32);
	ck_assert_uint_eq(rates.volumes[0].write_bytes_per_s, UNKNOWN_U64);
	ck_assert_uint_eq(rates.volumes[0].transactions_per_s_hundredths, UNKNOWN_U32);
	ck_assert_int_eq(rates.volumes[0].journal_busy, UNKNOWN);
	ck_assert_uint_eq(rates.links[0].rx_bytes_per_s, UNKNOWN_U64);
	ck_assert_uint_eq(rates.links[0].errors_per_s_hundredths, UNKNOWN_U32);
	ck_assert_uint_eq(rates.disks[0].busy_hundredths, UNKNOWN_U32);
	ck_assert_uint_eq(rates.disks[0].write_bytes_per_s, UNKNOWN_U64);
}

START_TEST(first_sample_has_no_rates)
{
	add(0);
	assert_unknown();
	ck_assert_int_eq(rates.volumes[0].state, VOLUME_IDLE);
	ck_assert_int_eq(rates.volumes[0].settled, UNKNOWN);
	ck_assert_int_eq(rates.volumes[1].state, VOLUME_STATE_UNKNOWN);
	ck_assert_int_eq(rates.volumes[1].settled, UNKNOWN);
	ck_assert(!history_is_restless(&history));
	/* the same again is no second sample */
	add(0);
	ck_assert_uint_eq(history.count, 1);
	assert_unknown();
}
END_TEST

START_TEST(nothing_at_all)
{
	snapshot_reset(&snapshot);
	add(0);
	add(2000);
	ck_assert_uint_eq(rates.cpu.busy_hundredths, UNKNOWN_U32);
	ck_assert_uint_eq(rates.cpu.window_ms, 2000);
	ck_assert(!history_is_restless(&history));
}
END_TEST

static const struct {
	int user, system, idle, iowait, steal;
	uint32_t busy, user_share, system_share, iowait_share;
} cpus[] = {
	{50, 30, 80, 40, 0, 4000, 2500, 1500, 2000},
	{0, 0, 200, 0, 0, 0, 0, 0, 0},
	{0, 200, 0, 0, 0, 10000, 0, 10000, 0},
	{10, 20, 100, 50, 20, 2500, 500, 1000, 2500},
	{1, 0, 2, 0, 0, 3333, 3333, 0, 0},
	{100, 0, 100, -7, 0, 5000, 5000, 0, 0}, /* iowait may go back */
	{0, 0, 0, 0, 0, UNKNOWN_U32, UNKNOWN_U32, UNKNOWN_U32, UNKNOWN_U32},
	{-1, 50, 50, 0, 0, UNKNOWN_U32, UNKNOWN_U32, UNKNOWN_U32, UNKNOWN_U32},
	{50, 50, -1, 0, 0, UNKNOWN_U32, UNKNOWN_U32, UNKNOWN_U32, UNKNOWN_U32},
};

START_TEST(cpu_percentages)
{
	add(0);
	snapshot.cpu.user += (uint64_t)cpus[_i].user;
	snapshot.cpu.system += (uint64_t)cpus[_i].system;
	snapshot.cpu.idle += (uint64_t)cpus[_i].idle;
	snapshot.cpu.iowait += (uint64_t)cpus[_i].iowait;
	snapshot.cpu.steal += (uint64_t)cpus[_i].steal;
	add(2000);
	ck_assert_uint_eq(rates.cpu.busy_hundredths, cpus[_i].busy);
	ck_assert_uint_eq(rates.cpu.user_hundredths, cpus[_i].user_share);
	ck_assert_uint_eq(rates.cpu.system_hundredths, cpus[_i].system_share);
	ck_assert_uint_eq(rates.cpu.iowait_hundredths, cpus[_i].iowait_share);
	ck_assert_uint_eq(rates.cpu.window_ms, 2000);
}
END_TEST

START_TEST(cpu_without_some_counters)
{
	snapshot.cpu.steal = UNKNOWN_U64;
	add(0);
	snapshot.cpu.user += 50;
	snapshot.cpu.idle += 50;
	add(2000);
	ck_assert_uint_eq(rates.cpu.busy_hundredths, 5000);
	snapshot.cpu.user = UNKNOWN_U64;
	add(2000);
	ck_assert_uint_eq(rates.cpu.busy_hundredths, UNKNOWN_U32);
}
END_TEST

START_TEST(links_and_disks)
{
	add(0);
	struct link *link = &snapshot.links[0];
	link->rx_bytes += 116 * MB;
	link->tx_bytes += 3;
	link->errors += 1;
	link->drops += 500;
	link->multicast += 6;
	struct disk *disk = &snapshot.disks[0];
	disk->read_bytes += 2 * MB;
	disk->written_bytes += 60 * MB;
	disk->busy_ms += 240;
	add(2000);
	ck_assert_uint_eq(rates.links[0].rx_bytes_per_s, 58 * MB);
	ck_assert_uint_eq(rates.links[0].tx_bytes_per_s, 1);
	ck_assert_uint_eq(rates.links[0].errors_per_s_hundredths, 50);
	ck_assert_uint_eq(rates.links[0].drops_per_s_hundredths, 25000);
	ck_assert_uint_eq(rates.links[0].multicast_per_s_hundredths, 300);
	ck_assert_uint_eq(rates.disks[0].busy_hundredths, 1200);
	ck_assert_uint_eq(rates.disks[0].read_bytes_per_s, MB);
	ck_assert_uint_eq(rates.disks[0].write_bytes_per_s, 30 * MB);
	ck_assert_uint_eq(rates.links[1].rx_bytes_per_s, UNKNOWN_U64);
	disk->busy_ms += 2500; /* more than there was */
	link->rx_bytes = 5;
	link->errors = 0;
	link->drops = UNKNOWN_U64;
	add(2000);
	ck_assert_uint_eq(rates.disks[0].busy_hundredths, 10000);
	ck_assert_uint_eq(rates.disks[0].write_bytes_per_s, 0);
	ck_assert_uint_eq(rates.links[0].rx_bytes_per_s, UNKNOWN_U64);
	ck_assert_uint_eq(rates.links[0].tx_bytes_per_s, 0);
	ck_assert_uint_eq(rates.links[0].errors_per_s_hundredths, UNKNOWN_U32);
	ck_assert_uint_eq(rates.links[0].drops_per_s_hundredths, UNKNOWN_U32);
	disk->busy_ms = 0;
	disk->written_bytes = UNKNOWN_U64;
	add(2000);
	ck_assert_uint_eq(rates.disks[0].busy_hundredths, UNKNOWN_U32);
	ck_assert_uint_eq(rates.disks[0].write_bytes_per_s, UNKNOWN_U64);
	ck_assert_uint_eq(rates.links[0].rx_bytes_per_s, 0);
}
END_TEST

START_TEST(window_is_the_newest_that_is_old_enough)
{
	static const struct {
		uint32_t step_ms, window_ms;
	} steps[] = {{1000, 1000}, {1000, 2000}, {600, 1600}, {60000, 60000}, {1499, 61499}, {1, 1500},
		{2000, 2000}};
	add(0);
	for (unsigned i = 0; i < ARRAY_LEN(steps); i++) {
		snapshot.links[0].rx_bytes += steps[i].step_ms * UINT64_C(7);
		add(steps[i].step_ms);
		ck_assert_uint_eq(rates.cpu.window_ms, steps[i].window_ms);
		ck_assert_uint_eq(rates.links[0].rx_bytes_per_s, 7000);
	}
}
END_TEST

START_TEST(ring_forgets_the_oldest)
{
	add(0);
	for (unsigned i = 0; i < 3 * HISTORY_SAMPLES; i++) {
		snapshot.links[0].rx_bytes += 10;
		add(10);
		uint32_t samples = i + 1 < HISTORY_SAMPLES - 1 ? i + 1 : HISTORY_SAMPLES - 1;
		ck_assert_uint_eq(rates.cpu.window_ms, samples * 10);
		ck_assert_uint_eq(rates.links[0].rx_bytes_per_s, 1000);
	}
}
END_TEST

START_TEST(rows_are_found_by_name)
{
	add_volume("d")->journal.transactions = 5000;
	struct link *other = snapshot_add_link(&snapshot);
	strcpy(other->name, "eth1");
	other->rx_bytes = 7 * TB;
	add(0);
	struct link first = snapshot.links[0], second = snapshot.links[1];
	snapshot.links[0] = second;
	snapshot.links[1] = first;
	snapshot.links[0].rx_bytes += 10 * MB;
	snapshot.links[1].rx_bytes += 2 * MB;
	struct volume c = snapshot.volumes[0], d = snapshot.volumes[1];
	snapshot.volumes[0] = d;
	snapshot.volumes[1] = c;
	snapshot.volumes[0].journal.transactions += 20;
	snapshot.volumes[1].written_bytes += 10 * MB;
	strcpy(snapshot.disks[0].name, "sdb");
	add(2000);
	ck_assert_uint_eq(rates.links[0].rx_bytes_per_s, 5 * MB);
	ck_assert_uint_eq(rates.links[1].rx_bytes_per_s, MB);
	ck_assert_uint_eq(rates.volumes[0].transactions_per_s_hundredths, 1000);
	ck_assert_uint_eq(rates.volumes[0].write_bytes_per_s, 0);
	ck_assert_uint_eq(rates.volumes[1].transactions_per_s_hundredths, 0);
	ck_assert_uint_eq(rates.volumes[1].write_bytes_per_s, 5 * MB);
	ck_assert_uint_eq(rates.disks[0].busy_hundredths, UNKNOWN_U32);
}
END_TEST

START_TEST(volumes_over_a_commit_interval)
{
	struct volume *volume = &snapshot.volumes[0];
	add(0);
	for (unsigned i = 0; i < 3; i++) {
		volume->journal.transactions += 1;
		volume->written_bytes += 6 * MB;
		add(2000);
	}
	ck_assert_uint_eq(rates.volumes[0].transactions_per_s_hundredths, 50);
	ck_assert_uint_eq(rates.volumes[0].write_bytes_per_s, 3 * MB);
	ck_assert_int_eq(rates.volumes[0].journal_busy, YES);
	for (unsigned i = 0; i < 3; i++)
		add(2000);
	ck_assert_uint_eq(rates.volumes[0].transactions_per_s_hundredths, 0);
	ck_assert_uint_eq(rates.volumes[0].write_bytes_per_s, 0);
	ck_assert_int_eq(rates.volumes[0].journal_busy, NO);
	volume->journal.transactions = 1;
	add(2000);
	ck_assert_uint_eq(rates.volumes[0].transactions_per_s_hundredths, UNKNOWN_U32);
	ck_assert_int_eq(rates.volumes[0].journal_busy, UNKNOWN);
	ck_assert_uint_eq(rates.volumes[0].write_bytes_per_s, 0);
}
END_TEST

START_TEST(volume_without_journal)
{
	struct volume *volume = &snapshot.volumes[0];
	volume->journal.present = NO;
	volume->journal.commit_s = 1; /* an option of the mount without use */
	add(0);
	for (unsigned i = 0; i < 5; i++) {
		add(2000);
		ck_assert_int_eq(rates.volumes[0].settled, i < 4 ? UNKNOWN : YES);
	}
	ck_assert_int_eq(rates.volumes[0].journal_busy, UNKNOWN);
	volume->journal.present = UNKNOWN;
	volume->journal.transactions = UNKNOWN_U64;
	add(2000);
	ck_assert_int_eq(rates.volumes[0].journal_busy, UNKNOWN);
	ck_assert_uint_eq(rates.volumes[0].transactions_per_s_hundredths, UNKNOWN_U32);
	ck_assert_uint_eq(rates.volumes[0].write_bytes_per_s, 0);
	ck_assert_int_eq(rates.volumes[0].settled, YES);
}
END_TEST

START_TEST(restless_while_a_present_volume_allocates)
{
	add_volume("d");
	add(0);
	snapshot.volumes[1].free_bytes -= TB;
	add(2000);
	ck_assert_int_eq(rates.volumes[0].state, VOLUME_IDLE);
	ck_assert_int_eq(rates.volumes[1].state, VOLUME_ALLOCATING);
	ck_assert_uint_eq(rates.volumes[1].rate_bytes_per_s, TB / 2);
	ck_assert(history_is_restless(&history));
	snapshot.volume_count = 1;
	add(2000);
	ck_assert(!history_is_restless(&history));
	/* nobody knows what happened meanwhile */
	snapshot.volume_count = 2;
	snapshot.volumes[1].free_bytes -= TB;
	add(2000);
	ck_assert_int_eq(rates.volumes[1].state, VOLUME_IDLE);
	ck_assert_int_eq(rates.volumes[1].settled, UNKNOWN);
	ck_assert_int_eq(rates.volumes[1].journal_busy, UNKNOWN);
}
END_TEST

START_TEST(stale_figures_are_not_taken_for_new)
{
	add(0);
	for (unsigned i = 0; i < 6; i++)
		add(2000);
	ck_assert_int_eq(rates.volumes[0].settled, YES);
	snapshot.volumes[0].stale = YES;
	snapshot.volumes[0].free_bytes = 0;
	add(2000);
	ck_assert_int_eq(rates.volumes[0].settled, UNKNOWN);
	ck_assert_int_eq(rates.volumes[0].state, VOLUME_IDLE);
}
END_TEST

START_TEST(another_device_under_the_same_mount)
{
	strcpy(snapshot.volumes[0].device, "/dev/sdc1");
	add(0);
	strcpy(snapshot.volumes[0].device, "/dev/sdd1");
	snapshot.volumes[0].free_bytes = TB;
	add(2000);
	ck_assert_int_eq(rates.volumes[0].state, VOLUME_IDLE);
	ck_assert_uint_eq(rates.volumes[0].write_bytes_per_s, UNKNOWN_U64);
}
END_TEST

START_TEST(dirty_memory_explains_where_nothing_is_delayed)
{
	snapshot.volumes[0].delayed_bytes = UNKNOWN_U64;
	snapshot.memory.dirty_bytes = snapshot.memory.writeback_bytes = 0;
	add(0);
	snapshot.volumes[0].free_bytes -= 2000 * MB;
	snapshot.memory.dirty_bytes = 1500 * MB;
	snapshot.memory.writeback_bytes = 500 * MB;
	add(2000);
	ck_assert_int_eq(rates.volumes[0].state, VOLUME_IDLE);
	snapshot.volumes[0].free_bytes -= 2000 * MB;
	add(2000);
	ck_assert_int_eq(rates.volumes[0].state, VOLUME_ALLOCATING);
}
END_TEST

START_TEST(all_lists_full_and_replaced)
{
	snapshot.volume_count = 0;
	for (unsigned i = 0; i < VOLUMES_MAX; i++) {
		char id[ID_LEN];
		snprintf(id, sizeof id, "v%u", i);
		add_volume(id);
	}
	add(0);
	snapshot.volumes[23].free_bytes -= TB;
	add(2000);
	ck_assert_int_eq(rates.volumes[23].state, VOLUME_ALLOCATING);
	strcpy(snapshot.volumes[0].id, "new");
	struct volume moved = snapshot.volumes[23];
	snapshot.volumes[23] = snapshot.volumes[1];
	snapshot.volumes[1] = moved;
	add(2000);
	ck_assert_int_eq(rates.volumes[1].state, VOLUME_ALLOCATING);
	ck_assert_int_eq(rates.volumes[23].state, VOLUME_IDLE);
	ck_assert_uint_eq(rates.volumes[0].write_bytes_per_s, UNKNOWN_U64);
	ck_assert_uint_eq(rates.volumes[23].write_bytes_per_s, 0);
}
END_TEST

START_TEST(time_does_not_go_back)
{
	add(0);
	snapshot.links[0].rx_bytes += 2 * MB;
	add(2000);
	snapshot.time_ms = 5;
	snapshot.links[0].rx_bytes = 3;
	add(0);
	ck_assert_uint_eq(rates.links[0].rx_bytes_per_s, MB);
	ck_assert_uint_eq(history.count, 2);
	snapshot.time_ms = UINT64_MAX;
	snapshot.links[0].rx_bytes = UINT64_MAX - 1;
	add(0);
	ck_assert_uint_eq(rates.cpu.window_ms, UNKNOWN_U32);
	ck_assert_uint_le(rates.links[0].rx_bytes_per_s, 1000);
}
END_TEST

Suite *suite_history(void)
{
	Suite *suite = suite_create("history");
	TCase *tcase = tcase_create("rates");
	tcase_add_checked_fixture(tcase, start, NULL);
	tcase_add_test(tcase, first_sample_has_no_rates);
	tcase_add_test(tcase, nothing_at_all);
	tcase_add_loop_test(tcase, cpu_percentages, 0, ARRAY_LEN(cpus));
	tcase_add_test(tcase, cpu_without_some_counters);
	tcase_add_test(tcase, links_and_disks);
	tcase_add_test(tcase, window_is_the_newest_that_is_old_enough);
	tcase_add_test(tcase, ring_forgets_the_oldest);
	tcase_add_test(tcase, rows_are_found_by_name);
	tcase_add_test(tcase, time_does_not_go_back);
	suite_add_tcase(suite, tcase);
	tcase = tcase_create("volumes");
	tcase_add_checked_fixture(tcase, start, NULL);
	tcase_add_test(tcase, volumes_over_a_commit_interval);
	tcase_add_test(tcase, volume_without_journal);
	tcase_add_test(tcase, restless_while_a_present_volume_allocates);
	tcase_add_test(tcase, stale_figures_are_not_taken_for_new);
	tcase_add_test(tcase, another_device_under_the_same_mount);
	tcase_add_test(tcase, dirty_memory_explains_where_nothing_is_delayed);
	tcase_add_test(tcase, all_lists_full_and_replaced);
	suite_add_tcase(suite, tcase);
	return suite;
}
