/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The TCP connections of this machine as the kernel's socket monitoring tells them (sock_diag(7)): much
 * cheaper than /proc/net/tcp, because the kernel leaves out what is neither established nor half closed, and
 * prints nothing.
 */
#ifndef NASREADY_SYSTEM_TCP_DIAG_H
#define NASREADY_SYSTEM_TCP_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* the kernel's numbers */
enum tcp_state { TCP_STATE_ESTABLISHED = 1, TCP_STATE_CLOSE_WAIT = 8 };

struct tcp_connection {
	bool ipv6;
	uint8_t state;
	uint16_t local_port;
	unsigned char remote[16]; /* in network order; of IPv4 the first four */
};

/* TCP_DIAG_OLD asks for both families at once and works from Linux 2.6.14 to this day. */
enum tcp_diag_way { TCP_DIAG_BY_FAMILY, TCP_DIAG_OLD };

/* Calls `each` for every connection that is ESTABLISHED or in CLOSE_WAIT. Negative errno; connections may
 * have been told before it failed. */
int tcp_diag_list(
	enum tcp_diag_way way, void (*each)(const struct tcp_connection *connection, void *arg), void *arg);

/* One datagram of the kernel's answer: 0 when more follow, 1 at the end of the list, negative errno. */
int tcp_diag_parse(const char *bytes, size_t length,
	void (*each)(const struct tcp_connection *connection, void *arg), void *arg);

#endif
