/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Machines to be shown, filled by hand: one of which all is known, one of which nothing is, one with names
 * made to hurt, one that is too large.
 */
#ifndef NASREADY_TESTS_SHOWN_MACHINE_H
#define NASREADY_TESTS_SHOWN_MACHINE_H

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "show/represent.h"

#define FFFD "\xef\xbf\xbd"
#define NASTY "\"q\" \\ <b>&'\n\x1b[31m\xff\x7f"

static struct snapshot snapshot;
static struct rates rates;
static struct view view;
static struct assessment assessment;

#define SET(target, value) snprintf(target, sizeof target, "%s", value)

static inline void nothing_is_known(void)
{
	snapshot_reset(&snapshot);
	memset(&rates, 0xff, sizeof rates);
	for (unsigned i = 0; i < VOLUMES_MAX; i++) {
		rates.volumes[i].state = VOLUME_STATE_UNKNOWN;
		rates.volumes[i].settled = rates.volumes[i].journal_busy = UNKNOWN;
	}
	view = (struct view){&snapshot, &rates, 0, NULL, UNKNOWN_U64, NULL, NULL, NULL};
}

static inline struct source_report *add_source(const char *name, enum source_state state)
{
	struct source_report *source = &snapshot.sources[snapshot.source_count++];
	SET(source->name, name);
	source->state = state;
	return source;
}

static inline void fill_volume(void)
{
	struct volume *volume = snapshot_add_volume(&snapshot);
	SET(volume->id, "c");
	SET(volume->mount, "/c");
	SET(volume->device, "/dev/c/c");
	SET(volume->fstype, "ext4");
	SET(volume->uuid, "0c5f-1");
	SET(volume->probe_reason, "it has no label");
	volume->read_only = volume->stale = NO;
	volume->space_ms = 499000;
	volume->size_bytes = 5937362789990;
	volume->free_bytes = 3737362789990;
	volume->available_bytes = 3437362789990;
	volume->written_bytes = 123456789;
	volume->delayed_bytes = 4096;
	volume->journal.present = YES;
	volume->journal.external = NO;
	volume->journal.mode = JOURNAL_ORDERED;
	volume->journal.commit_s = 5;
	volume->journal.transactions = 77;
	volume->journal.needs_check = YES;
	SET(volume->journal.last_error, "3 since the last e2fsck");
	rates.volumes[0] = (struct volume_rates){
		.state = VOLUME_FREEING,
		.settled = NO,
		.rate_bytes_per_s = 6900000000,
		.eta_s = 240,
		.write_bytes_per_s = 30000000,
		.transactions_per_s_hundredths = 40,
		.journal_busy = YES,
	};
}

static inline void fill_links_and_disks(void)
{
	struct link *link = snapshot_add_link(&snapshot);
	SET(link->name, "eth0");
	link->up = link->full_duplex = YES;
	link->wireless = NO;
	link->speed_mbps = 1000;
	link->mtu = 1500;
	link->rx_bytes = UINT64_C(18446744073709551614);
	link->tx_bytes = 2;
	link->errors = 3;
	link->drops = 0;
	link->multicast = 5;
	rates.links[0] = (struct link_rates){
		.rx_bytes_per_s = 58000000,
		.tx_bytes_per_s = 900000,
		.drops_per_s_hundredths = 25,
		.multicast_per_s_hundredths = 310,
	};
	struct disk *disk = snapshot_add_disk(&snapshot);
	SET(disk->name, "sda");
	SET(disk->model, "WDC WD30EFRX");
	disk->size_bytes = 3000592982016;
	disk->read_bytes = 1;
	disk->written_bytes = 2;
	disk->busy_ms = 61005;
	disk->rotational = disk->write_back_cache = YES;
	rates.disks[0] = (struct disk_rates){1200, 0, 30000000};
	struct raid *raid = snapshot_add_raid(&snapshot);
	SET(raid->name, "md2");
	SET(raid->level, "raid1");
	SET(raid->state, "clean");
	raid->members = 2;
	raid->active = 1;
	raid->degraded = YES;
	SET(raid->sync, "recovery");
	raid->sync_percent_hundredths = 1260;
}

static inline void fill_clients(void)
{
	struct client *client = snapshot_add_client(&snapshot);
	SET(client->address, "10.0.0.5");
	client->connections = client->sessions = client->open_files = 1;
	client->tree_connects = 2;
	client->since_clock_ms = 1795381200000;
	client->open_disk_count = 1;
	SET(client->open_disks[0], "Backup/SRV1.vhdx");
	client = snapshot_add_client(&snapshot);
	SET(client->address, "10.0.0.9");
	client->close_wait = 3;
}

