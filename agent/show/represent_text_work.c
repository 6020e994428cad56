/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * For a person at a terminal: virtual disks in the shares, and work on them.
 */
#include "common/units.h"
#include "show/represent_jobs.h"

static void print_place(const char *share, const char *file, struct out *out)
{
	out_plain(out, share);
	out_text(out, file[0] ? "/" : "");
	out_plain(out, file);
}

static void print_vdisk(const struct snapshot *snapshot, const struct vdisk *vdisk, struct out *out)
{
	const struct image *image = &vdisk->image;
	const char *type = image_type_name(image->type), *log = image_log_name(image->log);
	const struct lease *lease = snapshot_find_lease(snapshot, vdisk);
	char size[UNITS_LEN];
	units_binary(size, sizeof size, image->virtual_size_bytes);
	out_text(out, "  ");
	print_place(vdisk->share, vdisk->file, out);
	if (!vdisk->judged_ms)
		out_text(out, ": not judged yet");
	else
		out_print(out, ": %s %s, %s%s%s%s%s", type ? type : "", image_format_name(image->format),
			size, log ? ", log " : "", log ? log : "", image->damaged ? ", damaged" : "",
			image->hollow == YES ? ", hollow" : "");
	out_text(out, vdisk->in_use == YES ? ", in use" : "");
	if (lease) {
		out_text(out, ", belongs to ");
		out_plain(out, lease->server);
	}
	out_text(out, "\n");
}

static void print_job(const struct job *job, struct out *out)
{
	char done[UNITS_LEN], total[UNITS_LEN], eta[UNITS_LEN];
	const char *kind = job_kind_name(job->kind), *state = job_state_name(job);
	out_print(out, "  %u: %s ", (unsigned)job->number, kind ? kind : "unknown");
	print_place(job->share, job->file, out);
	out_print(out, ", %s", state ? state : "unknown");
	if (job->state == JOB_RUNNING) {
		units_binary(done, sizeof done, job->done_bytes);
		units_binary(total, sizeof total, job->total_bytes);
		units_duration(eta, sizeof eta, job->eta_s);
		out_print(out, ", %s of %s, %s to go", done, total, eta);
	}
	if (job->says[0]) {
		out_text(out, ": ");
		out_plain(out, job->says);
	}
	out_text(out, "\n");
}

void represent_work_text(const struct snapshot *snapshot, struct out *out)
{
	if (snapshot->vdisk_count)
		out_text(out, "\nVirtual disks\n");
	for (uint32_t i = 0; i < snapshot->vdisk_count; i++)
		print_vdisk(snapshot, &snapshot->vdisks[i], out);
	if (snapshot->vdisks_omitted)
		out_print(out, "  and %u more, for which there is no room\n",
			(unsigned)snapshot->vdisks_omitted);
	if (snapshot->job_count)
		out_text(out, "\nJobs\n");
	for (uint32_t i = snapshot->job_count; i-- > 0;)
		print_job(&snapshot->jobs[i], out);
}
