/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Samples come at uneven times, so everything is judged by leaky buckets: what happened flows in, what is
 * normal for the time that passed leaks out, and a full bucket says that it was more than normal.
 */
#include "judge/volume_state.h"

#include "judge/delta.h"

#define MIB (UINT64_C(1) << 20)

/* The slowest allocation we know of is one past the knee of a fragmented volume: some tens of MB/s on a slow
 * NAS. Logs and metadata stay far below this. */
#define MOVING_BYTES_PER_S (8 * MIB)
/* Where the writes to the device are unknown, an allocation must be faster than 10 Gbit/s can write. */
#define BLIND_BYTES_PER_S (1280 * MIB)
/* Space can be taken and the data neither delayed nor written: a disk's queue holds 128 requests of 512 KiB.
 */
#define TAKEN_BYTES (64 * MIB)
/* Deleting anything smaller is over before it matters. */
#define GIVEN_BYTES (32 * MIB)

/* The longest standstill measured inside an allocation was 1.0 s. */
#define TAKING_PAUSE_MS 3000
/* Deleted blocks may come back only with the journal's commits, which are 5 s apart. */
#define GIVING_PAUSE_MS 6000
/* Steps in between say little: 0.1 s of jitter at 100 MB/s is 10 MB. */
#define SHORTEST_STEP_MS 500
/* A longer gap is judged as if it were a day. */
#define LONGEST_STEP_MS UINT64_C(86400000)

/* Free space that is "unchanged": 1 MiB per 2 s sample lets logs trickle, and a minute's stays below
 * GIVEN_BYTES. */
#define STILL_BYTES MIB
#define STILL_BYTES_PER_S (MIB / 2)
/* The idle level of a device: 1 MiB/s, or what that makes in one commit interval at once. The commit that
 * closes an allocation of 1 TB writes 60 MB. */
#define IDLE_WRITE_BYTES_PER_S MIB
#define IDLE_WRITE_BYTES (5 * MIB)
/* The idle level of a journal: the commit that the timer makes, and one that some fsync() asked for. */
#define IDLE_COMMITS 2

#define COMMIT_DEFAULT_MS UINT64_C(5000) /* of ext3 and ext4 */
/* After this time, whatever moves is somebody writing, and no reason to look more often. */
#define RESTLESS_MS 60000
/* Freeing soon after an allocation is most likely its undoing; later it may be any file. */
#define CALM_VALID_MS 3600000

#define SMOOTH_MS UINT64_C(8000)	  /* evens out the commits' 5 s */
#define SMOOTH_LONGEST_MS UINT64_C(60000) /* these two keep the products below 64 bits */
#define RATE_MAX_BYTES_PER_S (UINT64_C(1) << 44)

/* What lies between two samples. */
struct step {
	uint64_t ms, now_ms;
	uint64_t taken, given; /* one of them is 0 */
	uint64_t unexplained;  /* of `taken`: neither written nor waiting to be */
	uint64_t caught_up;    /* written beyond `taken`: what a queue held back before, perhaps */
	uint64_t written, transactions;
	uint64_t normal_bytes; /* movement too slow for an allocation */
	uint64_t commit_ms;
};

uint64_t volume_commit_ms(uint32_t commit_s)
{
	if (!commit_s || commit_s >= COMMIT_DEFAULT_MS / 1000)
		return COMMIT_DEFAULT_MS;
	return commit_s * UINT64_C(1000);
}

static uint64_t at_most(uint64_t value, uint64_t limit)
{
	return value < limit ? value : limit;
}

/* without wrapping */
static uint64_t sum_of(uint64_t a, uint64_t b)
{
	return a + at_most(b, UINT64_MAX - a);
}

static uint64_t known_or_zero(uint64_t value)
{
	return value == UNKNOWN_U64 ? 0 : value;
}

bool volume_journal_is_busy(uint64_t transactions, uint64_t window_ms, uint32_t commit_s)
{
	uint64_t commit_ms = volume_commit_ms(commit_s);
	uint64_t over_ms = window_ms > commit_ms ? at_most(window_ms, LONGEST_STEP_MS) : commit_ms;
	return at_most(transactions, UNKNOWN_U32) * commit_ms > IDLE_COMMITS * over_ms;
}

