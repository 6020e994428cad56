/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "judge/throughput.h"

#include <string.h>

#include "common/scope.h"

/* by name, because a kernel of 2009 tells it no other way; a dot is a VLAN */
static bool lies_above_others(const struct link *link)
{
	static const char *const names[] = {
		"bond", "br", "team", "veth", "docker", "virbr", "vlan", "tun", "tap", "wg"};
	for (unsigned i = 0; i < ARRAY_LEN(names); i++)
		if (!strncmp(link->name, names[i], strlen(names[i])))
			return true;
	return strchr(link->name, '.') != NULL;
}

static void add_known(uint64_t *sum, uint64_t value)
{
	if (value != UNKNOWN_U64)
		*sum = *sum == UNKNOWN_U64 ? value : *sum + value;
}

static struct throughput sum(const struct snapshot *snapshot, const struct rates *rates, bool above)
{
	struct throughput all = {UNKNOWN_U64, UNKNOWN_U64, UNKNOWN_U32};
	for (uint32_t i = 0; i < snapshot->link_count; i++) {
		const struct link *link = &snapshot->links[i];
		if (lies_above_others(link) != above)
			continue;
		add_known(&all.in_bytes_per_s, rates->links[i].rx_bytes_per_s);
		add_known(&all.out_bytes_per_s, rates->links[i].tx_bytes_per_s);
		if (link->up == YES && link->speed_mbps != UNKNOWN_U32 &&
			(all.speed_mbps == UNKNOWN_U32 || link->speed_mbps > all.speed_mbps))
			all.speed_mbps = link->speed_mbps;
	}
	return all;
}

struct throughput throughput_of(const struct snapshot *snapshot, const struct rates *rates)
{
	struct throughput real = sum(snapshot, rates, false);
	return real.in_bytes_per_s != UNKNOWN_U64 ? real : sum(snapshot, rates, true);
}
