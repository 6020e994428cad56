/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <stdio.h>
#include <string.h>

#include "common/units.h"
#include "judge/rules.h"

static unsigned percent_of(uint32_t hundredths)
{
	return hundredths / 100;
}

/* B48: 100 % until the journal is updated, then below 1 %. B59: 5 to 30 % idle during a backup, which is left
 * out by B54. */
#define CPU_BUSY_HUNDREDTHS 9000

void rule_cpu_busy(const struct situation *now, struct sink *sink)
{
	const struct cpu_rates *cpu = &now->rates->cpu;
	if (cpu->busy_hundredths == UNKNOWN_U32 || cpu->busy_hundredths < CPU_BUSY_HUNDREDTHS ||
		now->backup_runs)
		return;
	struct raised raised = {.held_ms = cpu->window_ms == UNKNOWN_U32 ? 0 : cpu->window_ms};
	bool kernel = cpu->system_hundredths >= cpu->user_hundredths;
	raised.remedy =
		kernel ? "Wait: the kernel is allocating, freeing or writing its journal, or serves other "
			 "clients."
		       : "Close the NAS's web pages and stop what is not needed (look at top), or wait.";
	raised_subject(&raised, "cpu");
	raised_message(&raised, "The CPU is %u %% busy, mostly with %s (kernel %u %%, programs %u %%).",
		percent_of(cpu->busy_hundredths), kernel ? "the kernel's work" : "programs",
		percent_of(cpu->system_hundredths), percent_of(cpu->user_hundredths));
	sink_add(sink, &raised);
}

/* B54: 20 MB of 256 were enough for zeroing at full speed. Larger machines keep larger buffers. */
#define MEMORY_LOW_BYTES (UINT64_C(16) << 20)
#define MEMORY_LOW_PERCENT 2

void rule_memory_low(const struct situation *now, struct sink *sink)
{
	const struct memory *memory = &now->snapshot->memory;
	if (memory->total_bytes == UNKNOWN_U64 || memory->available_bytes == UNKNOWN_U64 || now->backup_runs)
		return;
	uint64_t least = memory->total_bytes / 100 * MEMORY_LOW_PERCENT;
	if (least < MEMORY_LOW_BYTES)
		least = MEMORY_LOW_BYTES;
	if (memory->available_bytes >= least)
		return;
	char available[UNITS_LEN], total[UNITS_LEN];
	struct raised raised = {.remedy = "Stop services that are not needed and close the NAS's web pages."};
	units_binary(available, sizeof available, memory->available_bytes);
	units_binary(total, sizeof total, memory->total_bytes);
	raised_subject(&raised, "memory");
	raised_message(&raised, "Only %s of %s of memory is available.", available, total);
	sink_add(sink, &raised);
}

/* -- RAID (B6) -- */

static struct raised about_raid(const struct raid *raid)
{
	struct raised raised = {0};
	raised_subject(&raised, "raid:%s", raid->name);
	return raised;
}

void rule_raid_degraded(const struct situation *now, struct sink *sink)
{
	for (uint32_t i = 0; i < now->snapshot->raid_count; i++) {
		const struct raid *raid = &now->snapshot->raids[i];
		if (raid->degraded != YES)
			continue;
		struct raised raised = about_raid(raid);
		raised.remedy = "Replace the failed disk and let the array rebuild; until then keep another "
				"copy of the "
				"backup.";
		if (raid->members != UNKNOWN_U32 && raid->active != UNKNOWN_U32)
			raised_message(&raised, "Array %s (%s) is degraded: %u of %u members work.",
				raid->name, raid->level, (unsigned)raid->active, (unsigned)raid->members);
		else
			raised_message(&raised, "Array %s (%s) is degraded: a member is missing.", raid->name,
				raid->level);
		sink_add(sink, &raised);
	}
}

/* A check only reads, yields to others and may take days: no reason to put off a nightly backup. */
void rule_raid_resync(const struct situation *now, struct sink *sink)
{
	for (uint32_t i = 0; i < now->snapshot->raid_count; i++) {
		const struct raid *raid = &now->snapshot->raids[i];
		uint32_t percent = raid->sync_percent_hundredths;
		char done[24] = "";
		if (!raid->sync[0])
			continue;
		struct raised raised = about_raid(raid);
		bool check = !strcmp(raid->sync, "check");
		raised.severity = check ? SEVERITY_WARN : SEVERITY_WAIT;
		raised.remedy = check ? "Let the array's check run at another time than the backup."
				      : "Wait until the array is whole: a backup now makes both take longer.";
		if (percent != UNKNOWN_U32)
			snprintf(done, sizeof done, ", %u.%u %% done", (unsigned)percent / 100,
				(unsigned)percent / 10 % 10);
		raised_message(&raised, "Array %s (%s) is busy with a %s%s.", raid->name, raid->level,
			raid->sync, done);
		sink_add(sink, &raised);
	}
}

