/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What the commands share that run once: a machine, looked at once or twice, because rates need two looks;
 * and the way what they say comes out.
 */
#ifndef NASREADY_CMD_LOOK_H
#define NASREADY_CMD_LOOK_H

#include "cmd/commands.h"
#include "collect/collector.h"
#include "show/represent.h"

/* rows for a table of options */
#define OPTION_ROOT                                                                       \
	{                                                                                 \
		"root", "DIR", "a recorded machine (tests/record.sh) instead of this one" \
	}

/* Large: make it static. */
struct look {
	struct history history;
	struct rates rates;
	struct assess_memory memory;
	struct assessment assessment;
	struct view view; /* of all that */
};

/* `hasty`: there will be no more looks than the next one or two (assess.h) */
void look_start(struct look *look, bool hasty);
/* takes a snapshot in; `look->view` then shows it */
void look_at(struct look *look, const struct snapshot *snapshot);
/* a pass with a person's patience, and the look at it */
void look_pass(struct look *look, struct collector *collector);
/* One pass over a recorded machine, two passes `apart_s` apart over a real one. */
void look_twice(struct look *look, struct collector *collector, unsigned apart_s);

/* the folder of --root, "/" without it */
const char *look_root(const struct arguments *arguments);
/* A collector for that folder; the caller closes its root and frees it. NULL: it was said why. */
struct collector *look_collector(const struct arguments *arguments);
void look_drop(struct collector *collector);

/* true if standard output is a terminal that shows colours, and nobody wants none (NO_COLOR) */
bool look_has_colours(void);
/* Print the whole, or nothing and why; they free it. An exit code: good or error. */
int print_out(const struct arguments *arguments, struct out *out);
int print_json(const struct arguments *arguments, struct json *json, bool pretty);

#endif
