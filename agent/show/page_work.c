/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Virtual disks in the shares, work on them, and what the gate said.
 */
#include "common/units.h"
#include "judge/gate.h"
#include "show/page.h"
#include "show/represent_jobs.h"

/* -- virtual disks -- */

static void print_size(uint64_t bytes, struct out *out)
{
	char text[UNITS_LEN];
	units_binary(text, sizeof text, bytes);
	out_text(out, text);
}

static const char *verdict_of(const struct image *image)
{
	if (image->damaged)
		return "damaged";
	if (image->log == IMAGE_LOG_DIRTY)
		return "not closed: its log must be replayed by Windows";
	return image->clean == YES ? "closed in order" : "unknown";
}

static void print_verdict(const struct vdisk *vdisk, struct out *out)
{
	const struct image *image = &vdisk->image;
	bool judged = vdisk->judged_ms;
	out_text(out, image->damaged ? "<b>" : "");
	out_text(out, judged ? verdict_of(image) : "not judged yet");
	out_text(out, image->damaged ? "</b>" : "");
	if (judged && image->hollow == YES)
		out_text(out, ", takes less space than it promises");
	for (uint32_t i = 0; i < image->problem_count; i++) {
		out_text(out, "<br>");
		page_name(image->problems[i].message, out);
	}
	if (vdisk->reason[0]) {
		out_text(out, "<br><small>");
		page_name(vdisk->reason, out);
		out_text(out, "</small>");
	}
}

static void print_users(const struct vdisk *vdisk, struct out *out)
{
	if (!vdisk->opener_count)
		out_text(out, vdisk->in_use == YES ? "yes" : vdisk->in_use == NO ? "no" : "unknown");
	for (uint32_t i = 0; i < vdisk->opener_count; i++) {
		out_text(out, i ? ", " : "");
		page_name(vdisk->openers[i], out);
	}
	if (vdisk->openers_omitted)
		out_print(out, " and %u more", (unsigned)vdisk->openers_omitted);
}

static void print_vdisk(
	const struct snapshot *snapshot, const struct vdisk *vdisk, struct page_table *table, struct out *out)
{
	const char *type = image_type_name(vdisk->image.type);
	const struct lease *lease = snapshot_find_lease(snapshot, vdisk);
	page_row(table, out);
	page_name(vdisk->share, out);
	out_text(out, "/<wbr>");
	page_name(vdisk->file, out);
	page_cell(table, out);
	if (vdisk->judged_ms)
		out_print(out, "%s%s%s", image_format_name(vdisk->image.format), type ? ", " : "",
			type ? type : "");
	else
		out_text(out, "unknown");
	page_cell(table, out);
	print_size(vdisk->image.virtual_size_bytes, out);
	page_cell(table, out);
	print_size(vdisk->allocated_bytes, out);
	page_cell(table, out);
	print_verdict(vdisk, out);
	page_cell(table, out);
	print_users(vdisk, out);
	page_cell(table, out);
	page_name(lease ? lease->server : "", out);
	page_row_end(out);
}

void page_vdisks(const struct view *view, struct out *out)
{
	static const char *const titles[] = {
		"Disk", "Kind", "#Size", "#On the NAS", "Condition", "In use", "Belongs to"};
	const struct snapshot *snapshot = view->snapshot;
	struct page_table table = {titles, ARRAY_LEN(titles), 0};
	if (!snapshot->vdisk_count)
		return;
	page_section("vdisks", "Virtual disks", out);
	page_table(&table, "Virtual disks", out);
	for (uint32_t i = 0; i < snapshot->vdisk_count; i++)
		print_vdisk(snapshot, &snapshot->vdisks[i], &table, out);
	page_table_end(out);
	page_omitted(snapshot->vdisks_omitted, out);
	page_section_end(out);
}

/* -- jobs -- */

static void print_job_name(const struct job *job, struct out *out)
{
	const char *kind = job_kind_name(job->kind);
	out_text(out, kind ? kind : "unknown");
	out_text(out, " ");
	page_name(job->share, out);
	if (job->file[0]) {
		out_text(out, "/<wbr>");
		page_name(job->file, out);
	}
}

