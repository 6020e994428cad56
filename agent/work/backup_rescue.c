/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <unistd.h>

#include "work/backup_tree.h"

#define HIDDEN ".nasready-"

/* two trees that are gone through together: the original, and the one that shall be made or taken away */
struct pair {
	struct fault *fault;
	struct backup_linked *linked;
	int other; /* the folder of the other tree */
	unsigned depth;
	dev_t device;
	char path[TREE_PATH_LEN]; /* below the start of both */
};

/* what is worked on; -1: not open */
struct rescue {
	int share, original, backups;
	bool made; /* `backups` is new */
	char host[TREE_NAME_LEN], hidden[TREE_NAME_LEN + sizeof HIDDEN], backups_name[TREE_NAME_LEN];
};

static int refuse(struct pair *pair, int error, const char *why)
{
	/* the deepest folder knows best */
	return pair->fault->text[0] ? error : fault_set(pair->fault, error, "%.140s: %s", pair->path, why);
}

/* calls `each` for what lies in `name` of both trees; `other` is the folder that belongs to the second */
static int descend(struct pair *pair, int folder, const char *name, int other,
	int (*each)(int, const char *, const struct stat *, void *))
{
	autoclose int below = tree_open_folder(folder, name);
	int before = pair->other;
	if (below < 0)
		return refuse(pair, below, strerror(-below));
	if (pair->depth == TREE_DEPTH_MAX)
		return refuse(pair, -ELOOP, "folders lie too deep in one another for a backup");
	pair->other = other;
	pair->depth++;
	int error = tree_each(below, each, pair);
	pair->depth--;
	pair->other = before;
	return error ? refuse(pair, error, strerror(-error)) : 0;
}

/* -- linking -- */

static int link_entry(int folder, const char *name, const struct stat *status, void *arg);

static int link_file(struct pair *pair, int folder, const char *name, const struct stat *status)
{
	struct stat made;
	if (linkat(folder, name, pair->other, name, 0))
		return refuse(pair, -errno, strerror(errno));
	if (tree_status(pair->other, name, &made) || made.st_ino != status->st_ino)
		return refuse(pair, -EBUSY, "it was replaced meanwhile");
	pair->linked->files++;
	return 0;
}

static int link_folder(struct pair *pair, int folder, const char *name)
{
	if (mkdirat(pair->other, name, 0700))
		return refuse(pair, -errno, strerror(errno));
	autoclose int from = tree_open_folder(folder, name);
	autoclose int into = tree_open_folder(pair->other, name);
	if (from < 0 || into < 0)
		return refuse(pair, from < 0 ? from : into, "cannot open the folder");
	int error = descend(pair, folder, name, into, link_entry);
	if (error)
		return error;
	pair->linked->folders++;
	error = tree_copy_attributes(from, into);
	return error ? refuse(pair, error, "cannot give the new folder the same rights and times") : 0;
}

static int link_entry(int folder, const char *name, const struct stat *status, void *arg)
{
	struct pair *pair = arg;
	int error;
	if (!tree_path_down(pair->path, name))
		return refuse(pair, -ENAMETOOLONG, "the path is too long");
	if (status->st_dev != pair->device)
		error = refuse(pair, -EXDEV, "it lies on another file system");
	else if (S_ISREG(status->st_mode))
		error = link_file(pair, folder, name, status);
	else if (S_ISDIR(status->st_mode))
		error = link_folder(pair, folder, name);
	else
		error = refuse(pair, -EINVAL,
			S_ISLNK(status->st_mode) ? "it is a symbolic link, which no backup of Windows has"
						 : "it is neither file nor folder");
	if (!error)
		tree_path_up(pair->path);
	return error;
}

/* -- comparing and removing -- */

/* is it another name of a file of the original, and no folder of both? */
static int compare_entry(int folder, const char *name, const struct stat *status, void *arg)
{
	struct pair *pair = arg;
	struct stat original;
	int error = 0;
	if (!tree_path_down(pair->path, name))
		return refuse(pair, -ENAMETOOLONG, "the path is too long");
	bool there = !tree_status(pair->other, name, &original);
	bool same = there && original.st_ino == status->st_ino && original.st_dev == status->st_dev;
	if (S_ISDIR(status->st_mode) && there && S_ISDIR(original.st_mode) && !same) {
		autoclose int other = tree_open_folder(pair->other, name);
		error = other < 0 ? refuse(pair, other, strerror(-other))
				  : descend(pair, folder, name, other, compare_entry);
		pair->linked->folders++;
	} else if (S_ISREG(status->st_mode) && same && status->st_nlink > 1) {
		pair->linked->files++;
	} else {
		error = refuse(pair, -EEXIST, "the original has no such file: move it there first");
	}
	if (!error)
		tree_path_up(pair->path);
	return error;
}

