/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Carries orders out: checks each again against what the privileged process itself knows, does it at once or
 * begins a job, and answers it. A new kind of order is one row in the table of obey_table.c. The answer to an
 * order that became a job comes when the job has looked at the disk and accepted, or after 3 s: a disk may
 * have to spin up first.
 */
#ifndef NASREADY_WORK_OBEY_H
#define NASREADY_WORK_OBEY_H

#include "work/job.h"
#include "work/lease.h"

struct obey {
	struct jobs *jobs;
	const char *state_dir;
	bool quiet;    /* somebody is told on the terminal, and the log need not hear of it */
	bool recorded; /* this is no real machine: nothing is done on it */
	int watched_fd;
	uint64_t keep_s; /* for how long what was deleted can be had back */
	struct leases leases;
	void (*answer)(void *arg, const struct order_answer *answer);
	/* a chunk of so many bytes was allocated in that share; NULL: nobody wants to know */
	void (*learn)(void *arg, uint32_t share_number, uint64_t bytes, uint64_t ms);
	/* so much may be allocated at once in that file of the share; NULL: nothing forbids it */
	void (*grant)(void *arg, const struct share *share, const struct order *order);
	void *arg;
	uint32_t waiting_id; /* of the order that became the job; 0: it is answered */
	uint64_t waiting_until_ms;
	bool tidying;			/* the job that runs is the agent's own, and makes way for an order */
	uint64_t tidy_ms;		/* when shares are to be looked after next; UINT64_MAX: not */
	uint32_t tidy_done[SHARES_MAX]; /* numbers of the shares that were */
	uint32_t tidy_count;
};

/* `state_dir` outlives it */
void obey_init(struct obey *obey, struct jobs *jobs, const char *state_dir, bool recorded);
void obey_begin(struct obey *obey, void (*answer)(void *arg, const struct order_answer *answer), void *arg);
void obey(struct obey *obey, const struct order *order, const struct snapshot *known);
/* takes in what the job says; true when the list of jobs has changed */
bool obey_receive(struct obey *obey, uint64_t now_ms, uint64_t clock_ms);
/* answers whom the job keeps waiting, and looks after shares that nobody looked after yet */
void obey_settle(struct obey *obey, const struct snapshot *known, uint64_t now_ms, uint64_t clock_ms);
/* when obey_settle has something to do; UINT64_MAX: never */
uint64_t obey_due_ms(const struct obey *obey);

/* -- for the rows of the table -- */

struct order_row {
	enum order_kind kind;
	/* Fills the answer; false: it comes later. `answer` has the order's id and ORDER_DONE. */
	bool (*carry_out)(struct obey *obey, const struct order *order, const struct snapshot *known,
		struct order_answer *answer);
};

extern const struct order_row order_table[];
extern const unsigned order_table_count;

bool obey_refuse(struct order_answer *answer, enum order_status status, const char *format, ...) FORMAT(3, 4);
/* begins the job; false, as the answer comes later, or true with the refusal */
bool obey_start(struct obey *obey, const struct job_task *task, struct order_answer *answer);
/* What is wanted of a disk in a share: checks it as far as that goes without looking at the disk, and begins
 * the job. `path`: NAME, or FOLDER/NAME of one that is there already. As obey_start. */
bool obey_disk(struct obey *obey, enum job_kind kind, const struct share *share, const char *path,
	const struct order *order, const struct snapshot *known, struct order_answer *answer);
/* times an allocation in a share; as obey_start */
bool obey_probe(struct obey *obey, const struct share *share, const struct order *order,
	const struct snapshot *known, struct order_answer *answer);
/* what becomes of leases is in lease_orders.c */
bool lease_put(struct obey *obey, const struct order *order, const struct snapshot *known,
	struct order_answer *answer);
bool lease_release(struct obey *obey, const struct order *order, const struct snapshot *known,
	struct order_answer *answer);
bool lease_break(struct obey *obey, const struct order *order, const struct snapshot *known,
	struct order_answer *answer);
const struct share *obey_find_share(const struct snapshot *known, uint32_t number);

#endif
