/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * For a person at a terminal of 80 columns. Names that others chose may be longer; then their line is, too.
 */
#include <stdio.h>
#include <string.h>

#include "common/units.h"
#include "show/represent_fields.h"
#include "show/represent_jobs.h"
#include "show/represent_ready.h"

#define COLUMNS_MAX 7
#define NAME_WIDTH_MAX 15 /* a longer name pushes its own line only */
#define CELL_LEN 64

struct column {
	const char *title;
	unsigned width;
	bool right;
};

struct table {
	struct column columns[COLUMNS_MAX];
	unsigned count;
};

static void print_spaces(struct out *out, size_t count)
{
	out_print(out, "%*s", (int)count, "");
}

static void print_row(const struct table *table, const char *const *cells, struct out *out)
{
	size_t pending = 0; /* spaces, printed only before something else */
	for (unsigned i = 0; i < table->count; i++) {
		const struct column *column = &table->columns[i];
		size_t width = out_width(cells[i]), rest = column->width > width ? column->width - width : 0;
		if (width) {
			print_spaces(out, pending + (column->right ? rest : 0));
			out_plain(out, cells[i]);
			pending = (column->right ? 0 : rest) + 2;
		} else {
			pending += column->width + 2;
		}
	}
	out_text(out, "\n");
}

static void print_titles(const struct table *table, struct out *out)
{
	const char *titles[COLUMNS_MAX];
	for (unsigned i = 0; i < table->count; i++)
		titles[i] = table->columns[i].title;
	out_text(out, "\n");
	out_tint(out, TINT_TITLE);
	print_row(table, titles, out);
	out_tint(out, TINT_NONE);
}

/* makes the first column as wide as its names, in reason */
static void fit_names(struct table *table, const char *names, size_t stride, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		size_t width = out_width(names + i * stride);
		if (width > table->columns[0].width && width <= NAME_WIDTH_MAX)
			table->columns[0].width = (unsigned)width;
	}
}

static void print_omitted(uint32_t omitted, struct out *out)
{
	if (omitted)
		out_print(out, "  and %u more, for which there is no room\n", (unsigned)omitted);
}

static const char *word_of(enum tri value, const char *yes, const char *no)
{
	return value == YES ? yes : value == NO ? no : "unknown";
}

/* "97.5 %", "unknown" */
static const char *show_percent(char into[UNITS_LEN], uint32_t hundredths)
{
	unsigned tenths = (hundredths + 5) / 10;
	if (hundredths == UNKNOWN_U32)
		return "unknown";
	snprintf(into, UNITS_LEN, "%u.%u %%", tenths / 10, tenths % 10);
	return into;
}

static void print_head(const struct view *view, struct out *out)
{
	const struct snapshot *snapshot = view->snapshot;
	char text[UNITS_LEN];
	uint64_t age_s = view->now_ms > snapshot->time_ms ? (view->now_ms - snapshot->time_ms) / 1000 : 0;
	out_plain(out, snapshot->host[0] ? snapshot->host : "this machine");
	out_text(out, ", Linux ");
	out_plain(out, snapshot->kernel[0] ? snapshot->kernel : "of an unknown version");
	if (snapshot->clock_ms && units_time(text, sizeof text, snapshot->clock_ms))
		out_print(out, ", %s", text);
	units_duration(text, sizeof text, age_s);
	if (age_s)
		out_print(out, ", %s ago", text);
	out_print(out, "\nnasready %s (%s)", NASREADY_VERSION, NASREADY_TARGET);
	units_duration(text, sizeof text, view->uptime_s);
	if (view->uptime_s != UNKNOWN_U64)
		out_print(out, ", up %s", text);
	out_text(out, "\n\n");
}

