/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "serve/connections.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

static void forget(struct connection *connection)
{
	*connection = (struct connection){.fd = -1, .deadline_ms = CONNECTION_NO_DEADLINE};
}

void connections_remove(struct connections *connections, struct connection *connection)
{
	connections->count -= connection->fd >= 0;
	forget(connection);
}

void connections_start(struct connections *connections)
{
	connections->count = connections->used = 0;
}

void connection_moved(struct connection *connection, uint64_t now_ms, uint64_t within_ms)
{
	connection->since_ms = now_ms;
	connection->deadline_ms = now_ms + within_ms;
}

struct connection *connections_add(
	struct connections *connections, int fd, uint64_t now_ms, uint64_t within_ms)
{
	for (unsigned i = 0; i < CONNECTIONS_MAX; i++) {
		struct connection *slot = &connections->slots[i];
		if (i == connections->used)
			forget(&connections->slots[connections->used++]);
		if (slot->fd >= 0)
			continue;
		slot->fd = fd;
		connection_moved(slot, now_ms, within_ms);
		connections->count++;
		return slot;
	}
	return NULL;
}

/* the one that stood still longest, if room is needed; NULL: none */
static const struct connection *find_stillest(const struct connections *connections)
{
	const struct connection *found = NULL;
	for (unsigned i = 0; i < connections->used && connections->count == CONNECTIONS_MAX; i++) {
		const struct connection *slot = &connections->slots[i];
		bool open = slot->deadline_ms != CONNECTION_NO_DEADLINE && !slot->waiting;
		if (open && (!found || slot->since_ms < found->since_ms))
			found = slot;
	}
	return found;
}

uint64_t connections_next_deadline(const struct connections *connections)
{
	const struct connection *stillest = find_stillest(connections);
	uint64_t next = stillest ? stillest->since_ms + CONNECTION_STILL_MS : CONNECTION_NO_DEADLINE;
	for (unsigned i = 0; i < connections->used; i++)
		if (connections->slots[i].deadline_ms < next)
			next = connections->slots[i].deadline_ms;
	return next;
}

unsigned connections_sweep(struct connections *connections, uint64_t now_ms)
{
	const struct connection *stillest = find_stillest(connections);
	unsigned count = 0;
	if (stillest && stillest->since_ms + CONNECTION_STILL_MS > now_ms)
		stillest = NULL;
	for (unsigned i = 0; i < connections->used; i++) {
		struct connection *slot = &connections->slots[i];
		if (slot->fd < 0 || (slot->deadline_ms > now_ms && slot != stillest))
			continue;
		shutdown(slot->fd, SHUT_RDWR);
		slot->deadline_ms = CONNECTION_NO_DEADLINE;
		count++;
	}
	return count;
}

static void show_ipv4(const void *bytes, char text[INET6_ADDRSTRLEN], bool *ret_loopback)
{
	inet_ntop(AF_INET, bytes, text, INET6_ADDRSTRLEN);
	*ret_loopback = *(const unsigned char *)bytes == 127;
}

/* copies, because the library does not promise how the address is aligned */
void peer_show(const struct sockaddr *address, char ret_text[INET6_ADDRSTRLEN], bool *ret_loopback)
{
	struct sockaddr_in ipv4;
	struct sockaddr_in6 ipv6;
	ret_text[0] = 0;
	*ret_loopback = false;
	if (!address)
		return;
	if (address->sa_family == AF_INET) {
		memcpy(&ipv4, address, sizeof ipv4);
		show_ipv4(&ipv4.sin_addr, ret_text, ret_loopback);
	} else if (address->sa_family == AF_INET6) {
		memcpy(&ipv6, address, sizeof ipv6);
		if (IN6_IS_ADDR_V4MAPPED(&ipv6.sin6_addr)) {
			show_ipv4(&ipv6.sin6_addr.s6_addr[12], ret_text, ret_loopback);
			return;
		}
		inet_ntop(AF_INET6, &ipv6.sin6_addr, ret_text, INET6_ADDRSTRLEN);
		*ret_loopback = IN6_IS_ADDR_LOOPBACK(&ipv6.sin6_addr);
	}
}
