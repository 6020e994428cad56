/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Is a volume allocating, freeing or idle, how fast, for how long still, and has it settled? One step of a
 * small state machine per sample and volume. Space that disappears faster than data is written is an
 * allocation (fallocate); space that grows is being given back. Writing a file, or a backup into a fixed
 * VHDX, is neither.
 */
#ifndef NASREADY_JUDGE_VOLUME_STATE_H
#define NASREADY_JUDGE_VOLUME_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/snapshot.h"

enum volume_state { VOLUME_IDLE, VOLUME_ALLOCATING, VOLUME_FREEING, VOLUME_STATE_UNKNOWN };

struct volume_rates {
	enum volume_state state;
	enum tri settled;
	uint64_t rate_bytes_per_s; /* of the allocation or freeing; 0 when idle */
	uint64_t eta_s;		   /* UNKNOWN_U64: not known */
	uint64_t write_bytes_per_s;
	uint32_t transactions_per_s_hundredths;
	enum tri journal_busy;
};

/* what one snapshot says of one volume; UNKNOWN_U64 where it does not */
struct volume_sample {
	uint64_t time_ms, free_bytes, delayed_bytes, written_bytes, transactions;
	uint64_t dirty_bytes; /* of the whole machine: written by programs, not yet by the kernel */
	uint32_t commit_s;    /* UNKNOWN_U32: no journal */
};

struct volume_track {
	uint32_t key;		     /* hash of the volume's id and device */
	enum volume_state state;     /* VOLUME_STATE_UNKNOWN: its space was never known */
	bool stale;		     /* its space is not known at present */
	bool restless;		     /* allocating, freeing, or not settled since */
	struct volume_sample last;   /* the last one with known space */
	uint64_t since_ms;	     /* when watching began */
	uint64_t active_ms;	     /* when the allocation or freeing was last seen to go on */
	uint64_t moved_ms;	     /* when space last moved: the beginning of the quiet period */
	uint64_t writing_ms;	     /* since when the device has been above its idle level; 0: it is not */
	uint64_t busy_ms;	     /* when journal or device were last above their idle level */
	uint64_t calm_free_bytes;    /* free space before the last allocation began */
	uint64_t rate_bytes_per_s;   /* smoothed */
	uint64_t taken, given;	     /* leaky buckets, in bytes: see volume_state.c */
	uint64_t written, committed; /* the same for writes, and for transactions times commit interval */
};

void volume_track_start(struct volume_track *track, uint32_t key, const struct volume_sample *sample);
/* A sample that is not newer changes nothing; one that came within half a second is left for the next to
 * include. */
void volume_track_step(struct volume_track *track, const struct volume_sample *sample);
/* state, settled, rate and eta of `ret_rates`; the other fields are not touched */
void volume_track_tell(const struct volume_track *track, struct volume_rates *ret_rates);

/* the commit interval that counts: known, at least 1 s and at most 5 s (firmwares set a week before
 * spin-down) */
uint64_t volume_commit_ms(uint32_t commit_s);
/* more transactions than an idle volume makes in that time */
bool volume_journal_is_busy(uint64_t transactions, uint64_t window_ms, uint32_t commit_s);

const char *volume_state_name(enum volume_state state);

#endif
