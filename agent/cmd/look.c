/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "cmd/look.h"

#include <unistd.h>

#define PATIENCE_MS 2000 /* a person waits this long for a disk to answer */

void look_start(struct look *look, bool hasty)
{
	history_reset(&look->history);
	assess_start(&look->memory, hasty);
}

void look_at(struct look *look, const struct snapshot *snapshot)
{
	static const struct assess_question question = {.asker = NULL};
	history_add(&look->history, snapshot, &look->rates);
	assess_observe(&look->memory, snapshot, &look->rates);
	assess_answer(&look->memory, &question, &look->assessment);
	look->view = (struct view){
		.snapshot = snapshot,
		.rates = &look->rates,
		.now_ms = snapshot->time_ms,
		.uptime_s = UNKNOWN_U64,
		.assessment = &look->assessment,
	};
}

void look_twice(struct look *look, struct collector *collector, unsigned apart_s)
{
	look_start(look, true);
	look_at(look, collector_pass(collector, PATIENCE_MS));
	if (collector->root.recorded)
		return;
	sleep(apart_s);
	look_at(look, collector_pass(collector, PATIENCE_MS));
}
