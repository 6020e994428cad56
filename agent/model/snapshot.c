/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "model/snapshot.h"

#include <string.h>

#include "common/text.h"

static void journal_reset(struct journal *journal)
{
	*journal = (struct journal){
		.present = UNKNOWN,
		.external = UNKNOWN,
		.needs_check = UNKNOWN,
		.commit_s = UNKNOWN_U32,
		.transactions = UNKNOWN_U64,
		.major = UNKNOWN_U32,
		.minor = UNKNOWN_U32,
		.block_bytes = UNKNOWN_U32,
	};
}

void snapshot_reset(struct snapshot *snapshot)
{
	memset(snapshot, 0, sizeof *snapshot);
	struct cpu *cpu = &snapshot->cpu;
	cpu->cores = UNKNOWN_U32;
	cpu->user = cpu->system = cpu->idle = cpu->iowait = cpu->steal = UNKNOWN_U64;
	cpu->load1_hundredths = cpu->load5_hundredths = cpu->load15_hundredths = UNKNOWN_U32;
	struct memory *memory = &snapshot->memory;
	memory->total_bytes = memory->available_bytes = memory->swap_used_bytes = UNKNOWN_U64;
	memory->dirty_bytes = memory->writeback_bytes = UNKNOWN_U64;
	memory->available_estimated = UNKNOWN;
	memory->dirty_limit_bytes = UNKNOWN_U64;
	memory->dirty_limit_percent = memory->dirty_expire_s = UNKNOWN_U32;
	struct smb *smb = &snapshot->smb;
	smb->connections = smb->sessions = smb->open_files = UNKNOWN_U32;
	struct ups *ups = &snapshot->ups;
	ups->present = ups->on_battery = ups->battery_low = UNKNOWN;
	ups->charge_percent = ups->runtime_s = UNKNOWN_U32;
}

struct volume *snapshot_add_volume(struct snapshot *snapshot)
{
	if (snapshot->volume_count == VOLUMES_MAX) {
		snapshot->volumes_omitted++;
		return NULL;
	}
	struct volume *volume = &snapshot->volumes[snapshot->volume_count++];
	memset(volume, 0, sizeof *volume);
	volume->major = volume->minor = volume->mount_commit_s = UNKNOWN_U32;
	volume->read_only = volume->stale = volume->mount_journal_external = UNKNOWN;
	volume->size_bytes = volume->free_bytes = volume->available_bytes = UNKNOWN_U64;
	volume->written_bytes = volume->delayed_bytes = UNKNOWN_U64;
	volume->knee_bytes = volume->knee_free_bytes = UNKNOWN_U64;
	volume->probed = NO;
	volume->flex_bg = UNKNOWN;
	journal_reset(&volume->super);
	journal_reset(&volume->journal);
	return volume;
}

struct disk *snapshot_add_disk(struct snapshot *snapshot)
{
	if (snapshot->disk_count == DISKS_MAX) {
		snapshot->disks_omitted++;
		return NULL;
	}
	struct disk *disk = &snapshot->disks[snapshot->disk_count++];
	*disk = (struct disk){
		.size_bytes = UNKNOWN_U64,
		.read_bytes = UNKNOWN_U64,
		.written_bytes = UNKNOWN_U64,
		.busy_ms = UNKNOWN_U64,
		.rotational = UNKNOWN,
		.write_back_cache = UNKNOWN,
		.asleep = UNKNOWN,
	};
	return disk;
}

struct raid *snapshot_add_raid(struct snapshot *snapshot)
{
	if (snapshot->raid_count == RAIDS_MAX) {
		snapshot->raids_omitted++;
		return NULL;
	}
	struct raid *raid = &snapshot->raids[snapshot->raid_count++];
	*raid = (struct raid){
		.members = UNKNOWN_U32,
		.active = UNKNOWN_U32,
		.degraded = UNKNOWN,
		.sync_percent_hundredths = UNKNOWN_U32,
	};
	return raid;
}

