/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * A timeline is a folder of recorded machines with times in their names: `t000002`, seconds from its start,
 * and `base`, what all of them share. Playing it shows what the agent would have said at each moment.
 */
#ifndef NASREADY_CMD_TIMELINE_H
#define NASREADY_CMD_TIMELINE_H

#include "collect/collector.h"
#include "show/represent.h"

bool timeline_is(const char *dir);
/* calls `moment` with what is known at each; negative errno */
int timeline_play(const char *dir, struct collector *collector,
	void (*moment)(const struct view *view, uint32_t time_s, void *arg), void *arg);
/* one JSON document with a list of moments on stdout; an exit code */
int timeline_print(const char *dir, struct collector *collector);

#endif
