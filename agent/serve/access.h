/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Who may ask. Reads are for loopback, private and link-local networks and those that the configuration
 * allows. The Host header must be an address, a name of this machine or a configured name (against DNS
 * rebinding: a foreign page that resolves its own name to the NAS), and an Origin header must name the same
 * host. Pure functions; addresses are text as inet_ntop prints it.
 */
#ifndef NASREADY_SERVE_ACCESS_H
#define NASREADY_SERVE_ACCESS_H

#include <stdbool.h>

#include "common/fault.h"

#define ACCESS_NETWORKS_MAX 16 /* an administrator lists a few; more is a typing error */
#define ACCESS_NAMES_MAX 8

struct network {
	unsigned char bytes[16]; /* IPv4 as ::ffff:a.b.c.d */
	unsigned bits;		 /* of 128 */
};

struct access {
	unsigned network_count, name_count;
	struct network networks[ACCESS_NETWORKS_MAX];
	char names[ACCESS_NAMES_MAX][HOST_LEN];
};

/* the built-in networks and names (localhost, `host`, `host`.local) */
void access_start(struct access *access, const char *host);
/* "10.0.0.0/8, 2001:db8::/32, 192.0.2.7"; -EINVAL and the fault names the wrong piece */
int access_allow(struct access *access, const char *list, struct fault *fault);
int access_add_names(struct access *access, const char *list, struct fault *fault);

bool access_may_read(const struct access *access, const char *peer);
bool access_host_is_ours(const struct access *access, const char *host_header);
/* true if there is no Origin, or its host is that of the Host header */
bool access_origin_matches(const char *origin, const char *host_header);

#endif
