/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * In which steps a VHDX can be created or grown so that no step outlasts the SMB client. The time of a step
 * is linear in its size up to the knee, the point where wholly free block groups run out, and about a hundred
 * times steeper past it. Where pieces of 8 MiB run out as well, the kernel looks through all groups for each
 * extent: on 5.4 TiB that is 1500 times. T(step) = c * (what lies within W) + 100 c * (what lies between W
 * and V) + c * max(100, groups / 30) * (the rest), W = bytes in wholly free groups, V = bytes in pieces of 8
 * MiB and more; without flex_bg W is V. Splitting does not shorten the whole; it bounds each call. Pure
 * arithmetic over bytes and milliseconds.
 */
#ifndef NASREADY_COMMON_PLAN_H
#define NASREADY_COMMON_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#define PLAN_STEPS_MAX 64 /* a person copies them into PowerShell; a plan with more is advised against */

#define PLAN_COST_MS_PER_TIB \
	15000 /* until learned: 2 TiB then fit half of Windows' 60 s, the seed's rule of thumb */
#define PLAN_PAST_KNEE_FACTOR 100 /* measured: 6 to 100 */
#define PLAN_GROUPS_PER_FACTOR 30 /* measured: 1300 to 1800 times with 44,238 groups, 14 with 2,016 */
#define PLAN_GROUP_BYTES (UINT64_C(128) << 20)
#define PLAN_CLIENT_TIMEOUT_S 60		 /* SessTimeout of Windows' SMB client */
#define PLAN_VHDX_MAX_BYTES (UINT64_C(64) << 40) /* MS-VHDX 2.6.2.2 */

#define PLAN_E_NOTHING 1  /* the size is not above the current one */
#define PLAN_E_LIMIT 2	  /* beyond what the file system, kernel or format can hold */
#define PLAN_E_NO_SPACE 3 /* more than is available */

/* free space by what allocating it costs */
struct plan_room {
	uint64_t whole_bytes;  /* W; UINT64_MAX: not known, taken as all */
	uint64_t coarse_bytes; /* V, at least W; UINT64_MAX: not known, taken as all */
	uint64_t volume_bytes; /* tells how many groups there are; UINT64_MAX: not known */
};

struct plan_question {
	uint64_t size_bytes;	  /* virtual size wanted */
	uint64_t current_bytes;	  /* 0: the disk does not exist yet */
	uint64_t available_bytes; /* UINT64_MAX: not known, taken as enough */
	uint64_t limit_bytes;	  /* of one file; UINT64_MAX: none */
	struct plan_room room;
	uint32_t cost_ms_per_tib;
	uint32_t client_timeout_s;
};

struct plan_step {
	uint64_t size_bytes, step_bytes; /* size after the step; growth by it */
	uint64_t predicted_ms;
};

struct plan {
	uint32_t step_count, steps_omitted;
	struct plan_step steps[PLAN_STEPS_MAX]; /* the first creates the disk if current_bytes was 0 */
	uint64_t max_step_bytes;		/* the largest step that is safe now */
	uint64_t predicted_ms;			/* of all steps together */
	uint64_t past_knee_bytes;		/* of the growth, how much lies past the knee */
	uint64_t past_knee_ms;			/* and what that part costs */
	uint64_t budget_ms;			/* half the client's time-out */
};

/* 0, or PLAN_E_*; then only budget_ms and max_step_bytes are set. Sizes are rounded down to a MiB. */
int plan_make(const struct plan_question *question, struct plan *ret_plan);
/* T(step); UINT64_MAX if it does not fit */
uint64_t plan_step_ms(uint64_t step_bytes, const struct plan_room *room, uint32_t cost_ms_per_tib);
/* the largest step, in whole GiB (MiB below one), whose time is within the budget */
uint64_t plan_max_step(const struct plan_room *room, uint32_t cost_ms_per_tib, uint64_t budget_ms);

#endif
