/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <string.h>

#include "common/scope.h"
#include "judge/delta.h"
#include "judge/volume_state.h"

Suite *suite_volume_state(void);

#define KIB (UINT64_C(1) << 10)
#define MIB (UINT64_C(1) << 20)
#define MB UINT64_C(1000000)
#define GB (1000 * MB)
#define TB (1000 * GB)

/* A volume that goes on living between the looks at it. */
static struct volume_sample now;
static struct volume_track track;
static struct volume_rates rates;

static void look(void)
{
	volume_track_step(&track, &now);
	volume_track_tell(&track, &rates);
}

static void start(void)
{
	now = (struct volume_sample){
		.time_ms = 1000000,
		.free_bytes = 5400 * GB,
		.written_bytes = 700 * GB,
		.transactions = 80000,
		.commit_s = 5,
	};
	memset(&rates, 0, sizeof rates);
	volume_track_start(&track, 7, &now);
	volume_track_tell(&track, &rates);
}

static void run(uint64_t ms, int64_t free_per_s, uint64_t written_per_s)
{
	now.time_ms += ms;
	now.free_bytes += (uint64_t)(free_per_s / 1000 * (int64_t)ms);
	now.written_bytes += written_per_s * ms / 1000;
}

static void rest(unsigned looks, uint64_t every_ms)
{
	while (looks--) {
		run(every_ms, 0, 0);
		look();
	}
}

static void start_settled(void)
{
	start();
	rest(8, 2000);
	ck_assert_int_eq(rates.settled, YES);
}

START_TEST(unknown_until_watched_for_the_quiet_period)
{
	start();
	ck_assert_int_eq(rates.state, VOLUME_IDLE);
	ck_assert_int_eq(rates.settled, UNKNOWN);
	ck_assert_uint_eq(rates.rate_bytes_per_s, 0);
	ck_assert_uint_eq(rates.eta_s, UNKNOWN_U64);
	rest(4, 2000);
	ck_assert_int_eq(rates.settled, UNKNOWN);
	rest(1, 2000);
	ck_assert_int_eq(rates.settled, YES);
	ck_assert(!track.restless);
}
END_TEST

static const struct {
	uint32_t commit_s;
	uint64_t quiet_ms;
} quiet_periods[] = {{5, 10000}, {1, 2000}, {3, 6000}, {604800, 10000}, {0, 10000}, {UNKNOWN_U32, 10000}};

START_TEST(quiet_period_follows_the_commit_interval)
{
	start();
	now.commit_s = quiet_periods[_i].commit_s;
	if (now.commit_s == UNKNOWN_U32)
		now.transactions = UNKNOWN_U64;
	volume_track_start(&track, 7, &now);
	run(500, -2 * (int64_t)GB, 0);
	look();
	ck_assert_int_eq(rates.settled, NO);
	uint64_t end_ms = now.time_ms;
	while (rates.settled != YES && now.time_ms < end_ms + 20000)
		rest(1, 500);
	uint64_t floor_ms = 3500; /* the pause after which it is no longer allocating */
	uint64_t expected_ms = quiet_periods[_i].quiet_ms > floor_ms ? quiet_periods[_i].quiet_ms : floor_ms;
	ck_assert_uint_eq(now.time_ms - end_ms, expected_ms);
}
END_TEST

/* 2 TB in 40 s with a commit of 60 MB per TB every 5 s; ends `_i` * 100 ms before a look */
START_TEST(allocation_of_2_tb)
{
	start_settled();
	for (uint64_t ms = 0; ms < 40000; ms += 100) {
		run(100, -50 * (int64_t)GB, 0);
		if (ms % 5000 == 4900) {
			now.written_bytes += 15 * MB;
			now.transactions++;
		}
		if ((ms + 100 + 100 * (uint64_t)_i) % 2000)
			continue;
		look();
		if (ms < 400)
			continue; /* too soon after the last look */
		ck_assert_int_eq(rates.state, VOLUME_ALLOCATING);
		ck_assert_int_eq(rates.settled, NO);
		ck_assert_uint_eq(rates.eta_s, UNKNOWN_U64);
		ck_assert(track.restless);
		if (ms > 20000)
			ck_assert(rates.rate_bytes_per_s > 45 * GB && rates.rate_bytes_per_s < 52 * GB);
	}
	uint64_t settled_ms = 0, idle_ms = 0;
	for (uint64_t ms = 100; ms <= 20000; ms += 100) {
		run(100, 0, 0);
		if (ms > 4500 && ms <= 5000)
			now.written_bytes += 5 * MB;
		now.transactions += ms == 5000;
		if ((ms + 100 * (uint64_t)_i) % 2000)
			continue;
		look();
		idle_ms = !idle_ms && rates.state == VOLUME_IDLE ? ms : idle_ms;
		settled_ms = !settled_ms && rates.settled == YES ? ms : settled_ms;
		ck_assert_int_eq(rates.settled, settled_ms ? YES : NO);
		ck_assert_int_eq(track.restless, !settled_ms);
	}
	ck_assert_uint_gt(idle_ms, 2000);
	ck_assert_uint_le(idle_ms, 8000);
	ck_assert_uint_ge(settled_ms, 10000);
	ck_assert_uint_le(settled_ms, 15000);
	ck_assert_uint_eq(rates.rate_bytes_per_s, 0);
}
END_TEST