/* true when it is full; it stays full only while more flows in than out */
static bool bucket_pour(uint64_t *level, uint64_t in, uint64_t out, uint64_t size)
{
	uint64_t sum = sum_of(*level, in);
	sum = sum > out ? sum - out : 0;
	*level = at_most(sum, size);
	return *level == size;
}

/* What programs wrote and the kernel has not: its space is gone already, the device has seen nothing of it.
 * Only growth counts: what is written back shows up as written. Without delayed allocation (ext3, nodelalloc)
 * or word of it, all the dirty memory may belong to this volume. */
static uint64_t growth_of_pending(const struct volume_sample *before, const struct volume_sample *now)
{
	uint64_t delayed = known_or_zero(delta_between(before->delayed_bytes, now->delayed_bytes));
	if (known_or_zero(before->delayed_bytes) || known_or_zero(now->delayed_bytes))
		return delayed;
	return known_or_zero(delta_between(before->dirty_bytes, now->dirty_bytes));
}

static struct step step_between(const struct volume_sample *before, const struct volume_sample *now)
{
	uint64_t written = delta_between(before->written_bytes, now->written_bytes);
	struct step step = {
		.ms = at_most(now->time_ms - before->time_ms, LONGEST_STEP_MS),
		.now_ms = now->time_ms,
		.taken = known_or_zero(delta_between(now->free_bytes, before->free_bytes)),
		.given = known_or_zero(delta_between(before->free_bytes, now->free_bytes)),
		.written = known_or_zero(written),
		.transactions = known_or_zero(delta_between(before->transactions, now->transactions)),
		.commit_ms = volume_commit_ms(now->commit_s),
	};
	uint64_t explained = sum_of(growth_of_pending(before, now), step.written);
	step.unexplained = step.taken > explained ? step.taken - explained : 0;
	step.caught_up = explained > step.taken ? explained - step.taken : 0;
	uint64_t normal = written == UNKNOWN_U64 && step.taken ? BLIND_BYTES_PER_S : MOVING_BYTES_PER_S;
	step.normal_bytes = normal * step.ms / 1000;
	return step;
}

static void track_begin(
	struct volume_track *track, enum volume_state state, const struct step *step, uint64_t rate)
{
	bool resumed = track->restless && track->calm_free_bytes != UNKNOWN_U64;
	if (state == VOLUME_ALLOCATING && !resumed)
		track->calm_free_bytes = track->last.free_bytes;
	if (state == VOLUME_FREEING && step->now_ms - track->active_ms > CALM_VALID_MS)
		track->calm_free_bytes = UNKNOWN_U64;
	track->state = state;
	track->rate_bytes_per_s = rate;
	track->active_ms = step->now_ms;
}

static void track_continue(struct volume_track *track, const struct step *step, uint64_t bytes, uint64_t rate)
{
	uint64_t pause_ms = track->state == VOLUME_FREEING ? GIVING_PAUSE_MS : TAKING_PAUSE_MS;
	uint64_t weight = at_most(step->ms, SMOOTH_LONGEST_MS);
	track->rate_bytes_per_s =
		(track->rate_bytes_per_s * SMOOTH_MS + rate * weight) / (SMOOTH_MS + weight);
	/* half of what it takes to begin, so that a slow one does not come and go */
	if (bytes >= step->normal_bytes / 2)
		track->active_ms = step->now_ms;
	if (step->now_ms - track->active_ms <= pause_ms)
		return;
	track->state = VOLUME_IDLE;
	track->rate_bytes_per_s = track->taken = track->given = 0;
}

static void track_space(struct volume_track *track, const struct step *step)
{
	uint64_t back = sum_of(step->given, step->caught_up);
	bool taking =
		bucket_pour(&track->taken, step->unexplained, sum_of(step->normal_bytes, back), TAKEN_BYTES);
	bool giving =
		bucket_pour(&track->given, step->given, sum_of(step->normal_bytes, step->taken), GIVEN_BYTES);
	enum volume_state state = taking ? VOLUME_ALLOCATING : giving ? VOLUME_FREEING : track->state;
	uint64_t bytes = state == VOLUME_FREEING ? step->given : step->unexplained;
	uint64_t rate = at_most(delta_per_s(bytes, step->ms, 1), RATE_MAX_BYTES_PER_S);
	if (state != track->state)
		track_begin(track, state, step, rate);
	else if (state != VOLUME_IDLE)
		track_continue(track, step, bytes, rate);
	if (step->taken + step->given > STILL_BYTES &&
		step->taken + step->given > STILL_BYTES_PER_S * step->ms / 1000)
		track->moved_ms = step->now_ms;
}

