/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What allocating costs on one volume, learned from allocations that were timed: the c of common/plan.h. The
 * median of the last samples, so that one that met a busy disk does not count, and a tenth more: a step that
 * is planned to take the whole budget would overstep it half of the time. With fewer than three the dearer
 * one and half as much again, since a client that is made to wait too long loses its disk. Pure arithmetic.
 */
#ifndef NASREADY_COMMON_COST_H
#define NASREADY_COMMON_COST_H

#include <stdbool.h>
#include <stdint.h>

#include "common/text.h"

#define COST_SAMPLES_MAX 9
/* Less is over too soon to be timed: 4 GiB take 2 to 60 ms. */
#define COST_SAMPLE_BYTES (UINT64_C(4) << 30)
#define COST_MS_PER_TIB_MAX 3600000 /* an hour; what takes longer was no plain allocation */
#define COST_TEXT_LEN 400	    /* of one volume as a line of text, and the end */

struct cost_sample {
	uint64_t clock_ms; /* wall clock, when it was taken */
	uint32_t us_per_gib;
};

struct cost {
	uint32_t count;
	struct cost_sample samples[COST_SAMPLES_MAX]; /* the newest first */
};

/* false, and nothing changed: that says nothing (too small, or so slow that it was something else) */
bool cost_add(struct cost *cost, uint64_t bytes, uint64_t us, uint64_t clock_ms);
/* UINT32_MAX: there is no sample; else at least 1 */
uint32_t cost_ms_per_tib(const struct cost *cost);

/* "CLOCK_MS:US_PER_GIB CLOCK_MS:US_PER_GIB ..."; false if it did not fit (then `into` is empty) */
bool cost_write(const struct cost *cost, char *into, size_t size);
/* false, and the target untouched, if the text is not wholly of that form */
bool cost_read(struct text text, struct cost *ret_cost);

#endif
