/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The difference of two readings of a counter, and what that is per second. A counter that went backwards was
 * reset or has wrapped (32-bit kernels do after 2 TiB): the difference is then unknown, never a huge number.
 */
#ifndef NASREADY_JUDGE_DELTA_H
#define NASREADY_JUDGE_DELTA_H

#include <stdint.h>

#include "model/snapshot.h"

static inline uint64_t delta_between(uint64_t before, uint64_t now)
{
	if (before == UNKNOWN_U64 || now == UNKNOWN_U64 || now < before)
		return UNKNOWN_U64;
	return now - before;
}

/* `times` per second, such as 100 for hundredths; UNKNOWN_U64 if the delta is unknown or no time has passed
 */
static inline uint64_t delta_per_s(uint64_t delta, uint64_t ms, uint32_t times)
{
	uint64_t factor = UINT64_C(1000) * times;
	if (delta == UNKNOWN_U64 || !ms)
		return UNKNOWN_U64;
	if (delta <= UINT64_MAX / factor)
		return delta * factor / ms;
	return delta / ms < UINT64_MAX / factor ? delta / ms * factor : UNKNOWN_U64;
}

/* the same for a 32-bit field; what does not fit is unknown */
static inline uint32_t delta_per_s_u32(uint64_t delta, uint64_t ms, uint32_t times)
{
	uint64_t rate = delta_per_s(delta, ms, times);
	return rate < UNKNOWN_U32 ? (uint32_t)rate : UNKNOWN_U32;
}

#endif
