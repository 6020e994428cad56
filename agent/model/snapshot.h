/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The data model: all that one pass over the machine found out. Plain data of fixed capacity without
 * pointers, so that it can be zeroed, compared, shared between processes and printed. Units stand at the end
 * of each name. What is not known holds UNKNOWN_U64, UNKNOWN_U32 or UNKNOWN (and a `reason` where a person
 * would ask), never 0. Counters (jiffies, sectors, packets) are totals since boot as the kernel counts them;
 * rates are made from two snapshots in judge/.
 */
#ifndef NASREADY_MODEL_SNAPSHOT_H
#define NASREADY_MODEL_SNAPSHOT_H

#include <stdint.h>

#include "common/limits.h"
#include "common/tri.h"
#include "model/enforcement.h"
#include "model/job.h"
#include "model/lease.h"
#include "model/smb.h"
#include "model/vdisk.h"
#include "model/volume.h"

enum source_state { SOURCE_OK, SOURCE_ABSENT, SOURCE_FAILED, SOURCE_STALE };

struct source_report {
	char name[NAME_LEN];
	enum source_state state;
	uint64_t ok_ms; /* monotonic time of the last success, 0 = never */
	uint32_t duration_us;
	char error[TEXT_LEN]; /* empty when ok */
};

struct cpu {
	uint32_t cores;
	uint64_t user, system, idle, iowait, steal; /* ticks; user has nice, system has irq and softirq */
	uint32_t load1_hundredths, load5_hundredths, load15_hundredths;
};

struct memory {
	uint64_t total_bytes, available_bytes, dirty_bytes, writeback_bytes, swap_used_bytes;
	enum tri available_estimated; /* YES where the kernel has no MemAvailable */
	/* how much written data may wait in memory, and for how long; the limit is one of the two */
	uint64_t dirty_limit_bytes;
	uint32_t dirty_limit_percent, dirty_expire_s;
};

struct disk {
	char name[NAME_LEN], model[64];
	uint64_t size_bytes, read_bytes, written_bytes, busy_ms;
	enum tri rotational, write_back_cache, asleep;
};

struct raid {
	char name[NAME_LEN], level[NAME_LEN], state[NAME_LEN];
	uint32_t members, active;
	enum tri degraded;
	char sync[NAME_LEN];		  /* resync, recovery, reshape, check, repair; empty: none */
	uint32_t sync_percent_hundredths; /* UNKNOWN_U32: not running or not told */
};

struct link {
	char name[NAME_LEN];
	enum tri up, full_duplex, wireless;
	uint32_t speed_mbps, mtu;
	uint64_t rx_bytes, tx_bytes, errors, drops, multicast;
	char reason[TEXT_LEN]; /* why speed or duplex are unknown */
};

struct snapshot {
	uint64_t time_ms;  /* monotonic, when the pass began */
	uint64_t clock_ms; /* wall clock, since 1970 */
	uint64_t slow_ms;  /* monotonic, when what changes rarely was last read; 0: never */
	char host[HOST_LEN], kernel[HOST_LEN];
	char machine[NAME_LEN]; /* the kernel's processor, as uname -m says; empty: not known */
	struct cpu cpu;
	struct memory memory;
	uint32_t volume_count, volumes_omitted, disk_count, disks_omitted;
	uint32_t raid_count, raids_omitted, link_count, links_omitted, source_count;
	uint32_t client_count, clients_omitted, other_count, others_omitted;
	uint32_t vdisk_count, vdisks_omitted;
	uint64_t vdisks_ms; /* monotonic time at which shares were last looked through for disks, 0 = never */
	uint32_t share_count, shares_omitted, service_count, services_omitted;
	uint32_t job_count, lease_count;
	struct smb smb;
	struct ups ups;
	struct enforcement gate;
	/* the lists; rows past their count hold anything, and are neither copied nor touched */
	struct source_report sources[SOURCES_MAX];
	struct link links[LINKS_MAX];
	struct raid raids[RAIDS_MAX];
	struct disk disks[DISKS_MAX];
	struct service services[SERVICES_MAX];
	struct other_session others[OTHERS_MAX];
	struct client clients[CLIENTS_MAX];
	struct share shares[SHARES_MAX];
	struct job jobs[JOBS_MAX]; /* the last ones, in the order of their numbers */
	struct lease leases[LEASES_MAX];
	struct volume volumes[VOLUMES_MAX];
	struct vdisk vdisks[VDISKS_MAX];
};

/* everything unknown, every list empty */
void snapshot_reset(struct snapshot *snapshot);
void snapshot_copy(struct snapshot *to, const struct snapshot *from);

/* The next free row of a list, all unknown; NULL (and one more omitted) when it is full. */
struct volume *snapshot_add_volume(struct snapshot *snapshot);
struct disk *snapshot_add_disk(struct snapshot *snapshot);
struct raid *snapshot_add_raid(struct snapshot *snapshot);
struct link *snapshot_add_link(struct snapshot *snapshot);
struct client *snapshot_add_client(struct snapshot *snapshot);
struct other_session *snapshot_add_other(struct snapshot *snapshot);
struct share *snapshot_add_share(struct snapshot *snapshot);
struct vdisk *snapshot_add_vdisk(struct snapshot *snapshot);
struct service *snapshot_add_service(struct snapshot *snapshot);

/* NULL if there is none */
const struct volume *snapshot_find_volume(const struct snapshot *snapshot, const char *id);
const struct vdisk *snapshot_find_vdisk(const struct snapshot *snapshot, uint32_t number);
const struct disk *snapshot_find_disk(const struct snapshot *snapshot, const char *name);
/* number of the disk, whether it is there or not */
uint32_t snapshot_lease_disk(const struct snapshot *snapshot, const struct lease *lease);
/* whose the disk is */
const struct lease *snapshot_find_lease(const struct snapshot *snapshot, const struct vdisk *vdisk);
const struct source_report *snapshot_find_source(const struct snapshot *snapshot, const char *name);

#endif
