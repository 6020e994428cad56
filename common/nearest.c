/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/nearest.h"

#define LENGTH_MAX 32 /* no command or option is longer */

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned nearest_distance(struct text left, struct text right)
{
	unsigned rows[3][LENGTH_MAX + 1];
	unsigned width = least((unsigned)right.length, LENGTH_MAX),
		 height = least((unsigned)left.length, LENGTH_MAX);
	for (unsigned j = 0; j <= width; j++)
		rows[0][j] = j;
	for (unsigned i = 1; i <= height; i++) {
		unsigned *now = rows[i % 3], *above = rows[(i + 2) % 3], *swapped = rows[(i + 1) % 3];
		now[0] = i;
		for (unsigned j = 1; j <= width; j++) {
			bool same = left.at[i - 1] == right.at[j - 1];
			now[j] = least(least(now[j - 1], above[j]) + 1, above[j - 1] + !same);
			if (i > 1 && j > 1 && left.at[i - 1] == right.at[j - 2] &&
				left.at[i - 2] == right.at[j - 1])
				now[j] = least(now[j], swapped[j - 2] + 1);
		}
	}
	return rows[height % 3][width];
}

void nearest_start(struct nearest *nearest, struct text typed)
{
	/* of three letters one may be wrong */
	*nearest = (struct nearest){typed, 1 + (unsigned)typed.length / 3, NULL};
}

void nearest_offer(struct nearest *nearest, const char *word)
{
	struct text whole = text_of(word), typed = nearest->typed;
	unsigned distance = nearest_distance(typed, whole);
	/* the beginning of a word is as good as one slip */
	if (typed.length > 1 && whole.length > typed.length &&
		!nearest_distance(typed, (struct text){word, typed.length}))
		distance = 1;
	if (distance >= whole.length || distance > nearest->distance ||
		(nearest->best && distance == nearest->distance))
		return;
	nearest->distance = distance;
	nearest->best = word;
}
