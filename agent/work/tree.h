/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Folders of a share, one in another. Everything goes from descriptor to descriptor: no path is ever looked
 * up twice, and no symbolic link is followed.
 */
#ifndef NASREADY_WORK_TREE_H
#define NASREADY_WORK_TREE_H

#include <sys/stat.h>

#include "common/fault.h"
#include "common/text.h"

#define TREE_DEPTH_MAX 16  /* a backup has three */
#define TREE_NAME_LEN 256  /* one component and the end */
#define TREE_PATH_LEN 1024 /* below a share; far more than Windows can use there */

/* The folder itself, by an absolute path (there links are the administrator's own). Negative errno. */
int tree_open(const char *path, struct fault *fault);
/* "a/b/c" below it, "" is itself. Negative errno; the fault names the part that is missing, or a link. */
int tree_open_below(int folder, struct text path, struct fault *fault);
/* one component; -ELOOP or -ENOTDIR: it is no folder */
int tree_open_folder(int folder, const char *name);
int tree_status(int folder, const char *name, struct stat *ret_status);

/* calls `each` for every entry but . and .. until it returns other than 0; returns that, or a negative errno
 */
int tree_each(int folder, int (*each)(int folder, const char *name, const struct stat *status, void *arg),
	void *arg);

/* The entry that Windows takes for `name`: its case does not matter. -ENOENT: there is none. */
int tree_find(int folder, const char *name, char ret_name[TREE_NAME_LEN]);

/* owner, mode, extended attributes (access control lists among them) and times, for a folder; negative errno
 */
int tree_copy_attributes(int from, int to);

/* "a" and "b" become "a/b"; false if it does not fit. `tree_path_up` takes the last part off again. */
bool tree_path_down(char path[TREE_PATH_LEN], const char *name);
void tree_path_up(char path[TREE_PATH_LEN]);

#endif
