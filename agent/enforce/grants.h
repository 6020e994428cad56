/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Steps that were granted and have not begun yet, where the grant is wider than what the gate in smbd lets
 * pass by itself: for a client that waits longer than the configuration says. Pure.
 */
#ifndef NASREADY_ENFORCE_GRANTS_H
#define NASREADY_ENFORCE_GRANTS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/gate_page.h"
#include "common/limits.h"

#define GRANT_OPEN_MS 30000 /* as the gate waits for its beginning (judge/gate.c) */

struct grant {
	char path[GATE_PATH_LEN]; /* of the file, as smbd's descriptor will show it; empty: free */
	char volume[ID_LEN], share[SHARE_LEN];
	uint64_t bytes, until_ms; /* monotonic */
};

struct grants {
	struct grant open[GATE_GRANTS_MAX];
};

/* takes the place of one on the same volume, else a free place, else that of the one which ends first */
void grants_add(struct grants *grants, const struct grant *grant);
/* the step has begun, whatever became of it */
void grants_close(struct grants *grants, const char *path);
void grants_expire(struct grants *grants, uint64_t now_ms);
bool grants_any(const struct grants *grants);

#endif
