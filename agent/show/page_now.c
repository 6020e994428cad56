/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What goes on: space that is taken or given back, a backup and how it compares, a RAID that rebuilds.
 */
#include <string.h>

#include "common/units.h"
#include "judge/rules.h"
#include "judge/throughput.h"
#include "show/page.h"

#define SCALE_MBITS 1000 /* the end of the scale: a link of 1 Gbit/s */
#define TIB (UINT64_C(1) << 40)

/* B19, B20, B56: measured on a two-bay NAS with 256 MiB, over 1 Gbit/s */
static const struct reference {
	unsigned from, to;
	const char *name;
} references[] = {
	{420, 430, "backup, untuned"},
	{445, 495, "zeroing a new fixed disk"},
	{560, 590, "backup, tuned"},
};

static void print_volume(const struct volume *volume, const struct volume_rates *rates, struct out *out)
{
	char text[UNITS_LEN];
	bool freeing = rates->state == VOLUME_FREEING;
	out_text(out, "<li><b>");
	out_text(out, freeing ? "Freeing" : "Allocating");
	out_text(out, "</b> on volume ");
	page_name(volume->mount, out);
	units_rate(text, sizeof text, rates->rate_bytes_per_s);
	out_print(out, " at %s", text);
	units_duration(text, sizeof text, rates->eta_s);
	if (rates->eta_s != UNKNOWN_U64)
		out_print(out, ", about <b>%s</b> to go", text);
	out_text(out, freeing ? ". Deleted space comes back slowly on old kernels: up to 20 minutes for 5 TB."
			      : ". A disk is being created or grown.");
	out_text(out, "</li>\n");
}

static unsigned print_volumes(const struct view *view, struct out *out)
{
	unsigned count = 0;
	for (uint32_t i = 0; i < view->snapshot->volume_count; i++) {
		const struct volume *volume = &view->snapshot->volumes[i];
		const struct volume_rates *rates = &view->rates->volumes[i];
		if (rates->state == VOLUME_ALLOCATING || rates->state == VOLUME_FREEING) {
			print_volume(volume, rates, out);
		} else if (rates->journal_busy == YES) {
			out_text(out, "<li>The <b>journal</b> of volume ");
			page_name(volume->mount, out);
			out_text(out, " is busy.</li>\n");
		} else {
			continue;
		}
		count++;
	}
	return count;
}

static unsigned print_raids(const struct view *view, struct out *out)
{
	unsigned count = 0;
	for (uint32_t i = 0; i < view->snapshot->raid_count; i++) {
		const struct raid *raid = &view->snapshot->raids[i];
		if (!raid->sync[0])
			continue;
		count++;
		out_text(out, "<li><b>RAID</b> ");
		page_name(raid->name, out);
		out_text(out, ": ");
		page_name(raid->sync, out);
		if (raid->sync_percent_hundredths != UNKNOWN_U32) {
			out_text(out, ", ");
			page_percent(raid->sync_percent_hundredths, out);
			out_text(out, " done");
		}
		out_text(out, "</li>\n");
	}
	return count;
}

/* -- a backup -- */

/* B21: on a small NAS it is the processor, rarely the disks */
static const char *find_limit(const struct view *view, const struct throughput *throughput)
{
	const struct cpu_rates *cpu = &view->rates->cpu;
	uint64_t mbits = throughput->in_bytes_per_s / 125000;
	if (throughput->speed_mbps != UNKNOWN_U32 && mbits * 10 >= throughput->speed_mbps * UINT64_C(9))
		return "The network link is the limit.";
	if (cpu->busy_hundredths != UNKNOWN_U32 && cpu->busy_hundredths >= 9000)
		return "The processor of the NAS is the limit, not its disks.";
	if (cpu->iowait_hundredths != UNKNOWN_U32 && cpu->iowait_hundredths >= 2500)
		return "The disks of the NAS are the limit.";
	return "Neither link nor processor nor disks are at their limit: the sender is, or the way between.";
}

static void print_scale(unsigned mbits, struct out *out)
{
	out_print(out,
		"<figure class=\"scale\">\n<svg viewBox=\"0 0 %u 40\" preserveAspectRatio=\"none\" "
		"role=\"img\" "
		"aria-label=\"%u Mbit/s on a scale up to %u\"><rect class=\"track\" y=\"14\" width=\"%u\" "
		"height=\"12\"/>",
		SCALE_MBITS, mbits, SCALE_MBITS, SCALE_MBITS);
	for (unsigned i = 0; i < ARRAY_LEN(references); i++)
		out_print(out, "<rect class=\"reference\" x=\"%u\" y=\"4\" width=\"%u\" height=\"32\"/>",
			references[i].from, references[i].to - references[i].from);
	out_print(out, "<rect class=\"fill\" y=\"14\" width=\"%u\" height=\"12\"/></svg>\n<figcaption><ul>\n",
		mbits < SCALE_MBITS ? mbits : SCALE_MBITS);
	for (unsigned i = 0; i < ARRAY_LEN(references); i++)
		out_print(out, "<li>%s<span class=\"figure\">%u–%u Mbit/s</span></li>\n", references[i].name,
			references[i].from, references[i].to);
	out_text(out, "</ul></figcaption>\n</figure>\n");
}

static void print_place(unsigned mbits, struct out *out)
{
	const struct reference *at = NULL;
	for (unsigned i = 0; i < ARRAY_LEN(references); i++)
		if (mbits >= references[i].from)
			at = &references[i];
	if (!at)
		out_print(out, "below the %u of an untuned backup", references[0].from);
	else if (mbits <= at->to)
		out_print(out, "as fast as %s", at->name);
	else
		out_print(out, "faster than %s", at->name);
}

static void print_backup(const struct view *view, const struct throughput *throughput, struct out *out)
{
	char rate[UNITS_LEN], took[UNITS_LEN];
	unsigned mbits = (unsigned)(throughput->in_bytes_per_s / 125000);
	units_mbits(rate, sizeof rate, throughput->in_bytes_per_s);
	units_duration(took, sizeof took, TIB / throughput->in_bytes_per_s);
	out_print(out, "<li><b>A backup, or as much as one, comes in at %s</b>, ", rate);
	print_place(mbits, out);
	out_print(out, ". At this rate 1 TiB takes %s. %s\n", took, find_limit(view, throughput));
	print_scale(mbits, out);
	out_text(out, "</li>\n");
}

static void print_quiet(const struct throughput *throughput, struct out *out)
{
	char in[UNITS_LEN], sent[UNITS_LEN];
	units_mbits(in, sizeof in, throughput->in_bytes_per_s);
	units_mbits(sent, sizeof sent, throughput->out_bytes_per_s);
	out_print(out, "<li class=\"quiet\">Network: %s in, %s out</li>\n", in, sent);
}

void page_now(const struct view *view, struct out *out)
{
	struct throughput throughput = throughput_of(view->snapshot, view->rates);
	page_section("now", "Going on now", out);
	out_text(out, "<ul class=\"now\">\n");
	unsigned count = page_jobs_now(view, out) + print_volumes(view, out) + print_raids(view, out);
	bool backup = situation_backup_runs(view->snapshot, view->rates) &&
		      throughput.in_bytes_per_s != UNKNOWN_U64 && throughput.in_bytes_per_s;
	if (backup)
		print_backup(view, &throughput, out);
	else if (!count)
		out_text(out, "<li>Nothing that a backup would notice.</li>\n");
	if (!backup)
		print_quiet(&throughput, out);
	out_text(out, "</ul>\n");
	page_section_end(out);
}
