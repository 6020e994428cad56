/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What was granted, refused and seen of allocations, and the gate in smbd, as JSON.
 */
#ifndef NASREADY_SHOW_REPRESENT_GATE_H
#define NASREADY_SHOW_REPRESENT_GATE_H

#include "judge/gate.h"
#include "show/json.h"

/* from how many samples, the newest of when; NULL: no volume */
void represent_cost(const struct volume *volume, struct json *json);
/* members of the open object: one row of GET /v1/allocations */
void represent_record(const struct gate_record *record, struct json *json);
/* the object "gate" */
void represent_enforcement(const struct enforcement *gate, struct json *json);
/* the list "volumes": settled, allocating, freeing, orphaned, near-full, or not yet at rest */
void represent_volume_states(const struct snapshot *snapshot, const struct rates *rates, struct json *json);

#endif
