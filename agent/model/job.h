/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The part of the data model that tells of long work on disks. The same rules as in snapshot.h, which
 * includes this.
 */
#ifndef NASREADY_MODEL_JOB_H
#define NASREADY_MODEL_JOB_H

#include <stdint.h>

#include "common/limits.h"

enum job_kind { JOB_NONE, JOB_CREATE, JOB_GROW, JOB_DELETE, JOB_UNDELETE, JOB_TIDY, JOB_PROBE };
enum job_state { JOB_RUNNING, JOB_DONE, JOB_CANCELLED, JOB_FAILED };

struct job {
	uint32_t number; /* from 1 on, since the agent began */
	enum job_kind kind;
	enum job_state state;
	uint32_t cancelling; /* 1: somebody asked for it, and it has not ended yet */
	char share[SHARE_LEN], file[JOB_FILE_LEN];
	char who[NAME_LEN], address[ADDRESS_LEN]; /* who asked; empty: the agent itself */
	char phase[NAME_LEN];			  /* what it does now; empty: nothing to tell */
	uint64_t total_bytes, done_bytes;	  /* of the work; UNKNOWN_U64: not known yet */
	uint64_t rate_bytes_per_s, eta_s;
	uint64_t started_clock_ms, ended_clock_ms; /* since 1970; ended: UNKNOWN_U64 while it runs */
	uint64_t started_ms;			   /* monotonic */
	char says[JOB_SAYS_LEN];		   /* how it ended, or why it was refused or failed */
};

#endif
