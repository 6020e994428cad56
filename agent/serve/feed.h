/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What the server knows of the machine: the newest snapshot, copied out of the shared page, and what the
 * snapshots of the last while mean together. Also decides how often it wants one, and tells the collector
 * when that changes. Large: keep it on the heap. Knows nothing of HTTP and reads no clock.
 */
#ifndef NASREADY_SERVE_FEED_H
#define NASREADY_SERVE_FEED_H

#include "judge/assess.h"
#include "judge/history.h"
#include "judge/recorder.h"
#include "model/channel.h"
#include "serve/orders.h"

struct feed {
	struct channel *channel;
	struct orders orders; /* sent, and their answers */
	bool informed;	      /* there is a snapshot */
	bool awaiting;	      /* COMMAND_NOW was sent, nothing came since */
	uint64_t asked_ms;    /* when somebody last asked */
	unsigned brisk;	      /* so many more looks are wanted soon */
	int pace;	      /* the last command about it; 0: none */
	struct snapshot snapshot;
	struct history history;
	struct assess_memory memory;
	struct rates rates;
	struct recorder recorder;
};

/* beginning counts as having been asked: rates need a second snapshot soon */
void feed_start(struct feed *feed, struct channel *channel, uint64_t now_ms);
/* takes in what the collector announced: 1: something new; 0: nothing; -1: the collector is gone */
int feed_receive(struct feed *feed, uint64_t now_ms);
/* copies what is in the page, announced or not: at the idle pace a pass that saw nothing move is silent */
void feed_take(struct feed *feed);

/* notes that somebody asks for what is now; false if the snapshot is too old for that */
bool feed_ask(struct feed *feed, uint64_t now_ms, uint32_t fresh_ms);
/* asks for a pass at once, unless that is under way */
void feed_hurry(struct feed *feed);

#endif
