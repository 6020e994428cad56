/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * A share's folder, and in it the agent's own hidden one, which only root may enter: what is being made or
 * was deleted lies there, on the same file system, where no SMB client can open or remove it. Everything
 * below is reached with openat() and without following links. Paths below the folder are NAME or FOLDER/NAME.
 */
#ifndef NASREADY_WORK_PLACE_H
#define NASREADY_WORK_PLACE_H

#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "common/fault.h"
#include "work/job.h"

struct place {
	const char *share; /* its name, for sentences */
	int fd;		   /* of its folder */
	int hidden;	   /* of the hidden folder; -1: there is none */
	struct stat stat;  /* of its folder */
};

/* A negative errno with the fault set. place_close takes it in any state. */
int place_open(struct place *place, const struct job_task *task, struct fault *fault);
void place_close(struct place *place);
/* makes the hidden folder if there is none */
int place_make_hidden(struct place *place, struct fault *fault);
/* removes it if it is empty */
void place_drop_hidden(struct place *place);

/* Bytes that are not reserved for root: root itself could take more, and must not. UNKNOWN_U64. */
uint64_t place_available(const struct place *place);
/* "ext4" and the like by the kernel's number; NULL: another one */
const char *place_fstype(const struct place *place);

/* The folder of `path` below `dir`, which the caller closes, and the name in it, a part of `path`. Negative
 * errno. */
int place_open_dir_of(int dir, const char *path, const char **ret_name);
/* A plain file, for reading and writing, without waiting for whoever holds a lease. Negative errno: -EINVAL
 * for what is no plain file, -EROFS, -EWOULDBLOCK when a client holds it. */
int place_open_file(int dir, const char *path, struct stat *ret_stat);
/* is there something of that name, whatever the case? SMB clients could not tell them apart */
bool place_has_name(const struct place *place, const char *name);
/* Calls `each` for every entry but . and .. until it returns other than 0; returns that, or a negative errno.
 */
int place_list(int dir, int (*each)(int dir, const char *name, void *arg), void *arg);
int place_sync(int dir); /* negative errno */
int place_random(unsigned char *ret_bytes, size_t size);

/* -- the sole opener: a write lease on the descriptor -- */

/* Whoever opens the file from now on waits for us, for 45 s at most. -EAGAIN: somebody has it open; -ENOTSUP:
 * the file system has no leases. The faults name `path`. */
int place_hold(int fd, const char *path, struct fault *fault);
/* false: somebody waits for us */
bool place_still_held(int fd);

#endif
