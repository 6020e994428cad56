/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Other programs that are asked: testparm, smbd -V, smbstatus. To be run only in the disposable child of an
 * answer (system/answer.h): when that is killed, the program goes with it.
 */
#ifndef NASREADY_SYSTEM_TOOL_H
#define NASREADY_SYSTEM_TOOL_H

#include "system/root.h"

#define TOOL_LEN 64	/* an absolute path of a program */
#define TOOL_KILLED 128 /* exit codes from here on: killed by a signal, or never begun */

/* Looks where systems and Samba's own packages put programs; false (and an empty path): it is not there. */
bool tool_find(const struct root *root, const char *name, char *ret_path, size_t size);
/* Runs argv[0] with LC_ALL=C, its output going to `out` and its errors nowhere, and waits for it. The exit
 * code (127: there is no such program), or one from TOOL_KILLED on. */
int tool_run(int out, char *const argv[]);

#endif
