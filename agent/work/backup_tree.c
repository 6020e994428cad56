/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "work/backup_tree.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

struct walk {
	const struct backup_place *place;
	struct text server;
	void (*each)(const struct path_case *of, void *arg);
	void *arg;
	struct fault *fault;
	dev_t device;
	unsigned depth;
	char path[TREE_PATH_LEN]; /* below the share */
};

static bool is_disk(const char *name)
{
	const char *dot = strrchr(name, '.');
	return dot && (!strcasecmp(dot, ".vhd") || !strcasecmp(dot, ".vhdx"));
}

static bool in_backup(const char *path)
{
	struct text rest = text_of(path), piece;
	size_t length = strlen(PATH_RULE_FOLDER);
	while (text_until(&rest, '/', &piece))
		if (piece.length == length && !strncasecmp(piece.at, PATH_RULE_FOLDER, length))
			return true;
	return false;
}

static int tell(struct walk *walk)
{
	struct path_case of;
	struct fault inner;
	int error =
		path_rule_file(walk->server, text_of(walk->place->share), text_of(walk->path), &of, &inner);
	if (error)
		return fault_set(walk->fault, error, "%.160s: %.60s", walk->path, inner.text);
	walk->each(&of, walk->arg);
	return 0;
}

static int visit(int folder, const char *name, const struct stat *status, void *arg)
{
	struct walk *walk = arg;
	int error = 0;
	if (!tree_path_down(walk->path, name))
		return fault_set(walk->fault, -ENAMETOOLONG, "%.160s/... is too long", walk->path);
	if (S_ISREG(status->st_mode) && is_disk(name) && in_backup(walk->path))
		error = tell(walk);
	if (S_ISDIR(status->st_mode) && status->st_dev == walk->device && walk->depth < TREE_DEPTH_MAX) {
		autoclose int below = tree_open_folder(folder, name);
		walk->depth++;
		error = below < 0 ? below : tree_each(below, visit, walk);
		walk->depth--;
		if (error && !walk->fault->text[0])
			fault_set(walk->fault, error, "cannot read %.160s: %s", walk->path, strerror(-error));
	}
	tree_path_up(walk->path);
	return error;
}

int backup_tree_walk(const struct backup_place *place, struct text server,
	void (*each)(const struct path_case *of, void *arg), void *arg, struct fault *fault)
{
	struct walk walk = {
		.place = place, .server = server, .each = each, .arg = arg, .fault = fault, .path = ""};
	struct stat status;
	fault->text[0] = 0;
	autoclose int root = tree_open(place->share_path, fault);
	autoclose int start = root < 0 ? root : tree_open_below(root, place->below, fault);
	if (start < 0)
		return start;
	if (fstat(start, &status) || !text_copy(walk.path, sizeof walk.path, place->below))
		return fault_set(fault, -EINVAL, "cannot look at the folder in share %s", place->share);
	walk.device = status.st_dev;
	while (walk.path[0] && walk.path[strlen(walk.path) - 1] == '/')
		walk.path[strlen(walk.path) - 1] = 0;
	int error = tree_each(start, visit, &walk);
	if (error && !fault->text[0])
		fault_set(fault, error, "cannot read share %s: %s", place->share, strerror(-error));
	return error;
}
