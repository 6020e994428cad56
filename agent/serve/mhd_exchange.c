/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "serve/mhd_exchange.h"

#include <microhttpd.h>
#include <stdio.h>
#include <string.h>

#include "base/loop.h"
#include "common/text.h"
#include "serve/mhd_digest.h"

#define REPLY_MS 60000	  /* for a whole reply: 100 KiB over the worst wireless link */
#define DISCARD_MAX 65536 /* of a refused body is read: closing on unread data may destroy the reply */

static const char *header_of(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static const char *query_of(const struct request *request, const char *name)
{
	return MHD_lookup_connection_value(request->transport, MHD_GET_ARGUMENT_KIND, name);
}

struct connection *exchange_slot(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	return info ? info->socket_context : NULL;
}

static void add_headers(struct MHD_Response *response, const struct reply *reply)
{
	char seconds[12] = "";
	if (reply->retry_after_s)
		snprintf(seconds, sizeof seconds, "%u", reply->retry_after_s);
	const struct {
		const char *name, *value;
	} headers[] = {
		{"X-Content-Type-Options", "nosniff"},
		{"Content-Security-Policy",
			"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
			"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
		{"Referrer-Policy", "no-referrer"},
		{"Cache-Control", reply->cache ? reply->cache : "no-store"},
		{"Content-Type", reply->content_type},
		{"Content-Encoding", reply->encoding},
		{"ETag", reply->etag},
		{"Allow", reply->allow[0] ? reply->allow : NULL},
		{"Retry-After", reply->retry_after_s ? seconds : NULL},
	};
	for (unsigned i = 0; i < ARRAY_LEN(headers); i++)
		if (headers[i].value)
			MHD_add_response_header(response, headers[i].name, headers[i].value);
}

/* The library neither copies nor frees the text: the exchange has it until the reply is sent. */
static struct MHD_Response *make_response(const struct reply *reply)
{
	/* its interface has no const; it only reads */
	union {
		const void *constant;
		void *variable;
	} text = {reply->fixed ? reply->fixed : reply->body.data};
	size_t length = reply->fixed ? reply->fixed_length : reply->body.length;
	return MHD_create_response_from_buffer(length, text.variable, MHD_RESPMEM_PERSISTENT);
}

bool exchange_send(struct exchange *exchange, struct MHD_Connection *connection)
{
	struct reply *reply = &exchange->reply;
	struct connection *slot = exchange_slot(connection);
	struct MHD_Response *response = reply->body.failed ? NULL : make_response(reply);
	if (!response)
		return false;
	add_headers(response, reply);
	bool queued = reply->challenge ? digest_challenge(connection, exchange->proof.credentials, response,
						 reply->challenge == CHALLENGE_STALE)
				       : MHD_queue_response(connection, reply->status, response) == MHD_YES;
	MHD_destroy_response(response);
	if (slot)
		connection_moved(slot, clock_monotonic_ms(), REPLY_MS);
	return queued;
}

static void refuse_body(struct exchange *exchange)
{
	size_t most = exchange->route->body_max;
	exchange->route = NULL;
	if (most)
		reply_problem(&exchange->reply, 413, "body-too-large", "Body too large",
			"the body may have %zu bytes here: send less", most);
	else
		reply_problem(&exchange->reply, 413, "body-too-large", "Body too large",
			"this route takes no body: send the request without one");
}

/* true: it may go on to its route */
static bool check_access(
	const struct access *access, struct MHD_Connection *connection, struct exchange *exchange)
{
	const char *host = header_of(connection, "Host"), *origin = header_of(connection, "Origin");
	struct reply *reply = &exchange->reply;
	if (!access_may_read(access, exchange->peer))
		reply_problem(reply, 403, "address-not-allowed", "Address not allowed",
			"%s is in no private network and not in `allow` of the agent's configuration: add it "
			"there",
			exchange->peer);
	else if (!access_host_is_ours(access, host))
		reply_problem(reply, 403, "host-not-allowed", "Host not allowed",
			"\"%.128s\" is no name of this machine: ask by its address, or add the name to "
			"`names` of the "
			"agent's configuration",
			host);
	else if (!access_origin_matches(origin, host))
		reply_problem(reply, 403, "origin-not-allowed", "Origin not allowed",
			"a page of \"%.128s\" may not ask here, only one of \"%.128s\": open the agent's own "
			"page",
			origin, host ? host : "");
	else
		return true;
	return false;
}

static struct proof prove(struct door *door, struct MHD_Connection *connection, struct exchange *exchange)
{
	uint64_t now_ms = clock_monotonic_ms();
	struct proof proof = {.user = USER_NONE, .credentials = door->credentials};
	proof.wait_s = attempts_wait_s(&door->attempts, exchange->peer, now_ms);
	if (!header_of(connection, "Authorization"))
		return proof;
	if (proof.wait_s) {
		proof.state = PROOF_LIMITED;
		return proof;
	}
	proof.state = digest_check(connection, door->credentials, &door->replays, &proof.user);
	if (proof.state == PROOF_WRONG)
		exchange->barred = attempts_failed(&door->attempts, exchange->peer, now_ms);
	return proof;
}

static void check_user(struct door *door, struct MHD_Connection *connection, struct exchange *exchange)
{
	exchange->proof = prove(door, connection, exchange);
	if (!permission_check(exchange->route->access, &exchange->proof, &exchange->reply))
		exchange->route = NULL;
}

/* What the last request left behind, for the next one: the C library would have it mapped anew each time. */
static struct exchange *spare;

static struct exchange *make_exchange(void)
{
	struct exchange *exchange = spare ? spare : malloc(sizeof *exchange);
	spare = NULL;
	if (exchange)
		memset(exchange, 0, sizeof *exchange);
	return exchange;
}

bool exchange_begin(struct door *door, struct MHD_Connection *connection, const char *path,
	const char *method, struct exchange **ret_exchange)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const char *header = header_of(connection, "Content-Length");
	uint64_t length = 0;
	struct exchange *exchange = make_exchange();
	if (!exchange)
		return false;
	*ret_exchange = exchange;
	peer_show(info ? info->client_addr : NULL, exchange->peer, &exchange->loopback);
	if (check_access(door->access, connection, exchange))
		exchange->route = route_find(method, path, &exchange->reply);
	if (exchange->route)
		check_user(door, connection, exchange);
	if (exchange->route)
		exchange->argument_count = route_arguments(exchange->route, path, exchange->arguments);
	if (header && !text_u64(text_of(header), &length))
		length = UINT64_MAX;
	if (exchange->route && length > exchange->route->body_max)
		refuse_body(exchange);
	if (!exchange->route && length > DISCARD_MAX)
		return exchange_send(exchange, connection);
	return true;
}

bool exchange_take_body(struct exchange *exchange, const char *data, size_t length)
{
	if (exchange->route && length > exchange->route->body_max - exchange->received)
		refuse_body(exchange);
	if (exchange->route) {
		if (!exchange->body)
			exchange->body = calloc(1, exchange->route->body_max + 1);
		if (!exchange->body)
			return false;
		memcpy(exchange->body + exchange->received, data, length);
	}
	exchange->received += length;
	return exchange->route || exchange->received <= DISCARD_MAX;
}

struct request exchange_request(const struct exchange *exchange, struct MHD_Connection *connection,
	const char *path, const char *method)
{
	return (struct request){
		.method = method,
		.path = path,
		.host = header_of(connection, "Host"),
		.origin = header_of(connection, "Origin"),
		.accept = header_of(connection, "Accept"),
		.if_none_match = header_of(connection, "If-None-Match"),
		.peer = exchange->peer,
		.user = user_name(exchange->proof.user),
		.proof = &exchange->proof,
		.argument = exchange->argument_count > 0 ? exchange->arguments[0] : NULL,
		.argument2 = exchange->argument_count > 1 ? exchange->arguments[1] : NULL,
		.peer_loopback = exchange->loopback,
		.body = exchange->body,
		.body_length = exchange->body ? exchange->received : 0,
		.query = query_of,
		.transport = connection,
	};
}

void exchange_free(struct exchange *exchange)
{
	reply_free(&exchange->reply);
	free(exchange->body);
	if (spare)
		free(exchange);
	else
		spare = exchange;
}
