/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "base/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static ssize_t read_small(const char *path, char *buffer, size_t size)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, buffer, size);
	return length < 0 ? -errno : length;
}

int state_write(const char *path, const char *text, size_t length, unsigned mode)
{
	char temporary[512];
	if (snprintf(temporary, sizeof temporary, "%s.new", path) >= (int)sizeof temporary)
		return -ENAMETOOLONG;
	/* one that was left behind may have been opened by others already */
	unlink(temporary);
	autoclose int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0)
		return -errno;
	if (write(fd, text, length) != (ssize_t)length || fsync(fd) || rename(temporary, path)) {
		int error = errno ? -errno : -ENOSPC;
		unlink(temporary);
		return error;
	}
	return 0;
}

int state_random(unsigned char *ret_bytes, size_t length, struct fault *fault)
{
	ssize_t got = read_small("/dev/urandom", (char *)ret_bytes, length);
	if (got == (ssize_t)length)
		return 0;
	int error = got < 0 ? (int)got : -EIO;
	return fault_set(fault, error, "cannot read /dev/urandom: %s", strerror(-error));
}

static int make_id(const char *path, char ret_id[STATE_ID_LEN])
{
	unsigned char random[4];
	int error = state_random(random, sizeof random, NULL);
	if (error)
		return error;
	snprintf(ret_id, STATE_ID_LEN, "%02x%02x%02x%02x", random[0], random[1], random[2], random[3]);
	char line[STATE_ID_LEN + 1];
	snprintf(line, sizeof line, "%s\n", ret_id);
	return state_write(path, line, strlen(line), 0644);
}

int state_install_id(const char *dir, char ret_id[STATE_ID_LEN], struct fault *fault)
{
	char path[400], text[16] = "";
	ret_id[0] = 0;
	if (mkdir(dir, 0755) && errno != EEXIST)
		return fault_set(fault, -errno, "cannot make %s: %s", dir, strerror(errno));
	snprintf(path, sizeof path, "%s/id", dir);
	ssize_t length = read_small(path, text, sizeof text - 1);
	if (length == STATE_ID_LEN && strspn(text, "0123456789abcdef") == 8) {
		memcpy(ret_id, text, 8);
		ret_id[8] = 0;
		return 0;
	}
	int error = make_id(path, ret_id);
	if (error) {
		ret_id[0] = 0;
		return fault_set(
			fault, error, "cannot keep the agent's id in %s: %s", path, strerror(-error));
	}
	return 0;
}
