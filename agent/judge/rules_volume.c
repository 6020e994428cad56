/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <string.h>

#include "common/units.h"
#include "judge/delta.h"
#include "judge/rules.h"

static struct raised about_volume(const struct situation *now, const struct volume *volume)
{
	struct raised raised = {.minor = !situation_volume_matters(now->snapshot, volume)};
	raised_subject(&raised, "volume:%s", volume->id);
	return raised;
}

/* -- what it is -- */

/* Not capped for volumes without shares: a damaged root file system takes the NAS down as well. */
void rule_fs_error(const struct situation *now, struct sink *sink)
{
	for (uint32_t i = 0; i < now->snapshot->volume_count; i++) {
		const struct volume *volume = &now->snapshot->volumes[i];
		const struct journal *journal = &volume->journal;
		if (journal->needs_check != YES)
			continue;
		struct raised raised = about_volume(now, volume);
		raised.minor = false;
		raised.remedy =
			"Unmount the volume, run e2fsck -f on its device, and look at the disks' health "
			"before you trust it with a backup.";
		raised_message(&raised, "The file system of volume \"%s\" holds errors%s%s.", volume->id,
			journal->last_error[0] ? ": " : "", journal->last_error);
		sink_add(sink, &raised);
	}
}

static bool is_read_only_by_nature(const char *fstype)
{
	static const char *const names[] = {"iso9660", "udf", "squashfs", "cramfs", "erofs", "romfs"};
	for (unsigned i = 0; i < ARRAY_LEN(names); i++)
		if (!strcmp(fstype, names[i]))
			return true;
	return false;
}

/* Where no share is known, a volume beside others that can be written to may be meant to be as it is. */
static bool may_be_meant(const struct snapshot *snapshot)
{
	for (uint32_t i = 0; i < snapshot->volume_count; i++)
		if (snapshot->volumes[i].read_only == NO &&
			situation_volume_matters(snapshot, &snapshot->volumes[i]))
			return !situation_places_known(snapshot);
	return false;
}

void rule_volume_read_only(const struct situation *now, struct sink *sink)
{
	for (uint32_t i = 0; i < now->snapshot->volume_count; i++) {
		const struct volume *volume = &now->snapshot->volumes[i];
		if (volume->read_only != YES || is_read_only_by_nature(volume->fstype))
			continue;
		struct raised raised = about_volume(now, volume);
		raised.minor |= may_be_meant(now->snapshot);
		raised.remedy =
			"Look into the NAS's log for the reason (Linux does this after file system errors), "
			"repair it, and mount the volume read-write.";
		raised_message(&raised, "Volume \"%s\" is mounted read-only: nothing can be written to it.",
			volume->id);
		sink_add(sink, &raised);
	}
}

/* Without a UPS a power cut may cost the whole file system (B55); that no UPS is known is not that there is
 * none. */
void rule_journal_absent(const struct situation *now, struct sink *sink)
{
	static const char *const matters[] = {
		[NO] = "and there is no UPS: a power cut can destroy the file system",
		[YES] = "so only the UPS protects its file system from a power cut",
		[UNKNOWN] = "and no UPS is known: a power cut can destroy the file system",
	};
	enum tri ups = now->snapshot->ups.present;
	for (uint32_t i = 0; i < now->snapshot->volume_count; i++) {
		const struct volume *volume = &now->snapshot->volumes[i];
		if (volume->journal.present != NO || strncmp(volume->fstype, "ext", 3))
			continue;
		struct raised raised = about_volume(now, volume);
		raised.severity = ups == NO ? SEVERITY_BLOCK : SEVERITY_WARN;
		raised.remedy =
			ups == YES
				? "See that the UPS shuts the NAS down in time, or give the volume its "
				  "journal "
				  "back (tune2fs -O has_journal while it is not mounted)."
				: "Give the volume its journal back (tune2fs -O has_journal while it is not "
				  "mounted), or connect a UPS that shuts the NAS down.";
		raised_message(&raised, "Volume \"%s\" has no journal, %s.", volume->id, matters[ups]);
		sink_add(sink, &raised);
	}
}

/* -- what it does -- */

void rule_allocating(const struct situation *now, struct sink *sink)
{
	for (uint32_t i = 0; i < now->snapshot->volume_count; i++) {
		const struct volume *volume = &now->snapshot->volumes[i];
		const struct volume_rates *rates = &now->rates->volumes[i];
		char rate[UNITS_LEN];
		if (rates->state != VOLUME_ALLOCATING)
			continue;
		struct raised raised = about_volume(now, volume);
		raised.remedy =
			"Wait until the file that is being created or grown has its space; start no other.";
		units_rate(rate, sizeof rate, rates->rate_bytes_per_s);
		raised_message(
			&raised, "Space on volume \"%s\" is being allocated, at %s.", volume->id, rate);
		sink_add(sink, &raised);
	}
}

static const struct client *find_stale_client(const struct snapshot *snapshot)
{
	for (uint32_t i = 0; i < snapshot->client_count; i++)
		if (snapshot->clients[i].close_wait)
			return &snapshot->clients[i];
	return NULL;
}

/* Measured: a client gone during an allocation leaves a connection in CLOSE_WAIT until it is through. */
void rule_allocation_orphaned(const struct situation *now, struct sink *sink)
{
	const struct client *client = find_stale_client(now->snapshot);
	for (uint32_t i = 0; client && i < now->snapshot->volume_count; i++) {
		const struct volume *volume = &now->snapshot->volumes[i];
		if (now->rates->volumes[i].state != VOLUME_ALLOCATING)
			continue;
		struct raised raised = about_volume(now, volume);
		raised.remedy = "Wait until the allocation is over, delete the VHDX that was left behind, "
				"and create it "
				"in smaller steps (nasready plan).";
		raised_message(&raised,
			"Volume \"%s\" is still allocating for %s, which has given up: its VHDX is lost.",
			volume->id, client->address);
		sink_add(sink, &raised);
	}
}

