/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The largest file that a volume and this machine's kernel can hold.
 */
#ifndef NASREADY_MODEL_FILE_LIMIT_H
#define NASREADY_MODEL_FILE_LIMIT_H

#include "model/snapshot.h"

struct file_limit {
	uint64_t bytes;
	const char *says; /* which limit that is; a constant, empty when nothing sets one */
};

/* `volume` NULL: nothing is known of it */
struct file_limit file_limit_of(const struct snapshot *snapshot, const struct volume *volume);

#endif
