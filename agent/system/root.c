/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "system/root.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int root_open(struct root *root, const char *dir)
{
	root->base_fd = -1;
	root->recorded = strcmp(dir, "/") != 0;
	root->fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return root->fd < 0 ? -errno : 0;
}

int root_open_step(struct root *root, const char *base, const char *step)
{
	int error = root_open(root, step);
	if (error)
		return error;
	root->recorded = true;
	root->base_fd = open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return root->base_fd < 0 && errno != ENOENT ? -errno : 0;
}

void root_close(struct root *root)
{
	if (root->fd >= 0)
		close(root->fd);
	if (root->base_fd >= 0)
		close(root->base_fd);
	root->fd = root->base_fd = -1;
}

/* component by component without following links, so that a recording cannot lead outside itself */
static int open_inside(int dir, const char *path, int flags)
{
	char name[NAME_MAX + 1];
	int fd = dup(dir);
	while (fd >= 0) {
		size_t length = strcspn(path, "/");
		if (!length || length > NAME_MAX || (length == 2 && !memcmp(path, "..", 2))) {
			close(fd);
			errno = EINVAL;
			return -1;
		}
		memcpy(name, path, length);
		name[length] = 0;
		path += length;
		int next = openat(fd, name,
			O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | (*path ? O_RDONLY | O_DIRECTORY : flags));
		int error = errno;
		close(fd);
		errno = error;
		fd = next;
		if (!*path)
			break;
		path++;
	}
	return fd;
}

static int open_path(const struct root *root, const char *path, int flags)
{
	if (!root->recorded)
		return openat(root->fd, path, flags | O_CLOEXEC | O_NONBLOCK);
	int fd = open_inside(root->fd, path, flags);
	if (fd < 0 && errno == ENOENT && root->base_fd >= 0)
		fd = open_inside(root->base_fd, path, flags);
	return fd;
}

static int format_path(char *path, size_t size, const char *format, va_list args)
{
	int length = vsnprintf(path, size, format, args);
	return length > 0 && (size_t)length < size ? 0 : -ENAMETOOLONG;
}

static ssize_t read_all(int fd, char *buffer, size_t size)
{
	size_t length = 0;
	while (length < size) {
		ssize_t count = read(fd, buffer + length, size - length);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return -errno;
		if (!count) {
			buffer[length] = 0;
			return (ssize_t)length;
		}
		length += (size_t)count;
	}
	return -EFBIG;
}

ssize_t root_read(const struct root *root, char *buffer, size_t size, const char *format, ...)
{
	char path[512];
	va_list args;
	va_start(args, format);
	int error = format_path(path, sizeof path, format, args);
	va_end(args);
	buffer[0] = 0;
	if (error)
		return error;
	autoclose int fd = open_path(root, path, O_RDONLY);
	if (fd < 0)
		return -errno;
	ssize_t length = read_all(fd, buffer, size);
	if (length < 0)
		buffer[0] = 0;
	return length;
}

int root_open_stream(const struct root *root, const char *format, ...)
{
	char path[512];
	va_list args;
	va_start(args, format);
	int error = format_path(path, sizeof path, format, args);
	va_end(args);
	if (error)
		return error;
	int fd = open_path(root, path, O_RDONLY);
	return fd < 0 ? -errno : fd;
}

bool root_exists(const struct root *root, const char *format, ...)
{
	char path[512];
	va_list args;
	va_start(args, format);
	int error = format_path(path, sizeof path, format, args);
	va_end(args);
	if (error)
		return false;
	if (!root->recorded)
		return !faccessat(root->fd, path, F_OK, 0);
	autoclose int fd = open_path(root, path, O_RDONLY);
	return fd >= 0;
}

int root_stat_stamp(const struct root *root, const char *path, uint64_t *ret_stamp)
{
	struct stat file;
	autoclose int fd = open_path(root, path, O_RDONLY);
	if (fd < 0 || fstat(fd, &file))
		return -errno;
	const uint64_t parts[] = {(uint64_t)file.st_mtim.tv_sec, (uint64_t)file.st_mtim.tv_nsec,
		(uint64_t)file.st_size, (uint64_t)file.st_ino};
	uint64_t stamp = 0;
	for (unsigned i = 0; i < ARRAY_LEN(parts); i++)
		stamp = (stamp ^ parts[i]) * UINT64_C(1099511628211);
	*ret_stamp = stamp;
	return 0;
}

int root_open_device(const struct root *root, const char *path)
{
	if (root->recorded)
		return -ENOTSUP;
	int fd = openat(root->fd, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static bool stands_in(int dir, const char *path, const char *name)
{
	char whole[512];
	int length = snprintf(whole, sizeof whole, "%s/%s", path, name);
	autoclose int fd = length < (int)sizeof whole ? open_inside(dir, whole, O_RDONLY) : -1;
	return fd >= 0;
}

/* takes `fd` over; entries that stand in the folder `above` as well are left out, unless that is -1 */
static int list_folder(
	int fd, int above, const char *path, int (*each)(const char *name, void *arg), void *arg)
{
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		int error = -errno;
		if (fd >= 0)
			close(fd);
		return error;
	}
	int stop = 0;
	for (struct dirent *entry; !stop && (entry = readdir(dir));)
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") &&
			(above < 0 || !stands_in(above, path, entry->d_name)))
			stop = each(entry->d_name, arg);
	closedir(dir);
	return stop;
}

int root_list(const struct root *root, const char *path, int (*each)(const char *name, void *arg), void *arg)
{
	if (!root->recorded)
		return list_folder(
			openat(root->fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), -1, path, each, arg);
	int result = list_folder(open_inside(root->fd, path, O_RDONLY | O_DIRECTORY), -1, path, each, arg);
	if (root->base_fd < 0 || (result && result != -ENOENT))
		return result;
	int base = list_folder(
		open_inside(root->base_fd, path, O_RDONLY | O_DIRECTORY), root->fd, path, each, arg);
	return base == -ENOENT ? result : base;
}
