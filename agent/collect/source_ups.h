/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The UPS, as NUT's server tells it (Network UPS Tools, "network protocol"): a disposable child connects,
 * asks for the list of UPSes and for three variables of the first (or the one configured), and passes on what
 * upsd answers, which is also what `answers/ups` of a recorded machine holds. If it can't connect it says
 * "CONNECT reason" instead. Asked every 10 s while somebody asks, else every minute.
 */
#ifndef NASREADY_COLLECT_SOURCE_UPS_H
#define NASREADY_COLLECT_SOURCE_UPS_H

#include <netinet/in.h>

#include "collect/source.h"
#include "common/text.h"

#define UPS_PORT 3493
#define UPS_SERVER_LEN (ADDRESS_LEN + 8)

struct ups_target {
	char name[NAME_LEN];	     /* of the UPS; empty: the first */
	char server[UPS_SERVER_LEN]; /* "127.0.0.1:3493", for messages */
	struct sockaddr_storage address;
	socklen_t address_size;
};

/* "NAME", "NAME@HOST", "NAME@HOST:PORT", "@HOST"; HOST is an IPv4 address or an IPv6 one in brackets. Empty:
 * the first UPS on this machine. -EINVAL with the fault set. */
int ups_target_parse(struct text text, struct ups_target *ret_target, struct fault *fault);

/* The whole conversation, as far as it went. 0, SOURCE_E_ABSENT or SOURCE_E_STALE; then `ret_ups` is unknown
 * and holds the reason. */
int ups_parse(struct text text, const struct ups_target *target, struct ups *ret_ups, struct fault *fault);

/* in the child */
void ups_ask(int out, void *ups_target);

int ups_collect(struct pass *pass, struct fault *fault);
int ups_finish(struct pass *pass, struct fault *fault);

#endif
