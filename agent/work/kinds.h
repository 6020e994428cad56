/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The kinds of jobs: one file job_NAME.c each, and one row in job_table.c.
 */
#ifndef NASREADY_WORK_KINDS_H
#define NASREADY_WORK_KINDS_H

#include "work/job_child.h"

int job_create(struct job_run *run);
int job_grow(struct job_run *run);
int job_delete(struct job_run *run);
int job_undelete(struct job_run *run);
int job_tidy(struct job_run *run);
int job_probe(struct job_run *run);
/* how much a probe takes of what is available; 0: that would be too little to be timed */
uint64_t probe_bytes(uint64_t available_bytes, uint64_t limit_bytes);

#endif
