/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Makes snapshots: one at a time for the command line, or as a process of its own that passes over the
 * machine at the pace the server asks for and publishes what it finds. It is the only process that opens
 * system files. While nobody asks it wakes up once a minute, and wakes the server only when something has
 * moved.
 */
#ifndef NASREADY_COLLECT_COLLECTOR_H
#define NASREADY_COLLECT_COLLECTOR_H

#include "base/loop.h"
#include "collect/source.h"
#include "collect/source_knee.h"
#include "model/channel.h"

struct collector {
	struct root root;
	struct settings settings; /* set it after collector_init, if at all */
	unsigned newest;	  /* of the two */
	struct snapshot snapshots[2];
	struct channel *channel;
	struct loop loop;
	struct knee knee;
	enum command pace;
	bool server_gone;
	bool number_follows;  /* the next byte from the server names a volume */
	unsigned untold;      /* passes since the server was last told */
	struct snapshot told; /* what it was told then */
	char text[PROC_TEXT_MAX];
};

/* The struct is large: allocate it, or make it static. Takes the root over. */
void collector_init(struct collector *collector, const struct root *root);
/* A pass now; the snapshot stays valid until the next but one. `patience_ms`: for slow children, once each.
 */
const struct snapshot *collector_pass(struct collector *collector, uint32_t patience_ms);
/* Runs until a signal or until the other end is gone (`server_gone`). */
int collector_run(struct collector *collector, struct channel *channel);

/* is there something in `now` that somebody who knows `told` should hear of without asking? */
bool collector_is_news(const struct snapshot *told, const struct snapshot *now);

#endif