static inline void fill_users(void)
{
	struct share *share = snapshot_add_share(&snapshot);
	SET(share->name, "Backup");
	SET(share->path, "/c/Backup");
	SET(share->volume, "c");
	share->strict_allocate = share->dfree_command = share->read_only = NO;
	share->strict_sync = YES;
	fill_clients();
	struct smb *smb = &snapshot.smb;
	SET(smb->server, "Samba 3.6.25");
	SET(smb->sessions_source, "sock_diag");
	smb->connections = 1;
	smb->sessions = 2;
	smb->status_ms = 499420;
	SET(smb->reason, "smbstatus is too old to tell open files");
	*snapshot_add_other(&snapshot) = (struct other_session){OTHER_SSH, 22, "10.0.0.9", 1};
	*snapshot_add_other(&snapshot) = (struct other_session){OTHER_WEB_UI, 0, "10.0.0.9", 2};
	*snapshot_add_other(&snapshot) = (struct other_session){OTHER_SSH, 22, "10.0.0.7", 3};
	struct service *service = snapshot_add_service(&snapshot);
	SET(service->name, "minidlnad");
	service->running = YES;
	service->expected = NO;
	SET(snapshot.ups.name, "apc");
	snapshot.ups.present = snapshot.ups.on_battery = YES;
	snapshot.ups.battery_low = NO;
	snapshot.ups.charge_percent = 87;
	snapshot.ups.runtime_s = 1260;
}

static inline void fill_assessment(void)
{
	assessment =
		(struct assessment){.answer = VERDICT_WAIT, .retry_after_s = 240, .count = 1, .omitted = 2};
	assessment.findings[0] = (struct finding){"freeing", "volume:c", "It gives back space.",
		"Wait for that \"quietly\".", SEVERITY_WAIT, 1795381447000};
	view.assessment = &assessment;
}

static inline void all_is_known(void)
{
	nothing_is_known();
	view = (struct view){&snapshot, &rates, 500420, "b1f0c2d4", 86400, NULL, NULL, NULL};
	snapshot.time_ms = 500000;
	snapshot.clock_ms = 1795381447000;
	SET(snapshot.host, "nas-1");
	SET(snapshot.kernel, "2.6.31.8");
	snapshot.cpu.cores = 1;
	snapshot.cpu.load1_hundredths = 310;
	snapshot.cpu.load5_hundredths = 240;
	snapshot.cpu.load15_hundredths = 7;
	rates.cpu = (struct cpu_rates){9750, 400, 9100, 250, 2000};
	snapshot.memory.total_bytes = 258441216;
	snapshot.memory.available_bytes = 61865984;
	snapshot.memory.available_estimated = YES;
	snapshot.memory.dirty_bytes = 8192;
	snapshot.memory.writeback_bytes = 4096;
	snapshot.memory.swap_used_bytes = 0;
	fill_volume();
	fill_links_and_disks();
	fill_users();
	fill_assessment();
	struct source_report *good = add_source("volumes", SOURCE_OK);
	good->ok_ms = 500000;
	good->duration_us = 180;
	SET(add_source("smbstatus", SOURCE_ABSENT)->error, "smbstatus is not installed");
	struct source_report *stale = add_source("links", SOURCE_STALE);
	stale->ok_ms = 440420;
	SET(stale->error, "it hangs");
}

static inline void names_hurt(void)
{
	nothing_is_known();
	SET(snapshot.host, "<script>" NASTY);
	struct volume *volume = snapshot_add_volume(&snapshot);
	SET(volume->id, NASTY);
	memset(volume->mount, 'm', MOUNT_LEN - 1);
	SET(volume->label, "\xc3\xbc</pre>" NASTY);
	SET(volume->space_reason, NASTY);
	SET(snapshot_add_link(&snapshot)->name, NASTY);
	SET(snapshot_add_disk(&snapshot)->model, NASTY);
	SET(snapshot_add_raid(&snapshot)->state, NASTY);
	SET(add_source("a", SOURCE_FAILED)->error, NASTY);
}

static inline void lists_overflow(void)
{
	nothing_is_known();
	for (unsigned i = 0; i < VOLUMES_MAX + 3; i++) {
		struct volume *volume = snapshot_add_volume(&snapshot);
		if (volume)
			snprintf(volume->id, sizeof volume->id, "v%u", i);
	}
	for (unsigned i = 0; i < LINKS_MAX + 4; i++)
		snapshot_add_link(&snapshot);
	for (unsigned i = 0; i < DISKS_MAX + 5; i++)
		snapshot_add_disk(&snapshot);
	for (unsigned i = 0; i < RAIDS_MAX + 6; i++)
		snapshot_add_raid(&snapshot);
	while (snapshot.source_count < SOURCES_MAX)
		add_source("s", SOURCE_OK);
}

static inline char *printed(void (*represent)(const struct view *, struct out *))
{
	struct out out = {0};
	represent(&view, &out);
	ck_assert(!out.failed);
	return out.data;
}

#endif
