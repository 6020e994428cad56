/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "judge/recorder.h"
#include "judge/throughput.h"
#include "show/represent.h"
#include "tests/unit/parsed_json.h"

#include <stdio.h>
#include <string.h>

Suite *suite_recorder(void);

_Static_assert(
	sizeof(struct recorder) < 64 * 1024, "the promise is 200 KiB, and the server has little memory");

#define CLOCK_MS UINT64_C(1795381447000) /* 2026-11-22T21:04:07Z */
#define MB UINT64_C(1000000)
#define MIB (UINT64_C(1) << 20)
#define NONE UNKNOWN_U32

static struct recorder recorder;
static struct snapshot snapshot;
static struct rates rates;

static struct volume *add_volume(const char *id)
{
	struct volume *volume = snapshot_add_volume(&snapshot);
	snprintf(volume->id, sizeof volume->id, "%s", id);
	snprintf(volume->mount, sizeof volume->mount, "/%s", id);
	volume->stale = NO;
	volume->free_bytes = 100 * MIB;
	return volume;
}

static void start(void)
{
	memset(&recorder, 0x55, sizeof recorder);
	recorder_start(&recorder);
	snapshot_reset(&snapshot);
	memset(&rates, 0xff, sizeof rates);
	snapshot.time_ms = 600000;
	snapshot.clock_ms = CLOCK_MS;
	snapshot.smb.connections = 1;
	strcpy(snapshot_add_link(&snapshot)->name, "eth0");
	add_volume("c");
}

/* the next snapshot comes after `ms` and says that the mean since was `mb` MB/s */
static void add(uint64_t ms, uint64_t mb)
{
	snapshot.time_ms += ms;
	snapshot.clock_ms += ms;
	rates.cpu.window_ms = ms ? (uint32_t)ms : NONE;
	rates.cpu.busy_hundredths = mb == UNKNOWN_U64 ? NONE : (uint32_t)mb * 10;
	rates.cpu.iowait_hundredths = 0;
	rates.links[0].rx_bytes_per_s = mb == UNKNOWN_U64 ? UNKNOWN_U64 : mb * MB;
	recorder_add(&recorder, &snapshot, &rates);
}

static uint32_t day_in(uint32_t index)
{
	ck_assert_uint_lt(index, recorder.day.count);
	return recorder_day(&recorder, index)->rates[RECORDED_IN];
}

static uint32_t day_state(uint32_t index, unsigned which)
{
	ck_assert_uint_lt(index, recorder.day.count);
	return recorder_day(&recorder, index)->states[which];
}

START_TEST(empty)
{
	ck_assert_uint_eq(recorder.day.count, 0);
	ck_assert(recorder_start_clock_ms(&recorder, &recorder.day) == UNKNOWN_U64);
	add(0, UNKNOWN_U64);
	ck_assert_uint_eq(recorder.day.count, 1);
	ck_assert_uint_eq(recorder.recent.count, 1);
	ck_assert_uint_eq(day_in(0), NONE);
	ck_assert_uint_eq(day_state(0, RECORDED_CONNECTIONS), 1);
	ck_assert_uint_eq(day_state(0, RECORDED_FREE), 100);
	ck_assert_uint_eq(day_state(0, RECORDED_FREE + 1), NONE);
	/* the same one again, and an older one */
	recorder_add(&recorder, &snapshot, &rates);
	snapshot.time_ms -= 60000;
	recorder_add(&recorder, &snapshot, &rates);
	ck_assert_uint_eq(recorder.day.count, 1);
}
END_TEST

START_TEST(mean_of_a_minute)
{
	add(0, UNKNOWN_U64);
	for (int i = 0; i < 29; i++)
		add(2000, i % 2 ? 40 : 60);
	ck_assert_uint_eq(recorder.day.count, 1);
	ck_assert_uint_eq(recorder.recent.count, 30);
	ck_assert_uint_eq(day_in(0), 50344); /* 15 times 60, 14 times 40 */
	ck_assert_uint_eq(recorder_recent(&recorder, 0)->rates[RECORDED_IN], 60000);
	ck_assert_uint_eq(recorder_recent(&recorder, 1)->rates[RECORDED_IN], 40000);
	/* ends where the next minute begins: all of it belongs to the one before */
	add(2000, 40);
	ck_assert_uint_eq(recorder.day.count, 2);
	ck_assert_uint_eq(day_in(0), 50000);
	ck_assert_uint_eq(day_in(1), NONE);
	ck_assert(recorder_start_clock_ms(&recorder, &recorder.day) == CLOCK_MS);
	ck_assert(recorder_start_clock_ms(&recorder, &recorder.recent) == CLOCK_MS);
}
END_TEST

