/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <stdio.h>

#include "common/units.h"
#include "show/page.h"

static void print_space(const struct volume *volume, struct out *out)
{
	char free[UNITS_BYTES_LEN], size[UNITS_BYTES_LEN];
	units_bytes(free, sizeof free, volume->free_bytes);
	units_bytes(size, sizeof size, volume->size_bytes);
	if (volume->free_bytes == UNKNOWN_U64 || volume->size_bytes == UNKNOWN_U64) {
		out_text(out, "<p class=\"space\">Free space unknown</p>\n");
		return;
	}
	if (volume->free_bytes <= volume->size_bytes)
		page_bar(volume->size_bytes - volume->free_bytes, volume->size_bytes, out);
	out_print(out, "<p class=\"space\"><b>%s</b> free of %s</p>\n", free, size);
}

static void print_available(const struct volume *volume, struct out *out)
{
	char text[UNITS_BYTES_LEN];
	units_bytes(text, sizeof text, volume->available_bytes);
	if (volume->available_bytes != UNKNOWN_U64 && volume->available_bytes != volume->free_bytes)
		page_fact_text("For users", text, out);
}

static void print_state(const struct volume_rates *rates, struct out *out)
{
	char text[UNITS_LEN];
	page_fact("State", out);
	out_text(out, volume_state_name(rates->state));
	if (rates->state == VOLUME_IDLE && rates->settled != UNKNOWN)
		out_text(out, rates->settled == YES ? ", settled" : ", not settled yet");
	units_rate(text, sizeof text, rates->write_bytes_per_s);
	if (rates->write_bytes_per_s && rates->write_bytes_per_s != UNKNOWN_U64)
		out_print(out, ", written at %s", text);
	page_fact_end(out);
}

static void print_journal(const struct journal *journal, const struct volume_rates *rates, struct out *out)
{
	static const char *const modes[] = {[JOURNAL_UNKNOWN] = "present",
		[JOURNAL_ORDERED] = "ordered",
		[JOURNAL_WRITEBACK] = "writeback",
		[JOURNAL_DATA] = "data too"};
	page_fact("Journal", out);
	if (journal->present != YES) {
		out_text(out, journal->present == NO ? "none" : "unknown");
		if (journal->present != NO && journal->reason[0]) {
			out_text(out, ": ");
			page_name(journal->reason, out);
		}
	} else {
		out_text(out, modes[journal->mode]);
		if (journal->commit_s != UNKNOWN_U32)
			out_print(out, ", commits every %u s", (unsigned)journal->commit_s);
		if (rates->journal_busy != UNKNOWN)
			out_text(out, rates->journal_busy == YES ? ", <b>busy</b>" : ", idle");
	}
	page_fact_end(out);
	if (journal->needs_check == YES)
		page_fact_text("Errors", "run its check (e2fsck) when it is not mounted", out);
	page_fact_text("Errors", journal->last_error, out);
}

/* Up to there an allocation costs seconds for a TiB; past it up to a thousand times more. */
static void print_knee(const struct volume *volume, uint64_t now_ms, struct out *out)
{
	char bytes[UNITS_BYTES_LEN], age[UNITS_LEN];
	page_fact("Allocates fast", out);
	if (volume->knee_bytes != UNKNOWN_U64) {
		units_bytes(bytes, sizeof bytes, volume->knee_bytes);
		units_duration(
			age, sizeof age, now_ms > volume->knee_ms ? (now_ms - volume->knee_ms) / 1000 : 0);
		out_print(out, "the first %s (seen %s ago)", bytes, age);
	} else if (volume->knee_reason[0]) {
		out_text(out, "unknown: ");
		page_name(volume->knee_reason, out);
	} else {
		out_text(out, "not looked for yet: a plan looks");
	}
	page_fact_end(out);
}

static void print_volume(const struct view *view, uint32_t i, struct out *out)
{
	const struct volume *volume = &view->snapshot->volumes[i];
	const struct volume_rates *rates = &view->rates->volumes[i];
	out_text(out, "<article class=\"card\">\n<h3>");
	page_name(volume->mount, out);
	out_text(out, " <span class=\"quiet\">");
	page_name(volume->fstype, out);
	if (volume->label[0]) {
		out_text(out, " · ");
		page_name(volume->label, out);
	}
	out_text(out, "</span></h3>\n");
	print_space(volume, out);
	out_text(out, "<dl>\n");
	print_state(rates, out);
	print_journal(&volume->journal, rates, out);
	print_knee(volume, view->now_ms, out);
	print_available(volume, out);
	if (volume->read_only == YES)
		page_fact_text("Mounted", "read-only", out);
	page_fact_text(volume->stale == YES ? "Space is old" : "Space", volume->space_reason, out);
	page_fact_text("Device", volume->device, out);
	out_text(out, "</dl>\n</article>\n");
}

void page_volumes(const struct view *view, struct out *out)
{
	const struct snapshot *snapshot = view->snapshot;
	page_section("volumes", "Volumes", out);
	if (!snapshot->volume_count)
		out_text(out, "<p class=\"quiet\">None known.</p>\n");
	out_text(out, "<div class=\"cards\">\n");
	for (uint32_t i = 0; i < snapshot->volume_count; i++)
		print_volume(view, i, out);
	out_text(out, "</div>\n");
	page_omitted(snapshot->volumes_omitted, out);
	page_section_end(out);
}
