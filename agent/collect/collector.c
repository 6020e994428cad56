/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/collector.h"

#include "common/text.h"

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

static void add(uint32_t *digest, uint64_t value)
{
	*digest = *digest * 31 + (uint32_t)(value ^ value >> 32);
	*digest = *digest << 13 | *digest >> 19;
}

/* a power cut, a client that came, went or hangs */
static void add_use(uint32_t *digest, const struct snapshot *snapshot)
{
	add(digest, snapshot->client_count);
	add(digest, snapshot->other_count);
	add(digest, snapshot->ups.on_battery);
	add(digest, snapshot->ups.present);
	for (uint32_t i = 0; i < snapshot->client_count; i++) {
		add(digest, text_hash(snapshot->clients[i].address));
		add(digest, snapshot->clients[i].close_wait);
	}
}

static void add_machine(uint32_t *digest, const struct snapshot *snapshot)
{
	add(digest, snapshot->source_count);
	add(digest, snapshot->raid_count);
	for (uint32_t i = 0; i < snapshot->raid_count; i++)
		add(digest, snapshot->raids[i].degraded);
	add(digest, snapshot->link_count);
	for (uint32_t i = 0; i < snapshot->link_count; i++) {
		add(digest, snapshot->links[i].up);
		add(digest, snapshot->links[i].speed_mbps);
	}
}

struct told collector_tell(const struct snapshot *snapshot)
{
	struct told told = {.digest = snapshot->volume_count};
	for (uint32_t i = 0; i < snapshot->volume_count; i++) {
		const struct volume *volume = &snapshot->volumes[i];
		told.free_bytes[i] = volume->free_bytes;
		add(&told.digest, text_hash(volume->id));
		add(&told.digest, volume->read_only);
		add(&told.digest, volume->stale);
		add(&told.digest, volume->journal.needs_check);
	}
	add_use(&told.digest, snapshot);
	add_machine(&told.digest, snapshot);
	return told;
}

bool collector_is_news(const struct told *told, const struct snapshot *now)
{
	struct told fresh = collector_tell(now);
	bool news = told->digest != fresh.digest;
	for (uint32_t i = 0; i < now->volume_count && !news; i++) {
		uint64_t before = told->free_bytes[i], after = fresh.free_bytes[i];
		news = (after > before ? after - before : before - after) >= NEWS_BYTES;
	}
	return news;
}
