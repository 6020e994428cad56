/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "base/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/text.h"

#define BACKLOG 128 /* pollers that arrive while one request is answered */

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static int parse(const char *where, char *host, size_t size, uint16_t *ret_port)
{
	const char *colon = strrchr(where, ':');
	struct text port = text_of(colon ? colon + 1 : where),
		    name = {where, colon ? (size_t)(colon - where) : 0};
	uint32_t number;
	if (!text_u32(port, &number) || !number || number > 65535)
		return -EINVAL;
	if (name.length >= 2 && name.at[0] == '[' && name.at[name.length - 1] == ']')
		name = (struct text){name.at + 1, name.length - 2};
	if (!text_copy(host, size, name.length ? name : TEXT("::")))
		return -EINVAL;
	*ret_port = (uint16_t)number;
	return 0;
}

static int open_address(const union address *address, socklen_t length)
{
	int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1,
	    off = 0;
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (address->any.sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
	if (bind(fd, &address->any, length) || listen(fd, BACKLOG)) {
		int error = -errno;
		close(fd);
		return error;
	}
	return fd;
}

static int read_address(
	const char *where, union address *ret_address, socklen_t *ret_length, struct fault *fault)
{
	char host[INET6_ADDRSTRLEN];
	uint16_t port;
	union address address = {0};
	if (parse(where, host, sizeof host, &port))
		return fault_set(fault, -EINVAL,
			"write ADDRESS:PORT, such as 192.168.1.10:8439, not \"%.80s\"", where);
	*ret_length = sizeof address.v6;
	if (inet_pton(AF_INET6, host, &address.v6.sin6_addr) == 1) {
		address.v6.sin6_family = AF_INET6;
		address.v6.sin6_port = htons(port);
	} else if (inet_pton(AF_INET, host, &address.v4.sin_addr) == 1) {
		address.v4.sin_family = AF_INET;
		address.v4.sin_port = htons(port);
		*ret_length = sizeof address.v4;
	} else {
		return fault_set(fault, -EINVAL, "\"%s\" is no address (names are not looked up)", host);
	}
	*ret_address = address;
	return 0;
}

int listen_check(const char *where, struct fault *fault)
{
	union address address;
	socklen_t length;
	return read_address(where, &address, &length, fault);
}

static bool is_any(const union address *address)
{
	return address->any.sa_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&address->v6.sin6_addr);
}

int listen_open(const char *where, struct fault *fault)
{
	union address address;
	socklen_t length;
	int error = read_address(where, &address, &length, fault);
	if (error)
		return error;
	int fd = open_address(&address, length);
	if (fd == -EAFNOSUPPORT && is_any(&address)) {
		address.v4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = address.v6.sin6_port};
		fd = open_address(&address, sizeof address.v4);
	}
	if (fd < 0)
		return fault_set(fault, fd, "cannot listen on %s: %s%s", where, strerror(-fd),
			fd == -EADDRINUSE ? " (does an agent run already?)" : "");
	return fd;
}

void listen_show(int fd, char *ret_url, size_t size)
{
	union address address = {0};
	socklen_t length = sizeof address;
	char host[INET6_ADDRSTRLEN] = "127.0.0.1";
	getsockname(fd, &address.any, &length);
	bool v6 = address.any.sa_family == AF_INET6;
	bool all = v6 ? IN6_IS_ADDR_UNSPECIFIED(&address.v6.sin6_addr) : address.v4.sin_addr.s_addr == 0;
	if (!all && v6)
		inet_ntop(AF_INET6, &address.v6.sin6_addr, host, sizeof host);
	else if (!all)
		inet_ntop(AF_INET, &address.v4.sin_addr, host, sizeof host);
	unsigned port = ntohs(v6 ? address.v6.sin6_port : address.v4.sin_port);
	snprintf(ret_url, size, strchr(host, ':') ? "http://[%s]:%u/" : "http://%s:%u/", host, port);
}
