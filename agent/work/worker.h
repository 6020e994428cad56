/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The privileged process: passes over the machine at the pace the server asks for, publishes what it finds,
 * and carries out the server's orders. It is the only process that opens system files. While nobody asks it
 * wakes up once a minute, and wakes the server only when something has moved.
 */
#ifndef NASREADY_WORK_WORKER_H
#define NASREADY_WORK_WORKER_H

#include "base/loop.h"
#include "collect/collector.h"
#include "model/channel.h"
#include "work/obey.h"

/* Another part of the privileged process, which a layer above brings along: the gate (enforce/enforcer.h). */
struct ally {
	void *arg;
	void (*look)(void *arg, struct snapshot *now); /* whenever more is known, before it is published */
	int (*fd)(void *arg);			       /* to watch; -1: none */
	/* what came on it; true: a pass is due */
	bool (*hear)(void *arg, struct snapshot *newest, uint64_t now_ms, uint64_t clock_ms);
	bool (*is_restless)(void *arg); /* wants the fast pace */
	/* number of a volume whose knee it needs; 0: none */
	uint32_t (*wants_knee)(void *arg, const struct snapshot *now);
	/* a chunk that a job of ours allocated there */
	void (*learn)(void *arg, const struct volume *volume, uint64_t bytes, uint64_t us, uint64_t clock_ms);
	/* a step in that file was granted, and must not be refused now */
	void (*grant)(void *arg, const struct snapshot *newest, const struct share *share,
		const struct order *order, uint64_t now_ms);
	void (*forget)(void *arg); /* in the server after the fork */
};

struct worker {
	const struct ally *ally; /* NULL: none; set it after worker_init */
	int ally_fd;		 /* that is watched; -1: none */
	struct collector collector;
	struct jobs jobs;
	struct obey obey;
	struct channel *channel;
	struct loop loop;
	enum command pace;
	bool server_gone;
	unsigned untold;	   /* passes since the server was last told */
	struct told told;	   /* what it was told then */
	void (*hangup)(void *arg); /* called on SIGHUP; NULL: that ends the process */
	void *hangup_arg;
};

/* The struct is large: make it static. Takes the root over. `state_dir` outlives it. */
void worker_init(struct worker *worker, const struct root *root, const char *state_dir);
/* Before it runs again with another channel: a job that is under way goes on. */
void worker_restart(struct worker *worker);
/* Runs until a signal or until the other end is gone (`server_gone`). Negative errno. */
int worker_run(struct worker *worker, struct channel *channel);
/* hands over what the configuration says now, with a fresh look at the machine */
void worker_tell_terms(struct worker *worker, const void *terms, size_t size);
/* in the server after the fork, which must not keep what belongs to the worker */
void worker_forget(struct worker *worker);

#endif
