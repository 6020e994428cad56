/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * How much of a volume can be allocated before it becomes slow (common/mb_groups.h). Reading that takes 0.1
 * to 0.4 s for 5.4 TB, and on a volume just mounted the kernel loads every bitmap from the disk for it: so it
 * is no row of sources.c, but done only when the server asks for it, by the number that the volume was given
 * here, one volume at a time, in a disposable child. What was found stays with the mount.
 */
#ifndef NASREADY_COLLECT_SOURCE_KNEE_H
#define NASREADY_COLLECT_SOURCE_KNEE_H

#include "common/fault.h"
#include "common/mb_groups.h"
#include "common/text.h"
#include "model/snapshot.h"
#include "system/answer.h"

#define KNEE_NUMBER_MAX 255 /* it is one byte on the channel */
#define KNEE_STUCK_MAX 4    /* children that hang on dead disks; with so many, no more are started */

struct knee {
	uint32_t last_number;
	bool wanted[KNEE_NUMBER_MAX + 1];
	uint32_t asking; /* number of the volume whose file is being read; 0: none */
	uint64_t since_ms;
	struct answer answer;
	struct {
		uint32_t number;
		pid_t pid; /* 0: free */
	} stuck[KNEE_STUCK_MAX];
};

void knee_init(struct knee *knee);
/* after each pass: gives every volume its number, and what was found before if the mount is the same */
void knee_follow(struct knee *knee, const struct snapshot *before, struct snapshot *now);
/* takes note of a question; a number that no volume has is forgotten */
void knee_want(struct knee *knee, unsigned number);
/* Begins with what is wanted, waits `patience_ms` for the child; true: `newest` has an answer that it had
 * not. */
bool knee_step(struct knee *knee, const struct root *root, struct snapshot *newest, uint64_t now_ms,
	uint32_t patience_ms);
/* true while knee_step must be called again soon */
bool knee_is_busy(const struct knee *knee);

/* Reads the file in pieces of 16 KiB: 0 and W in bytes, or a negative errno and the fault. */
int knee_read(
	const struct root *root, const struct volume *volume, struct mb_room *ret_room, struct fault *fault);
/* "BYTES", or "error TEXT": what the child prints */
void knee_parse(struct text text, struct volume *volume);

#endif
