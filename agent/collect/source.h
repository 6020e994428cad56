/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * A source fills one part of a snapshot. Each lives in a file of its own, in two halves: a pure parser over
 * text (public, for the tests and the fuzzers) and a collector that reads through the root handle and calls
 * it. Sources run in the order of the table in sources.c; one that begins something slow in a child has a
 * second function, called after all others have run. A source opens no block device and wakes no disk.
 */
#ifndef NASREADY_COLLECT_SOURCE_H
#define NASREADY_COLLECT_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/fault.h"
#include "model/snapshot.h"
#include "system/root.h"

/* returned by a source that this machine does not have; the fault says what is missing */
#define SOURCE_E_ABSENT 1
/* returned by a source that has only old figures, or only some; the fault says which and why */
#define SOURCE_E_STALE 2

struct port_table;

/* What the configuration says of what to look for; all NULL is the standard. The strings outlive the
 * collector. */
struct settings {
	const char *smb_conf; /* path of Samba's configuration; NULL or empty: where Samba looks itself */
	const struct port_table *ports;			   /* whose connections are told apart */
	const char *services_expected, *services_unneeded; /* lists as in the options */
	const char *disk_depth;				   /* how deep shares are searched for disks */
	const char *ups; /* NAME@HOST:PORT; NULL or empty: the first one on this machine */
};

struct pass {
	const struct root *root;
	struct snapshot *now;	       /* being filled */
	const struct snapshot *before; /* of the last pass, all unknown at first */
	bool asked;		       /* somebody wants to know: what costs much may be asked for */
	struct settings settings;
	bool lately; /* what changes rarely was read less than a minute ago, ten while nobody asks: `before`
			has it */
	uint32_t patience_ms; /* how long a pass may wait for a slow child */
	char *text;	      /* PROC_TEXT_MAX bytes for use during one call */
};

struct source {
	const char *name;
	int (*collect)(struct pass *pass, struct fault *fault);
	int (*finish)(struct pass *pass, struct fault *fault); /* NULL: nothing to wait for */
};

extern const struct source sources[];
extern const unsigned sources_count;

/* the whole table, in order, with each source's report; `now` is reset first */
void sources_run(struct pass *pass);

#endif
