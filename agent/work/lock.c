/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "work/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "common/limits.h"

int lock_take(const char *state_dir, struct fault *fault)
{
	char path[MOUNT_LEN + 16];
	if ((size_t)snprintf(path, sizeof path, "%s/job.lock", state_dir) >= sizeof path)
		return fault_set(
			fault, -ENAMETOOLONG, "the state directory's name is too long: %.60s...", state_dir);
	int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return fault_set(fault, -errno, "cannot open %s: %s", path, strerror(errno));
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return fd;
	int error = errno == EWOULDBLOCK ? -EAGAIN : -errno;
	close(fd);
	return fault_set(fault, error, "cannot lock %s: %s", path, strerror(-error));
}
