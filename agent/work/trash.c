/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "work/trash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/text.h"

#define TRASH "trash-"
#define GONE "gone-"
#define TRIES 100 /* names of one second */

bool trash_is(const char *name, uint64_t *ret_deleted_s, bool *ret_gone)
{
	struct text rest = text_of(name), seconds = {0};
	*ret_gone = text_starts(rest, GONE);
	if (!*ret_gone && !text_starts(rest, TRASH))
		return false;
	rest.at += strlen(*ret_gone ? GONE : TRASH);
	rest.length -= strlen(*ret_gone ? GONE : TRASH);
	return text_until(&rest, '-', &seconds) && text_u64(seconds, ret_deleted_s) &&
	       strlen(name) < TRASH_NAME_LEN;
}

/* -- putting -- */

static int make_entry(const struct place *place, uint64_t now_s, char ret_name[TRASH_NAME_LEN])
{
	for (unsigned i = 0; i < TRIES; i++) {
		snprintf(ret_name, TRASH_NAME_LEN, TRASH "%llu-%u", (unsigned long long)now_s, i);
		if (mkdirat(place->hidden, ret_name, 0700)) {
			if (errno == EEXIST)
				continue;
			return -errno;
		}
		int fd = openat(place->hidden, ret_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		return fd < 0 ? -errno : fd;
	}
	return -EEXIST;
}

/* the folder for `path` in the entry */
static int open_target(int entry, const char *path, const char **ret_name)
{
	char folder[ORDER_FILE_LEN];
	const char *slash = strchr(path, '/');
	if (slash && !text_copy(folder, sizeof folder, (struct text){path, (size_t)(slash - path)}))
		return -ENAMETOOLONG;
	if (slash && mkdirat(entry, folder, 0700) && errno != EEXIST)
		return -errno;
	return place_open_dir_of(entry, path, ret_name);
}

int trash_put(struct place *place, const char *path, uint64_t now_s, char ret_name[TRASH_NAME_LEN])
{
	const char *name;
	autoclose int entry = make_entry(place, now_s, ret_name);
	if (entry < 0)
		return entry;
	autoclose int from = place_open_dir_of(place->fd, path, &name);
	autoclose int to = from < 0 ? from : open_target(entry, path, &name);
	int error = to < 0 ? to : 0;
	/* the way there lasts before the disk goes it */
	if (!error && (fsync(entry) || fsync(place->hidden) || fsync(place->fd)))
		error = -errno;
	if (!error && renameat(from, name, to, name))
		error = -errno;
	if (error) {
		unlinkat(place->hidden, ret_name, AT_REMOVEDIR);
		return error;
	}
	error = place_sync(to);
	return error ? error : place_sync(from);
}

/* -- looking -- */

struct walk {
	struct trash_entry entry;
	int (*each)(const struct trash_entry *entry, void *arg);
	void *arg;
	const char *folder; /* NULL: in the entry itself */
};

static int look_at_file(int dir, const char *name, void *arg)
{
	struct walk *walk = arg;
	struct stat stat;
	if (fstatat(dir, name, &stat, AT_SYMLINK_NOFOLLOW))
		return 0;
	if (S_ISDIR(stat.st_mode) && !walk->folder) {
		autoclose int folder = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		walk->folder = name;
		int result = folder < 0 ? 0 : place_list(folder, look_at_file, walk);
		walk->folder = NULL;
		return result;
	}
	int length = snprintf(walk->entry.path, sizeof walk->entry.path, "%s%s%s",
		walk->folder ? walk->folder : "", walk->folder ? "/" : "", name);
	if (!S_ISREG(stat.st_mode) || (size_t)length >= sizeof walk->entry.path)
		return 0;
	walk->entry.size_bytes = (uint64_t)stat.st_size;
	return walk->each(&walk->entry, walk->arg);
}

static int look_at_entry(int dir, const char *name, void *arg)
{
	struct walk *walk = arg;
	bool gone;
	if (!trash_is(name, &walk->entry.deleted_s, &gone) || gone)
		return 0;
	autoclose int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	snprintf(walk->entry.name, sizeof walk->entry.name, "%s", name);
	return fd < 0 ? 0 : place_list(fd, look_at_file, walk);
}

int trash_list(const struct place *place, int (*each)(const struct trash_entry *entry, void *arg), void *arg)
{
	struct walk walk = {.each = each, .arg = arg};
	return place->hidden < 0 ? 0 : place_list(place->hidden, look_at_entry, &walk);
}

/* -- taking back -- */

static void remove_entry(const struct place *place, const char *entry, const char *path)
{
	char folder[TRASH_NAME_LEN + ORDER_FILE_LEN];
	const char *slash = strchr(path, '/');
	if (slash) {
		snprintf(folder, sizeof folder, "%s/%.*s", entry, (int)(slash - path), path);
		unlinkat(place->hidden, folder, AT_REMOVEDIR);
	}
	unlinkat(place->hidden, entry, AT_REMOVEDIR);
	fsync(place->hidden);
}

int trash_take_back(const struct place *place, const struct trash_entry *entry)
{
	const char *name;
	autoclose int dir =
		openat(place->hidden, entry->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	autoclose int from = dir < 0 ? -errno : place_open_dir_of(dir, entry->path, &name);
	autoclose int to = from < 0 ? from : place_open_dir_of(place->fd, entry->path, &name);
	if (to < 0)
		return to;
	if (linkat(from, name, to, name, 0))
		return -errno;
	int error = place_sync(to);
	if (error || unlinkat(from, name, 0))
		return error ? error : -errno;
	error = place_sync(from);
	remove_entry(place, entry->name, entry->path);
	return error;
}

/* -- purging -- */

static int shorten(struct job_run *run, int fd, uint64_t size, bool stoppable)
{
	job_phase(run, "freeing");
	for (uint64_t left = size; left;) {
		job_progress(run, size - left, size);
		uint64_t chunk = job_chunk(run, left);
		if (ftruncate(fd, (off_t)(left - chunk)))
			return -errno;
		left -= chunk;
		job_progress(run, size - left, size);
		if (!job_free_done(run, chunk) && stoppable && left)
			return -ECANCELED;
	}
	return 0;
}

int trash_purge_file(struct job_run *run, int dir, const char *name, bool stoppable)
{
	struct stat stat;
	struct fault fault;
	autoclose int fd = place_open_file(dir, name, &stat);
	if (fd < 0)
		return fd == -EWOULDBLOCK ? -EAGAIN : fd;
	/* under its other name it is somebody's still */
	if (stat.st_nlink == 1) {
		int error = place_hold(fd, name, &fault);
		if (error == -EAGAIN)
			return error;
		error = shorten(run, fd, (uint64_t)stat.st_size, stoppable);
		if (error)
			return error;
	}
	return unlinkat(dir, name, 0) ? -errno : place_sync(dir);
}

static int purge_each(int dir, const char *name, void *arg)
{
	struct stat stat;
	if (fstatat(dir, name, &stat, AT_SYMLINK_NOFOLLOW))
		return 0;
	if (S_ISREG(stat.st_mode))
		return trash_purge_file(arg, dir, name, true);
	if (!S_ISDIR(stat.st_mode))
		return unlinkat(dir, name, 0) ? -errno : 0;
	autoclose int folder = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int error = folder < 0 ? -errno : place_list(folder, purge_each, arg);
	return error ? error : unlinkat(dir, name, AT_REMOVEDIR) ? -errno : 0;
}

int trash_purge(struct job_run *run, const struct place *place, const char *name)
{
	char gone[TRASH_NAME_LEN];
	uint64_t deleted_s;
	bool is_gone;
	if (!trash_is(name, &deleted_s, &is_gone))
		return -EINVAL;
	snprintf(gone, sizeof gone, "%s%s", is_gone ? "" : GONE, is_gone ? name : name + strlen(TRASH));
	if (!is_gone && (renameat(place->hidden, name, place->hidden, gone) || fsync(place->hidden)))
		return -errno;
	autoclose int dir = openat(place->hidden, gone, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int error = dir < 0 ? -errno : place_list(dir, purge_each, run);
	if (!error && unlinkat(place->hidden, gone, AT_REMOVEDIR))
		error = -errno;
	return error ? error : place_sync(place->hidden);
}