/* a file that has no other name is never removed */
static int remove_entry(int folder, const char *name, const struct stat *status, void *arg)
{
	struct pair *pair = arg;
	int error = 0;
	if (!tree_path_down(pair->path, name))
		return refuse(pair, -ENAMETOOLONG, "the path is too long");
	bool is_folder = S_ISDIR(status->st_mode);
	if (!is_folder && (!S_ISREG(status->st_mode) || status->st_nlink < 2))
		return refuse(pair, -EEXIST, "it has no other name, so it is kept: move it to the original");
	if (is_folder)
		error = descend(pair, folder, name, -1, remove_entry);
	if (!error && unlinkat(folder, name, is_folder ? AT_REMOVEDIR : 0))
		error = refuse(pair, -errno, strerror(errno));
	if (!error)
		tree_path_up(pair->path);
	return error;
}

static int remove_hidden(const struct rescue *rescue, struct fault *fault)
{
	struct pair pair = {.fault = fault, .other = -1, .path = ""};
	struct stat status;
	int error = tree_status(rescue->backups, rescue->hidden, &status);
	if (error)
		return error == -ENOENT ? 0
					: fault_set(fault, error, "%s: %s", rescue->hidden, strerror(-error));
	return remove_entry(rescue->backups, rescue->hidden, &status, &pair);
}

/* -- both ways -- */

/* FOLDER/WindowsImageBackup/HOST: the host, and the folder before it */
static int split(struct text path, char ret_host[TREE_NAME_LEN], struct text *ret_above, struct fault *fault)
{
	struct text rest = path, piece, last = {"", 0}, before = {"", 0};
	size_t length = strlen(PATH_RULE_FOLDER);
	unsigned count = 0;
	while (text_until(&rest, '/', &piece)) {
		if (!piece.length)
			continue;
		before = last;
		last = piece;
		count++;
	}
	bool right = before.length == length && !strncasecmp(before.at, PATH_RULE_FOLDER, length);
	if (!right || !text_copy(ret_host, TREE_NAME_LEN - sizeof HIDDEN, last))
		return fault_set(fault, -EINVAL,
			"name the folder of one computer: SHARE/FOLDER/" PATH_RULE_FOLDER "/HOST");
	if (count < 3)
		return fault_set(fault, -EINVAL,
			PATH_RULE_FOLDER
			"/%.80s lies in the share itself already: its path is as short as it gets",
			ret_host);
	*ret_above = (struct text){path.at, (size_t)(last.at - path.at)};
	return 0;
}

static int open_backups(struct rescue *rescue, struct text above, bool make, struct fault *fault)
{
	int error = tree_find(rescue->share, PATH_RULE_FOLDER, rescue->backups_name);
	if (error == -ENOENT && make) {
		strcpy(rescue->backups_name, PATH_RULE_FOLDER);
		rescue->made = !mkdirat(rescue->share, rescue->backups_name, 0700);
		error = rescue->made ? 0 : -errno;
	}
	if (error == -ENOENT)
		return fault_set(
			fault, error, "the share has no " PATH_RULE_FOLDER ": there is nothing to undo");
	rescue->backups = error ? error : tree_open_folder(rescue->share, rescue->backups_name);
	if (rescue->backups < 0)
		return fault_set(fault, rescue->backups,
			"cannot open or make " PATH_RULE_FOLDER " in the share: %s",
			strerror(-rescue->backups));
	if (flock(rescue->backups, LOCK_EX | LOCK_NB))
		return fault_set(fault, -errno, "another nasready works in there: wait for it");
	if (!rescue->made)
		return 0;
	autoclose int like = tree_open_below(rescue->share, above, fault);
	error = like < 0 ? like : tree_copy_attributes(like, rescue->backups);
	return error ? fault_set(fault, error, "cannot give the new folder the same rights: %s",
			       strerror(-error))
		     : 0;
}

static int begin(const struct backup_place *place, bool make, struct rescue *rescue, struct fault *fault)
{
	struct text above;
	struct stat original, backups;
	*rescue = (struct rescue){.share = -1, .original = -1, .backups = -1};
	int error = split(place->below, rescue->host, &above, fault);
	if (error)
		return error;
	snprintf(rescue->hidden, sizeof rescue->hidden, HIDDEN "%s", rescue->host);
	rescue->share = tree_open(place->share_path, fault);
	if (rescue->share < 0)
		return rescue->share;
	rescue->original = tree_open_below(rescue->share, place->below, fault);
	if (rescue->original < 0)
		return rescue->original;
	error = open_backups(rescue, above, make, fault);
	if (error)
		return error;
	if (fstat(rescue->original, &original) || fstat(rescue->backups, &backups))
		return fault_set(fault, -errno, "cannot look at the folders: %s", strerror(errno));
	if (original.st_dev != backups.st_dev)
		return fault_set(fault, -EXDEV,
			"the backup and the share's own folder lie on different file systems: hard links "
			"cannot "
			"join them, only copying can");
	return remove_hidden(rescue, fault);
}

