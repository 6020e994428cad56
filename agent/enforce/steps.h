/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The large allocations that the gate in smbd told of, in the rows of the model. Pure.
 */
#ifndef NASREADY_ENFORCE_STEPS_H
#define NASREADY_ENFORCE_STEPS_H

#include "model/snapshot.h"

struct steps_now {
	uint64_t now_ms, clock_ms;	 /* monotonic; wall clock */
	const struct snapshot *snapshot; /* whose volumes and shares are known */
};

/* what one message says, of the process with that number; the step that it is about */
const struct gate_step *steps_take(struct enforcement *gate, const struct gate_message *message, uint32_t pid,
	const struct steps_now *now);
/* a step is running on that volume */
bool steps_run_on(const struct enforcement *gate, const char *volume);
/* true while any does */
bool steps_run(const struct enforcement *gate);
/* A step whose end was not told (its smbd was killed) is lost: to be called when nothing moves on its volume.
 */
void steps_give_up(struct enforcement *gate, const char *volume, uint64_t now_ms);

#endif
