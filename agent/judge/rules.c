/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "judge/rules.h"

#include <string.h>

#include "judge/throughput.h"

/* A finding that comes and goes with single samples gets delays; a fact of the configuration needs none. The
 * figures of volumes are smoothed already (volume_state.c), so their end is believed at once. */
const struct rule rules[] = {
	/* code, severity, on, off, retry, function */
	{"ups-on-battery", SEVERITY_BLOCK, 0, 30, 0,
		rule_ups_on_battery}, /* mains that flicker are no mains */
	{"fs-error", SEVERITY_BLOCK, 0, 0, 0, rule_fs_error},
	{"volume-read-only", SEVERITY_BLOCK, 0, 0, 0, rule_volume_read_only},
	{"link-wireless", SEVERITY_BLOCK, 0, 0, 0, rule_link_wireless},
	{"link-half-duplex", SEVERITY_BLOCK, 10, 10, 0,
		rule_link_half_duplex}, /* negotiation takes seconds */
	{"disk-damaged", SEVERITY_BLOCK, 0, 0, 0, rule_disk_damaged},
	{"disk-foreign-lease", SEVERITY_BLOCK, 0, 0, 0, rule_disk_foreign_lease},
	{"disk-in-use", SEVERITY_BLOCK, 0, 0, 0, rule_disk_in_use},
	{"disk-not-vhdx", SEVERITY_BLOCK, 0, 0, 0, rule_disk_not_vhdx},
	{"allocation-orphaned", SEVERITY_WAIT, 0, 0, 15, rule_allocation_orphaned},
	{"allocating", SEVERITY_WAIT, 0, 10, 15, rule_allocating}, /* it settles 10 s after the end */
	{"freeing", SEVERITY_WAIT, 0, 10, 60,
		rule_freeing}, /* where no end is known: B47 says up to 20 min */
	{"journal-busy", SEVERITY_WAIT, 5, 5, 15, rule_journal_busy}, /* one commit interval */
	{"smb-stale-connection", SEVERITY_WAIT, 10, 0, 15,
		rule_smb_stale_connection}, /* smbd needs a moment */
	{"cpu-busy", SEVERITY_WAIT, 10, 10, 30, rule_cpu_busy},
	{"raid-resync", SEVERITY_WAIT, 0, 0, 3600, rule_raid_resync},
	{"disk-dirty", SEVERITY_WARN, 0, 0, 0, rule_disk_dirty},
	{"disk-hollow", SEVERITY_WARN, 0, 0, 0, rule_disk_hollow},
	{"disk-dynamic", SEVERITY_WARN, 0, 0, 0, rule_disk_dynamic},
	{"path-too-long", SEVERITY_WARN, 0, 0, 0, rule_path_too_long},
	{"disk-clusters", SEVERITY_WARN, 0, 0, 0, rule_disk_clusters},
	{"disk-beyond-limit", SEVERITY_WARN, 0, 0, 0, rule_disk_beyond_limit},
	{"raid-degraded", SEVERITY_WARN, 0, 0, 0, rule_raid_degraded},
	{"journal-absent", SEVERITY_WARN, 0, 0, 0, rule_journal_absent},
	{"sync-ignored", SEVERITY_WARN, 0, 0, 0, rule_sync_ignored},
	{"cache-without-ups", SEVERITY_WARN, 0, 0, 0, rule_cache_without_ups},
	{"past-knee", SEVERITY_WARN, 0, 60, 0, rule_past_knee},
	{"space-low", SEVERITY_WARN, 0, 60, 0, rule_space_low},
	{"memory-low", SEVERITY_WARN, 10, 30, 0, rule_memory_low},
	{"link-slow", SEVERITY_WARN, 10, 10, 0, rule_link_slow},
	{"link-errors", SEVERITY_WARN, 10, 300, 0, rule_link_errors}, /* a bad cable errs now and then */
	{"smb-other-clients", SEVERITY_WARN, 0, 0, 0, rule_smb_other_clients},
	{"web-ui-open", SEVERITY_WARN, 0, 30, 0, rule_web_ui_open}, /* browsers connect for each refresh */
	{"ssh-open", SEVERITY_WARN, 0, 0, 0, rule_ssh_open},
	{"service-unneeded", SEVERITY_WARN, 0, 0, 0, rule_service_unneeded},
	{"clock-wrong", SEVERITY_WARN, 0, 0, 0, rule_clock_wrong},
	{"source-failed", SEVERITY_WARN, 10, 10, 0, rule_source_failed},
	{"mtu-small", SEVERITY_INFO, 0, 0, 0, rule_mtu_small},
	{"strict-allocate", SEVERITY_INFO, 0, 0, 0, rule_strict_allocate},
	{"gate-off", SEVERITY_INFO, 0, 0, 0, rule_gate_off},
};
const unsigned rules_count = ARRAY_LEN(rules);

/* Under half of an untuned backup's 420 Mbit/s (B20); at home little else writes as fast. */
#define BACKUP_BYTES_PER_S 20000000

bool situation_backup_runs(const struct snapshot *snapshot, const struct rates *rates)
{
	for (uint32_t i = 0; i < snapshot->volume_count; i++)
		if (rates->volumes[i].state == VOLUME_ALLOCATING || rates->volumes[i].state == VOLUME_FREEING)
			return false;
	uint64_t received = throughput_of(snapshot, rates).in_bytes_per_s;
	return received != UNKNOWN_U64 && received > BACKUP_BYTES_PER_S;
}

static bool holds_share(const struct snapshot *snapshot, const char *id)
{
	for (uint32_t i = 0; i < snapshot->share_count; i++)
		if (!strcmp(snapshot->shares[i].volume, id))
			return true;
	return false;
}

bool situation_places_known(const struct snapshot *snapshot)
{
	for (uint32_t i = 0; i < snapshot->share_count; i++)
		if (snapshot->shares[i].volume[0])
			return true;
	return false;
}

/* of the firmware */
static bool is_system_place(const struct volume *volume)
{
	return !strcmp(volume->mount, "/") || !strcmp(volume->mount, "/boot") ||
	       !strncmp(volume->mount, "/boot/", 6);
}

static bool all_are_system_places(const struct snapshot *snapshot)
{
	for (uint32_t i = 0; i < snapshot->volume_count; i++)
		if (!is_system_place(&snapshot->volumes[i]))
			return false;
	return !snapshot->volumes_omitted;
}

/* A backup goes into a share, so the volume of the firmware is no reason against one. Where no share is
 * known, every volume may hold one; the root only if there is nothing else, as on a small server. */
bool situation_volume_matters(const struct snapshot *snapshot, const struct volume *volume)
{
	if (situation_places_known(snapshot))
		return holds_share(snapshot, volume->id);
	return !is_system_place(volume) || (!strcmp(volume->mount, "/") && all_are_system_places(snapshot));
}
