/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Who is connected: TCP connections to this machine's SMB, SSH, web and other named ports, counted for each
 * remote address. Asks the kernel by sock_diag, or reads /proc/net/tcp and tcp6 (kernels without it, and
 * recordings). A client is an address with an SMB connection that is established or in CLOSE_WAIT; what only
 * closes is none.
 */
#ifndef NASREADY_COLLECT_SOURCE_CONNECTIONS_H
#define NASREADY_COLLECT_SOURCE_CONNECTIONS_H

#include "collect/source.h"
#include "common/text.h"
#include "system/tcp_diag.h"

#define PORTS_MAX 24 /* rows, all kinds together */

struct port_row {
	enum other_kind kind;
	uint16_t port;
};

struct port_table {
	uint32_t count;
	struct port_row rows[PORTS_MAX];
};

/* SSH 22; web UI 80 and 443; no others */
void connections_start_ports(struct port_table *ports);
/* Replaces the ports of one kind by a list: "22, 2222"; an empty one leaves none. -EINVAL with the fault set.
 */
int connections_set_ports(
	struct port_table *ports, enum other_kind kind, struct text list, struct fault *fault);

/* /proc/net/tcp and tcp6 (the kernel's Documentation/networking/proc_net_tcp.rst), whose addresses are in the
 * byte order of the machine that wrote them: taken as little-endian. -EBADMSG if it is no such table. */
int connections_parse_proc(
	struct text text, void (*each)(const struct tcp_connection *connection, void *arg), void *arg);

/* the address as people write it, an IPv4-mapped one as IPv4 */
void connections_show_address(const struct tcp_connection *connection, char ret_address[ADDRESS_LEN]);

int connections_collect(struct pass *pass, struct fault *fault);

#endif