static const uint64_t taken_in_a_minute[] = {2 * TB, 64 * GB, 1 * GB};

START_TEST(allocation_seen_by_looks_a_minute_apart)
{
	start();
	rest(3, 60000);
	ck_assert_int_eq(rates.settled, YES);
	now.free_bytes -= taken_in_a_minute[_i];
	now.written_bytes += taken_in_a_minute[_i] / 15000;
	rest(1, 60000);
	ck_assert_int_eq(rates.state, VOLUME_ALLOCATING);
	ck_assert_uint_eq(
		rates.rate_bytes_per_s, (taken_in_a_minute[_i] - taken_in_a_minute[_i] / 15000) / 60);
	ck_assert(track.restless);
	rest(1, 2000);
	ck_assert_int_eq(rates.settled, NO);
	rest(4, 2000);
	ck_assert_int_eq(rates.settled, YES);
	ck_assert(!track.restless);
}
END_TEST

START_TEST(a_minute_of_rest_is_enough)
{
	start();
	now.free_bytes -= 2 * TB;
	rest(1, 60000);
	ck_assert_int_eq(rates.state, VOLUME_ALLOCATING);
	rest(1, 60000);
	ck_assert_int_eq(rates.state, VOLUME_IDLE);
	ck_assert_int_eq(rates.settled, YES);
}
END_TEST

static void allocate_all(void)
{
	for (unsigned i = 0; i < 27; i++) {
		run(2000, -100 * (int64_t)GB, 0);
		look();
	}
	ck_assert_int_eq(rates.state, VOLUME_ALLOCATING);
	ck_assert_uint_eq(now.free_bytes, 0);
	rest(3, 2000);
}

/* 5.4 TB in 20 minutes. Odd loops: the space comes back with the commits alone, every 5 s. */
START_TEST(freeing_for_20_minutes)
{
	bool watched = _i & 2, in_bursts = _i & 1;
	start_settled();
	if (watched) {
		allocate_all();
	} else {
		now.free_bytes = 0;
		volume_track_start(&track, 7, &now);
	}
	for (uint64_t s = 1; s <= 1200; s++) {
		run(1000, 0, 1 * MB);
		if (in_bursts && s % 5 == 0)
			now.free_bytes += 5 * 4500 * MB;
		else if (!in_bursts)
			now.free_bytes += 4500 * MB;
		if (s % 2)
			continue;
		look();
		if (s < 60)
			continue;
		ck_assert_int_eq(rates.state, VOLUME_FREEING);
		ck_assert_int_eq(rates.settled, NO);
		if (!watched || s == 1200)
			ck_assert_uint_eq(rates.eta_s, UNKNOWN_U64);
		else if (!in_bursts)
			ck_assert(rates.eta_s + 5 > 1200 - s && rates.eta_s < 1200 - s + 5);
		else
			ck_assert(
				rates.eta_s > (1200 - s) * 6 / 10 && rates.eta_s < (1200 - s + 5) * 14 / 10);
		ck_assert(in_bursts ||
			  (rates.rate_bytes_per_s > 4400 * MB && rates.rate_bytes_per_s < 4600 * MB));
	}
	rest(3, 2000);
	ck_assert_int_eq(rates.state, VOLUME_FREEING);
	rest(1, 2000);
	ck_assert_int_eq(rates.state, VOLUME_IDLE);
	ck_assert_int_eq(rates.settled, NO);
	rest(2, 2000);
	ck_assert_int_eq(rates.settled, YES);
	ck_assert(!track.restless);
}
END_TEST

