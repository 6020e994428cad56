/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "judge/history.h"

#include <stddef.h>
#include <string.h>

#include "common/text.h"
#include "judge/delta.h"

/* Rates over less would follow every hiccup; it lies below the 2 s at which samples come. */
#define WINDOW_MS 1500

static uint32_t volume_key(const struct volume *volume)
{
	/* another device under the same mount point is another volume */
	return text_hash(volume->id) * 31 + text_hash(volume->device);
}

/* -- the ring -- */

/* `age` 0 is the newest */
static const struct sample *sample_at(const struct history *history, uint32_t age)
{
	return &history->ring[(history->newest + HISTORY_SAMPLES - age) % HISTORY_SAMPLES];
}

static const struct sample_volume *find_volume(const struct sample *sample, uint32_t key)
{
	for (uint32_t i = 0; i < sample->volume_count; i++)
		if (sample->volumes[i].key == key)
			return &sample->volumes[i];
	return NULL;
}

static const struct sample_link *find_link(const struct sample *sample, uint32_t key)
{
	for (uint32_t i = 0; i < sample->link_count; i++)
		if (sample->links[i].key == key)
			return &sample->links[i];
	return NULL;
}

static const struct sample_disk *find_disk(const struct sample *sample, uint32_t key)
{
	for (uint32_t i = 0; i < sample->disk_count; i++)
		if (sample->disks[i].key == key)
			return &sample->disks[i];
	return NULL;
}

/* the newest one that is `window_ms` older than the newest of all, or the oldest; NULL if there is but one */
static const struct sample *find_base(const struct history *history, uint64_t window_ms)
{
	const struct sample *now = sample_at(history, 0), *base = NULL;
	for (uint32_t age = 1; age < history->count; age++) {
		base = sample_at(history, age);
		if (now->time_ms - base->time_ms >= window_ms)
			break;
	}
	return base;
}

static void fill_sample(struct sample *sample, const struct snapshot *snapshot)
{
	sample->time_ms = snapshot->time_ms;
	sample->cpu = snapshot->cpu;
	sample->volume_count = snapshot->volume_count;
	sample->link_count = snapshot->link_count;
	sample->disk_count = snapshot->disk_count;
	for (uint32_t i = 0; i < snapshot->volume_count; i++) {
		const struct volume *volume = &snapshot->volumes[i];
		sample->volumes[i] = (struct sample_volume){
			volume_key(volume), volume->written_bytes, volume->journal.transactions};
	}
	for (uint32_t i = 0; i < snapshot->link_count; i++) {
		const struct link *link = &snapshot->links[i];
		sample->links[i] = (struct sample_link){text_hash(link->name), link->rx_bytes, link->tx_bytes,
			link->errors, link->drops, link->multicast};
	}
	for (uint32_t i = 0; i < snapshot->disk_count; i++) {
		const struct disk *disk = &snapshot->disks[i];
		sample->disks[i] = (struct sample_disk){
			text_hash(disk->name), disk->read_bytes, disk->written_bytes, disk->busy_ms};
	}
}

/* -- the tracks -- */

static const struct volume_track *find_track(const struct history *history, uint32_t key)
{
	for (uint32_t i = 0; i < history->track_count; i++)
		if (history->tracks[i].key == key)
			return &history->tracks[i];
	return NULL;
}

static uint64_t sum_known(uint64_t a, uint64_t b)
{
	return a == UNKNOWN_U64 || b == UNKNOWN_U64 ? UNKNOWN_U64 : a + b;
}

static struct volume_sample sample_of(const struct snapshot *snapshot, const struct volume *volume)
{
	return (struct volume_sample){
		.time_ms = snapshot->time_ms,
		/* stale figures are those of another time */
		.free_bytes = volume->stale == YES ? UNKNOWN_U64 : volume->free_bytes,
		.delayed_bytes = volume->delayed_bytes,
		.written_bytes = volume->written_bytes,
		.transactions = volume->journal.transactions,
		.dirty_bytes = sum_known(snapshot->memory.dirty_bytes, snapshot->memory.writeback_bytes),
		.commit_s = volume->journal.present == NO ? UNKNOWN_U32 : volume->journal.commit_s,
	};
}

