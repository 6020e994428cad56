/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The agent's side of the gate in smbd: after each pass it writes into the gate page what may be allocated at
 * once in each enabled share, hears of what smbd did, and learns from it what allocating costs. Part of the
 * privileged process, so that it works whatever becomes of the server. Judges with judge/, as the server
 * does.
 */
#ifndef NASREADY_ENFORCE_ENFORCER_H
#define NASREADY_ENFORCE_ENFORCER_H

#include "enforce/costs.h"
#include "enforce/gate_list.h"
#include "enforce/grants.h"
#include "enforce/page_file.h"
#include "judge/history.h"
#include "model/order.h"
#include "system/root.h"

#define ENFORCER_RETRY_MS 60000 /* after the page could not be kept */

struct enforcer_setup {
	const char *run_dir, *state_dir; /* outlive it */
	uint32_t client_timeout_s;
	const struct root *root;
};

/* a share's folder as it was asked for, and where it really is */
struct enforcer_root {
	char path[MOUNT_LEN], real[GATE_PATH_LEN];
};

struct enforcer {
	struct enforcer_setup setup;
	struct page_file file;
	struct gate_page page;
	struct costs costs;
	struct history history;
	struct rates rates;
	struct enforcement gate; /* what goes into each snapshot */
	uint64_t tried_ms;	 /* to keep the page; 0: never */
	uint64_t list_stamp;	 /* of the list of enabled shares, as it was last read */
	uint64_t smbd_ms;	 /* when smbd was last looked for */
	struct gate_list list;
	struct grants grants;
	struct enforcer_root roots[SHARES_MAX];
};

/* of memory that is all zero, most of which is never touched while no share is enabled */
void enforcer_init(struct enforcer *enforcer, const struct enforcer_setup *setup);
/* After each pass: writes the page, and what it knows into the snapshot. */
void enforcer_look(struct enforcer *enforcer, struct snapshot *now);
/* Descriptor to watch for enforcer_hear; -1: none. */
int enforcer_fd(const struct enforcer *enforcer);
/* Takes in what smbd's processes tell; true: something moves, a pass is due. */
bool enforcer_hear(struct enforcer *enforcer, struct snapshot *newest, uint64_t now_ms, uint64_t clock_ms);
/* what a chunk of a job took on that volume */
void enforcer_learn(struct enforcer *enforcer, const struct volume *volume, uint64_t bytes, uint64_t us,
	uint64_t clock_ms);
/* A step was granted: the page lets it pass until it begins, for GRANT_OPEN_MS at most; no more of it than
 * this process itself finds safe for a client that waits so long. */
void enforcer_grant(struct enforcer *enforcer, const struct snapshot *newest, const struct share *share,
	const struct order *order, uint64_t now_ms);
/* true while somebody must look every few seconds, so that the page says the truth */
bool enforcer_is_restless(const struct enforcer *enforcer);
/* the number of a volume whose knee the page needs and nobody knows; 0: none. Never one that sleeps. */
uint32_t enforcer_wants_knee(const struct enforcer *enforcer, const struct snapshot *now);
/* in the server after the fork */
void enforcer_forget(struct enforcer *enforcer);

#endif
