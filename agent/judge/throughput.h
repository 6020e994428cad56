/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What comes in and goes out over all links together. Bonds, bridges and the like count the bytes of the
 * links below them once more, so they only count where there is nothing else.
 */
#ifndef NASREADY_JUDGE_THROUGHPUT_H
#define NASREADY_JUDGE_THROUGHPUT_H

#include "judge/history.h"

struct throughput {
	uint64_t in_bytes_per_s, out_bytes_per_s; /* UNKNOWN_U64: of no link */
	uint32_t speed_mbps;			  /* of the fastest link that is up; UNKNOWN_U32 */
};

struct throughput throughput_of(const struct snapshot *snapshot, const struct rates *rates);

#endif