#define FREEING_RETRY_MOST_S 3600

void rule_freeing(const struct situation *now, struct sink *sink)
{
	for (uint32_t i = 0; i < now->snapshot->volume_count; i++) {
		const struct volume *volume = &now->snapshot->volumes[i];
		const struct volume_rates *rates = &now->rates->volumes[i];
		char rate[UNITS_LEN], eta[UNITS_LEN];
		if (rates->state != VOLUME_FREEING)
			continue;
		struct raised raised = about_volume(now, volume);
		bool ends = rates->eta_s != UNKNOWN_U64;
		if (ends)
			raised.eta_s = rates->eta_s < FREEING_RETRY_MOST_S ? (uint32_t)rates->eta_s + 1
									   : FREEING_RETRY_MOST_S;
		raised.remedy = "Wait; do not create or grow a VHDX now.";
		units_rate(rate, sizeof rate, rates->rate_bytes_per_s);
		units_duration(eta, sizeof eta, rates->eta_s);
		raised_message(&raised, "Volume \"%s\" is still giving back space, at %s%s%s%s.", volume->id,
			rate, ends ? ", about " : "", ends ? eta : "", ends ? " to go" : "");
		sink_add(sink, &raised);
	}
}

/* B48. While space moves, that is the news and not its journal; during a backup both are as they should be.
 */
void rule_journal_busy(const struct situation *now, struct sink *sink)
{
	for (uint32_t i = 0; i < now->snapshot->volume_count && !now->backup_runs; i++) {
		const struct volume *volume = &now->snapshot->volumes[i];
		const struct volume_rates *rates = &now->rates->volumes[i];
		unsigned tenths = rates->transactions_per_s_hundredths / 10;
		if (rates->journal_busy != YES || rates->state == VOLUME_ALLOCATING ||
			rates->state == VOLUME_FREEING)
			continue;
		struct raised raised = about_volume(now, volume);
		raised.remedy =
			"Wait until the journal has come to rest; find out who writes to the volume if it "
			"does not.";
		raised_message(&raised, "The journal of volume \"%s\" is busy: %u.%u commits/s.", volume->id,
			tenths / 10, tenths % 10);
		sink_add(sink, &raised);
	}
}

/* -- its space -- */

/* B50 leaves 0.1 TB of 5.4 TiB, 1.7 %: that is how it should be. */
#define SPACE_LOW_PERCENT 1

void rule_space_low(const struct situation *now, struct sink *sink)
{
	for (uint32_t i = 0; i < now->snapshot->volume_count; i++) {
		const struct volume *volume = &now->snapshot->volumes[i];
		char size[UNITS_LEN], available[UNITS_LEN];
		if (volume->stale == YES || volume->read_only == YES || volume->size_bytes == UNKNOWN_U64 ||
			volume->available_bytes >= volume->size_bytes / 100 * SPACE_LOW_PERCENT)
			continue;
		struct raised raised = about_volume(now, volume);
		raised.remedy = "Delete what is not needed before a backup fails halfway.";
		units_decimal(size, sizeof size, volume->size_bytes);
		units_decimal(available, sizeof available, volume->available_bytes);
		raised_message(&raised, "Volume \"%s\" has only %s of %s left.", volume->id, available, size);
		sink_add(sink, &raised);
	}
}

/* B50: a volume that is laid out as planned has 0.1 TB left, and nobody will grow anything into that. */
#define KNEE_ROOM_BYTES UINT64_C(200000000000)
/* Past the knee a TiB takes 100 * 15 s: 20 GiB use up half of a client's 60 s. Thrice that is worth a word.
 */
#define KNEE_NEAR_BYTES (UINT64_C(64) << 30)

/* The knee is read on demand only. What was taken since, came from whole groups first. */
static uint64_t knee_now(const struct volume *volume)
{
	uint64_t taken = delta_between(volume->free_bytes, volume->knee_free_bytes);
	if (volume->knee_bytes == UNKNOWN_U64 || taken == UNKNOWN_U64)
		return volume->knee_bytes;
	return volume->knee_bytes > taken ? volume->knee_bytes - taken : 0;
}

void rule_past_knee(const struct situation *now, struct sink *sink)
{
	for (uint32_t i = 0; i < now->snapshot->volume_count; i++) {
		const struct volume *volume = &now->snapshot->volumes[i];
		char available[UNITS_LEN], whole[UNITS_LEN];
		uint64_t knee_bytes = knee_now(volume);
		if (volume->stale == YES || volume->available_bytes == UNKNOWN_U64 ||
			volume->available_bytes < KNEE_ROOM_BYTES || knee_bytes >= KNEE_NEAR_BYTES)
			continue;
		struct raised raised = about_volume(now, volume);
		raised.remedy = "Do not create or grow a VHDX over SMB here: ask for a plan first (nasready "
				"plan), or "
				"free whole large files.";
		units_decimal(available, sizeof available, volume->available_bytes);
		units_decimal(whole, sizeof whole, knee_bytes);
		raised_message(&raised,
			"Volume \"%s\" has %s left, but only %s of it in wholly free block groups: "
			"allocating the "
			"rest is about 100 times slower.",
			volume->id, available, whole);
		sink_add(sink, &raised);
	}
}
