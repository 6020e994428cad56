/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * A job that a command does itself, whether an agent runs or not; both share one lock.
 */
#ifndef NASREADY_CMD_JOB_HERE_H
#define NASREADY_CMD_JOB_HERE_H

#include "cmd/settings.h"
#include "collect/collector.h"
#include "work/obey.h"

/* Large: make it static. */
struct job_here {
	const struct arguments *arguments;
	struct options options;
	struct wishes wishes;
	struct collector *collector; /* after one pass; look_drop frees it */
	struct jobs jobs;
	struct obey obey;
	struct order_answer answer;
	bool answered, terminal;
	uint64_t said_ms;
};

/* Reads the settings and looks at the machine; an exit code other than EXIT_GOOD: it was said why. */
int job_here_open(struct job_here *work, const struct arguments *arguments);
/* Waits for the job, showing how far it is, and says how it ended; the exit code. `refusal` NULL: it has
 * begun. */
int job_here_end(struct job_here *work, const struct order_answer *refusal);

#endif
