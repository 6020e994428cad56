/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/collector.h"

#include <string.h>

#define NEWS_BYTES (64ULL << 20) /* less free space moves on any living system in a minute */

void collector_init(struct collector *collector, const struct root *root)
{
	collector->root = *root;
	collector->settings = (struct settings){0};
	collector->newest = 0;
	collector->asked = true; /* the first minute: rates need a second sample soon */
	knee_init(&collector->knee);
	snapshot_reset(&collector->snapshots[0]);
	snapshot_reset(&collector->snapshots[1]);
}

const struct snapshot *collector_pass(struct collector *collector, uint32_t patience_ms)
{
	struct snapshot *now = &collector->snapshots[!collector->newest];
	struct pass pass = {
		.root = &collector->root,
		.now = now,
		.before = &collector->snapshots[collector->newest],
		.settings = collector->settings,
		.asked = collector->asked,
		.patience_ms = patience_ms,
		.text = collector->text,
	};
	sources_run(&pass);
	knee_follow(&collector->knee, pass.before, now);
	collector->newest = !collector->newest;
	return now;
}

static bool volume_is_news(const struct volume *told, const struct volume *now)
{
	uint64_t moved = now->free_bytes > told->free_bytes ? now->free_bytes - told->free_bytes
							    : told->free_bytes - now->free_bytes;
	return moved >= NEWS_BYTES || told->read_only != now->read_only || told->stale != now->stale ||
	       told->journal.needs_check != now->journal.needs_check;
}

/* a power cut, a client that came, went or hangs */
static bool use_is_news(const struct snapshot *told, const struct snapshot *now)
{
	if (told->client_count != now->client_count || told->other_count != now->other_count ||
		told->ups.on_battery != now->ups.on_battery || told->ups.present != now->ups.present)
		return true;
	for (uint32_t i = 0; i < now->client_count; i++)
		if (strcmp(told->clients[i].address, now->clients[i].address) ||
			told->clients[i].close_wait != now->clients[i].close_wait)
			return true;
	return false;
}

bool collector_is_news(const struct snapshot *told, const struct snapshot *now)
{
	if (use_is_news(told, now))
		return true;
	if (told->volume_count != now->volume_count || told->raid_count != now->raid_count ||
		told->link_count != now->link_count || told->source_count != now->source_count)
		return true;
	for (uint32_t i = 0; i < now->volume_count; i++)
		if (strcmp(told->volumes[i].id, now->volumes[i].id) ||
			volume_is_news(&told->volumes[i], &now->volumes[i]))
			return true;
	for (uint32_t i = 0; i < now->raid_count; i++)
		if (told->raids[i].degraded != now->raids[i].degraded)
			return true;
	for (uint32_t i = 0; i < now->link_count; i++)
		if (told->links[i].up != now->links[i].up ||
			told->links[i].speed_mbps != now->links[i].speed_mbps)
			return true;
	return false;
}