START_TEST(end_of_freeing_is_known_for_an_hour_only)
{
	start_settled();
	now.free_bytes -= 2 * TB;
	rest(1, 2000);
	rest(_i ? 61 : 50, 60000);
	now.free_bytes += TB;
	rest(1, 10000);
	ck_assert_int_eq(rates.state, VOLUME_FREEING);
	ck_assert_uint_eq(rates.eta_s, _i ? UNKNOWN_U64 : 10);
	now.free_bytes += 1500 * GB;
	rest(1, 10000);
	ck_assert_uint_eq(rates.eta_s, UNKNOWN_U64);
}
END_TEST

START_TEST(allocation_in_two_parts_is_one)
{
	start_settled();
	for (unsigned part = 0; part < 2; part++) {
		now.free_bytes -= TB;
		rest(1, 2000);
		rest(3, 2000);
		ck_assert_int_eq(rates.state, VOLUME_IDLE);
		ck_assert_int_eq(rates.settled, NO);
	}
	ck_assert_uint_eq(track.calm_free_bytes, 5400 * GB);
	rest(10, 2000);
	now.free_bytes -= TB;
	rest(1, 2000);
	ck_assert_uint_eq(track.calm_free_bytes, 3400 * GB);
}
END_TEST

/* what a backup does in each second: free space, delayed and dirty bytes go up and down, the device writes */
static const struct backup {
	const char *name;
	uint64_t every_s, grows, written, delayed_swing, dirty_swing, late;
} backups[] = {
	{"fixed file", 5, 0, 60 * MB, 0, 0, 0},
	{"fixed file, fast", 2, 0, 120 * MB, 0, 40 * MB, 0},
	{"growing file", 5, 60 * MB, 60 * MB, 0, 0, 0},
	{"growing file, often", 2, 60 * MB, 60 * MB, 30 * MB, 0, 0},
	{"growing file, seldom", 60, 60 * MB, 60 * MB, 30 * MB, 0, 0},
	{"growing file, delayed by a lot of memory", 2, 110 * MB, 110 * MB, 3000 * MB, 3000 * MB, 0},
	{"growing file, nothing known of memory", 2, 110 * MB, 110 * MB, 3000 * MB, 0, 0},
	{"growing file, a full queue", 2, 110 * MB, 110 * MB, 30 * MB, 30 * MB, 60 * MB},
	{"growing file without delayed allocation", 2, 110 * MB, 110 * MB, 0, 3000 * MB, 0},
};

START_TEST(backup_is_no_allocation)
{
	const struct backup *backup = &backups[_i];
	start_settled();
	uint64_t free_before = now.free_bytes, written_before = now.written_bytes, pending = 0;
	uint64_t swing =
		backup->delayed_swing > backup->dirty_swing ? backup->delayed_swing : backup->dirty_swing;
	for (uint64_t s = 1; s <= 1800; s++) {
		/* dirty memory fills for 30 s and is written out in the next 30 s */
		uint64_t phase = s % 60 < 30 ? s % 60 : 60 - s % 60;
		pending = backup->grows * s < swing * phase / 30 ? backup->grows * s : swing * phase / 30;
		now.time_ms += 1000;
		now.free_bytes = free_before - backup->grows * s;
		now.delayed_bytes = backup->delayed_swing ? pending : 0;
		now.dirty_bytes = backup->dirty_swing ? pending + 10 * MB : 0;
		uint64_t in_queue = s % 7 < 4 ? backup->late : 0, done = backup->written * s;
		uint64_t wrote = done > pending + in_queue ? done - pending - in_queue : 0;
		if (written_before + wrote > now.written_bytes)
			now.written_bytes = written_before + wrote;
		now.transactions += s % 5 == 0;
		if (s % backup->every_s)
			continue;
		look();
		ck_assert_msg(rates.state == VOLUME_IDLE, "%s: %s after %u s", backup->name,
			volume_state_name(rates.state), (unsigned)s);
		ck_assert_msg(!track.restless, "%s: restless after %u s", backup->name, (unsigned)s);
		ck_assert(s <= 60 || swing > GB || rates.settled == NO);
	}
	rest(8, 2000);
	ck_assert_int_eq(rates.settled, YES);
}
END_TEST

