/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The child's half of source_ups.h: connects, asks, passes on what comes back.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/loop.h"

#include "collect/source_ups.h"

#define CONNECT_MS 2000
#define TALK_MS 5000
#define TALK_MAX 7000 /* of the list; the collector keeps 8 KiB of the whole */

/* 0 or a negative errno */
static int wait_for(int fd, short events, uint64_t until_ms)
{
	struct pollfd wait = {.fd = fd, .events = events};
	for (;;) {
		uint64_t now = clock_monotonic_ms();
		int ready = now < until_ms ? poll(&wait, 1, (int)(until_ms - now)) : 0;
		if (ready > 0)
			return 0;
		if (!ready)
			return -ETIMEDOUT;
		if (errno != EINTR)
			return -errno;
	}
}

static int connect_to(const struct ups_target *target)
{
	int error = 0;
	socklen_t size = sizeof error;
	int fd = socket(target->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (!connect(fd, (const struct sockaddr *)&target->address, target->address_size))
		return fd;
	error = errno == EINPROGRESS ? wait_for(fd, POLLOUT, clock_monotonic_ms() + CONNECT_MS) : -errno;
	if (!error && !getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size))
		error = -error;
	if (!error)
		return fd;
	close(fd);
	return error;
}

/* Passes on what comes, and keeps it in `text`, until a line begins with `last` or `other`, or the other end
 * closes; false when it did not come to that. */
static bool pass_on(int fd, int out, char *text, size_t size, const char *last, const char *other)
{
	size_t length = 0;
	uint64_t until_ms = clock_monotonic_ms() + TALK_MS;
	while (length + 1 < size && !wait_for(fd, POLLIN, until_ms)) {
		ssize_t count = recv(fd, text + length, size - 1 - length, 0);
		if (count <= 0)
			return false;
		if (write(out, text + length, (size_t)count) != count)
			return false;
		length += (size_t)count;
		text[length] = 0;
		struct text rest = {text, length}, line;
		while (memchr(rest.at, '\n', rest.length) && text_line(&rest, &line))
			if (text_starts(line, last) || text_starts(line, other))
				return true;
	}
	return false;
}

static bool say(int fd, const char *format, const char *name)
{
	char words[4 * NAME_LEN + 128];
	int length = snprintf(words, sizeof words, format, name, name, name);
	return send(fd, words, (size_t)length, MSG_NOSIGNAL) == length;
}

static bool first_name(const char *text, char *ret_name, size_t size)
{
	struct text rest = text_of(text), line, word;
	while (text_line(&rest, &line))
		if (text_word(&line, &word) && text_is(word, "UPS") && text_word(&line, &word))
			return text_copy(ret_name, size, word) && !strchr(ret_name, '"');
	return false;
}

void ups_ask(int out, void *ups_target)
{
	const struct ups_target *target = ups_target;
	char text[TALK_MAX], name[NAME_LEN];
	autoclose int fd = connect_to(target);
	if (fd < 0) {
		dprintf(out, "CONNECT %s\n", strerror(-fd));
		return;
	}
	if (!say(fd, "LIST UPS\n", "") || !pass_on(fd, out, text, sizeof text, "END LIST UPS", "ERR "))
		return;
	memcpy(name, target->name, sizeof name);
	if (!name[0] && !first_name(text, name, sizeof name))
		return;
	if (say(fd, "GET VAR %s ups.status\nGET VAR %s battery.charge\nGET VAR %s battery.runtime\nLOGOUT\n",
		    name))
		pass_on(fd, out, text, 1000, "OK Goodbye", "Goodbye");
}
