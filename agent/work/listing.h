/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The disks in a share's folder, and those that were deleted and can be had back.
 */
#ifndef NASREADY_WORK_LISTING_H
#define NASREADY_WORK_LISTING_H

#include "common/fault.h"
#include "model/snapshot.h"

struct listed {
	char path[JOB_FILE_LEN]; /* below the share's folder */
	uint64_t file_bytes;
	uint64_t deleted_s; /* since 1970; 0: it is there */
};

/* calls `each` for every one, in no order. Negative errno with the fault set. */
int listing_walk(const struct share *share, void (*each)(const struct listed *listed, void *arg), void *arg,
	struct fault *fault);

#endif
