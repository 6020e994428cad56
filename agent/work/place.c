/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "work/place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "common/disk_name.h"
#include "common/text.h"

#define HOLD_TRIES 20 /* an inspection has the file open for a moment */
#define HOLD_PAUSE_US 50000

static int open_hidden(struct place *place, struct fault *fault)
{
	struct stat stat;
	place->hidden = openat(place->fd, DISK_NAME_HIDDEN, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (place->hidden < 0)
		return errno == ENOENT ? -ENOENT
				       : fault_set(fault, -errno, "cannot open %s in share %s: %s",
						 DISK_NAME_HIDDEN, place->share, strerror(errno));
	if (!fstat(place->hidden, &stat) && stat.st_uid == geteuid() && !(stat.st_mode & 077) &&
		stat.st_dev == place->stat.st_dev)
		return 0;
	close(place->hidden);
	place->hidden = -1;
	return fault_set(fault, -EACCES,
		"%s in share %s is somebody else's, so nothing is kept there: rename or remove it",
		DISK_NAME_HIDDEN, place->share);
}

int place_open(struct place *place, const struct job_task *task, struct fault *fault)
{
	*place = (struct place){.share = task->share, .fd = -1, .hidden = -1};
	place->fd = open(task->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (place->fd < 0 || fstat(place->fd, &place->stat))
		return fault_set(fault, -errno, "cannot open %s of share %s: %s", task->dir, task->share,
			strerror(errno));
	int error = open_hidden(place, fault);
	return error == -ENOENT ? 0 : error;
}

void place_close(struct place *place)
{
	if (place->hidden >= 0)
		close(place->hidden);
	if (place->fd >= 0)
		close(place->fd);
	place->hidden = place->fd = -1;
}

int place_make_hidden(struct place *place, struct fault *fault)
{
	if (place->hidden >= 0)
		return 0;
	if ((mkdirat(place->fd, DISK_NAME_HIDDEN, 0700) && errno != EEXIST) || fsync(place->fd))
		return fault_set(fault, -errno, "cannot make %s in share %s: %s", DISK_NAME_HIDDEN,
			place->share, strerror(errno));
	return open_hidden(place, fault);
}

void place_drop_hidden(struct place *place)
{
	if (place->hidden < 0 || unlinkat(place->fd, DISK_NAME_HIDDEN, AT_REMOVEDIR))
		return;
	close(place->hidden);
	place->hidden = -1;
	fsync(place->fd);
}

uint64_t place_available(const struct place *place)
{
	struct statvfs space;
	if (fstatvfs(place->fd, &space))
		return UNKNOWN_U64;
	return (uint64_t)space.f_bavail * (space.f_frsize ? space.f_frsize : space.f_bsize);
}

const char *place_fstype(const struct place *place)
{
	static const struct {
		uint32_t number;
		const char *name;
	} known[] = {{0xef53, "ext4"}, {0x58465342, "xfs"}, {0x9123683e, "btrfs"}};
	struct statfs fs;
	if (!fstatfs(place->fd, &fs))
		for (unsigned i = 0; i < ARRAY_LEN(known); i++)
			if ((uint32_t)fs.f_type == known[i].number)
				return known[i].name;
	return NULL;
}

int place_open_dir_of(int dir, const char *path, const char **ret_name)
{
	char folder[NAME_MAX + 1];
	const char *slash = strchr(path, '/');
	struct text first = {path, slash ? (size_t)(slash - path) : 0};
	*ret_name = slash ? slash + 1 : path;
	if (!text_is_name(text_of(*ret_name)) || (slash && !text_is_name(first)))
		return -EINVAL;
	text_copy(folder, sizeof folder, slash ? first : TEXT("."));
	int fd = openat(dir, folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int place_open_file(int dir, const char *path, struct stat *ret_stat)
{
	const char *name;
	autoclose int folder = place_open_dir_of(dir, path, &name);
	if (folder < 0)
		return folder;
	/* what it is before opening it: a device or a pipe may do anything then */
	if (fstatat(folder, name, ret_stat, AT_SYMLINK_NOFOLLOW))
		return -errno;
	if (!S_ISREG(ret_stat->st_mode))
		return -EINVAL;
	int fd = openat(folder, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (!fstat(fd, ret_stat) && S_ISREG(ret_stat->st_mode))
		return fd;
	close(fd);
	return -EINVAL;
}

int place_list(int dir, int (*each)(int dir, const char *name, void *arg), void *arg)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), result = 0;
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	if (!stream) {
		int error = -errno;
		if (fd >= 0)
			close(fd);
		return error;
	}
	for (const struct dirent *entry; !result && (entry = readdir(stream));)
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			result = each(dir, entry->d_name, arg);
	closedir(stream);
	return result;
}

static int is_same(int dir, const char *name, void *arg)
{
	(void)dir;
	return !strcasecmp(name, (const char *)arg);
}

bool place_has_name(const struct place *place, const char *name)
{
	char copy[ORDER_FILE_LEN];
	return text_copy(copy, sizeof copy, text_of(name)) && place_list(place->fd, is_same, copy) > 0;
}

int place_sync(int dir)
{
	return fsync(dir) ? -errno : 0;
}

int place_random(unsigned char *ret_bytes, size_t size)
{
	autoclose int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	ssize_t count = fd < 0 ? -1 : read(fd, ret_bytes, size);
	return count == (ssize_t)size ? 0 : count < 0 ? -errno : -EIO;
}

int place_hold(int fd, const char *path, struct fault *fault)
{
	for (unsigned i = 0; i < HOLD_TRIES; i++) {
		if (!fcntl(fd, F_SETLEASE, F_WRLCK))
			return 0;
		if (errno != EAGAIN && errno != EBUSY)
			return fault_set(fault, -ENOTSUP,
				"the file system of %s cannot keep others from opening it meanwhile (%s)",
				path, strerror(errno));
		usleep(HOLD_PAUSE_US);
	}
	return fault_set(
		fault, -EAGAIN, "%s is open: close it on the server, which also ends its SMB session", path);
}

bool place_still_held(int fd)
{
	return fcntl(fd, F_GETLEASE) == F_WRLCK;
}
