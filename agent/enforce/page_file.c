/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "enforce/page_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define PAGE_MODE 0644	 /* every SMB user reads it */
#define SOCKET_MODE 0666 /* and writes to this; who is believed says the kernel */
#define NONSENSE_MAX 64	 /* what is no message is thrown away, so much at a time */

void page_file_init(struct page_file *file)
{
	*file = (struct page_file){.dir_fd = -1, .fd = -1, .socket_fd = -1};
}

static int lock_whole(int fd)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	return fcntl(fd, F_SETLK, &lock) ? -errno : 0;
}

/* ours: a plain file of root with no other name and no other writer */
static bool is_ours(const struct stat *status)
{
	return S_ISREG(status->st_mode) && !status->st_uid && status->st_nlink == 1 &&
	       !(status->st_mode & (S_IWGRP | S_IWOTH));
}

static int open_page(struct page_file *file)
{
	struct stat status;
	for (unsigned i = 0; i < 2; i++) {
		int fd = openat(file->dir_fd, GATE_PAGE_NAME,
			O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, PAGE_MODE);
		int error = fd < 0 ? -errno : fstat(fd, &status) ? -errno : 0;
		if (!error && is_ours(&status) && !(error = lock_whole(fd))) {
			file->fd = fd;
			file->inode = status.st_ino;
			return fchmod(fd, PAGE_MODE) ? -errno : 0;
		}
		if (fd >= 0)
			close(fd);
		if (error == -EAGAIN || error == -EACCES)
			return -EAGAIN;
		/* somebody else's, a link, or no file at all: it goes */
		if (unlinkat(file->dir_fd, GATE_PAGE_NAME, 0))
			return -errno;
	}
	return -EEXIST;
}

static int open_socket(struct page_file *file, const char *run_dir)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int length = snprintf(address.sun_path, sizeof address.sun_path, "%s/" GATE_SOCKET_NAME, run_dir);
	if (length < 0 || (size_t)length >= sizeof address.sun_path)
		return -ENAMETOOLONG;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	file->socket_fd = fd;
	unlinkat(file->dir_fd, GATE_SOCKET_NAME, 0);
	if (setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &(int){1}, sizeof(int)) ||
		bind(fd, (struct sockaddr *)&address, sizeof address) ||
		fchmodat(file->dir_fd, GATE_SOCKET_NAME, SOCKET_MODE, 0))
		return -errno;
	return 0;
}

static int open_all(struct page_file *file, const char *run_dir)
{
	if (geteuid())
		return -EPERM;
	if (mkdir(run_dir, 0755) && errno != EEXIST)
		return -errno;
	file->dir_fd = open(run_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (file->dir_fd < 0)
		return -errno;
	int error = open_page(file);
	return error ? error : open_socket(file, run_dir);
}

int page_file_open(struct page_file *file, const char *run_dir, struct fault *fault)
{
	int error = open_all(file, run_dir);
	if (!error)
		return 0;
	page_file_close(file);
	if (error == -EAGAIN)
		return fault_set(fault, error,
			"another agent keeps the gate page in %s: end it, or set run-dir", run_dir);
	return fault_set(fault, error, "cannot keep the gate page in %s: %s", run_dir, strerror(-error));
}

static int reopen_if_replaced(struct page_file *file)
{
	struct stat status;
	if (!fstatat(file->dir_fd, GATE_PAGE_NAME, &status, AT_SYMLINK_NOFOLLOW) && is_ours(&status) &&
		status.st_ino == file->inode)
		return 0;
	close(file->fd);
	file->fd = -1;
	return open_page(file);
}

int page_file_write(struct page_file *file, struct gate_page *page, struct fault *fault)
{
	int error = reopen_if_replaced(file);
	page->top.head.checksum = gate_page_checksum(&page->top);
	if (!error && pwrite(file->fd, page, sizeof *page, 0) != (ssize_t)sizeof *page)
		error = errno ? -errno : -ENOSPC;
	if (!error && ftruncate(file->fd, sizeof *page))
		error = -errno;
	return error ? fault_set(fault, error, "cannot write the gate page: %s", strerror(-error)) : 0;
}

bool page_file_take(const void *bytes, size_t length, struct gate_message *ret_message)
{
	struct gate_message message;
	if (length != sizeof message)
		return false;
	memcpy(&message, bytes, sizeof message);
	size_t end = strnlen(message.path, sizeof message.path);
	if (message.magic != GATE_MESSAGE_MAGIC || message.kind < GATE_MESSAGE_REFUSED ||
		message.kind > GATE_MESSAGE_LOOK || message.reason > GATE_REFUSED_FREEING ||
		end == sizeof message.path || (message.path[0] != '/' && message.kind != GATE_MESSAGE_LOOK))
		return false;
	memset(message.path + end, 0, sizeof message.path - end); /* behind it lay smbd's stack */
	*ret_message = message;
	return true;
}

static const struct ucred *sender_of(struct msghdr *header)
{
	struct cmsghdr *part = CMSG_FIRSTHDR(header);
	if (!part || part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_CREDENTIALS)
		return NULL;
	return (const struct ucred *)(const void *)CMSG_DATA(part);
}

bool page_file_hear(struct page_file *file, struct gate_message *ret_message, struct ucred *ret_sender)
{
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(sizeof(struct ucred))];
	} control;
	char bytes[sizeof(struct gate_message) + 1];
	for (unsigned i = 0; i < NONSENSE_MAX; i++) {
		struct iovec part = {bytes, sizeof bytes};
		struct msghdr header = {.msg_iov = &part,
			.msg_iovlen = 1,
			.msg_control = &control,
			.msg_controllen = sizeof control};
		ssize_t length = recvmsg(file->socket_fd, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
		if (length < 0)
			return false;
		const struct ucred *sender = sender_of(&header);
		if (!sender || !page_file_take(bytes, (size_t)length, ret_message))
			continue;
		*ret_sender = *sender;
		return true;
	}
	return false;
}

void page_file_close(struct page_file *file)
{
	int *const fds[] = {&file->socket_fd, &file->fd, &file->dir_fd};
	for (unsigned i = 0; i < ARRAY_LEN(fds); i++) {
		if (*fds[i] >= 0)
			close(*fds[i]);
		*fds[i] = -1;
	}
}
