/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Leases: a virtual disk belongs to one server, who holds a token for it. Whoever has the token renews or
 * releases the lease; without it only admin can break it. A lease that is not renewed ends after a while, but
 * never while an SMB client has the file open, nor while that is not known. Reads no clock and no files: time
 * is an argument, and the records are text.
 */
#ifndef NASREADY_WORK_LEASE_H
#define NASREADY_WORK_LEASE_H

#include <stdbool.h>

#include "common/text.h"
#include "model/order.h"
#include "model/snapshot.h"

struct leases {
	uint64_t keep_s; /* how long one lasts that is not renewed */
	uint32_t count;
	struct lease list[LEASES_MAX];
	char tokens[LEASES_MAX][ORDER_TOKEN_LEN];
};

/* What is known of an SMB client that has the file open. */
enum tri lease_is_open(const struct lease *lease, const struct snapshot *known);

/* NULL: nobody's. The case of names does not matter, as on Windows. */
const struct lease *leases_find(const struct leases *leases, const char *share, const char *file);
/* is it nobody's, or has who asks its token? */
bool leases_may(const struct leases *leases, const char *share, const char *file, const char *token);

/* `wanted` names share, file, server and address. Takes the disk, or renews the lease with its token; a new
 * lease gets `fresh_token`. ORDER_DONE and the token, or ORDER_LEASED, ORDER_TOO_MANY with the fault. */
enum order_status leases_put(struct leases *leases, const struct lease *wanted, const char *token,
	const char *fresh_token, uint64_t now_ms, char ret_token[ORDER_TOKEN_LEN], struct fault *fault);
/* `token` NULL: admin breaks it. ORDER_DONE, ORDER_NO_LEASE or ORDER_LEASED (not the token). */
enum order_status leases_end(
	struct leases *leases, const char *share, const char *file, const char *token, struct fault *fault);
/* Lets go what is over. True if there was something. `is_open` is asked last, of the file itself: what
 * smbstatus told is up to a minute old. NULL: there is no file to ask. */
bool leases_expire(struct leases *leases, const struct snapshot *known, uint64_t now_ms,
	bool (*is_open)(const struct lease *lease, const struct snapshot *known));
void leases_publish(const struct leases *leases, struct snapshot *snapshot);

/* One line each, tabs between its parts. -EBADMSG: the fault names the line, and the leases that could be
 * read are there. Each lasts for its whole time from `now_ms` on: a NAS may have been off for weeks. */
int leases_parse(struct leases *leases, struct text text, uint64_t now_ms, struct fault *fault);
/* false: it did not fit */
bool leases_show(const struct leases *leases, char *into, size_t size);

#endif