static void print_cpu(const struct view *view, struct out *out)
{
	const struct cpu_rates *rates = &view->rates->cpu;
	const struct cpu *cpu = &view->snapshot->cpu;
	const unsigned loads[] = {cpu->load1_hundredths, cpu->load5_hundredths, cpu->load15_hundredths};
	char busy[UNITS_LEN], user[UNITS_LEN], system[UNITS_LEN], iowait[UNITS_LEN];
	if (rates->busy_hundredths == UNKNOWN_U32)
		out_text(out, rates->window_ms == UNKNOWN_U32 ? "CPU     unknown (it takes a second look)"
							      : "CPU     unknown");
	else
		out_print(out, "CPU     %s busy (programs %s, kernel %s), disk wait %s",
			show_percent(busy, rates->busy_hundredths),
			show_percent(user, rates->user_hundredths),
			show_percent(system, rates->system_hundredths),
			show_percent(iowait, rates->iowait_hundredths));
	if (cpu->cores != UNKNOWN_U32)
		out_print(out, ", %u core%s", (unsigned)cpu->cores, cpu->cores == 1 ? "" : "s");
	if (cpu->load1_hundredths == UNKNOWN_U32)
		out_text(out, "\nLoad    unknown\n");
	else
		out_print(out, "\nLoad    %u.%02u, %u.%02u, %u.%02u over 1, 5, 15 min\n", loads[0] / 100,
			loads[0] % 100, loads[1] / 100, loads[1] % 100, loads[2] / 100, loads[2] % 100);
}

static void print_memory(const struct view *view, struct out *out)
{
	const struct memory *memory = &view->snapshot->memory;
	char total[UNITS_LEN], available[UNITS_LEN], dirty[UNITS_LEN], swap[UNITS_LEN];
	bool unwritten = memory->dirty_bytes != UNKNOWN_U64 && memory->writeback_bytes != UNKNOWN_U64;
	units_binary(total, sizeof total, memory->total_bytes);
	units_binary(available, sizeof available, memory->available_bytes);
	units_binary(
		dirty, sizeof dirty, unwritten ? memory->dirty_bytes + memory->writeback_bytes : UNKNOWN_U64);
	units_binary(swap, sizeof swap, memory->swap_used_bytes);
	if (memory->total_bytes == UNKNOWN_U64) {
		out_text(out, "Memory  unknown\n");
		return;
	}
	out_print(out, "Memory  %s of %s available%s\n", available, total,
		memory->available_estimated == YES ? " (estimated)" : "");
	out_print(out, "        %s not yet written to disk, %s of swap in use\n", dirty, swap);
}

static void show_state(const struct volume_rates *rates, char into[CELL_LEN])
{
	const char *rest = rates->settled == YES ? ", settled" : rates->settled == NO ? ", not settled" : "";
	snprintf(into, CELL_LEN, "%s%s", volume_state_name(rates->state),
		rates->state == VOLUME_IDLE ? rest : "");
}

static void show_journal(const struct journal *journal, enum tri busy, char into[CELL_LEN])
{
	static const char *const modes[] = {[JOURNAL_UNKNOWN] = "present",
		[JOURNAL_ORDERED] = "ordered",
		[JOURNAL_WRITEBACK] = "writeback",
		[JOURNAL_DATA] = "journal"};
	if (journal->present == YES)
		snprintf(into, CELL_LEN, "%s%s", modes[journal->mode],
			busy == YES  ? ", busy"
			: busy == NO ? ", idle"
				     : "");
	else
		snprintf(into, CELL_LEN, "%s", journal->present == NO ? "none" : "unknown");
}

static void print_change(const struct volume_rates *rates, struct out *out)
{
	char text[UNITS_LEN];
	if (rates->state == VOLUME_ALLOCATING || rates->state == VOLUME_FREEING) {
		units_rate(text, sizeof text, rates->rate_bytes_per_s);
		out_print(out, "  %s %s", rates->state == VOLUME_FREEING ? "gives back" : "takes", text);
		units_duration(text, sizeof text, rates->eta_s);
		if (rates->eta_s != UNKNOWN_U64)
			out_print(out, ", about %s to go", text);
		out_text(out, "\n");
	}
	units_rate(text, sizeof text, rates->write_bytes_per_s);
	if (rates->write_bytes_per_s && rates->write_bytes_per_s != UNKNOWN_U64)
		out_print(out, "  written at %s\n", text);
}

static void print_remark(const char *what, const char *text, struct out *out)
{
	if (!*text)
		return;
	out_print(out, "  %s", what);
	out_plain(out, text);
	out_text(out, "\n");
}

