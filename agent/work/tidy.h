/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Finishing or undoing what a crash, a power cut or a cancel left in a share's hidden folder. What is found
 * there tells by itself what it is: a disk that was being made, the note of a disk that was being grown,
 * disks that were deleted (trash-SECONDS-N/PATH), and disks whose space is being given back (gone-...).
 */
#ifndef NASREADY_WORK_TIDY_H
#define NASREADY_WORK_TIDY_H

#include "work/job_child.h"
#include "work/place.h"

#define TIDY_NEW "new.vhdx"
#define TIDY_PROBE "probe" /* 1 MiB, and for an instant only: job_probe.c */

/* the disk that was being made; if it was published already, only its other name goes */
int tidy_new(struct job_run *run, const struct place *place);
/* both what was being made and what was being grown; says what it did */
void tidy_before_job(struct job_run *run, const struct place *place);

#endif
