/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Which virtual disk belongs to which server, as JSON.
 */
#ifndef NASREADY_SHOW_REPRESENT_LEASES_H
#define NASREADY_SHOW_REPRESENT_LEASES_H

#include "model/snapshot.h"
#include "show/json.h"

/* members of the object that is open in `json` */
void represent_leases(const struct snapshot *snapshot, uint64_t now_ms, struct json *json);
void represent_lease(const struct lease *lease, uint64_t now_ms, struct json *json);

#endif
