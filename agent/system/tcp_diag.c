/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "system/tcp_diag.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "common/scope.h"

#ifndef NETLINK_SOCK_DIAG
#define NETLINK_SOCK_DIAG 4
#endif

#define STATES (1u << TCP_STATE_ESTABLISHED | 1u << TCP_STATE_CLOSE_WAIT)
#define RECEIVE_BYTES \
	16384 /* a dump comes in pieces of a page to 32 KiB, but never larger than what is asked for */
#define RECEIVE_PIECES 4096 /* of 30 connections and more: beyond all reason */
#define PATIENCE_MS 200	    /* the kernel answers while it is asked; a machine that swaps may need a moment */

static int send_by_family(int fd, uint8_t family)
{
	struct {
		struct nlmsghdr head;
		struct inet_diag_req_v2 body;
	} request;
	/* no byte more: to Linux before 3.3 this is a message that is too short, which it refuses; a longer
	 * one it would answer with an empty list */
	_Static_assert(sizeof request.body < sizeof(struct inet_diag_req), "told apart by its length");
	memset(&request, 0, sizeof request);
	request.head.nlmsg_len = sizeof request;
	request.head.nlmsg_type = SOCK_DIAG_BY_FAMILY;
	request.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	request.body.sdiag_family = family;
	request.body.sdiag_protocol = IPPROTO_TCP;
	request.body.idiag_states = STATES;
	struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
	ssize_t sent =
		sendto(fd, &request, sizeof request, MSG_NOSIGNAL, (struct sockaddr *)&kernel, sizeof kernel);
	return sent < 0 ? -errno : 0;
}

static int send_old(int fd)
{
	struct {
		struct nlmsghdr head;
		struct inet_diag_req body;
	} request;
	memset(&request, 0, sizeof request);
	request.head.nlmsg_len = sizeof request;
	request.head.nlmsg_type = TCPDIAG_GETSOCK;
	request.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	request.body.idiag_family = AF_INET;
	request.body.idiag_states = STATES;
	struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
	ssize_t sent =
		sendto(fd, &request, sizeof request, MSG_NOSIGNAL, (struct sockaddr *)&kernel, sizeof kernel);
	return sent < 0 ? -errno : 0;
}

static void tell(const char *payload, size_t length,
	void (*each)(const struct tcp_connection *connection, void *arg), void *arg)
{
	struct inet_diag_msg message;
	if (length < sizeof message)
		return;
	memcpy(&message, payload, sizeof message);
	bool ipv6 = message.idiag_family == AF_INET6;
	if (!ipv6 && message.idiag_family != AF_INET)
		return;
	struct tcp_connection connection = {
		.ipv6 = ipv6,
		.state = message.idiag_state,
		.local_port = ntohs(message.id.idiag_sport),
	};
	memcpy(connection.remote, message.id.idiag_dst, ipv6 ? 16 : 4);
	each(&connection, arg);
}

/* the error that an error message, or the last message of a dump, brings along */
static int carried_error(const char *payload, size_t length)
{
	int32_t error = 0;
	if (length >= sizeof error)
		memcpy(&error, payload, sizeof error);
	return error < 0 ? error : 0;
}

int tcp_diag_parse(const char *bytes, size_t length,
	void (*each)(const struct tcp_connection *connection, void *arg), void *arg)
{
	while (length) {
		struct nlmsghdr head;
		if (length < sizeof head)
			return -EBADMSG;
		memcpy(&head, bytes, sizeof head);
		if (head.nlmsg_len < sizeof head || head.nlmsg_len > length)
			return -EBADMSG;
		const char *payload = bytes + sizeof head;
		size_t payload_length = head.nlmsg_len - sizeof head;
		if (head.nlmsg_type == NLMSG_DONE || head.nlmsg_type == NLMSG_ERROR) {
			int error = carried_error(payload, payload_length);
			return error ? error : head.nlmsg_type == NLMSG_DONE ? 1 : -EBADMSG;
		}
		if (head.nlmsg_type == TCPDIAG_GETSOCK || head.nlmsg_type == SOCK_DIAG_BY_FAMILY)
			tell(payload, payload_length, each, arg);
		size_t step = NLMSG_ALIGN((size_t)head.nlmsg_len);
		step = step > length ? length : step;
		bytes += step;
		length -= step;
	}
	return 0;
}

static int receive(int fd, void (*each)(const struct tcp_connection *connection, void *arg), void *arg)
{
	char buffer[RECEIVE_BYTES];
	for (unsigned i = 0; i < RECEIVE_PIECES; i++) {
		struct sockaddr_nl from = {0};
		socklen_t size = sizeof from;
		ssize_t length =
			recvfrom(fd, buffer, sizeof buffer, MSG_TRUNC, (struct sockaddr *)&from, &size);
		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		if (from.nl_pid) /* some process, not the kernel */
			continue;
		if (length == 0 || (size_t)length > sizeof buffer)
			return -EMSGSIZE;
		int result = tcp_diag_parse(buffer, (size_t)length, each, arg);
		if (result)
			return result < 0 ? result : 0;
	}
	return -EOVERFLOW;
}

int tcp_diag_list(
	enum tcp_diag_way way, void (*each)(const struct tcp_connection *connection, void *arg), void *arg)
{
	autoclose int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	struct timeval patience = {.tv_usec = PATIENCE_MS * 1000};
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience))
		return -errno;
	if (way == TCP_DIAG_OLD) {
		int error = send_old(fd);
		return error ? error : receive(fd, each, arg);
	}
	static const uint8_t families[] = {AF_INET, AF_INET6};
	int error = 0;
	for (unsigned i = 0; i < ARRAY_LEN(families) && !error; i++) {
		error = send_by_family(fd, families[i]);
		if (!error)
			error = receive(fd, each, arg);
	}
	return error;
}
