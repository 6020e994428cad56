/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The last 24 hours in steps of a minute and the last 10 minutes in steps of 2 s, in a fixed amount of
 * memory. A rate fills all steps that its window covers: it is their exact mean. What is a state (free space,
 * connections) fills the steps between two snapshots only if both say the same; else nobody knows. Reads no
 * clock; time is what the snapshots say.
 */
#ifndef NASREADY_JUDGE_RECORDER_H
#define NASREADY_JUDGE_RECORDER_H

#include "judge/history.h"

#define RECORDER_VOLUMES 4
#define RECORDER_DAY_STEPS 1440	  /* of a minute */
#define RECORDER_RECENT_STEPS 300 /* of 2 s, the fastest pace */
#define RECORDER_DAY_STEP_MS 60000
#define RECORDER_RECENT_STEP_MS 2000

/* means over the step; the units keep a point at 32 bytes */
enum recorder_rate { RECORDED_IN, RECORDED_OUT, RECORDED_BUSY, RECORDED_IOWAIT, RECORDED_RATES };
/* as they were at the end of the step */
enum recorder_state {
	RECORDED_CONNECTIONS,
	RECORDED_FREE,
	RECORDED_STATES = RECORDED_FREE + RECORDER_VOLUMES
};

struct recorder_point {
	uint32_t rates[RECORDED_RATES];	  /* kB/s, kB/s, hundredths, hundredths; UNKNOWN_U32 */
	uint32_t states[RECORDED_STATES]; /* connections, then MiB; UNKNOWN_U32 */
};

struct recorder_sum {
	uint64_t times_ms; /* the value times how long it held */
	uint32_t ms;
};

struct recorder_ring {
	uint32_t step_ms, capacity, count;
	uint64_t newest; /* number of the newest step: its end is (newest + 1) * step_ms */
	struct recorder_sum sums[RECORDED_RATES]; /* of the newest step */
};

/* Large: keep it on the heap. Points that were never written are never touched. */
struct recorder {
	uint64_t time_ms; /* of the newest snapshot, 0: none */
	uint64_t clock_ms;
	struct recorder_point last;		/* what it said */
	char volumes[RECORDER_VOLUMES][ID_LEN]; /* whose free space it is; empty: nobody's */
	struct recorder_ring day, recent;
	struct recorder_point day_points[RECORDER_DAY_STEPS], recent_points[RECORDER_RECENT_STEPS];
};

void recorder_start(struct recorder *recorder);
/* A snapshot that is not newer than the last changes nothing. */
void recorder_add(struct recorder *recorder, const struct snapshot *snapshot, const struct rates *rates);

/* `index` 0 is the oldest of ring->count */
const struct recorder_point *recorder_day(const struct recorder *recorder, uint32_t index);
const struct recorder_point *recorder_recent(const struct recorder *recorder, uint32_t index);
/* wall clock at the beginning of the oldest step; UNKNOWN_U64: the ring is empty, or the clock unknown */
uint64_t recorder_start_clock_ms(const struct recorder *recorder, const struct recorder_ring *ring);

#endif
