/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "model/snapshot.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "common/plan.h"
#include "common/scope.h"
#include "common/text.h"

#define LIST(name, max, omitted)                                                                           \
	{                                                                                                  \
		offsetof(struct snapshot, name##s), offsetof(struct snapshot, name##_count), omitted, max, \
			sizeof((struct snapshot *)0)->name##s[0]                                           \
	}
#define LIST_OMITS(name, max) LIST(name, max, offsetof(struct snapshot, name##s_omitted))

enum list {
	LIST_VOLUMES,
	LIST_DISKS,
	LIST_RAIDS,
	LIST_LINKS,
	LIST_CLIENTS,
	LIST_OTHERS,
	LIST_SHARES,
	LIST_SERVICES,
	LIST_VDISKS,
	LIST_JOBS,
	LIST_LEASES,
	LIST_SOURCES,
};

static const struct list_row {
	size_t rows, count, omitted; /* places in the snapshot */
	uint32_t max;
	size_t row_size;
} lists[] = {
	[LIST_VOLUMES] = LIST_OMITS(volume, VOLUMES_MAX),
	[LIST_DISKS] = LIST_OMITS(disk, DISKS_MAX),
	[LIST_RAIDS] = LIST_OMITS(raid, RAIDS_MAX),
	[LIST_LINKS] = LIST_OMITS(link, LINKS_MAX),
	[LIST_CLIENTS] = LIST_OMITS(client, CLIENTS_MAX),
	[LIST_OTHERS] = LIST_OMITS(other, OTHERS_MAX),
	[LIST_SHARES] = LIST_OMITS(share, SHARES_MAX),
	[LIST_SERVICES] = LIST_OMITS(service, SERVICES_MAX),
	[LIST_VDISKS] = LIST_OMITS(vdisk, VDISKS_MAX),
	[LIST_JOBS] = LIST(job, JOBS_MAX, 0),
	[LIST_LEASES] = LIST(lease, LEASES_MAX, 0),
	[LIST_SOURCES] = LIST(source, SOURCES_MAX, 0),
};

/* what stands before all lists */
#define HEAD_SIZE offsetof(struct snapshot, sources)

static void *add(struct snapshot *snapshot, enum list which)
{
	const struct list_row *list = &lists[which];
	char *base = (char *)snapshot;
	uint32_t count;
	memcpy(&count, base + list->count, sizeof count);
	bool full = count == list->max;
	size_t counter = full ? list->omitted : list->count;
	void *row = full ? NULL : memset(base + list->rows + count * list->row_size, 0, list->row_size);
	memcpy(&count, base + counter, sizeof count);
	count++;
	memcpy(base + counter, &count, sizeof count);
	return row;
}

void snapshot_copy(struct snapshot *to, const struct snapshot *from)
{
	memcpy(to, from, HEAD_SIZE);
	for (unsigned i = 0; i < ARRAY_LEN(lists); i++) {
		const struct list_row *list = &lists[i];
		uint32_t count;
		memcpy(&count, (const char *)from + list->count, sizeof count);
		memcpy((char *)to + list->rows, (const char *)from + list->rows,
			(count < list->max ? count : list->max) * list->row_size);
	}
}

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
	memset(snapshot, 0, HEAD_SIZE);
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
	snapshot->gate.ready = snapshot->gate.preloaded = UNKNOWN;
}

struct volume *snapshot_add_volume(struct snapshot *snapshot)
{
	struct volume *volume = add(snapshot, LIST_VOLUMES);
	if (!volume)
		return NULL;
	volume->major = volume->minor = volume->mount_commit_s = UNKNOWN_U32;
	volume->read_only = volume->stale = volume->mount_journal_external = UNKNOWN;
	volume->size_bytes = volume->free_bytes = volume->available_bytes = UNKNOWN_U64;
	volume->written_bytes = volume->delayed_bytes = UNKNOWN_U64;
	volume->knee_bytes = volume->coarse_bytes = volume->knee_free_bytes = UNKNOWN_U64;
	volume->cost_ms_per_tib = PLAN_COST_MS_PER_TIB;
	volume->probed = NO;
	volume->flex_bg = UNKNOWN;
	journal_reset(&volume->super);
	journal_reset(&volume->journal);
	return volume;
}

struct disk *snapshot_add_disk(struct snapshot *snapshot)
{
	struct disk *disk = add(snapshot, LIST_DISKS);
	if (!disk)
		return NULL;
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
	struct raid *raid = add(snapshot, LIST_RAIDS);
	if (!raid)
		return NULL;
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
	struct link *link = add(snapshot, LIST_LINKS);
	if (!link)
		return NULL;
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
	struct client *client = add(snapshot, LIST_CLIENTS);
	if (!client)
		return NULL;
	*client = (struct client){
		.sessions = UNKNOWN_U32,
		.tree_connects = UNKNOWN_U32,
		.open_files = UNKNOWN_U32,
	};
	return client;
}

struct other_session *snapshot_add_other(struct snapshot *snapshot)
{
	return add(snapshot, LIST_OTHERS);
}

struct share *snapshot_add_share(struct snapshot *snapshot)
{
	struct share *share = add(snapshot, LIST_SHARES);
	if (!share)
		return NULL;
	*share = (struct share){
		.strict_allocate = UNKNOWN,
		.strict_sync = UNKNOWN,
		.dfree_command = UNKNOWN,
		.read_only = UNKNOWN,
		.gated = UNKNOWN,
	};
	return share;
}

struct service *snapshot_add_service(struct snapshot *snapshot)
{
	struct service *service = add(snapshot, LIST_SERVICES);
	if (!service)
		return NULL;
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
	struct vdisk *vdisk = add(snapshot, LIST_VDISKS);
	if (!vdisk)
		return NULL;
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

static bool is_of(const struct lease *lease, const struct vdisk *vdisk)
{
	return !strcasecmp(vdisk->share, lease->share) && !strcasecmp(vdisk->file, lease->file);
}

const struct lease *snapshot_find_lease(const struct snapshot *snapshot, const struct vdisk *vdisk)
{
	for (uint32_t i = 0; i < snapshot->lease_count; i++)
		if (is_of(&snapshot->leases[i], vdisk))
			return &snapshot->leases[i];
	return NULL;
}

uint32_t snapshot_lease_disk(const struct snapshot *snapshot, const struct lease *lease)
{
	for (uint32_t i = 0; i < snapshot->vdisk_count; i++)
		if (is_of(lease, &snapshot->vdisks[i]))
			return snapshot->vdisks[i].number;
	return vdisk_number(lease->share, lease->file);
}
