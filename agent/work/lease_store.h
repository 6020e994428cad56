/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Leases (lease.h) as a record in the state directory, so that they outlive the agent, and the end of those
 * whose files nobody holds any more.
 */
#ifndef NASREADY_WORK_LEASE_STORE_H
#define NASREADY_WORK_LEASE_STORE_H

#include "work/lease.h"

/* what was kept; a damaged record is logged, and there are none then */
void leases_load(struct leases *leases, const char *state_dir);
/* What cannot be kept is logged and holds until the agent ends: better than none. */
void leases_keep(const struct leases *leases, const char *state_dir);
/* Those that were not renewed for `keep_s`, and keeps the rest. A file that a client has open keeps its
 * lease: the kernel is asked, so this may open files. */
void leases_end_old(
	struct leases *leases, const char *state_dir, const struct snapshot *known, uint64_t now_ms);

#endif