/* -- power (B25, B28) -- */

void rule_ups_on_battery(const struct situation *now, struct sink *sink)
{
	const struct ups *ups = &now->snapshot->ups;
	char charge[24] = "", runtime[UNITS_LEN] = "";
	if (ups->on_battery != YES && ups->battery_low != YES)
		return;
	struct raised raised = {
		.remedy = "Stop a running backup, dismount its VHDX, and start none before mains power "
			  "is back."};
	if (ups->charge_percent != UNKNOWN_U32)
		snprintf(charge, sizeof charge, ", %u %% charged", (unsigned)ups->charge_percent);
	if (ups->runtime_s != UNKNOWN_U32)
		units_duration(runtime, sizeof runtime, ups->runtime_s);
	raised_subject(&raised, "ups");
	raised_message(&raised, "UPS %s %s%s%s%s%s.", ups->name[0] ? ups->name : "(without a name)",
		ups->battery_low == YES ? "has a low battery" : "runs on battery", charge,
		runtime[0] ? ", about " : "", runtime, runtime[0] ? " left" : "");
	sink_add(sink, &raised);
}

/* A NAS without upsd has no UPS that it knows of, which is why the warning comes then, too. */
void rule_cache_without_ups(const struct situation *now, struct sink *sink)
{
	const struct snapshot *snapshot = now->snapshot;
	const char *first = NULL;
	unsigned count = 0;
	for (uint32_t i = 0; i < snapshot->disk_count; i++) {
		if (snapshot->disks[i].write_back_cache != YES)
			continue;
		first = first ? first : snapshot->disks[i].name;
		count++;
	}
	if (!count || snapshot->ups.present == YES)
		return;
	struct raised raised = {
		.remedy = "Connect a UPS that shuts the NAS down, or switch the disks' write cache off "
			  "(hdparm -W 0)."};
	char more[32] = "";
	if (count > 1)
		snprintf(more, sizeof more, " and %u more disk%s", count - 1, count > 2 ? "s" : "");
	raised_subject(&raised, "ups");
	raised_message(&raised, "The write cache of %s%s is on, and %s: a power cut loses what it holds.",
		first, more, snapshot->ups.present == NO ? "there is no UPS" : "no UPS is known");
	sink_add(sink, &raised);
}

/* -- the rest -- */

/* B13 */
void rule_service_unneeded(const struct situation *now, struct sink *sink)
{
	for (uint32_t i = 0; i < now->snapshot->service_count; i++) {
		const struct service *service = &now->snapshot->services[i];
		if (service->running != YES || service->expected != NO)
			continue;
		struct raised raised = {
			.remedy = "Stop it while backups run: free CPU and memory make them faster."};
		raised_subject(&raised, "service:%s", service->name);
		raised_message(&raised, "Service %s runs, and no backup needs it.", service->name);
		sink_add(sink, &raised);
	}
}

/* 2024-01-01, before this program was written: a NAS without a battery for its clock starts in 1970 or 2000
 */
#define CLOCK_LEAST_MS UINT64_C(1704067200000)

void rule_clock_wrong(const struct situation *now, struct sink *sink)
{
	char time[UNITS_TIME_LEN];
	if (!now->snapshot->clock_ms || now->snapshot->clock_ms >= CLOCK_LEAST_MS)
		return;
	struct raised raised = {.remedy = "Set the NAS's clock, and let it follow a time server (NTP)."};
	units_time(time, sizeof time, now->snapshot->clock_ms);
	raised_subject(&raised, "clock");
	raised_message(&raised, "The NAS's clock is wrong: it says %s.", time);
	sink_add(sink, &raised);
}

/* "go" must not be the answer of an agent that sees nothing. One unknown is no reason for "no", but it must
 * be said; the other sources are not needed for any finding that waits or blocks on a healthy machine. */
void rule_source_failed(const struct situation *now, struct sink *sink)
{
	static const char *const deciding[] = {"mounts", "volumes", "cpu"};
	static const char *const states[] = {[SOURCE_ABSENT] = "is not there",
		[SOURCE_FAILED] = "failed",
		[SOURCE_STALE] = "is incomplete"};
	for (unsigned i = 0; i < ARRAY_LEN(deciding); i++) {
		const struct source_report *source = snapshot_find_source(now->snapshot, deciding[i]);
		if (!source || source->state == SOURCE_OK)
			continue;
		struct raised raised = {
			.remedy = "Mend what it names: until then the answer rests on less than it "
				  "should."};
		raised_subject(&raised, "source:%s", source->name);
		raised_message(&raised, "Not all that decides is known, because source %s %s%s%s.",
			source->name, states[source->state], source->error[0] ? ": " : "", source->error);
		sink_add(sink, &raised);
	}
}
