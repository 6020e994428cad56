/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "enforce/page_read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define TRIES 3 /* it may be written just now */

static uint64_t monotonic_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static int read_held(int fd, struct gate_page *page, struct fault *fault)
{
	struct stat status;
	struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
	if (fstat(fd, &status) || !S_ISREG(status.st_mode) || status.st_uid ||
		status.st_mode & (S_IWGRP | S_IWOTH))
		return fault_set(fault, -EPERM, "the gate page is not root's alone");
	if (fcntl(fd, F_GETLK, &lock) || lock.l_type != F_WRLCK)
		return fault_set(fault, -ESRCH, "no agent runs");
	for (unsigned i = 0; i < TRIES; i++) {
		ssize_t length = pread(fd, page, sizeof *page, 0);
		if (length == (ssize_t)sizeof *page &&
			gate_page_is_good(&page->top, (uint64_t)length, monotonic_ms()) &&
			page->top.head.refusal_count <= GATE_REFUSALS_KEPT)
			return 0;
	}
	return fault_set(fault, -EBADMSG, "the agent hangs, or what it wrote makes no sense");
}

int page_read(const char *run_dir, struct gate_page *ret_page, struct fault *fault)
{
	char path[256];
	snprintf(path, sizeof path, "%s/" GATE_PAGE_NAME, run_dir);
	autoclose int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return fault_set(fault, -ENOENT, "no agent has kept a gate page in %s", run_dir);
	if (fd < 0)
		return fault_set(fault, -errno, "cannot read %s: %s", path, strerror(errno));
	return read_held(fd, ret_page, fault);
}

void page_ask_to_look(const char *run_dir)
{
	const struct gate_message message = {.magic = GATE_MESSAGE_MAGIC, .kind = GATE_MESSAGE_LOOK};
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	autoclose int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int length = snprintf(address.sun_path, sizeof address.sun_path, "%s/" GATE_SOCKET_NAME, run_dir);
	if (fd < 0 || length < 0 || (size_t)length >= sizeof address.sun_path)
		return;
	if (sendto(fd, &message, sizeof message, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&address,
		    sizeof address) < 0)
		return; /* it looks by itself, once a minute */
}
