/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The 110-character rule (A4): a restore over the network fails with 0x80070001 when the path of the backup's
 * disk is too long. Two counts are in use, and only one fits what was seen (map 4.5): counted from the share
 * decides, the whole \\server\share\... is worth a note. Characters are those of Windows: UTF-16 units.
 * wbadmin builds FOLDER\WindowsImageBackup\HOST\Backup 2026-11-26 210000\GUID.vhdx; what a given path lacks
 * of that is added before it is judged.
 */
#ifndef NASREADY_COMMON_PATH_RULE_H
#define NASREADY_COMMON_PATH_RULE_H

#include "common/fault.h"
#include "common/text.h"

#define PATH_RULE_MOST 110
#define PATH_RULE_LEN 1600 /* bytes: ten times what fits, with what wbadmin adds */
#define PATH_RULE_FOLDER "WindowsImageBackup"
#define PATH_RULE_HOST_MOST 63 /* a name in DNS; NetBIOS has 15 */
#define PATH_RULE_SAYS_LEN 320

enum path_verdict { PATH_FITS, PATH_LONG_IN_FULL, PATH_TOO_LONG };

struct path_case {
	enum path_verdict verdict;
	bool built;	   /* part of the path is what wbadmin will add */
	bool has_server;   /* else the path begins with the share */
	uint32_t relative; /* characters behind \\server\share\ */
	uint32_t full;	   /* of all; UINT32_MAX: the server's name is not known */
	uint32_t at_root;  /* as `relative`, were WindowsImageBackup in the share itself; UINT32_MAX: there is
			    * none in the path */
	char path[PATH_RULE_LEN]; /* as judged: \\server\share\... or share\... */
};

/* UTF-16 units of a text; false if it is not UTF-8 */
bool path_rule_units(struct text text, uint32_t *ret_units);

/* \\server\share\... (or with slashes, or behind \\?\UNC\). -EINVAL: the fault says what is wrong with it. */
int path_rule_given(struct text path, struct path_case *ret_case, struct fault *fault);
/* What wbadmin will build. `server` and `folder` (below the share, of several names) may be empty. */
int path_rule_built(struct text server, struct text share, struct text folder, struct text host,
	struct path_case *ret_case, struct fault *fault);
/* A file that exists in a share, as it is: nothing is added. `server` may be empty. */
int path_rule_file(struct text server, struct text share, struct text file, struct path_case *ret_case,
	struct fault *fault);

/* "fits", "note", "too-long" */
const char *path_verdict_name(enum path_verdict verdict);
/* a sentence that holds both counts */
void path_rule_message(const struct path_case *of, char ret_text[PATH_RULE_SAYS_LEN]);
/* what to do; NULL: nothing */
const char *path_rule_remedy(const struct path_case *of);

#endif
