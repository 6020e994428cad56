/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/cost.h"

#include <stdio.h>
#include <string.h>

#define GIB (UINT64_C(1) << 30)
#define US_PER_GIB_MAX (COST_MS_PER_TIB_MAX / 1024 * 1000)

bool cost_add(struct cost *cost, uint64_t bytes, uint64_t us, uint64_t clock_ms)
{
	if (bytes < COST_SAMPLE_BYTES)
		return false;
	/* in MiB, so that the product fits */
	uint64_t per_gib = us > UINT64_MAX / 1024 ? UINT64_MAX : us * 1024 / (bytes >> 20);
	if (per_gib > US_PER_GIB_MAX)
		return false;
	if (cost->count < COST_SAMPLES_MAX)
		cost->count++;
	memmove(&cost->samples[1], &cost->samples[0], (cost->count - 1) * sizeof cost->samples[0]);
	cost->samples[0] = (struct cost_sample){clock_ms, (uint32_t)per_gib};
	return true;
}

static uint32_t us_per_gib(const struct cost *cost)
{
	uint32_t sorted[COST_SAMPLES_MAX];
	for (uint32_t i = 0; i < cost->count; i++) {
		uint32_t at = i;
		for (; at && sorted[at - 1] > cost->samples[i].us_per_gib; at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = cost->samples[i].us_per_gib;
	}
	return sorted[cost->count < 3 ? cost->count - 1 : cost->count / 2];
}

uint32_t cost_ms_per_tib(const struct cost *cost)
{
	if (!cost->count)
		return UINT32_MAX;
	uint64_t us = us_per_gib(cost);
	us += cost->count < 3 ? us / 2 : us / 10;
	uint64_t ms = (us * 1024 + 999) / 1000;
	return ms ? (uint32_t)ms : 1;
}

bool cost_write(const struct cost *cost, char *into, size_t size)
{
	size_t at = 0;
	into[0] = 0;
	for (uint32_t i = 0; i < cost->count; i++) {
		int length = snprintf(into + at, size - at, "%s%llu:%u", i ? " " : "",
			(unsigned long long)cost->samples[i].clock_ms, (unsigned)cost->samples[i].us_per_gib);
		if (length < 0 || (size_t)length >= size - at) {
			into[0] = 0;
			return false;
		}
		at += (size_t)length;
	}
	return true;
}

static bool read_sample(struct text word, struct cost_sample *ret_sample)
{
	struct text clock;
	return text_until(&word, ':', &clock) && text_u64(clock, &ret_sample->clock_ms) &&
	       text_u32(word, &ret_sample->us_per_gib) && ret_sample->us_per_gib <= US_PER_GIB_MAX;
}

bool cost_read(struct text text, struct cost *ret_cost)
{
	struct cost cost = {0};
	struct text word;
	while (text_word(&text, &word)) {
		if (cost.count == COST_SAMPLES_MAX || !read_sample(word, &cost.samples[cost.count]))
			return false;
		cost.count++;
	}
	*ret_cost = cost;
	return true;
}