unsigned page_jobs_now(const struct view *view, struct out *out)
{
	unsigned count = 0;
	for (uint32_t i = 0; i < view->snapshot->job_count; i++) {
		const struct job *job = &view->snapshot->jobs[i];
		char eta[UNITS_LEN], rate[UNITS_LEN];
		if (job->state != JOB_RUNNING)
			continue;
		count++;
		out_print(out, "<li><b>Job %u</b>: ", (unsigned)job->number);
		print_job_name(job, out);
		out_text(out, job->cancelling ? ", being cancelled" : "");
		out_text(out, job->phase[0] ? ", " : "");
		page_name(job->phase, out);
		out_text(out, ". ");
		print_size(job->done_bytes, out);
		out_text(out, " of ");
		print_size(job->total_bytes, out);
		units_rate(rate, sizeof rate, job->rate_bytes_per_s);
		units_duration(eta, sizeof eta, job->eta_s);
		if (job->eta_s != UNKNOWN_U64)
			out_print(out, " at %s, about <b>%s</b> to go", rate, eta);
		page_bar(job->done_bytes, job->total_bytes, out);
		out_text(out, "</li>\n");
	}
	return count;
}

static void print_job(
	const struct view *view, const struct job *job, struct page_table *table, struct out *out)
{
	char ago[UNITS_LEN];
	uint64_t clock_ms = view->snapshot->clock_ms, ended_ms = job->ended_clock_ms;
	page_row(table, out);
	out_print(out, "%u", (unsigned)job->number);
	page_cell(table, out);
	print_job_name(job, out);
	page_cell(table, out);
	out_text(out, job_state_name(job));
	page_cell(table, out);
	if (ended_ms != UNKNOWN_U64 && clock_ms >= ended_ms) {
		units_duration(ago, sizeof ago, (clock_ms - ended_ms) / 1000);
		out_print(out, "%s ago", ago);
	}
	page_cell(table, out);
	page_name(job->says, out);
	page_row_end(out);
}

void page_jobs(const struct view *view, struct out *out)
{
	static const char *const titles[] = {"#Job", "What", "State", "Ended", "Message"};
	const struct snapshot *snapshot = view->snapshot;
	struct page_table table = {titles, ARRAY_LEN(titles), 0};
	if (!snapshot->job_count)
		return;
	page_section("jobs", "Work on disks", out);
	page_table(&table, "Work on disks", out);
	for (uint32_t i = snapshot->job_count; i-- > 0;)
		print_job(view, &snapshot->jobs[i], &table, out);
	page_table_end(out);
	page_section_end(out);
}

/* -- the gate -- */

#define RECORDS_SHOWN 8

static void print_ms(uint64_t ms, struct out *out)
{
	char text[UNITS_LEN];
	units_duration(text, sizeof text, ms == UNKNOWN_U64 ? UNKNOWN_U64 : (ms + 999) / 1000);
	if (ms < 10000)
		out_print(out, "%u.%u s", (unsigned)((ms + 50) / 1000), (unsigned)((ms + 50) / 100 % 10));
	else
		out_text(out, text);
}

/* how long a granted step took, or what is known of it otherwise */
static void print_measured(const struct gate_record *record, struct out *out)
{
	if (record->outcome != GATE_GRANTED)
		return;
	if (record->measured_ms != UNKNOWN_U64 && record->seen == GATE_SEEN_DONE)
		print_ms(record->measured_ms, out);
	else
		out_text(out, gate_seen_name(record));
}

static void print_record(const struct gate_record *record, struct page_table *table, struct out *out)
{
	char time[UNITS_LEN] = "";
	units_time(time, sizeof time, record->clock_ms);
	page_row(table, out);
	out_print(out, "<time datetime=\"%s\">%.10s %.5s</time>", time, time, time[0] ? time + 11 : "");
	page_cell(table, out);
	page_name(record->share, out);
	out_text(out, "/<wbr>");
	page_name(record->file, out);
	page_cell(table, out);
	print_size(record->step_bytes, out);
	page_cell(table, out);
	print_ms(record->predicted_ms, out);
	page_cell(table, out);
	print_measured(record, out);
	page_cell(table, out);
	out_text(out, gate_outcome_name(record->outcome));
	if (record->times > 1)
		out_print(out, ", %u times", (unsigned)record->times);
	page_row_end(out);
}

void page_allocations(const struct view *view, struct out *out)
{
	static const char *const titles[] = {"Asked", "Disk", "#Step", "#Predicted", "#Measured", "Answer"};
	const struct gate_record *record = view->gate ? gate_record_at(view->gate, 0) : NULL;
	struct page_table table = {titles, ARRAY_LEN(titles), 0};
	if (!record)
		return;
	page_section("allocations", "Asked of the gate", out);
	page_table(&table, "Asked of the gate", out);
	for (uint32_t i = 0; i < RECORDS_SHOWN && (record = gate_record_at(view->gate, i)); i++)
		print_record(record, &table, out);
	page_table_end(out);
	page_section_end(out);
}