static void print_volume_remarks(
	const struct volume *volume, const struct volume_rates *rates, struct out *out)
{
	const struct journal *journal = &volume->journal;
	char available[UNITS_LEN], free[UNITS_LEN];
	units_binary(available, sizeof available, volume->available_bytes);
	units_binary(free, sizeof free, volume->free_bytes);
	print_change(rates, out);
	if (volume->available_bytes != UNKNOWN_U64 && strcmp(available, free))
		out_print(out, "  %s of the free space is for users\n", available);
	if (volume->read_only == YES)
		out_text(out, "  mounted read-only\n");
	print_remark(volume->stale == YES ? "space is stale: " : "", volume->space_reason, out);
	if (journal->needs_check == YES)
		out_text(out, "  has file system errors: run its check (e2fsck) when it is not mounted\n");
	print_remark("errors: ", journal->last_error, out);
	if (journal->present == UNKNOWN)
		print_remark("journal: ", journal->reason, out);
}

static void print_volumes(const struct view *view, struct out *out)
{
	const struct snapshot *snapshot = view->snapshot;
	struct table table = {{{"VOLUME", 10, false}, {"TYPE", 5, false}, {"SIZE", 10, true},
				      {"FREE", 10, true}, {"STATE", 17, false}, {"JOURNAL", 0, false}},
		6};
	fit_names(&table, snapshot->volumes[0].mount, sizeof snapshot->volumes[0], snapshot->volume_count);
	print_titles(&table, out);
	for (uint32_t i = 0; i < snapshot->volume_count; i++) {
		const struct volume *volume = &snapshot->volumes[i];
		const struct volume_rates *rates = &view->rates->volumes[i];
		char size[UNITS_LEN], free[UNITS_LEN], state[CELL_LEN], journal[CELL_LEN];
		units_binary(size, sizeof size, volume->size_bytes);
		units_binary(free, sizeof free, volume->free_bytes);
		show_state(rates, state);
		show_journal(&volume->journal, rates->journal_busy, journal);
		print_row(&table,
			(const char *const[]){volume->mount, volume->fstype, size, free, state, journal},
			out);
		print_volume_remarks(volume, rates, out);
	}
	if (!snapshot->volume_count)
		out_text(out, "none known\n");
	print_omitted(snapshot->volumes_omitted, out);
}

static void show_number(char *into, size_t size, uint32_t value, const char *unit)
{
	if (value == UNKNOWN_U32)
		snprintf(into, size, "unknown");
	else
		snprintf(into, size, "%u%s", (unsigned)value, unit);
}

static void show_speed(char into[UNITS_LEN], uint32_t mbps)
{
	if (mbps != UNKNOWN_U32 && mbps && mbps % 1000 == 0)
		show_number(into, UNITS_LEN, mbps / 1000, " Gbit/s");
	else
		show_number(into, UNITS_LEN, mbps, " Mbit/s");
}

static void print_packets(const char *what, uint32_t per_s_hundredths, struct out *out)
{
	if (per_s_hundredths && per_s_hundredths != UNKNOWN_U32)
		out_print(out, "  %u.%02u packets/s %s\n", (unsigned)per_s_hundredths / 100,
			(unsigned)per_s_hundredths % 100, what);
}

static void print_links(const struct view *view, struct out *out)
{
	const struct snapshot *snapshot = view->snapshot;
	struct table table = {
		{{"LINK", 8, false}, {"STATE", 7, false}, {"SPEED", 11, true}, {"DUPLEX", 7, false},
			{"MTU", 5, true}, {"IN", 12, true}, {"OUT", 12, true}},
		7};
	fit_names(&table, snapshot->links[0].name, sizeof snapshot->links[0], snapshot->link_count);
	if (snapshot->link_count)
		print_titles(&table, out);
	for (uint32_t i = 0; i < snapshot->link_count; i++) {
		const struct link *link = &snapshot->links[i];
		const struct link_rates *rates = &view->rates->links[i];
		char speed[UNITS_LEN], mtu[UNITS_LEN], in[UNITS_LEN], sent[UNITS_LEN];
		show_speed(speed, link->speed_mbps);
		show_number(mtu, sizeof mtu, link->mtu, "");
		units_mbits(in, sizeof in, rates->rx_bytes_per_s);
		units_mbits(sent, sizeof sent, rates->tx_bytes_per_s);
		print_row(&table,
			(const char *const[]){link->name, word_of(link->up, "up", "down"), speed,
				word_of(link->full_duplex, "full", "half"), mtu, in, sent},
			out);
		if (link->wireless == YES)
			out_text(out, "  wireless\n");
		print_packets("with errors", rates->errors_per_s_hundredths, out);
		print_packets("dropped", rates->drops_per_s_hundredths, out);
		if (link->up == YES)
			print_remark("", link->reason, out);
	}
	print_omitted(snapshot->links_omitted, out);
}