START_TEST(backup_right_after_an_allocation_is_not_restless)
{
	start_settled();
	now.free_bytes -= 2 * TB;
	rest(1, 2000);
	for (unsigned s = 0; s < 70; s += 2) {
		run(2000, _i ? -60 * (int64_t)MB : 0, 60 * MB);
		look();
		ck_assert(rates.settled == NO);
		ck_assert(track.restless || s >= 58);
		ck_assert(rates.state == VOLUME_IDLE || s < 8);
	}
	ck_assert(!track.restless);
}
END_TEST

START_TEST(idle_night_with_trickling_logs)
{
	static const uint64_t every_s[] = {2, 5, 60};
	start_settled();
	for (uint64_t s = 1; s <= 8 * 3600; s++) {
		run(1000, 0, 0);
		if (s % 5 == 0) {
			now.free_bytes -= s % 60 ? 0 : 256 * KIB;
			now.written_bytes += 300 * KIB;
			now.transactions++;
		}
		if (s % 3600 == 1700)
			now.free_bytes += 20 * MIB; /* a log is rotated */
		if (s % every_s[_i])
			continue;
		look();
		ck_assert_int_eq(rates.state, VOLUME_IDLE);
		ck_assert(!track.restless);
		ck_assert(rates.settled == YES || (s % 3600 >= 1700 && s % 3600 < 1720));
	}
}
END_TEST

static const struct {
	const char *name;
	uint64_t written_per_s, transactions_per_s, moved_per_s;
	enum tri settled;
} levels[] = {
	{"nothing", 0, 0, 0, YES},
	{"just idle writes", 1000 * KIB, 0, 0, YES},
	{"too many writes", 2 * MIB, 0, 0, NO},
	{"commits by fsync", 0, 1, 0, NO},
	{"space trickles", 0, 0, 256 * KIB, YES},
	{"space moves", 0, 0, 2 * MIB, NO},
};

START_TEST(settled_needs_idle_levels)
{
	start_settled();
	for (unsigned i = 0; i < 30; i++) {
		run(2000, -(int64_t)levels[_i].moved_per_s, levels[_i].written_per_s);
		now.transactions += 2 * levels[_i].transactions_per_s;
		look();
		ck_assert_msg(i < 5 || rates.settled == levels[_i].settled, "%s", levels[_i].name);
		ck_assert_int_eq(rates.state, VOLUME_IDLE);
	}
}
END_TEST

START_TEST(one_commit_of_a_log_does_not_unsettle)
{
	start_settled();
	run(1000, 0, 4 * MIB);
	now.free_bytes -= 900 * KIB;
	now.transactions++;
	look();
	ck_assert_int_eq(rates.settled, YES);
	run(1000, 0, 30 * MIB); /* the kernel writes an allocation's bitmaps back, half a minute later */
	look();
	ck_assert_int_eq(rates.settled, YES);
	for (unsigned i = 0; i < 4; i++) {
		run(2000, 0, 8 * MIB);
		look();
	}
	ck_assert_int_eq(rates.settled, NO);
}
END_TEST

/* bytes that nobody can explain, in each second: alone, and after an allocation */
static const struct {
	uint64_t taken_per_s;
	enum volume_state alone, after;
} unexplained[] = {
	{1 * MIB, VOLUME_IDLE, VOLUME_IDLE},
	{3 * MIB, VOLUME_IDLE, VOLUME_IDLE},
	{6 * MIB, VOLUME_IDLE, VOLUME_ALLOCATING},
	{12 * MIB, VOLUME_ALLOCATING, VOLUME_ALLOCATING},
};

START_TEST(it_takes_more_to_begin_than_to_go_on)
{
	for (unsigned part = 0; part < 2; part++) {
		start_settled();
		if (part) {
			now.free_bytes -= TB;
			rest(1, 2000);
		}
		for (unsigned i = 0; i < 60; i++) {
			now.free_bytes -= 2 * unexplained[_i].taken_per_s;
			rest(1, 2000);
		}
		ck_assert_int_eq(rates.state, part ? unexplained[_i].after : unexplained[_i].alone);
	}
}
END_TEST

