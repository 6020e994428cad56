/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Deleted disks, in the share's hidden folder: trash-SECONDS-N/PATH, SECONDS since 1970. Giving the space
 * back is slow on old kernels, so a file is shortened in chunks before it goes.
 */
#ifndef NASREADY_WORK_TRASH_H
#define NASREADY_WORK_TRASH_H

#include "work/job_child.h"
#include "work/place.h"

#define TRASH_NAME_LEN 48

struct trash_entry {
	char name[TRASH_NAME_LEN];
	char path[JOB_FILE_LEN]; /* where it was below the share's folder */
	uint64_t deleted_s;	 /* since 1970 */
	uint64_t size_bytes;	 /* of the file */
};

/* Moves it there, for good before it returns. Negative errno. */
int trash_put(struct place *place, const char *path, uint64_t now_s, char ret_name[TRASH_NAME_LEN]);
/* calls `each` for every deleted disk, in no order, until it returns other than 0; returns that, or a
 * negative errno */
int trash_list(const struct place *place, int (*each)(const struct trash_entry *entry, void *arg), void *arg);
/* Back to where it was; never replaces. Negative errno. */
int trash_take_back(const struct place *place, const struct trash_entry *entry);
/* It cannot be had back from now on: gives the space back, in chunks. -ECANCELED: the rest is for the next
 * tidying; -EAGAIN: somebody has it open. */
int trash_purge(struct job_run *run, const struct place *place, const char *name);
/* The same for one file in `dir`. `stoppable`: a cancel ends it. */
int trash_purge_file(struct job_run *run, int dir, const char *name, bool stoppable);

/* false: `name` is none of them. `ret_gone`: its space is being given back already. */
bool trash_is(const char *name, uint64_t *ret_deleted_s, bool *ret_gone);

#endif