static void print_raids(const struct view *view, struct out *out)
{
	const struct snapshot *snapshot = view->snapshot;
	struct table table = {{{"RAID", 8, false}, {"LEVEL", 8, false}, {"STATE", 12, false},
				      {"WORKING", 8, false}, {"HEALTH", 0, false}},
		5};
	fit_names(&table, snapshot->raids[0].name, sizeof snapshot->raids[0], snapshot->raid_count);
	if (snapshot->raid_count)
		print_titles(&table, out);
	for (uint32_t i = 0; i < snapshot->raid_count; i++) {
		const struct raid *raid = &snapshot->raids[i];
		char members[UNITS_LEN], active[UNITS_LEN], both[2 * UNITS_LEN + 4], percent[UNITS_LEN];
		show_number(members, sizeof members, raid->members, "");
		show_number(active, sizeof active, raid->active, "");
		snprintf(both, sizeof both, "%s of %s", active, members);
		bool counted = raid->members != UNKNOWN_U32 && raid->active != UNKNOWN_U32;
		print_row(&table,
			(const char *const[]){raid->name, raid->level, raid->state,
				counted ? both : "unknown", word_of(raid->degraded, "degraded", "whole")},
			out);
		if (!raid->sync[0])
			continue;
		out_text(out, "  ");
		out_plain(out, raid->sync);
		if (raid->sync_percent_hundredths != UNKNOWN_U32)
			out_print(out, ", %s done", show_percent(percent, raid->sync_percent_hundredths));
		out_text(out, "\n");
	}
	print_omitted(snapshot->raids_omitted, out);
}

static void print_disks(const struct view *view, struct out *out)
{
	const struct snapshot *snapshot = view->snapshot;
	struct table table = {{{"DISK", 8, false}, {"MODEL", 20, false}, {"SIZE", 9, true}, {"BUSY", 8, true},
				      {"READ", 10, true}, {"WRITTEN", 10, true}},
		6};
	fit_names(&table, snapshot->disks[0].name, sizeof snapshot->disks[0], snapshot->disk_count);
	if (snapshot->disk_count)
		print_titles(&table, out);
	for (uint32_t i = 0; i < snapshot->disk_count; i++) {
		const struct disk *disk = &snapshot->disks[i];
		const struct disk_rates *rates = &view->rates->disks[i];
		char size[UNITS_LEN], busy[UNITS_LEN], read[UNITS_LEN], written[UNITS_LEN];
		units_decimal(size, sizeof size, disk->size_bytes);
		units_rate(read, sizeof read, rates->read_bytes_per_s);
		units_rate(written, sizeof written, rates->write_bytes_per_s);
		print_row(&table,
			(const char *const[]){disk->name, disk->model, size,
				show_percent(busy, rates->busy_hundredths), read, written},
			out);
	}
	print_omitted(snapshot->disks_omitted, out);
}

static void print_sources(const struct view *view, struct out *out)
{
	static const char *const states[] = {[SOURCE_OK] = "",
		[SOURCE_ABSENT] = "absent",
		[SOURCE_FAILED] = "failed",
		[SOURCE_STALE] = "stale"};
	const struct snapshot *snapshot = view->snapshot;
	const struct table table = {{{"NOT READ", 12, false}, {"STATE", 7, false}, {"WHY", 0, false}}, 3};
	bool begun = false;
	for (uint32_t i = 0; i < snapshot->source_count; i++) {
		const struct source_report *source = &snapshot->sources[i];
		if (source->state == SOURCE_OK)
			continue;
		if (!begun)
			print_titles(&table, out);
		begun = true;
		print_row(&table, (const char *const[]){source->name, states[source->state], source->error},
			out);
	}
}

void represent_text(const struct view *view, struct out *out)
{
	print_head(view, out);
	if (view->assessment) {
		represent_ready_text(view, out);
		out_text(out, "\n");
	}
	print_cpu(view, out);
	print_memory(view, out);
	print_volumes(view, out);
	represent_work_text(view->snapshot, out);
	print_links(view, out);
	print_raids(view, out);
	print_disks(view, out);
	print_sources(view, out);
}
