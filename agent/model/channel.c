/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "model/channel.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define COPY_TRIES \
	100 /* the writer needs microseconds; one killed in the middle leaves the page torn for good */

int channel_make(struct channel *ret_collector, struct channel *ret_server)
{
	int ends[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends))
		return -errno;
	struct page *page =
		mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED) {
		int error = -errno;
		close(ends[0]);
		close(ends[1]);
		return error;
	}
	*ret_collector = (struct channel){page, ends[0]};
	*ret_server = (struct channel){page, ends[1]};
	return 0;
}

void channel_close(struct channel *channel)
{
	if (channel->fd >= 0)
		close(channel->fd);
	channel->fd = -1;
}

void channel_forget_page(struct channel *channel)
{
	munmap(channel->page, sizeof *channel->page);
	channel->page = NULL;
}

void channel_protect(struct channel *channel)
{
	mprotect(channel->page, sizeof *channel->page, PROT_READ);
}

void channel_publish(struct channel *channel, const struct snapshot *snapshot)
{
	struct page *page = channel->page;
	unsigned sequence = atomic_load_explicit(&page->sequence, memory_order_relaxed);
	atomic_store(&page->sequence, sequence | 1);
	atomic_thread_fence(memory_order_seq_cst);
	memcpy(&page->snapshot, snapshot, sizeof *snapshot);
	atomic_thread_fence(memory_order_seq_cst);
	atomic_store(&page->sequence, (sequence | 1) + 1);
}

bool channel_copy(const struct channel *channel, struct snapshot *ret_snapshot)
{
	struct page *page = channel->page;
	for (unsigned i = 0; i < COPY_TRIES; i++) {
		unsigned before = atomic_load(&page->sequence);
		if (!before)
			return false;
		if (before & 1)
			continue;
		memcpy(ret_snapshot, &page->snapshot, sizeof *ret_snapshot);
		atomic_thread_fence(memory_order_seq_cst);
		if (atomic_load(&page->sequence) == before)
			return true;
	}
	return false;
}

static void send_bytes(struct channel *channel, const void *bytes, size_t length)
{
	/* a full socket means that the other end has much to read already */
	if (send(channel->fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return;
}

static void send_byte(struct channel *channel, char byte)
{
	send_bytes(channel, &byte, 1);
}

void channel_announce(struct channel *channel)
{
	send_byte(channel, '!');
}

void channel_command(struct channel *channel, enum command command)
{
	send_byte(channel, (char)command);
}

void channel_ask_knee(struct channel *channel, uint32_t number)
{
	if (number && number <= UINT8_MAX)
		send_bytes(channel, (const unsigned char[]){COMMAND_KNEE, (unsigned char)number}, 2);
}

int channel_receive(struct channel *channel)
{
	unsigned char byte; /* numbers of volumes go up to 255 */
	ssize_t count = recv(channel->fd, &byte, 1, MSG_DONTWAIT);
	if (count == 1)
		return byte;
	if (count < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	return -1;
}
