/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The part of the data model that tells of the gate in smbd (libnasready-gate.so) and of the large
 * allocations that it saw. The same rules as in snapshot.h, which includes this.
 */
#ifndef NASREADY_MODEL_ENFORCEMENT_H
#define NASREADY_MODEL_ENFORCEMENT_H

#include <stdint.h>

#include "common/gate_page.h"
#include "common/limits.h"
#include "common/tri.h"

enum step_state { STEP_RUNNING, STEP_DONE, STEP_FAILED, STEP_REFUSED, STEP_LOST /* its end was not told */ };

/* a large allocation that smbd asked for */
struct gate_step {
	enum step_state state;
	enum gate_refusal_reason reason; /* of a refusal */
	uint32_t pid;
	uint64_t begun_ms, begun_clock_ms; /* monotonic; wall clock */
	uint64_t growth_bytes, limit_bytes;
	uint64_t free_bytes;	  /* of its volume as it began; UNKNOWN_U64 */
	uint64_t wall_ms, cpu_ms; /* UNKNOWN_U64: not over yet */
	char volume[ID_LEN], path[GATE_PATH_LEN];
};

struct enforcement {
	enum tri ready;	    /* YES: the page is kept, so that a preloaded smbd would obey */
	enum tri preloaded; /* YES: the running smbd has the object loaded */
	uint32_t enabled;   /* shares */
	uint64_t refused;   /* since the agent began */
	uint32_t step_count;
	struct gate_step steps[GATE_STEPS_MAX]; /* the newest first */
	char reason[TEXT_LEN];			/* why `ready` is not YES */
};

#endif