START_TEST(interval_over_a_border)
{
	add(0, UNKNOWN_U64);
	add(50000, 10);
	add(20000, 70); /* half here, half there */
	ck_assert_uint_eq(day_in(0), 20000);
	ck_assert_uint_eq(day_in(1), 70000);
}
END_TEST

START_TEST(quiet_gap)
{
	add(0, UNKNOWN_U64);
	snapshot.volumes[0].free_bytes = 90 * MIB;
	add(600000, 3); /* the collector was silent for ten passes */
	ck_assert_uint_eq(recorder.day.count, 11);
	for (uint32_t i = 0; i < 10; i++)
		ck_assert_uint_eq(day_in(i), 3000);
	ck_assert_uint_eq(day_state(0, RECORDED_FREE), 100);
	for (uint32_t i = 1; i < 10; i++) {
		ck_assert_uint_eq(day_state(i, RECORDED_CONNECTIONS), 1);
		ck_assert_uint_eq(day_state(i, RECORDED_FREE), NONE);
	}
	ck_assert_uint_eq(day_state(10, RECORDED_FREE), 90);
}
END_TEST

START_TEST(gap_without_rates)
{
	add(0, UNKNOWN_U64);
	add(2000, 5);
	add(300000, UNKNOWN_U64);
	ck_assert_uint_eq(day_in(0), 5000);
	ck_assert_uint_eq(day_in(3), NONE);
	/* a window that is shorter than the gap says nothing of the rest */
	snapshot.time_ms += 300000;
	rates.cpu.window_ms = 2000;
	rates.links[0].rx_bytes_per_s = 9 * MB;
	recorder_add(&recorder, &snapshot, &rates);
	ck_assert_uint_eq(day_in(8), NONE);
}
END_TEST

START_TEST(around_the_ring)
{
	add(0, UNKNOWN_U64);
	for (int i = 1; i <= RECORDER_DAY_STEPS + 10; i++)
		add(60000, (uint64_t)i);
	ck_assert_uint_eq(recorder.day.count, RECORDER_DAY_STEPS);
	ck_assert_uint_eq(day_in(0), 12000);
	ck_assert_uint_eq(day_in(RECORDER_DAY_STEPS - 2), (RECORDER_DAY_STEPS + 10) * 1000);
	/* a week in between leaves nothing of before */
	add(UINT64_C(604800000), 7);
	ck_assert_uint_eq(recorder.day.count, RECORDER_DAY_STEPS);
	ck_assert_uint_eq(day_in(0), 7000);
	ck_assert_uint_eq(day_state(0, RECORDED_FREE), 100);
	ck_assert(recorder_start_clock_ms(&recorder, &recorder.day) ==
		  snapshot.clock_ms - (RECORDER_DAY_STEPS - 1) * UINT64_C(60000));
}
END_TEST

START_TEST(huge_values)
{
	add(0, UNKNOWN_U64);
	snapshot.volumes[0].free_bytes = UNKNOWN_U64 - 1;
	add(60000, UNKNOWN_U64 / MB - 1);
	ck_assert_uint_eq(day_in(0), NONE);
	ck_assert_uint_eq(day_state(1, RECORDED_FREE), NONE);
	snapshot.clock_ms = 5; /* a clock of 1970 */
	ck_assert(recorder_start_clock_ms(&recorder, &recorder.day) != 0);
}
END_TEST

