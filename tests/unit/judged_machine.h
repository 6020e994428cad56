/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * A NAS in good order, of which everything is known, for the rules to find nothing about; a test spoils one
 * thing of it. Time stands still unless a test lets it pass.
 */
#ifndef NASREADY_TESTS_JUDGED_MACHINE_H
#define NASREADY_TESTS_JUDGED_MACHINE_H

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "judge/assess.h"
#include "judge/rules.h"

#define TB UINT64_C(1000000000000)
#define START_MS 5000000
#define CLOCK_MS UINT64_C(1795000000000) /* in 2026 */
#define SET(target, value) snprintf(target, sizeof target, "%s", value)

static struct snapshot snapshot;
static struct rates rates;
static struct assess_memory memory;
static struct assessment assessment;

static inline void nothing_is_known(void)
{
	snapshot_reset(&snapshot);
	snapshot.time_ms = START_MS;
	snapshot.clock_ms = CLOCK_MS;
	memset(&rates, 0xff, sizeof rates);
	for (unsigned i = 0; i < VOLUMES_MAX; i++) {
		rates.volumes[i].state = VOLUME_STATE_UNKNOWN;
		rates.volumes[i].settled = rates.volumes[i].journal_busy = UNKNOWN;
	}
}

static inline struct volume *add_volume(const char *id, const char *mount)
{
	struct volume_rates *its = &rates.volumes[snapshot.volume_count];
	struct volume *volume = snapshot_add_volume(&snapshot);
	SET(volume->id, id);
	SET(volume->mount, mount);
	SET(volume->fstype, "ext4");
	volume->read_only = volume->stale = NO;
	volume->size_bytes = 6 * TB;
	volume->free_bytes = volume->available_bytes = 4 * TB;
	volume->journal.present = YES;
	volume->journal.needs_check = NO;
	*its = (struct volume_rates){
		.state = VOLUME_IDLE, .settled = YES, .eta_s = UNKNOWN_U64, .journal_busy = NO};
	return volume;
}

static inline struct link *add_link(const char *name)
{
	rates.links[snapshot.link_count] = (struct link_rates){0};
	struct link *link = snapshot_add_link(&snapshot);
	SET(link->name, name);
	link->up = link->full_duplex = YES;
	link->wireless = NO;
	link->speed_mbps = 1000;
	link->mtu = 9000;
	return link;
}

static inline struct share *add_share(const char *name, const char *volume)
{
	struct share *share = snapshot_add_share(&snapshot);
	SET(share->name, name);
	SET(share->volume, volume);
	share->strict_sync = YES;
	share->strict_allocate = share->dfree_command = share->read_only = NO;
	return share;
}

static inline struct client *add_client(const char *address, uint32_t connections)
{
	struct client *client = snapshot_add_client(&snapshot);
	SET(client->address, address);
	client->connections = connections;
	return client;
}

static inline void add_other(enum other_kind kind, const char *address, uint32_t count)
{
	struct other_session *other = snapshot_add_other(&snapshot);
	SET(other->address, address);
	other->kind = kind;
	other->count = count;
}

static inline struct source_report *add_source(const char *name, enum source_state state)
{
	struct source_report *source = &snapshot.sources[snapshot.source_count++];
	SET(source->name, name);
	source->state = state;
	return source;
}

static inline void fill_hardware(void)
{
	add_link("eth0");
	struct disk *disk = snapshot_add_disk(&snapshot);
	SET(disk->name, "sda");
	disk->write_back_cache = NO;
	struct raid *raid = snapshot_add_raid(&snapshot);
	SET(raid->name, "md2");
	SET(raid->level, "raid1");
	raid->members = raid->active = 2;
	raid->degraded = NO;
	snapshot.ups.present = YES;
	snapshot.ups.on_battery = snapshot.ups.battery_low = NO;
	SET(snapshot.ups.name, "apc");
}

static inline void all_is_well(void)
{
	nothing_is_known();
	rates.cpu = (struct cpu_rates){100, 50, 50, 0, 2000};
	snapshot.memory.total_bytes = 256 << 20;
	snapshot.memory.available_bytes = 60 << 20;
	add_volume("root", "/");
	add_volume("c", "/c");
	add_share("Backup", "c");
	fill_hardware();
	snapshot.smb.connections = 0;
	struct service *service = snapshot_add_service(&snapshot);
	SET(service->name, "minidlnad");
	service->running = service->expected = NO;
	add_source("mounts", SOURCE_OK);
	add_source("volumes", SOURCE_OK);
	add_source("cpu", SOURCE_OK);
	add_source("ups", SOURCE_ABSENT);
}

static inline void answer_for(const char *asker, const struct assess_overrides *overrides)
{
	const struct assess_question question = {.asker = asker, .overrides = overrides};
	assess_answer(&memory, &question, &assessment);
}

/* one look at the machine as it is, with everything counted at once */
static inline void judge(void)
{
	assess_start(&memory, true);
	assess_observe(&memory, &snapshot, &rates);
	answer_for(NULL, NULL);
}

static inline const struct finding *find(const char *code, const char *subject)
{
	for (uint32_t i = 0; i < assessment.count; i++)
		if (!strcmp(assessment.findings[i].code, code) &&
			(!subject || !strcmp(assessment.findings[i].subject, subject)))
			return &assessment.findings[i];
	return NULL;
}

#endif