START_TEST(slow_allocation_of_a_nearly_full_volume)
{
	static const int64_t speeds[] = {50, 25, 14};
	int64_t speed = speeds[_i] * (int64_t)MB;
	start_settled();
	unsigned seen_s = 0;
	for (unsigned s = 2; s <= 120; s += 2) {
		run(2000, -speed, 200 * KIB);
		now.written_bytes += s == 80 ? 120 * MB : 0; /* the commit of what went before */
		now.transactions += s % 6 == 0;
		look();
		seen_s = !seen_s && rates.state == VOLUME_ALLOCATING ? s : seen_s;
		ck_assert(!seen_s || rates.state == VOLUME_ALLOCATING);
	}
	ck_assert_uint_gt(seen_s, 0);
	ck_assert_uint_le(seen_s, _i == 0 ? 2 : _i == 1 ? 8 : 14);
	uint64_t rate = rates.rate_bytes_per_s;
	ck_assert(rate > (uint64_t)speed / 2 && rate < (uint64_t)speed * 11 / 10);
}
END_TEST

START_TEST(volume_without_known_writes)
{
	start();
	now.written_bytes = now.transactions = now.delayed_bytes = now.dirty_bytes = UNKNOWN_U64;
	now.commit_s = UNKNOWN_U32;
	volume_track_start(&track, 7, &now);
	for (unsigned i = 0; i < 100; i++) {
		now.free_bytes -= 220 * MB;
		rest(1, 2000);
		ck_assert_int_eq(rates.state, VOLUME_IDLE);
		ck_assert(!track.restless);
	}
	ck_assert_int_eq(rates.settled, NO);
	now.free_bytes -= 100 * GB;
	rest(1, 2000);
	ck_assert_int_eq(rates.state, VOLUME_ALLOCATING);
	rest(6, 2000);
	ck_assert_int_eq(rates.settled, YES);
}
END_TEST

START_TEST(stale_volume_keeps_its_state)
{
	start_settled();
	run(2000, -50 * (int64_t)GB, 0);
	look();
	uint64_t free_bytes = now.free_bytes;
	now.free_bytes = UNKNOWN_U64;
	rest(3, 2000);
	ck_assert_int_eq(rates.state, VOLUME_ALLOCATING);
	ck_assert_int_eq(rates.settled, UNKNOWN);
	ck_assert(track.restless);
	rest(30, 2000);
	ck_assert(!track.restless);
	ck_assert_int_eq(rates.state, VOLUME_ALLOCATING);
	now.free_bytes = free_bytes - TB;
	rest(1, 2000);
	ck_assert_int_eq(rates.settled, NO);
	ck_assert(track.restless);
	rest(6, 2000);
	ck_assert_int_eq(rates.state, VOLUME_IDLE);
	ck_assert_int_eq(rates.settled, YES);
	now.free_bytes = UNKNOWN_U64;
	rest(1, 2000);
	ck_assert_int_eq(rates.settled, UNKNOWN);
}
END_TEST

START_TEST(stale_from_the_first)
{
	start();
	now.free_bytes = UNKNOWN_U64;
	volume_track_start(&track, 7, &now);
	rest(20, 2000);
	ck_assert_int_eq(rates.state, VOLUME_STATE_UNKNOWN);
	ck_assert_int_eq(rates.settled, UNKNOWN);
	ck_assert_uint_eq(rates.rate_bytes_per_s, UNKNOWN_U64);
	ck_assert_uint_eq(rates.eta_s, UNKNOWN_U64);
	now.free_bytes = TB;
	rest(1, 2000);
	ck_assert_int_eq(rates.state, VOLUME_IDLE);
	ck_assert_int_eq(rates.settled, UNKNOWN);
	ck_assert_uint_eq(track.key, 7);
	rest(5, 2000);
	ck_assert_int_eq(rates.settled, YES);
}
END_TEST

START_TEST(counters_that_wrap_or_begin_anew)
{
	start_settled();
	for (unsigned i = 0; i < 10; i++) {
		run(5000, -60 * (int64_t)MB, 60 * MB);
		if (i == 5) {
			now.written_bytes = 3;
			now.transactions = 0;
		}
		if (i == 8)
			now.written_bytes = now.transactions = UNKNOWN_U64;
		if (i == 9)
			now.written_bytes = 900 * GB;
		look();
		ck_assert_int_eq(rates.state, VOLUME_IDLE);
		ck_assert_uint_eq(rates.rate_bytes_per_s, 0);
	}
	start_settled();
	now.written_bytes = now.transactions = 0;
	rest(1, 2000);
	ck_assert_int_eq(rates.settled, YES);
}
END_TEST

