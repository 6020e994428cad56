/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "show/represent_jobs.h"

#include "common/scope.h"

static const char *const kinds[] = {[JOB_NONE] = "none",
	[JOB_CREATE] = "create",
	[JOB_GROW] = "grow",
	[JOB_DELETE] = "delete",
	[JOB_UNDELETE] = "undelete",
	[JOB_TIDY] = "tidy",
	[JOB_PROBE] = "probe"};
static const char *const states[] = {[JOB_RUNNING] = "running",
	[JOB_DONE] = "done",
	[JOB_CANCELLED] = "cancelled",
	[JOB_FAILED] = "failed"};

const char *job_kind_name(enum job_kind kind)
{
	return kind < ARRAY_LEN(kinds) ? kinds[kind] : NULL;
}

const char *job_state_name(const struct job *job)
{
	if (job->state == JOB_RUNNING && job->cancelling)
		return "cancelling";
	return job->state < ARRAY_LEN(states) ? states[job->state] : NULL;
}

void represent_job(const struct job *job, struct json *json)
{
	json_u32(json, "id", job->number);
	json_string(json, "kind", job_kind_name(job->kind));
	json_string(json, "state", job_state_name(job));
	json_string(json, "phase", job->phase);
	json_string(json, "share", job->share);
	json_string(json, "file", job->file);
	json_string(json, "who", job->who);
	json_string(json, "address", job->address);
	json_u64(json, "total_bytes", job->total_bytes);
	json_u64(json, "done_bytes", job->done_bytes);
	json_u64(json, "rate_bytes_per_s", job->rate_bytes_per_s);
	json_u64(json, "eta_s", job->eta_s);
	json_time(json, "started", job->started_clock_ms);
	json_time(json, "ended", job->ended_clock_ms);
	json_string(json, "message", job->says);
}

void represent_jobs(const struct snapshot *snapshot, struct json *json)
{
	json_list(json, "jobs");
	for (uint32_t i = snapshot->job_count; i-- > 0;) {
		json_object(json, NULL);
		represent_job(&snapshot->jobs[i], json);
		json_end(json);
	}
	json_end(json);
}
