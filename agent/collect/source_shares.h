/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The shares of Samba and how they treat space and flushes, its version, and the ports that it listens on.
 * smb.conf and the files that it includes are read first; then testparm, who knows the registry and all
 * variables, is asked in a disposable child, and what it says counts. `answers/testparm` is what the child
 * prints: "Version 4.17.12-Debian" by `smbd -V`, the text of `testparm -s`, "# testparm ended: 0" (the first
 * and the last may be missing; the version may stand in answers/smbd-version instead). Both are done at
 * first, and then only when a file has changed, which is looked at every 30 s while somebody asks. A share's
 * volume is the one with the longest mount point in front of its path; links in the path are not followed.
 */
#ifndef NASREADY_COLLECT_SOURCE_SHARES_H
#define NASREADY_COLLECT_SOURCE_SHARES_H

#include "collect/source.h"
#include "common/text.h"
#include "system/tool.h"

/* the child's last line, with the exit code */
#define TESTPARM_ENDED "# testparm ended:"

/* programs to run, absolute; empty: not there */
struct shares_question {
	char version[TOOL_LEN]; /* any of Samba's that knows -V */
	char testparm[TOOL_LEN];
	char smb_conf[MOUNT_LEN]; /* empty: where testparm looks itself */
};

void shares_find_programs(const struct pass *pass, struct shares_question *ret_question);
/* in the child */
void shares_ask(int out, void *shares_question);

/* The id of the volume whose mount is the longest in front of the path; NULL: none, or the path has a % */
const char *shares_find_volume(const struct snapshot *snapshot, const char *path);

int shares_collect(struct pass *pass, struct fault *fault);
int shares_finish(struct pass *pass, struct fault *fault);

#endif
