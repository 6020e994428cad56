/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Makes snapshots, one at each call. Who calls, and when, is up to the command line or to the privileged
 * process (work/worker.h).
 */
#ifndef NASREADY_COLLECT_COLLECTOR_H
#define NASREADY_COLLECT_COLLECTOR_H

#include "collect/source.h"
#include "collect/source_knee.h"

struct collector {
	struct root root;
	struct settings settings; /* set it after collector_init, if at all */
	unsigned newest;	  /* of the two */
	struct snapshot snapshots[2];
	struct knee knee;
	bool asked; /* somebody wants to know: what costs much may be asked for */
	char text[PROC_TEXT_MAX];
};

/* The struct is large: allocate it, or make it static. Takes the root over. */
void collector_init(struct collector *collector, const struct root *root);
/* A pass now; the snapshot stays valid until the next but one. `patience_ms`: for slow children, once each.
 */
const struct snapshot *collector_pass(struct collector *collector, uint32_t patience_ms);
/* what somebody was told, as far as it can become news */
struct told {
	uint32_t digest; /* of all whose every change is news */
	uint64_t free_bytes[VOLUMES_MAX];
};
struct told collector_tell(const struct snapshot *snapshot);
/* is there something in `now` that somebody who knows `told` should hear of without asking? */
bool collector_is_news(const struct told *told, const struct snapshot *now);

#endif
