/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "show/represent_leases.h"

void represent_lease(const struct lease *lease, uint64_t now_ms, struct json *json)
{
	json_string(json, "share", lease->share);
	json_string(json, "file", lease->file);
	json_string(json, "server", lease->server);
	json_string(json, "address", lease->address);
	json_time(json, "since", lease->since_clock_ms);
	json_tri(json, "open", lease->open);
	json_u64(json, "expires_in_s", lease->expires_ms > now_ms ? (lease->expires_ms - now_ms) / 1000 : 0);
}

void represent_leases(const struct snapshot *snapshot, uint64_t now_ms, struct json *json)
{
	json_list(json, "leases");
	for (uint32_t i = 0; i < snapshot->lease_count; i++) {
		json_object(json, NULL);
		represent_lease(&snapshot->leases[i], now_ms, json);
		json_end(json);
	}
	json_end(json);
}