static void track_business(struct volume_track *track, const struct step *step)
{
	bool writing = bucket_pour(
		&track->written, step->written, IDLE_WRITE_BYTES_PER_S * step->ms / 1000, IDLE_WRITE_BYTES);
	/* in transactions times interval, so that nothing is lost by dividing; one more than idle fills it */
	uint64_t committed = at_most(step->transactions, UNKNOWN_U32) * step->commit_ms;
	bool committing = bucket_pour(
		&track->committed, committed, IDLE_COMMITS * step->ms, IDLE_COMMITS * step->commit_ms);
	/* Up to half a minute after an allocation the kernel writes its bitmaps back, 30 MB per TB at once:
	 * only what lasts longer is somebody's business. */
	if (!writing)
		track->writing_ms = 0;
	else if (!track->writing_ms)
		track->writing_ms = step->now_ms;
	if (committing || (writing && step->now_ms - track->writing_ms >= step->commit_ms))
		track->busy_ms = step->now_ms;
}

static enum tri track_settled(const struct volume_track *track)
{
	uint64_t now_ms = track->last.time_ms;
	uint64_t rest_ms = volume_commit_ms(track->last.commit_s);
	if (track->stale || track->state == VOLUME_STATE_UNKNOWN)
		return UNKNOWN;
	if (track->state != VOLUME_IDLE)
		return NO;
	if (now_ms - track->moved_ms >= 2 * rest_ms && now_ms - track->busy_ms >= rest_ms)
		return YES;
	return track->moved_ms > track->since_ms || track->busy_ms > track->since_ms ? NO : UNKNOWN;
}

void volume_track_start(struct volume_track *track, uint32_t key, const struct volume_sample *sample)
{
	bool known = sample->free_bytes != UNKNOWN_U64;
	*track = (struct volume_track){
		.key = key,
		.state = known ? VOLUME_IDLE : VOLUME_STATE_UNKNOWN,
		.stale = !known,
		.last = *sample,
		.since_ms = sample->time_ms,
		.active_ms = sample->time_ms,
		.moved_ms = sample->time_ms,
		.busy_ms = sample->time_ms,
		.calm_free_bytes = UNKNOWN_U64,
	};
}

void volume_track_step(struct volume_track *track, const struct volume_sample *sample)
{
	if (sample->time_ms <= track->last.time_ms)
		return;
	uint64_t ms = sample->time_ms - track->last.time_ms;
	track->stale = sample->free_bytes == UNKNOWN_U64;
	if (track->stale) {
		track->restless = track->restless && ms < RESTLESS_MS;
		return;
	}
	if (track->state == VOLUME_STATE_UNKNOWN) {
		volume_track_start(track, track->key, sample);
		return;
	}
	if (ms < SHORTEST_STEP_MS)
		return;
	struct step step = step_between(&track->last, sample);
	track_space(track, &step);
	track_business(track, &step);
	track->last = *sample;
	if (track->state != VOLUME_IDLE)
		track->restless = true;
	else if (track_settled(track) == YES || step.now_ms - track->active_ms > RESTLESS_MS)
		track->restless = false;
}

void volume_track_tell(const struct volume_track *track, struct volume_rates *ret_rates)
{
	uint64_t rate = track->rate_bytes_per_s, calm = track->calm_free_bytes;
	bool known = track->state != VOLUME_STATE_UNKNOWN;
	bool ends = track->state == VOLUME_FREEING && rate && calm != UNKNOWN_U64 &&
		    calm > track->last.free_bytes;
	ret_rates->state = track->state;
	ret_rates->settled = track_settled(track);
	ret_rates->rate_bytes_per_s = known ? rate : UNKNOWN_U64;
	ret_rates->eta_s = ends ? (calm - track->last.free_bytes) / rate : UNKNOWN_U64;
}

const char *volume_state_name(enum volume_state state)
{
	static const char *const names[] = {
		[VOLUME_IDLE] = "idle",
		[VOLUME_ALLOCATING] = "allocating",
		[VOLUME_FREEING] = "freeing",
		[VOLUME_STATE_UNKNOWN] = "unknown",
	};
	return names[state];
}
