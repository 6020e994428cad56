/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * One request on its way, from its headers to its reply: whether it may come in at all, its body, the headers
 * of what goes back. Between the HTTP library and the handlers; server.c decides when. The functions that
 * return false want the connection closed.
 */
#ifndef NASREADY_SERVE_MHD_EXCHANGE_H
#define NASREADY_SERVE_MHD_EXCHANGE_H

#include "serve/access.h"
#include "serve/attempts.h"
#include "serve/connections.h"
#include "serve/replays.h"
#include "serve/routes.h"

struct MHD_Connection;

struct exchange {
	const struct route *route; /* NULL: the reply holds the reason already */
	struct reply reply;
	char peer[INET6_ADDRSTRLEN];
	bool loopback, waited;
	bool barred; /* this was the last wrong password that its address had free */
	struct proof proof;
	char arguments[ROUTE_ARGUMENTS_MAX][ROUTE_ARGUMENT_LEN];
	unsigned argument_count;
	uint32_t order_id;	/* of the order for whose answer it waits; 0: none */
	uint64_t knee_until_ms; /* how long it waits for a knee that was asked for; 0: it was not */
	size_t received;	/* of the body, also of a refused one */
	char *body;
};

struct door {
	const struct access *access;
	const struct credentials *credentials;
	struct attempts attempts;
	struct replays replays;
};

/* The headers are known. A large body is refused before it is sent. */
bool exchange_begin(struct door *door, struct MHD_Connection *connection, const char *path,
	const char *method, struct exchange **ret_exchange);
bool exchange_take_body(struct exchange *exchange, const char *data, size_t length);
/* what a handler sees; the rest is the caller's to fill */
struct request exchange_request(const struct exchange *exchange, struct MHD_Connection *connection,
	const char *path, const char *method);
bool exchange_send(struct exchange *exchange, struct MHD_Connection *connection);
void exchange_free(struct exchange *exchange);

/* NULL: all were taken when it came */
struct connection *exchange_slot(struct MHD_Connection *connection);

#endif