START_TEST(more_volumes_than_columns)
{
	for (unsigned i = 0; i < 5; i++)
		add_volume((char[]){(char)('d' + i), 0});
	add(0, UNKNOWN_U64);
	ck_assert_str_eq(recorder.volumes[0], "c");
	ck_assert_str_eq(recorder.volumes[3], "f");
	/* the column of one that is gone goes to the next, without its past */
	snprintf(snapshot.volumes[1].id, ID_LEN, "new");
	snapshot.volumes[1].free_bytes = 7 * MIB;
	add(120000, 1);
	ck_assert_str_eq(recorder.volumes[1], "new");
	ck_assert_uint_eq(day_state(0, RECORDED_FREE + 1), NONE);
	ck_assert_uint_eq(day_state(2, RECORDED_FREE + 1), 7);
	ck_assert_uint_eq(day_state(0, RECORDED_FREE), 100);
	snapshot.volumes[0].stale = YES;
	add(60000, 1);
	ck_assert_uint_eq(day_state(3, RECORDED_FREE), NONE);
}
END_TEST

START_TEST(bonds_count_once)
{
	strcpy(snapshot_add_link(&snapshot)->name, "bond0");
	strcpy(snapshot_add_link(&snapshot)->name, "eth0.7");
	for (unsigned i = 0; i < 3; i++)
		rates.links[i].rx_bytes_per_s = 10 * MB;
	snapshot.links[0].up = YES;
	snapshot.links[0].speed_mbps = 1000;
	ck_assert(throughput_of(&snapshot, &rates).in_bytes_per_s == 10 * MB);
	ck_assert(throughput_of(&snapshot, &rates).out_bytes_per_s == UNKNOWN_U64);
	ck_assert_uint_eq(throughput_of(&snapshot, &rates).speed_mbps, 1000);
	strcpy(snapshot.links[0].name, "br0");
	ck_assert(throughput_of(&snapshot, &rates).in_bytes_per_s == 30 * MB);
	snapshot.link_count = 0;
	ck_assert(throughput_of(&snapshot, &rates).in_bytes_per_s == UNKNOWN_U64);
}
END_TEST

START_TEST(as_json)
{
	struct out out = {0};
	struct view view = {&snapshot, &rates, 0, NULL, 0, NULL, &recorder, NULL};
	snprintf(snapshot.volumes[0].id, ID_LEN, "\"\\\n\xff\xc3\xbc");
	add(0, UNKNOWN_U64);
	add(60000, 2);
	represent_history(&view, &out);
	struct json_c_object *root = parsed(out.data);
	ck_assert_str_eq(parsed_at(root, "/day/step_s"), "60");
	ck_assert_str_eq(parsed_at(root, "/day/start"), "\"2026-11-22T21:04:07Z\"");
	ck_assert_str_eq(parsed_at(root, "/day/in_bytes_per_s"), "[2000000,null]");
	ck_assert_str_eq(parsed_at(root, "/day/out_bytes_per_s"), "[null,null]");
	ck_assert_str_eq(parsed_at(root, "/day/cpu_busy_percent"), "[0.2,null]");
	ck_assert_str_eq(parsed_at(root, "/day/smb_connections"), "[1,1]");
	ck_assert_str_eq(parsed_at(root, "/day/volumes/0/free_bytes"), "[104857600,104857600]");
	ck_assert_str_eq(parsed_at(root, "/day/volumes/0/id"), "\"\\\"\\\\\\n\xef\xbf\xbd\xc3\xbc\"");
	ck_assert_str_eq(parsed_at(root, "/recent/step_s"), "2");
	json_object_put(root);
	out_free(&out);
	view.recorder = NULL;
	represent_history(&view, &out);
	ck_assert_str_eq(out.data, "{}\n");
	out_free(&out);
}
END_TEST

Suite *suite_recorder(void)
{
	Suite *suite = suite_create("recorder");
	TCase *tcase = tcase_create("recorder");
	tcase_add_checked_fixture(tcase, start, NULL);
	tcase_add_test(tcase, empty);
	tcase_add_test(tcase, mean_of_a_minute);
	tcase_add_test(tcase, interval_over_a_border);
	tcase_add_test(tcase, quiet_gap);
	tcase_add_test(tcase, gap_without_rates);
	tcase_add_test(tcase, around_the_ring);
	tcase_add_test(tcase, huge_values);
	tcase_add_test(tcase, more_volumes_than_columns);
	tcase_add_test(tcase, bonds_count_once);
	tcase_add_test(tcase, as_json);
	suite_add_tcase(suite, tcase);
	return suite;
}
