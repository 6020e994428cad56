/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What was learned about volumes (learned.h), as a record in the state directory. Both the agent and
 * `nasready probe` write it; each reads it anew when the other has.
 */
#ifndef NASREADY_ENFORCE_COSTS_H
#define NASREADY_ENFORCE_COSTS_H

#include "enforce/learned.h"

struct costs {
	const char *state_dir; /* outlives it */
	struct learned learned;
	uint64_t stamp; /* of the record as it was last read or written; 0: never */
};

/* takes in what is on disk, if it changed; a damaged record is logged, and nothing is known then */
void costs_read(struct costs *costs);
/* Takes one sample in and writes the record; false: it teaches nothing. A record that cannot be written is
 * logged, and written with the next sample. */
bool costs_learn(
	struct costs *costs, const struct volume *volume, uint64_t bytes, uint64_t us, uint64_t clock_ms);

#endif
