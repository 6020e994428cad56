/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * "Did you mean": of the words that there are, the one that somebody most likely tried to type. Nothing is
 * suggested when all are too far away. The words belong to the caller.
 */
#ifndef NASREADY_COMMON_NEAREST_H
#define NASREADY_COMMON_NEAREST_H

#include "common/text.h"

struct nearest {
	struct text typed;
	unsigned distance;
	const char *best; /* NULL: nothing is near */
};

void nearest_start(struct nearest *nearest, struct text typed);
void nearest_offer(struct nearest *nearest, const char *word);

/* letters to change, add or leave out, neighbours to swap (optimal string alignment); of overlong words only
 * the beginning counts */
unsigned nearest_distance(struct text left, struct text right);

#endif