struct link *snapshot_add_link(struct snapshot *snapshot)
{
	if (snapshot->link_count == LINKS_MAX) {
		snapshot->links_omitted++;
		return NULL;
	}
	struct link *link = &snapshot->links[snapshot->link_count++];
	*link = (struct link){
		.up = UNKNOWN,
		.full_duplex = UNKNOWN,
		.wireless = UNKNOWN,
		.speed_mbps = UNKNOWN_U32,
		.mtu = UNKNOWN_U32,
		.rx_bytes = UNKNOWN_U64,
		.tx_bytes = UNKNOWN_U64,
		.errors = UNKNOWN_U64,
		.drops = UNKNOWN_U64,
		.multicast = UNKNOWN_U64,
	};
	return link;
}

struct client *snapshot_add_client(struct snapshot *snapshot)
{
	if (snapshot->client_count == CLIENTS_MAX) {
		snapshot->clients_omitted++;
		return NULL;
	}
	struct client *client = &snapshot->clients[snapshot->client_count++];
	*client = (struct client){
		.sessions = UNKNOWN_U32,
		.tree_connects = UNKNOWN_U32,
		.open_files = UNKNOWN_U32,
	};
	return client;
}

struct other_session *snapshot_add_other(struct snapshot *snapshot)
{
	if (snapshot->other_count == OTHERS_MAX) {
		snapshot->others_omitted++;
		return NULL;
	}
	struct other_session *other = &snapshot->others[snapshot->other_count++];
	*other = (struct other_session){0};
	return other;
}

struct share *snapshot_add_share(struct snapshot *snapshot)
{
	if (snapshot->share_count == SHARES_MAX) {
		snapshot->shares_omitted++;
		return NULL;
	}
	struct share *share = &snapshot->shares[snapshot->share_count++];
	*share = (struct share){
		.strict_allocate = UNKNOWN,
		.strict_sync = UNKNOWN,
		.dfree_command = UNKNOWN,
		.read_only = UNKNOWN,
	};
	return share;
}

struct service *snapshot_add_service(struct snapshot *snapshot)
{
	if (snapshot->service_count == SERVICES_MAX) {
		snapshot->services_omitted++;
		return NULL;
	}
	struct service *service = &snapshot->services[snapshot->service_count++];
	*service = (struct service){.running = UNKNOWN, .expected = UNKNOWN};
	return service;
}

uint32_t vdisk_number(const char *share, const char *file)
{
	uint32_t number = text_hash(share) * 31 + text_hash(file);
	return number ? number : 1;
}

struct vdisk *snapshot_add_vdisk(struct snapshot *snapshot)
{
	if (snapshot->vdisk_count == VDISKS_MAX) {
		snapshot->vdisks_omitted++;
		return NULL;
	}
	struct vdisk *vdisk = &snapshot->vdisks[snapshot->vdisk_count++];
	memset(vdisk, 0, sizeof *vdisk);
	vdisk->file_bytes = vdisk->allocated_bytes = vdisk->changed_clock_ms = UNKNOWN_U64;
	vdisk->extents = UNKNOWN_U32;
	vdisk->leased = vdisk->in_use = UNKNOWN;
	image_reset(&vdisk->image);
	return vdisk;
}

const struct volume *snapshot_find_volume(const struct snapshot *snapshot, const char *id)
{
	for (uint32_t i = 0; i < snapshot->volume_count; i++)
		if (!strcmp(snapshot->volumes[i].id, id))
			return &snapshot->volumes[i];
	return NULL;
}

const struct vdisk *snapshot_find_vdisk(const struct snapshot *snapshot, uint32_t number)
{
	for (uint32_t i = 0; i < snapshot->vdisk_count; i++)
		if (snapshot->vdisks[i].number == number)
			return &snapshot->vdisks[i];
	return NULL;
}

const struct disk *snapshot_find_disk(const struct snapshot *snapshot, const char *name)
{
	for (uint32_t i = 0; i < snapshot->disk_count; i++)
		if (!strcmp(snapshot->disks[i].name, name))
			return &snapshot->disks[i];
	return NULL;
}

const struct source_report *snapshot_find_source(const struct snapshot *snapshot, const char *name)
{
	for (uint32_t i = 0; i < snapshot->source_count; i++)
		if (!strcmp(snapshot->sources[i].name, name))
			return &snapshot->sources[i];
	return NULL;
}
