/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "work/listing.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "work/trash.h"

struct walk {
	void (*each)(const struct listed *listed, void *arg);
	void *arg;
};

static int list_file(int dir, const char *name, void *arg)
{
	struct walk *walk = arg;
	struct listed listed = {.deleted_s = 0};
	struct stat stat;
	const char *end = strrchr(name, '.');
	if (!end || (strcasecmp(end, ".vhdx") && strcasecmp(end, ".vhd")) ||
		fstatat(dir, name, &stat, AT_SYMLINK_NOFOLLOW) || !S_ISREG(stat.st_mode))
		return 0;
	snprintf(listed.path, sizeof listed.path, "%s", name);
	listed.file_bytes = (uint64_t)stat.st_size;
	walk->each(&listed, walk->arg);
	return 0;
}

static int list_deleted(const struct trash_entry *entry, void *arg)
{
	struct walk *walk = arg;
	struct listed listed = {.file_bytes = entry->size_bytes, .deleted_s = entry->deleted_s};
	memcpy(listed.path, entry->path, sizeof listed.path);
	walk->each(&listed, walk->arg);
	return 0;
}

int listing_walk(const struct share *share, void (*each)(const struct listed *listed, void *arg), void *arg,
	struct fault *fault)
{
	struct job_task task = {.kind = JOB_NONE};
	struct place place;
	struct walk walk = {each, arg};
	memcpy(task.share, share->name, sizeof task.share);
	memcpy(task.dir, share->path, sizeof task.dir);
	int error = place_open(&place, &task, fault);
	if (!error) {
		place_list(place.fd, list_file, &walk);
		trash_list(&place, list_deleted, &walk);
	}
	place_close(&place);
	return error;
}
