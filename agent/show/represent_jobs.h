/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#ifndef NASREADY_SHOW_REPRESENT_JOBS_H
#define NASREADY_SHOW_REPRESENT_JOBS_H

#include "model/snapshot.h"
#include "show/json.h"

/* the list "jobs", newest first, as a member of the object that is open */
void represent_jobs(const struct snapshot *snapshot, struct json *json);
/* one job's members */
void represent_job(const struct job *job, struct json *json);

const char *job_kind_name(enum job_kind kind);
const char *job_state_name(const struct job *job);

/* for a terminal: virtual disks and jobs, nothing where there are none (represent_text_work.c) */
void represent_work_text(const struct snapshot *snapshot, struct out *out);

#endif
