/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "judge/recorder.h"

#include <stddef.h>
#include <string.h>

#include "judge/rules.h"
#include "judge/throughput.h"

#define MIB (UINT64_C(1) << 20)
#define KILOBYTE 1000

/* -- what a snapshot says -- */

static uint32_t fit(uint64_t value, uint64_t unit)
{
	uint64_t units = value / unit;
	return value != UNKNOWN_U64 && units < UNKNOWN_U32 ? (uint32_t)units : UNKNOWN_U32;
}

static uint32_t free_of(const struct snapshot *snapshot, const char *id)
{
	const struct volume *volume = id[0] ? snapshot_find_volume(snapshot, id) : NULL;
	return volume && volume->stale != YES ? fit(volume->free_bytes, MIB) : UNKNOWN_U32;
}

static void read_point(const struct recorder *recorder, const struct snapshot *snapshot,
	const struct rates *rates, struct recorder_point *ret_point)
{
	struct throughput throughput = throughput_of(snapshot, rates);
	ret_point->rates[RECORDED_IN] = fit(throughput.in_bytes_per_s, KILOBYTE);
	ret_point->rates[RECORDED_OUT] = fit(throughput.out_bytes_per_s, KILOBYTE);
	ret_point->rates[RECORDED_BUSY] = rates->cpu.busy_hundredths;
	ret_point->rates[RECORDED_IOWAIT] = rates->cpu.iowait_hundredths;
	ret_point->states[RECORDED_CONNECTIONS] = snapshot->smb.connections;
	for (unsigned i = 0; i < RECORDER_VOLUMES; i++)
		ret_point->states[RECORDED_FREE + i] = free_of(snapshot, recorder->volumes[i]);
}

/* -- a ring -- */

static struct recorder_point *point_at(
	const struct recorder_ring *ring, struct recorder_point *points, uint64_t step)
{
	return &points[step % ring->capacity];
}

static void open_step(struct recorder_ring *ring, struct recorder_point *points, uint64_t step)
{
	memset(point_at(ring, points, step), 0xff, sizeof *points); /* UNKNOWN_U32 */
	memset(ring->sums, 0, sizeof ring->sums);
	ring->newest = step;
	if (ring->count < ring->capacity)
		ring->count++;
}

/* `held_ms`: of the step, for which the rates hold */
static void add_rates(struct recorder_ring *ring, struct recorder_point *point,
	const struct recorder_point *read, uint64_t held_ms)
{
	for (unsigned i = 0; i < RECORDED_RATES; i++) {
		struct recorder_sum *sum = &ring->sums[i];
		if (read->rates[i] == UNKNOWN_U32 || !held_ms)
			continue;
		sum->times_ms += read->rates[i] * held_ms;
		sum->ms += (uint32_t)held_ms;
		point->rates[i] = (uint32_t)(sum->times_ms / sum->ms);
	}
}

static void keep_states(
	struct recorder_point *point, const struct recorder_point *before, const struct recorder_point *now)
{
	for (unsigned i = 0; i < RECORDED_STATES; i++)
		if (before->states[i] == now->states[i])
			point->states[i] = now->states[i];
}

/* the time between two snapshots, and what the second said */
struct interval {
	uint64_t from_ms, to_ms;
	bool known; /* the rates hold for all of it */
	const struct recorder_point *before, *now;
};

static void fill_step(struct recorder_ring *ring, struct recorder_point *points, uint64_t step,
	const struct interval *interval)
{
	uint64_t begin_ms = step * ring->step_ms, end_ms = begin_ms + ring->step_ms;
	uint64_t from_ms = interval->from_ms > begin_ms ? interval->from_ms : begin_ms;
	uint64_t to_ms = interval->to_ms < end_ms ? interval->to_ms : end_ms;
	struct recorder_point *point = point_at(ring, points, step);
	if (interval->known && to_ms > from_ms)
		add_rates(ring, point, interval->now, to_ms - from_ms);
	if (interval->to_ms < end_ms)
		memcpy(point->states, interval->now->states, sizeof point->states);
	else if (interval->from_ms < begin_ms)
		keep_states(point, interval->before, interval->now);
}

static void ring_add(
	struct recorder_ring *ring, struct recorder_point *points, const struct interval *interval)
{
	uint64_t step = interval->from_ms / ring->step_ms, last = interval->to_ms / ring->step_ms;
	if (last - step >= ring->capacity)
		step = last - ring->capacity + 1;
	for (; step <= last; step++) {
		if (!ring->count || step > ring->newest)
			open_step(ring, points, step);
		fill_step(ring, points, step, interval);
	}
}

