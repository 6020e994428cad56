/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The open connections, each with the time by which its present request or reply must be through. The HTTP
 * library only knows a time without any byte, which a sender of one byte a second never reaches. Knows
 * nothing of that library; the descriptors stay its own, an overdue one is shut down and not closed. All
 * memory is in the struct.
 *
 * Nobody can lock others out: while every place is taken, the one whose connection has stood still longest is
 * overdue after a second. Hundreds who ask and do not read the answer would hold them for a minute.
 */
#ifndef NASREADY_SERVE_CONNECTIONS_H
#define NASREADY_SERVE_CONNECTIONS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

/* Each takes up to 20 KiB, so 5 MiB at worst on a machine of 256 MiB; a household needs ten. */
#define CONNECTIONS_MAX 256
#define CONNECTION_NO_DEADLINE UINT64_MAX
#define CONNECTION_STILL_MS 1000 /* an answer over the worst wireless link has begun to flow by then */

struct connection {
	int fd;				/* -1: free */
	uint64_t deadline_ms, since_ms; /* since when it is in this state */
	void *waiting; /* the library's handle while the request waits for a snapshot, else NULL */
};

struct connections {
	unsigned count, used; /* open; slots that ever were, the others are not even touched */
	struct connection slots[CONNECTIONS_MAX];
};

void connections_start(struct connections *connections);
/* NULL when all are taken */
struct connection *connections_add(
	struct connections *connections, int fd, uint64_t now_ms, uint64_t within_ms);
void connections_remove(struct connections *connections, struct connection *connection);
/* something went on: the next thing must within that time */
void connection_moved(struct connection *connection, uint64_t now_ms, uint64_t within_ms);

/* CONNECTION_NO_DEADLINE: none is open */
uint64_t connections_next_deadline(const struct connections *connections);
/* shuts the overdue ones down, once each; how many */
unsigned connections_sweep(struct connections *connections, uint64_t now_ms);

/* The address without port; an IPv4 address mapped into IPv6 is shown as IPv4. Empty: neither of both. */
void peer_show(const struct sockaddr *address, char ret_text[INET6_ADDRSTRLEN], bool *ret_loopback);

#endif
