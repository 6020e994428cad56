/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What a command that runs once makes of a machine: one look, or two with a pause, because rates need two.
 */
#ifndef NASREADY_CMD_LOOK_H
#define NASREADY_CMD_LOOK_H

#include "collect/collector.h"
#include "show/represent.h"

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
/* One pass over a recorded machine, two passes `apart_s` apart over a real one. */
void look_twice(struct look *look, struct collector *collector, unsigned apart_s);

#endif