/* -- the volumes -- */

static void forget_volume(struct recorder *recorder, unsigned column)
{
	const unsigned state = RECORDED_FREE + column;
	recorder->last.states[state] = UNKNOWN_U32;
	for (uint32_t i = 0; i < recorder->day.count; i++)
		point_at(&recorder->day, recorder->day_points, recorder->day.newest - i)->states[state] =
			UNKNOWN_U32;
	for (uint32_t i = 0; i < recorder->recent.count; i++)
		point_at(&recorder->recent, recorder->recent_points, recorder->recent.newest - i)
			->states[state] = UNKNOWN_U32;
}

static bool is_followed(const struct recorder *recorder, const char *id)
{
	for (unsigned i = 0; i < RECORDER_VOLUMES; i++)
		if (!strcmp(recorder->volumes[i], id))
			return true;
	return false;
}

/* A volume that is new takes a free column, or that of one that is gone. */
static void follow_volume(struct recorder *recorder, const struct snapshot *snapshot, const char *id)
{
	for (unsigned pass = 0; pass < 2; pass++)
		for (unsigned i = 0; i < RECORDER_VOLUMES; i++) {
			char *column = recorder->volumes[i];
			if (pass ? snapshot_find_volume(snapshot, column) != NULL : column[0] != 0)
				continue;
			if (column[0])
				forget_volume(recorder, i);
			memcpy(column, id, ID_LEN);
			return;
		}
}

static void follow_volumes(struct recorder *recorder, const struct snapshot *snapshot)
{
	for (uint32_t i = 0; i < snapshot->volume_count; i++) {
		const struct volume *volume = &snapshot->volumes[i];
		if (volume->id[0] && !is_followed(recorder, volume->id) &&
			situation_volume_matters(snapshot, volume))
			follow_volume(recorder, snapshot, volume->id);
	}
}

/* -- outside -- */

void recorder_start(struct recorder *recorder)
{
	memset(recorder, 0, offsetof(struct recorder, day_points));
	recorder->day.step_ms = RECORDER_DAY_STEP_MS;
	recorder->day.capacity = RECORDER_DAY_STEPS;
	recorder->recent.step_ms = RECORDER_RECENT_STEP_MS;
	recorder->recent.capacity = RECORDER_RECENT_STEPS;
}

void recorder_add(struct recorder *recorder, const struct snapshot *snapshot, const struct rates *rates)
{
	struct recorder_point now;
	uint64_t from_ms = recorder->time_ms ? recorder->time_ms : snapshot->time_ms;
	if (recorder->time_ms && snapshot->time_ms <= recorder->time_ms)
		return;
	follow_volumes(recorder, snapshot);
	read_point(recorder, snapshot, rates, &now);
	const struct interval interval = {
		.from_ms = from_ms,
		.to_ms = snapshot->time_ms,
		.known = rates->cpu.window_ms != UNKNOWN_U32 &&
			 rates->cpu.window_ms >= snapshot->time_ms - from_ms,
		.before = &recorder->last,
		.now = &now,
	};
	ring_add(&recorder->day, recorder->day_points, &interval);
	ring_add(&recorder->recent, recorder->recent_points, &interval);
	recorder->time_ms = snapshot->time_ms;
	recorder->clock_ms = snapshot->clock_ms;
	recorder->last = now;
}

static const struct recorder_point *oldest_plus(
	const struct recorder_ring *ring, const struct recorder_point *points, uint32_t index)
{
	return &points[(ring->newest + 1 - ring->count + index) % ring->capacity];
}

const struct recorder_point *recorder_day(const struct recorder *recorder, uint32_t index)
{
	return oldest_plus(&recorder->day, recorder->day_points, index);
}

const struct recorder_point *recorder_recent(const struct recorder *recorder, uint32_t index)
{
	return oldest_plus(&recorder->recent, recorder->recent_points, index);
}

uint64_t recorder_start_clock_ms(const struct recorder *recorder, const struct recorder_ring *ring)
{
	if (!ring->count || !recorder->clock_ms)
		return UNKNOWN_U64;
	uint64_t age_ms = recorder->time_ms - (ring->newest + 1 - ring->count) * ring->step_ms;
	return recorder->clock_ms > age_ms ? recorder->clock_ms - age_ms : UNKNOWN_U64;
}
