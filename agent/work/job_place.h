/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What the jobs on a share's folder begin with. Each of these refuses the job itself (job_refuse) and returns
 * its negative errno.
 */
#ifndef NASREADY_WORK_JOB_PLACE_H
#define NASREADY_WORK_JOB_PLACE_H

#include "work/job_child.h"
#include "work/place.h"

/* does `what` in the folder of the job's share, and leaves no empty hidden folder behind */
int job_in_place(struct job_run *run, int (*what)(struct job_run *run, struct place *place));
int job_make_hidden(struct job_run *run, struct place *place);
/* The job's file, for reading and writing; nobody else has it open, and whoever wants to from now on waits.
 * `lease_needed`: not where the file system has no leases, so that nobody could be kept away. */
int job_open_disk(struct job_run *run, const struct place *place, bool lease_needed, struct stat *ret_stat);
/* A new file in the hidden folder with its first MiB set aside: the proof that space can be, here. `instead`
 * is what to do where it cannot. */
int job_make_file(struct job_run *run, const struct place *place, const char *name, const char *instead);

#endif
