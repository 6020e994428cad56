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
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends))
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

static void begin_writing(atomic_uint *sequence)
{
	/* there is one writer; before ARMv6 a fetch-and-or brings 4 KB of libgcc along */
	atomic_store(sequence, atomic_load(sequence) | 1);
	atomic_thread_fence(memory_order_seq_cst);
}

static void end_writing(atomic_uint *sequence)
{
	atomic_thread_fence(memory_order_seq_cst);
	atomic_store(sequence, atomic_load(sequence) + 1);
}

/* The page's sequence before reading; 0: nothing was ever written, or it stays torn. `*tries` counts. */
static unsigned begin_reading(atomic_uint *sequence, unsigned *tries)
{
	while (++*tries <= COPY_TRIES) {
		unsigned before = atomic_load(sequence);
		if (!(before & 1))
			return before;
	}
	return 0;
}

static bool is_whole(atomic_uint *sequence, unsigned before)
{
	atomic_thread_fence(memory_order_seq_cst);
	return atomic_load(sequence) == before;
}

void channel_publish(struct channel *channel, const struct snapshot *snapshot)
{
	begin_writing(&channel->page->sequence);
	snapshot_copy(&channel->page->snapshot, snapshot);
	end_writing(&channel->page->sequence);
}

bool channel_copy(const struct channel *channel, struct snapshot *ret_snapshot)
{
	struct page *page = channel->page;
	unsigned tries = 0, before;
	while ((before = begin_reading(&page->sequence, &tries))) {
		snapshot_copy(ret_snapshot, &page->snapshot);
		if (is_whole(&page->sequence, before))
			return true;
	}
	return false;
}

void channel_publish_terms(struct channel *channel, const void *terms, size_t size)
{
	if (size > CHANNEL_TERMS_MAX)
		return;
	begin_writing(&channel->page->terms_sequence);
	memcpy(channel->page->terms, terms, size);
	end_writing(&channel->page->terms_sequence);
}

bool channel_terms(const struct channel *channel, unsigned *known, void *ret_terms, size_t size)
{
	struct page *page = channel->page;
	unsigned tries = 0, before;
	while ((before = begin_reading(&page->terms_sequence, &tries)) && before != *known) {
		memcpy(ret_terms, page->terms, size);
		if (!is_whole(&page->terms_sequence, before))
			continue;
		*known = before;
		return true;
	}
	return false;
}

/* with SOCK_SEQPACKET a message is sent whole or not at all; a full socket means that the other end has much
 * to read already */
static bool send_message(struct channel *channel, enum command command, const void *what, size_t length)
{
	unsigned char kind = (unsigned char)command;
	/* sendmsg() only reads what an iovec points at, but has no const */
	union {
		const void *constant;
		void *variable;
	} content = {what};
	struct iovec parts[] = {{&kind, 1}, {content.variable, length}};
	const struct msghdr message = {.msg_iov = parts, .msg_iovlen = length ? 2 : 1};
	return sendmsg(channel->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)(1 + length);
}

void channel_announce(struct channel *channel)
{
	send_message(channel, NEWS_SNAPSHOT, NULL, 0);
}

void channel_command(struct channel *channel, enum command command)
{
	send_message(channel, command, NULL, 0);
}

void channel_ask_knee(struct channel *channel, uint32_t number)
{
	if (number && number <= UINT8_MAX)
		send_message(channel, COMMAND_KNEE, &number, sizeof number);
}

bool channel_order(struct channel *channel, const struct order *order)
{
	return send_message(channel, COMMAND_ORDER, order, sizeof *order);
}

bool channel_answer(struct channel *channel, const struct order_answer *answer)
{
	return send_message(channel, NEWS_ANSWER, answer, sizeof *answer);
}

static size_t length_of(int command)
{
	return command == COMMAND_KNEE	  ? sizeof(uint32_t)
	       : command == COMMAND_ORDER ? sizeof(struct order)
	       : command == NEWS_ANSWER	  ? sizeof(struct order_answer)
					  : 0;
}

static void end_texts(int command, struct message *message)
{
	if (command == COMMAND_ORDER) {
		struct order *order = &message->order;
		order->file[sizeof order->file - 1] = 0;
		order->who[sizeof order->who - 1] = 0;
		order->address[sizeof order->address - 1] = 0;
		order->token[sizeof order->token - 1] = 0;
	} else if (command == NEWS_ANSWER) {
		message->answer.token[sizeof message->answer.token - 1] = 0;
		message->answer.fault.text[sizeof message->answer.fault.text - 1] = 0;
	}
}

int channel_receive(struct channel *channel, struct message *ret_message)
{
	unsigned char kind;
	struct iovec parts[] = {{&kind, 1}, {ret_message, sizeof *ret_message}};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
	for (;;) {
		ssize_t count = recvmsg(channel->fd, &message, MSG_DONTWAIT);
		if (count < 0 && (errno == EAGAIN || errno == EINTR))
			return 0;
		if (count <= 0)
			return -1;
		if (kind && !(message.msg_flags & MSG_TRUNC) && (size_t)count == 1 + length_of(kind)) {
			end_texts(kind, ret_message);
			return kind;
		}
	}
}
