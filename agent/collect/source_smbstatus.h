/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Sessions, tree connects and open files of each SMB client, by Samba's smbstatus (collect/smbstatus.h). It
 * costs 50 ms of CPU and more, so it runs only when somebody asks, twice a minute at most, in a disposable
 * child; in between the old figures stay, with the time of their answer. `answers/smbstatus` is what it
 * printed.
 */
#ifndef NASREADY_COLLECT_SOURCE_SMBSTATUS_H
#define NASREADY_COLLECT_SOURCE_SMBSTATUS_H

#include "collect/smbstatus.h"
#include "collect/source.h"

struct smbstatus_question {
	const struct root *root;
	const char *program, *smb_conf; /* the second NULL or empty: Samba's own */
};

/* Becomes smbstatus; does not come back. */
void smbstatus_ask(int out, void *smbstatus_question);

/* where smbstatus is, below the root; NULL: not installed */
const char *smbstatus_find(const struct root *root);

int smbstatus_collect(struct pass *pass, struct fault *fault);
int smbstatus_finish(struct pass *pass, struct fault *fault);

#endif
