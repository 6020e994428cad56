/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What the counters of several snapshots say together: rates, and for each volume whether space is being
 * taken or given back. Keeps a fixed ring of samples; nothing here reads a clock, time is what the snapshots
 * say. Rows of `struct rates` stand at the same index as the rows of the snapshot they were made for.
 */
#ifndef NASREADY_JUDGE_HISTORY_H
#define NASREADY_JUDGE_HISTORY_H

#include <stdbool.h>

#include "judge/volume_state.h"
#include "model/snapshot.h"

struct cpu_rates {
	uint32_t busy_hundredths, user_hundredths, system_hundredths,
		iowait_hundredths; /* percent of all cores */
	uint32_t window_ms;	   /* over which the percentages hold */
};

struct link_rates {
	uint64_t rx_bytes_per_s, tx_bytes_per_s;
	uint32_t errors_per_s_hundredths, drops_per_s_hundredths, multicast_per_s_hundredths;
};

struct disk_rates {
	uint32_t busy_hundredths; /* percent of the time */
	uint64_t read_bytes_per_s, write_bytes_per_s;
};

struct rates {
	struct cpu_rates cpu;
	struct volume_rates volumes[VOLUMES_MAX];
	struct link_rates links[LINKS_MAX];
	struct disk_rates disks[DISKS_MAX];
};

struct sample_volume {
	uint32_t key; /* hash of id and device */
	uint64_t written_bytes, transactions;
};

struct sample_link {
	uint32_t key;
	uint64_t rx_bytes, tx_bytes, errors, drops, multicast;
};

struct sample_disk {
	uint32_t key;
	uint64_t read_bytes, written_bytes, busy_ms;
};

struct sample {
	uint64_t time_ms;
	struct cpu cpu;
	uint32_t volume_count, link_count, disk_count;
	struct sample_volume volumes[VOLUMES_MAX];
	struct sample_link links[LINKS_MAX];
	struct sample_disk disks[DISKS_MAX];
};

struct history {
	uint32_t count, newest; /* of the ring */
	struct sample ring[HISTORY_SAMPLES];
	uint32_t track_count;
	struct volume_track tracks[VOLUMES_MAX];
};

void history_reset(struct history *history);
/* Takes the snapshot in (one that is not newer than the last changes nothing) and says what it means. */
void history_add(struct history *history, const struct snapshot *snapshot, struct rates *ret_rates);
/* true while a volume allocates, frees or has not yet come to rest after it: the agent then looks more often
 */
bool history_is_restless(const struct history *history);

#endif
