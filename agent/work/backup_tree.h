/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The folders WindowsImageBackup in a share: which disks of backups lie there, and linking a computer's
 * backup to the share itself, where its path is short enough for a restore (common/path_rule.h). That takes
 * hard links, so no time and no space, and both names lead to the same files.
 */
#ifndef NASREADY_WORK_BACKUP_TREE_H
#define NASREADY_WORK_BACKUP_TREE_H

#include "common/path_rule.h"
#include "work/tree.h"

struct backup_place {
	const char *share, *share_path; /* its name, its folder */
	struct text below;		/* folder in it */
};

/* Calls `each` for every VHD and VHDX file below a WindowsImageBackup. Negative errno with the fault; links
 * and other file systems are not entered. */
int backup_tree_walk(const struct backup_place *place, struct text server,
	void (*each)(const struct path_case *of, void *arg), void *arg, struct fault *fault);

struct backup_linked {
	uint32_t files, folders;
	char to[TREE_PATH_LEN]; /* below the share */
};

/* FOLDER/WindowsImageBackup/HOST is there once more as WindowsImageBackup/HOST of the share, whole, or
 * nothing has changed: negative errno with the fault. A run that was killed leaves a hidden folder that the
 * next one removes. */
int backup_tree_rescue(
	const struct backup_place *place, struct backup_linked *ret_linked, struct fault *fault);
/* Takes those links away again; refused unless every one of them is still a file of the original, too. */
int backup_tree_undo(const struct backup_place *place, struct backup_linked *ret_linked, struct fault *fault);

#endif
