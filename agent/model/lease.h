/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The part of the data model that tells which virtual disk belongs to which server (B30). The same rules as
 * in snapshot.h, which includes this.
 */
#ifndef NASREADY_MODEL_LEASE_H
#define NASREADY_MODEL_LEASE_H

#include <stdint.h>

#include "common/limits.h"
#include "common/tri.h"

struct lease {
	char share[SHARE_LEN], file[LEASE_FILE_LEN]; /* need not exist yet */
	char server[HOST_LEN];			     /* whose it is */
	char address[ADDRESS_LEN];		     /* from which it was last renewed */
	enum tri open;				     /* by an SMB client, when that was last known */
	uint64_t since_clock_ms;
	uint64_t renewed_ms; /* monotonic */
	uint64_t expires_ms; /* the same; later, if an SMB client has the file open then */
};

#endif
