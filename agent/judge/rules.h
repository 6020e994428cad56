/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The table of rules. A rule is one row and one function that looks at the situation and adds what it finds,
 * once for each culprit; it remembers nothing. Thresholds stand above the function that uses them, with the
 * number of the requirement that they come from (B38) or the measurement.
 */
#ifndef NASREADY_JUDGE_RULES_H
#define NASREADY_JUDGE_RULES_H

#include "judge/finding.h"
#include "judge/history.h"

struct situation {
	const struct snapshot *snapshot;
	const struct rates *rates;
	bool backup_runs;
};

/* takes what a rule finds; assess.c keeps it */
struct sink;
void sink_add(struct sink *sink, const struct raised *raised);

struct rule {
	const char *code;
	enum severity severity;
	uint32_t on_s;	  /* must hold for so long before it counts */
	uint32_t off_s;	  /* must stay away for so long before it goes */
	uint32_t retry_s; /* when to ask again if it makes the answer "wait" */
	void (*find)(const struct situation *now, struct sink *sink);
};

extern const struct rule rules[];
extern const unsigned rules_count;

/* is a backup running that the NAS can see? */
bool situation_backup_runs(const struct snapshot *snapshot, const struct rates *rates);
/* is it known of any share on which volume it is? */
bool situation_places_known(const struct snapshot *snapshot);
/* may a backup use this volume? */
bool situation_volume_matters(const struct snapshot *snapshot, const struct volume *volume);

/* rules_machine.c */
void rule_cpu_busy(const struct situation *now, struct sink *sink);
void rule_memory_low(const struct situation *now, struct sink *sink);
void rule_raid_degraded(const struct situation *now, struct sink *sink);
void rule_raid_resync(const struct situation *now, struct sink *sink);
void rule_cache_without_ups(const struct situation *now, struct sink *sink);
void rule_ups_on_battery(const struct situation *now, struct sink *sink);
void rule_service_unneeded(const struct situation *now, struct sink *sink);
void rule_clock_wrong(const struct situation *now, struct sink *sink);
void rule_source_failed(const struct situation *now, struct sink *sink);

/* rules_volume.c */
void rule_fs_error(const struct situation *now, struct sink *sink);
void rule_volume_read_only(const struct situation *now, struct sink *sink);
void rule_allocating(const struct situation *now, struct sink *sink);
void rule_allocation_orphaned(const struct situation *now, struct sink *sink);
void rule_freeing(const struct situation *now, struct sink *sink);
void rule_journal_busy(const struct situation *now, struct sink *sink);
void rule_journal_absent(const struct situation *now, struct sink *sink);
void rule_space_low(const struct situation *now, struct sink *sink);
void rule_past_knee(const struct situation *now, struct sink *sink);

/* rules_link.c */
void rule_link_slow(const struct situation *now, struct sink *sink);
void rule_link_half_duplex(const struct situation *now, struct sink *sink);
void rule_link_wireless(const struct situation *now, struct sink *sink);
void rule_link_errors(const struct situation *now, struct sink *sink);
void rule_mtu_small(const struct situation *now, struct sink *sink);

/* rules_smb.c */
void rule_smb_other_clients(const struct situation *now, struct sink *sink);
void rule_smb_stale_connection(const struct situation *now, struct sink *sink);
void rule_web_ui_open(const struct situation *now, struct sink *sink);
void rule_ssh_open(const struct situation *now, struct sink *sink);
void rule_sync_ignored(const struct situation *now, struct sink *sink);
void rule_strict_allocate(const struct situation *now, struct sink *sink);
void rule_gate_off(const struct situation *now, struct sink *sink);

/* rules_disk.c */
void rule_disk_not_vhdx(const struct situation *now, struct sink *sink);
void rule_disk_damaged(const struct situation *now, struct sink *sink);
void rule_disk_foreign_lease(const struct situation *now, struct sink *sink);
void rule_disk_in_use(const struct situation *now, struct sink *sink);
void rule_disk_dirty(const struct situation *now, struct sink *sink);
void rule_disk_hollow(const struct situation *now, struct sink *sink);
void rule_disk_dynamic(const struct situation *now, struct sink *sink);
void rule_path_too_long(const struct situation *now, struct sink *sink);
void rule_disk_clusters(const struct situation *now, struct sink *sink);
void rule_disk_beyond_limit(const struct situation *now, struct sink *sink);

#endif