static int end(struct rescue *rescue, int error)
{
	if (error && rescue->made)
		unlinkat(rescue->share, rescue->backups_name, AT_REMOVEDIR);
	if (rescue->backups >= 0)
		close(rescue->backups);
	if (rescue->original >= 0)
		close(rescue->original);
	if (rescue->share >= 0)
		close(rescue->share);
	return error;
}

static void say_where(const struct rescue *rescue, struct backup_linked *ret_linked)
{
	snprintf(ret_linked->to, sizeof ret_linked->to, "%s/%s", rescue->backups_name, rescue->host);
}

static int link_all(struct rescue *rescue, struct backup_linked *linked, struct fault *fault)
{
	struct pair pair = {.fault = fault, .linked = linked, .path = ""};
	struct stat status;
	char found[TREE_NAME_LEN];
	struct fault unused;
	if (!tree_find(rescue->backups, rescue->host, found))
		return fault_set(fault, -EEXIST,
			"%s/%s is there already: remove or rename it, or --undo if it is ours",
			rescue->backups_name, found);
	if (fstat(rescue->original, &status))
		return fault_set(fault, -errno, "cannot look at %s: %s", rescue->host, strerror(errno));
	pair.device = status.st_dev;
	pair.other = rescue->backups;
	if (mkdirat(rescue->backups, rescue->hidden, 0700))
		return fault_set(fault, -errno, "cannot make a folder in %s: %s", rescue->backups_name,
			strerror(errno));
	autoclose int into = tree_open_folder(rescue->backups, rescue->hidden);
	int error = into < 0 ? into : descend(&pair, rescue->original, ".", into, link_entry);
	if (!error)
		error = tree_copy_attributes(rescue->original, into);
	if (!error &&
		(fsync(into) || renameat(rescue->backups, rescue->hidden, rescue->backups, rescue->host) ||
			fsync(rescue->backups)))
		error = -errno;
	if (error) {
		if (!fault->text[0])
			fault_set(fault, error, "cannot link %s: %s", rescue->host, strerror(-error));
		unused.text[0] = 0;
		remove_hidden(rescue, &unused);
	}
	return error;
}

int backup_tree_rescue(
	const struct backup_place *place, struct backup_linked *ret_linked, struct fault *fault)
{
	struct rescue rescue;
	struct backup_linked linked = {.to = ""};
	fault->text[0] = 0;
	int error = begin(place, true, &rescue, fault);
	if (!error)
		error = link_all(&rescue, &linked, fault);
	if (!error) {
		say_where(&rescue, &linked);
		*ret_linked = linked;
	}
	return end(&rescue, error);
}

static int unlink_all(struct rescue *rescue, struct backup_linked *linked, struct fault *fault)
{
	struct pair pair = {.fault = fault, .linked = linked, .other = rescue->original, .path = ""};
	char found[TREE_NAME_LEN];
	int error = tree_find(rescue->backups, rescue->host, found);
	if (error)
		return fault_set(fault, error, "there is no %s/%s: there is nothing to undo",
			rescue->backups_name, rescue->host);
	/* out of Windows' sight first, so that what is compared stays what it is */
	if (renameat(rescue->backups, found, rescue->backups, rescue->hidden))
		return fault_set(fault, -errno, "cannot rename %s: %s", found, strerror(errno));
	error = descend(&pair, rescue->backups, rescue->hidden, rescue->original, compare_entry);
	if (error && renameat(rescue->backups, rescue->hidden, rescue->backups, found))
		return fault_set(fault, -errno, "%s is called %s now, and cannot be renamed: %s", found,
			rescue->hidden, strerror(errno));
	return error ? error : remove_hidden(rescue, fault);
}

int backup_tree_undo(const struct backup_place *place, struct backup_linked *ret_linked, struct fault *fault)
{
	struct rescue rescue;
	struct backup_linked linked = {.to = ""};
	fault->text[0] = 0;
	int error = begin(place, false, &rescue, fault);
	if (!error)
		error = unlink_all(&rescue, &linked, fault);
	if (!error) {
		say_where(&rescue, &linked);
		*ret_linked = linked;
		/* not empty: other computers' backups lie there */
		unlinkat(rescue.share, rescue.backups_name, AT_REMOVEDIR);
	}
	return end(&rescue, error);
}
