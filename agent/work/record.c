/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "work/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_dir(const char *state_dir, const char *name, struct fault *fault)
{
	int fd = open(state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0 ? fd
		       : fault_set(fault, -errno, "cannot open %s, where %s is kept: %s", state_dir, name,
				 strerror(errno));
}

ssize_t record_read(const char *state_dir, const char *name, char *ret_text, struct fault *fault)
{
	ret_text[0] = 0;
	autoclose int dir = open_dir(state_dir, name, fault);
	if (dir < 0)
		return dir;
	autoclose int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return 0;
	ssize_t length = fd < 0 ? -1 : read(fd, ret_text, RECORD_MAX + 1);
	if (length >= 0 && length <= RECORD_MAX) {
		ret_text[length] = 0;
		return length;
	}
	int error = length < 0 ? errno : EFBIG;
	ret_text[0] = 0;
	return fault_set(fault, -error, "cannot read %s/%s: %s", state_dir, name, strerror(error));
}

static int is_same(int dir, const char *name, const char *text, size_t length)
{
	char old[RECORD_MAX + 1];
	autoclose int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	return fd >= 0 && read(fd, old, sizeof old) == (ssize_t)length && !memcmp(old, text, length);
}

static int replace(int dir, const char *name, const char *text, size_t length)
{
	char temporary[64];
	if ((size_t)snprintf(temporary, sizeof temporary, "%s.new", name) >= sizeof temporary)
		return -ENAMETOOLONG;
	autoclose int fd =
		openat(dir, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	ssize_t written = write(fd, text, length);
	int error = written == (ssize_t)length ? 0 : written < 0 ? -errno : -ENOSPC;
	if (!error && (fsync(fd) || renameat(dir, temporary, dir, name) || fsync(dir)))
		error = -errno;
	if (error)
		unlinkat(dir, temporary, 0);
	return error;
}

int record_write(const char *state_dir, const char *name, const char *text, struct fault *fault)
{
	size_t length = strlen(text);
	autoclose int dir = open_dir(state_dir, name, fault);
	if (dir < 0)
		return dir;
	int error = length > RECORD_MAX ? -EFBIG : 0;
	if (!error && !length)
		error = unlinkat(dir, name, 0) && errno != ENOENT ? -errno : 0;
	else if (!error && !is_same(dir, name, text, length))
		error = replace(dir, name, text, length);
	return error ? fault_set(fault, error, "cannot write %s/%s: %s", state_dir, name, strerror(-error))
		     : 0;
}

uint64_t record_stamp(const char *state_dir, const char *name)
{
	char path[512];
	struct stat file;
	snprintf(path, sizeof path, "%s/%s", state_dir, name);
	if (stat(path, &file))
		return 0;
	uint64_t stamp = 1;
	const uint64_t parts[] = {(uint64_t)file.st_mtim.tv_sec, (uint64_t)file.st_mtim.tv_nsec,
		(uint64_t)file.st_size, (uint64_t)file.st_ino};
	for (unsigned i = 0; i < ARRAY_LEN(parts); i++)
		stamp = (stamp ^ parts[i]) * UINT64_C(1099511628211);
	return stamp ? stamp : 1;
}