START_TEST(time_that_stands_goes_back_or_jumps)
{
	start_settled();
	struct volume_track before = track;
	now.free_bytes = 0;
	look();
	now.time_ms -= 5000;
	look();
	now.time_ms = 0;
	look();
	ck_assert_mem_eq(&before, &track, sizeof track);
	now.time_ms = before.last.time_ms + 499;
	look();
	ck_assert_int_eq(rates.state, VOLUME_IDLE);
	ck_assert_uint_eq(track.last.time_ms, before.last.time_ms);
	now.time_ms++;
	look();
	ck_assert_int_eq(rates.state, VOLUME_ALLOCATING);
	rest(1, UINT64_C(86400000) * 365);
	ck_assert_int_eq(rates.state, VOLUME_IDLE);
	ck_assert_int_eq(rates.settled, YES);
	now.time_ms = UINT64_MAX;
	now.free_bytes = 100 * GB;
	look();
	ck_assert_int_eq(rates.state, VOLUME_IDLE);
	ck_assert_int_eq(rates.settled, NO);
}
END_TEST

START_TEST(looks_twice_a_second_see_the_same)
{
	start_settled();
	for (unsigned i = 0; i < 40; i++) {
		run(250, -50 * (int64_t)MB, 0);
		look();
	}
	ck_assert_int_eq(rates.state, VOLUME_ALLOCATING);
	ck_assert_uint_eq(rates.rate_bytes_per_s, 50 * MB);
}
END_TEST

START_TEST(huge_values_do_not_overflow)
{
	start();
	now.free_bytes = UINT64_MAX - 1;
	now.commit_s = 1;
	volume_track_start(&track, 7, &now);
	for (unsigned i = 0; i < 20; i++) {
		now.free_bytes = i % 2 ? UINT64_MAX - 1 : 0;
		now.written_bytes = i == 10 ? UINT64_MAX - 1 : now.written_bytes;
		now.transactions = i == 12 ? UINT64_MAX - 1 : now.transactions;
		rest(1, i == 15 ? UINT64_C(1) << 60 : 500 + i * 1000);
		ck_assert_int_eq(rates.settled, NO);
		ck_assert_uint_le(rates.rate_bytes_per_s, UINT64_C(1) << 44);
		ck_assert(i == 15 || i == 10 || rates.state == (i % 2 ? VOLUME_FREEING : VOLUME_ALLOCATING));
	}
}
END_TEST

START_TEST(rates_are_capped)
{
	start();
	now.free_bytes = 0;
	volume_track_start(&track, 7, &now);
	for (unsigned i = 0; i < 3; i++) {
		now.free_bytes += UINT64_MAX / 4;
		rest(1, 86400000);
		ck_assert_int_eq(rates.state, VOLUME_FREEING);
		ck_assert_uint_eq(rates.rate_bytes_per_s, UINT64_C(1) << 44);
	}
}
END_TEST

static const struct {
	uint64_t before, now, ms, per_s;
	uint32_t hundredths;
} deltas[] = {
	{10, 30, 2000, 10, 1000},
	{30, 30, 2000, 0, 0},
	{30, 10, 2000, UNKNOWN_U64, UNKNOWN_U32},
	{UNKNOWN_U64, 30, 2000, UNKNOWN_U64, UNKNOWN_U32},
	{10, UNKNOWN_U64, 2000, UNKNOWN_U64, UNKNOWN_U32},
	{10, 30, 0, UNKNOWN_U64, UNKNOWN_U32},
	{0, UINT64_C(1000) << 50, 1000, UINT64_C(1000) << 50, UNKNOWN_U32},
	{0, UINT64_C(1) << 60, 1, UNKNOWN_U64, UNKNOWN_U32},
	{0, 42949672, 1000, 42949672, 4294967200},
	{0, 42949673, 1000, 42949673, UNKNOWN_U32},
};

START_TEST(deltas_are_never_wrong)
{
	uint64_t delta = delta_between(deltas[_i].before, deltas[_i].now);
	ck_assert_uint_eq(delta_per_s(delta, deltas[_i].ms, 1), deltas[_i].per_s);
	ck_assert_uint_eq(delta_per_s_u32(delta, deltas[_i].ms, 100), deltas[_i].hundredths);
}
END_TEST

