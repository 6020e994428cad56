/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What allocating costs on each volume that was learned about (common/cost.h), under the file system's UUID,
 * so that it stays with the volume wherever it is mounted. Kept over restarts as a few lines of text.
 */
#ifndef NASREADY_ENFORCE_LEARNED_H
#define NASREADY_ENFORCE_LEARNED_H

#include "common/cost.h"
#include "common/fault.h"
#include "model/snapshot.h"

#define LEARNED_VOLUMES_MAX                                                             \
	8 /* one NAS and its USB disks; the one that was learned about longest ago goes \
	   */
#define LEARNED_KEY_LEN ID_LEN
#define LEARNED_TEXT_MAX (64 + LEARNED_VOLUMES_MAX * (LEARNED_KEY_LEN + COST_TEXT_LEN))

struct learned {
	uint32_t count;
	struct {
		char key[LEARNED_KEY_LEN];
		struct cost cost;
	} volumes[LEARNED_VOLUMES_MAX]; /* the newest first */
};

/* Takes a timed allocation in, if it says something of c: none that went past the knee does. */
bool learned_add(
	struct learned *learned, const struct volume *volume, uint64_t bytes, uint64_t us, uint64_t clock_ms);
/* puts what is known into the rows of the volumes */
void learned_tell(const struct learned *learned, struct snapshot *now);

/* the whole of it as text that ends with NUL */
void learned_write(const struct learned *learned, char ret_text[LEARNED_TEXT_MAX]);
/* A file of another version, or a damaged one, is -EBADMSG with the fault, and nothing is known then. */
int learned_read(struct learned *learned, struct text text, struct fault *fault);

#endif