/* Volumes that are gone lose their track: should they come back, nobody knows what happened meanwhile. */
static void follow_volumes(struct history *history, const struct snapshot *snapshot)
{
	struct volume_track tracks[VOLUMES_MAX];
	for (uint32_t i = 0; i < snapshot->volume_count; i++) {
		uint32_t key = volume_key(&snapshot->volumes[i]);
		struct volume_sample sample = sample_of(snapshot, &snapshot->volumes[i]);
		const struct volume_track *before = find_track(history, key);
		if (before) {
			tracks[i] = *before;
			volume_track_step(&tracks[i], &sample);
		} else {
			volume_track_start(&tracks[i], key, &sample);
		}
	}
	history->track_count = snapshot->volume_count;
	memcpy(history->tracks, tracks, snapshot->volume_count * sizeof tracks[0]);
}

/* -- the rates -- */

static uint32_t share_of(uint64_t part, uint64_t whole)
{
	return (uint32_t)(part * 10000 / whole);
}

static void rate_cpu(const struct sample *before, const struct sample *now, struct cpu_rates *ret_rates)
{
	const struct cpu *a = &before->cpu, *b = &now->cpu;
	uint64_t user = delta_between(a->user, b->user), system = delta_between(a->system, b->system);
	uint64_t idle = delta_between(a->idle, b->idle), steal = delta_between(a->steal, b->steal);
	uint64_t iowait = delta_between(a->iowait, b->iowait);
	if (b->steal == UNKNOWN_U64)
		steal = 0; /* a kernel that does not count it */
	/* the kernel's documentation says that iowait may go back a little */
	if (b->iowait != UNKNOWN_U64 && a->iowait != UNKNOWN_U64 && a->iowait > b->iowait)
		iowait = 0;
	const uint64_t parts[] = {user, system, idle, iowait, steal};
	uint64_t whole = 0;
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		if (parts[i] > UINT64_MAX / 100000)
			return;
		whole += parts[i];
	}
	if (!whole)
		return;
	ret_rates->busy_hundredths = share_of(user + system + steal, whole);
	ret_rates->user_hundredths = share_of(user, whole);
	ret_rates->system_hundredths = share_of(system, whole);
	ret_rates->iowait_hundredths = share_of(iowait, whole);
}

static void rate_links(const struct sample *before, const struct sample *now, const struct snapshot *snapshot,
	struct link_rates *ret_rates)
{
	uint64_t ms = now->time_ms - before->time_ms;
	for (uint32_t i = 0; i < snapshot->link_count; i++) {
		uint32_t key = text_hash(snapshot->links[i].name);
		const struct sample_link *a = find_link(before, key), *b = find_link(now, key);
		if (!a || !b)
			continue;
		struct link_rates *rates = &ret_rates[i];
		rates->rx_bytes_per_s = delta_per_s(delta_between(a->rx_bytes, b->rx_bytes), ms, 1);
		rates->tx_bytes_per_s = delta_per_s(delta_between(a->tx_bytes, b->tx_bytes), ms, 1);
		rates->errors_per_s_hundredths =
			delta_per_s_u32(delta_between(a->errors, b->errors), ms, 100);
		rates->drops_per_s_hundredths = delta_per_s_u32(delta_between(a->drops, b->drops), ms, 100);
		rates->multicast_per_s_hundredths =
			delta_per_s_u32(delta_between(a->multicast, b->multicast), ms, 100);
	}
}

static void rate_disks(const struct sample *before, const struct sample *now, const struct snapshot *snapshot,
	struct disk_rates *ret_rates)
{
	uint64_t ms = now->time_ms - before->time_ms;
	for (uint32_t i = 0; i < snapshot->disk_count; i++) {
		uint32_t key = text_hash(snapshot->disks[i].name);
		const struct sample_disk *a = find_disk(before, key), *b = find_disk(now, key);
		if (!a || !b)
			continue;
		struct disk_rates *rates = &ret_rates[i];
		uint64_t busy_ms = delta_between(a->busy_ms, b->busy_ms);
		if (busy_ms != UNKNOWN_U64)
			rates->busy_hundredths = share_of(busy_ms < ms ? busy_ms : ms, ms);
		rates->read_bytes_per_s = delta_per_s(delta_between(a->read_bytes, b->read_bytes), ms, 1);
		rates->write_bytes_per_s =
			delta_per_s(delta_between(a->written_bytes, b->written_bytes), ms, 1);
	}
}