static const struct {
	uint64_t transactions, window_ms;
	uint32_t commit_s;
	bool busy;
} journals[] = {
	{0, 5000, 5, false},
	{2, 5000, 5, false},
	{3, 5000, 5, true},
	{2, 2000, 5, false}, /* the timer's, by chance */
	{3, 2000, 5, true},
	{24, 60000, 5, false},
	{25, 60000, 5, true},
	{2, 1000, 1, false},
	{3, 1000, 1, true},
	{2, 5000, 604800, false},
	{3, 5000, 604800, true},
	{3, 5000, UNKNOWN_U32, true},
	{0, 0, 0, false},
	{UINT64_MAX - 1, UINT64_MAX, 5, true},
	{1, UINT64_MAX, 5, false},
};

START_TEST(journal_above_its_idle_level)
{
	ck_assert_int_eq(volume_journal_is_busy(
				 journals[_i].transactions, journals[_i].window_ms, journals[_i].commit_s),
		journals[_i].busy);
}
END_TEST

START_TEST(states_have_names)
{
	ck_assert_str_eq(volume_state_name(VOLUME_IDLE), "idle");
	ck_assert_str_eq(volume_state_name(VOLUME_ALLOCATING), "allocating");
	ck_assert_str_eq(volume_state_name(VOLUME_FREEING), "freeing");
	ck_assert_str_eq(volume_state_name(VOLUME_STATE_UNKNOWN), "unknown");
}
END_TEST

Suite *suite_volume_state(void)
{
	Suite *suite = suite_create("volume_state");
	TCase *tcase = tcase_create("timelines");
	tcase_add_test(tcase, unknown_until_watched_for_the_quiet_period);
	tcase_add_loop_test(tcase, quiet_period_follows_the_commit_interval, 0, ARRAY_LEN(quiet_periods));
	tcase_add_loop_test(tcase, allocation_of_2_tb, 0, 20);
	tcase_add_loop_test(tcase, allocation_seen_by_looks_a_minute_apart, 0, ARRAY_LEN(taken_in_a_minute));
	tcase_add_test(tcase, a_minute_of_rest_is_enough);
	tcase_add_loop_test(tcase, freeing_for_20_minutes, 0, 4);
	tcase_add_loop_test(tcase, end_of_freeing_is_known_for_an_hour_only, 0, 2);
	tcase_add_test(tcase, allocation_in_two_parts_is_one);
	tcase_add_loop_test(tcase, backup_is_no_allocation, 0, ARRAY_LEN(backups));
	tcase_add_loop_test(tcase, backup_right_after_an_allocation_is_not_restless, 0, 2);
	tcase_add_loop_test(tcase, idle_night_with_trickling_logs, 0, 3);
	tcase_add_loop_test(tcase, settled_needs_idle_levels, 0, ARRAY_LEN(levels));
	tcase_add_test(tcase, one_commit_of_a_log_does_not_unsettle);
	tcase_add_loop_test(tcase, it_takes_more_to_begin_than_to_go_on, 0, ARRAY_LEN(unexplained));
	tcase_add_loop_test(tcase, slow_allocation_of_a_nearly_full_volume, 0, 3);
	suite_add_tcase(suite, tcase);
	tcase = tcase_create("unknowns");
	tcase_add_test(tcase, volume_without_known_writes);
	tcase_add_test(tcase, stale_volume_keeps_its_state);
	tcase_add_test(tcase, stale_from_the_first);
	tcase_add_test(tcase, counters_that_wrap_or_begin_anew);
	tcase_add_test(tcase, time_that_stands_goes_back_or_jumps);
	tcase_add_test(tcase, looks_twice_a_second_see_the_same);
	tcase_add_test(tcase, huge_values_do_not_overflow);
	tcase_add_test(tcase, rates_are_capped);
	tcase_add_loop_test(tcase, deltas_are_never_wrong, 0, ARRAY_LEN(deltas));
	tcase_add_loop_test(tcase, journal_above_its_idle_level, 0, ARRAY_LEN(journals));
	tcase_add_test(tcase, states_have_names);
	suite_add_tcase(suite, tcase);
	return suite;
}
