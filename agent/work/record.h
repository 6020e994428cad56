/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Small text files in the state directory, for what must outlive the agent: learned costs, leases. Written
 * only when something has changed, under a temporary name that is renamed, so that there is never half a
 * file. All of them together may take 64 KiB (a NAS keeps them on a small flash).
 */
#ifndef NASREADY_WORK_RECORD_H
#define NASREADY_WORK_RECORD_H

#include <stdint.h>
#include <sys/types.h>

#include "common/fault.h"

#define RECORD_MAX 16384 /* bytes of one */

/* The text, ended with NUL, in `ret_text` of RECORD_MAX + 1 bytes; its length, 0 if there is no such record,
 * or a negative errno with the fault set. `name` is one component. */
ssize_t record_read(const char *state_dir, const char *name, char *ret_text, struct fault *fault);
/* 0, or a negative errno with the fault set (the old record is still there then). An empty text removes it.
 */
int record_write(const char *state_dir, const char *name, const char *text, struct fault *fault);

/* a number that changes when the record is written, replaced or removed; 0: there is none */
uint64_t record_stamp(const char *state_dir, const char *name);

#endif
