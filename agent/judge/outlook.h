/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What becomes of a disk of a certain size on a certain volume: how large it may be and why, what lies before
 * the knee now, and the ladder of steps (common/plan.h). Without a volume: default figures, for one that is
 * large enough.
 */
#ifndef NASREADY_JUDGE_OUTLOOK_H
#define NASREADY_JUDGE_OUTLOOK_H

#include <stdbool.h>

#include "common/fault.h"
#include "common/plan.h"
#include "model/snapshot.h"

#define CLIENT_TIMEOUT_MAX_S 86400 /* SessTimeout goes up to 65535 */

struct capacity {
	uint64_t limit_bytes; /* the largest disk; never unknown, VHDX itself has a limit */
	char limit_reason[TEXT_LEN];
	uint64_t size_bytes, available_bytes; /* UNKNOWN_U64 */
	uint64_t whole_bytes;		      /* W as it is now; UNKNOWN_U64: the reason says why */
	uint64_t coarse_bytes;		      /* V; UNKNOWN_U64 */
	uint64_t whole_age_ms;		      /* since it was read; UNKNOWN_U64 */
	char whole_reason[TEXT_LEN];
};

struct outlook_question {
	const struct snapshot *snapshot;
	const struct volume *volume; /* NULL: default figures */
	const struct share *share;   /* NULL: none was named */
	uint64_t size_bytes, current_bytes;
	uint32_t client_timeout_s;
	uint64_t now_ms;
};

struct outlook {
	struct outlook_question question;
	struct capacity capacity;
	struct plan_room room;
	uint32_t cost_ms_per_tib;
	enum cost_source cost_source;
	uint64_t growth_bytes; /* 0 if there is nothing to do */
	uint64_t at_once_ms;   /* all of it in one step */
	uint64_t file_bytes;   /* the VHDX file at that size: its tables take a little more */
	uint64_t left_bytes;   /* available afterwards; UNKNOWN_U64 */
	int result;	       /* of plan_make: 0 or PLAN_E_* */
	struct plan plan;
};

void outlook_make(const struct outlook_question *question, struct outlook *ret_outlook);
/* why there is no plan (its result is not 0), and what to do */
void outlook_explain(const struct outlook *outlook, struct fault *ret_reason);

/* the knee is known as well as it can be: nobody needs to read block groups for this volume now */
bool outlook_knee_is_known(const struct volume *volume, uint64_t now_ms);
/* of a fixed VHDX with that virtual size */
uint64_t outlook_file_bytes(uint64_t size_bytes);
/* what should stay free on a volume of that size */
uint64_t outlook_headroom(uint64_t volume_bytes);
/* by share name (without regard to case, as Windows does), volume id or path; NULL: there is none */
const struct share *outlook_find_share(const struct snapshot *snapshot, const char *name);
const struct volume *outlook_find_volume(const struct snapshot *snapshot, const char *name);

#endif
