/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What went wrong, for a person: one sentence that names the thing concerned. Errors inside the program are
 * plain integers (0 success; negative errno: cannot go on, forwarded unchanged; positive MODULE_E_*: an
 * expected condition that the direct caller handles). A fault is added where an error leaves the program or
 * enters a snapshot. The caller owns it; functions fill it only when they fail.
 */
#ifndef NASREADY_COMMON_FAULT_H
#define NASREADY_COMMON_FAULT_H

#include "common/limits.h"
#include "common/scope.h"

struct fault {
	char text[2 * TEXT_LEN];
};

/* Writes the sentence (cut with a mark if overlong) and returns `code` for `return fault_set(...)`. `fault`
 * may be NULL. */
int fault_set(struct fault *fault, int code, const char *format, ...) FORMAT(3, 4);

#endif
