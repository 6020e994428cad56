/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "enforce/costs.h"

#include "base/log.h"
#include "work/record.h"

#define COSTS_NAME "costs"

void costs_read(struct costs *costs)
{
	char text[RECORD_MAX + 1];
	struct fault fault;
	uint64_t stamp = record_stamp(costs->state_dir, COSTS_NAME);
	if (stamp == costs->stamp)
		return;
	costs->stamp = stamp;
	ssize_t length = record_read(costs->state_dir, COSTS_NAME, text, &fault);
	if (length > 0 && learned_read(&costs->learned, (struct text){text, (size_t)length}, &fault))
		log_warning("%s/" COSTS_NAME ": %s; it is learned anew", costs->state_dir, fault.text);
	else if (length < 0)
		log_warning("%s", fault.text);
}

bool costs_learn(
	struct costs *costs, const struct volume *volume, uint64_t bytes, uint64_t us, uint64_t clock_ms)
{
	char text[LEARNED_TEXT_MAX];
	struct fault fault;
	costs_read(costs);
	if (!learned_add(&costs->learned, volume, bytes, us, clock_ms))
		return false;
	learned_write(&costs->learned, text);
	if (record_write(costs->state_dir, COSTS_NAME, text, &fault))
		log_warning("%s", fault.text);
	costs->stamp = record_stamp(costs->state_dir, COSTS_NAME);
	return true;
}
