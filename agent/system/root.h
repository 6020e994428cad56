/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The only way to the system's files. A root is either this machine ("/") or a recorded one: a folder that
 * holds a copy of the /proc, /sys and /etc files that the agent reads, and `answers/` for what is not a file
 * (system/answer.h). A recorded machine may be a step of a timeline: what the step lacks is taken from the
 * timeline's `base/` folder. Paths are relative ("proc/stat"); links are not followed in recordings, so that
 * a recording cannot lead outside. Functions return a negative errno on failure.
 */
#ifndef NASREADY_SYSTEM_ROOT_H
#define NASREADY_SYSTEM_ROOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/scope.h"

struct root {
	int fd;	     /* the machine's root folder */
	int base_fd; /* of a timeline; -1: none */
	bool recorded;
};

/* `dir` "/" is this machine; anything else a recording. root_close takes half-opened ones too. */
int root_open(struct root *root, const char *dir);
/* a recorded step of a timeline, over what all its steps share */
int root_open_step(struct root *root, const char *base, const char *step);
void root_close(struct root *root);

/* Reads the whole file into `buffer` and ends it with NUL; the length, or -EFBIG if it does not fit (never a
 * part of it), or another negative errno. */
ssize_t root_read(const struct root *root, char *buffer, size_t size, const char *format, ...) FORMAT(4, 5);

/* For a file too large for memory: a descriptor for reading, which the caller closes; or a negative errno. */
int root_open_stream(const struct root *root, const char *format, ...) FORMAT(2, 3);

/* A number that changes when the file is written to or replaced; negative errno. */
int root_stat_stamp(const struct root *root, const char *path, uint64_t *ret_stamp);

bool root_exists(const struct root *root, const char *format, ...) FORMAT(2, 3);

/* A block device for reading, below the root; the caller closes it. Never in recordings (-ENOTSUP). */
int root_open_device(const struct root *root, const char *path);

/* calls `each` for every entry but . and .. (in no order) until it returns other than 0; returns that */
int root_list(const struct root *root, const char *path, int (*each)(const char *name, void *arg), void *arg);

#endif
