/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The agent's own small files below its state folder.
 */
#ifndef NASREADY_BASE_STATE_H
#define NASREADY_BASE_STATE_H

#include "common/fault.h"

#define STATE_ID_LEN 9 /* 8 hex digits and the end */

/* This install's random id; made, and the folder with it, at the first call. Negative errno with the fault
 * set; then `ret_id` is empty. */
int state_install_id(const char *dir, char ret_id[STATE_ID_LEN], struct fault *fault);

/* bytes that nobody can guess; negative errno */
int state_random(unsigned char *ret_bytes, size_t length, struct fault *fault);

/* Replaces a small file: written under a temporary name, fsynced, renamed, so that there is never half of it.
 * Negative errno. */
int state_write(const char *path, const char *text, size_t length, unsigned mode);

#endif
