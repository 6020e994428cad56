/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/collector.h"

#include <string.h>

#define IDLE_MS 60000	/* nobody asks */
#define BACKUP_MS 5000	/* a pass costs a slow NAS about 2 ms: 0.04 % of a backup's time */
#define FAST_MS 2000	/* "settled" must be seen within 15 s of the end of an allocation */
#define NOW_MS 250	/* whatever the server asks for, passes are no closer than this */
#define KNEE_MS 50	/* between two looks at a child that reads block groups: it takes 100 ms and more */
#define PATIENCE_MS 100 /* a request waits 250 ms for a pass */
#define UNTOLD_MAX \
	10 /* quiet passes in a row of which the server hears nothing: its history then lacks nothing */
#define NEWS_BYTES (64ULL << 20) /* less free space moves on any living system in a minute */

enum { TIMER_PASS, TIMER_KNEE };

void collector_init(struct collector *collector, const struct root *root)
{
	collector->root = *root;
	collector->settings = (struct settings){0};
	collector->newest = 0;
	collector->pace = COMMAND_FAST; /* the first minute: rates need a second sample soon */
	collector->untold = UNTOLD_MAX;
	collector->server_gone = false;
	collector->number_follows = false;
	knee_init(&collector->knee);
	snapshot_reset(&collector->snapshots[0]);
	snapshot_reset(&collector->snapshots[1]);
	snapshot_reset(&collector->told);
}

const struct snapshot *collector_pass(struct collector *collector, uint32_t patience_ms)
{
	struct snapshot *now = &collector->snapshots[!collector->newest];
	struct pass pass = {
		.root = &collector->root,
		.now = now,
		.before = &collector->snapshots[collector->newest],
		.settings = collector->settings,
		.asked = collector->pace != COMMAND_IDLE,
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

static void tell_server(struct collector *collector, const struct snapshot *now)
{
	channel_publish(collector->channel, now);
	bool tell = collector->pace != COMMAND_IDLE || ++collector->untold >= UNTOLD_MAX ||
		    collector_is_news(&collector->told, now);
	if (!tell)
		return;
	collector->untold = 0;
	collector->told = *now;
	channel_announce(collector->channel);
}

static uint64_t pace_ms(enum command pace)
{
	return pace == COMMAND_IDLE ? IDLE_MS : pace == COMMAND_BACKUP ? BACKUP_MS : FAST_MS;
}

static void on_pass(void *arg)
{
	struct collector *collector = arg;
	const struct snapshot *now = collector_pass(collector, PATIENCE_MS);
	tell_server(collector, now);
	loop_timer(&collector->loop, TIMER_PASS, now->time_ms + pace_ms(collector->pace), on_pass, collector);
}

static void on_knee(void *arg)
{
	struct collector *collector = arg;
	struct snapshot *newest = &collector->snapshots[collector->newest];
	uint64_t now_ms = clock_monotonic_ms();
	if (knee_step(&collector->knee, &collector->root, newest, now_ms, 0)) {
		channel_publish(collector->channel, newest);
		channel_announce(collector->channel);
	}
	loop_timer(&collector->loop, TIMER_KNEE,
		knee_is_busy(&collector->knee) ? now_ms + KNEE_MS : LOOP_NEVER, on_knee, collector);
}

/* the byte is no command but a number, or announces one */
static bool take_number(struct collector *collector, int byte)
{
	bool number = collector->number_follows;
	if (number)
		knee_want(&collector->knee, (unsigned)byte);
	collector->number_follows = !number && byte == COMMAND_KNEE;
	return number || collector->number_follows;
}

static void on_command(void *arg)
{
	struct collector *collector = arg;
	bool now = false;
	for (int byte; (byte = channel_receive(collector->channel));) {
		if (byte < 0) {
			collector->server_gone = true;
			loop_stop(&collector->loop);
			return;
		}
		if (take_number(collector, byte))
			continue;
		if (byte == COMMAND_NOW)
			now = true;
		else if (byte == COMMAND_IDLE || byte == COMMAND_FAST || byte == COMMAND_BACKUP)
			collector->pace = (enum command)byte;
	}
	uint64_t last_ms = collector->snapshots[collector->newest].time_ms;
	if (!now) {
		loop_timer(
			&collector->loop, TIMER_PASS, last_ms + pace_ms(collector->pace), on_pass, collector);
	} else if (clock_monotonic_ms() - last_ms < NOW_MS) {
		channel_announce(collector->channel);
	} else {
		collector->untold = UNTOLD_MAX;
		on_pass(collector);
	}
	if (knee_is_busy(&collector->knee))
		on_knee(collector);
}

int collector_run(struct collector *collector, struct channel *channel)
{
	collector->channel = channel;
	collector->server_gone = false;
	collector->number_follows = false;
	int error = loop_init(&collector->loop);
	if (!error)
		error = loop_watch(&collector->loop, channel->fd, on_command, collector);
	if (error)
		return error;
	on_pass(collector);
	loop_run(&collector->loop);
	return 0;
}