/* Over a commit interval at least: less would show either no commit or nothing but one. */
static void rate_volume(
	const struct history *history, const struct volume *volume, struct volume_rates *ret_rates)
{
	uint32_t key = volume_key(volume);
	uint64_t commit_ms = volume_commit_ms(volume->journal.commit_s), ms = 0;
	uint64_t window_ms = commit_ms > WINDOW_MS ? commit_ms : WINDOW_MS;
	const struct sample *now = sample_at(history, 0);
	const struct sample_volume *b = find_volume(now, key), *a = NULL;
	for (uint32_t age = 1; b && age < history->count && ms < window_ms; age++) {
		const struct sample *before = sample_at(history, age);
		const struct sample_volume *found = find_volume(before, key);
		if (!found)
			break;
		a = found;
		ms = now->time_ms - before->time_ms;
	}
	if (!a)
		return;
	uint64_t transactions = delta_between(a->transactions, b->transactions);
	ret_rates->write_bytes_per_s = delta_per_s(delta_between(a->written_bytes, b->written_bytes), ms, 1);
	ret_rates->transactions_per_s_hundredths = delta_per_s_u32(transactions, ms, 100);
	if (transactions != UNKNOWN_U64 && volume->journal.present != NO)
		ret_rates->journal_busy =
			volume_journal_is_busy(transactions, ms, volume->journal.commit_s) ? YES : NO;
}

static void reset_rates(struct rates *rates)
{
	memset(rates, 0xff, sizeof *rates); /* UNKNOWN_U32 and UNKNOWN_U64 */
	for (uint32_t i = 0; i < VOLUMES_MAX; i++) {
		rates->volumes[i].state = VOLUME_STATE_UNKNOWN;
		rates->volumes[i].settled = UNKNOWN;
		rates->volumes[i].journal_busy = UNKNOWN;
	}
}

static void make_rates(
	const struct history *history, const struct snapshot *snapshot, struct rates *ret_rates)
{
	const struct sample *now = sample_at(history, 0), *before = find_base(history, WINDOW_MS);
	reset_rates(ret_rates);
	for (uint32_t i = 0; i < snapshot->volume_count; i++) {
		const struct volume *volume = &snapshot->volumes[i];
		const struct volume_track *track = find_track(history, volume_key(volume));
		if (track)
			volume_track_tell(track, &ret_rates->volumes[i]);
		rate_volume(history, volume, &ret_rates->volumes[i]);
	}
	if (!before)
		return;
	uint64_t ms = now->time_ms - before->time_ms;
	ret_rates->cpu.window_ms = ms < UNKNOWN_U32 ? (uint32_t)ms : UNKNOWN_U32;
	rate_cpu(before, now, &ret_rates->cpu);
	rate_links(before, now, snapshot, ret_rates->links);
	rate_disks(before, now, snapshot, ret_rates->disks);
}

/* -- outside -- */

void history_reset(struct history *history)
{
	history->count = history->newest = history->track_count = 0; /* nothing past them is looked at */
}

void history_add(struct history *history, const struct snapshot *snapshot, struct rates *ret_rates)
{
	if (!history->count || snapshot->time_ms > sample_at(history, 0)->time_ms) {
		history->newest = history->count ? (history->newest + 1) % HISTORY_SAMPLES : 0;
		if (history->count < HISTORY_SAMPLES)
			history->count++;
		fill_sample(&history->ring[history->newest], snapshot);
		follow_volumes(history, snapshot);
	}
	make_rates(history, snapshot, ret_rates);
}

bool history_is_restless(const struct history *history)
{
	for (uint32_t i = 0; i < history->track_count; i++)
		if (history->tracks[i].restless)
			return true;
	return false;
}
