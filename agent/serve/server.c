/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "serve/server.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/loop.h"
#include "common/text.h"
#include "serve/connections.h"
#include "serve/feed.h"
#include "serve/routes.h"

#define PER_ADDRESS_MAX 64	/* many pollers may sit behind one address, but none can take all */
#define CONNECTION_MEMORY 16384 /* for headers: browsers bring up to 8 KiB of the NAS's own cookies */
#define IDLE_S 15		/* longer than the 10 s after which most scripts ask again */
#define RECEIVE_MS 20000	/* for a whole request: IDLE_S, and 5 s for what is one packet in practice */
#define REPLY_MS 60000		/* for a whole reply: 100 KiB over the worst wireless link */
#define DISCARD_MAX 65536	/* of a refused body is read: closing on unread data may destroy the reply */
#define WAIT_MS 250		/* for a fresh snapshot; a pass takes less, unless something hangs */
#define COMPLAINT_MS 60000	/* strangers cause the library's complaints: they must not fill the log */
#define TIMER_SLACK_MS 10	/* the library's clock is a coarse one; being early costs a second wake-up */

enum timer { TIMER_HTTP, TIMER_WAIT, TIMER_SWEEP };

struct server {
	struct loop loop;
	struct MHD_Daemon *daemon;
	const struct server_setup *setup;
	uint64_t started_ms, complained_ms; /* 0: never */
	struct connections connections;
	struct feed feed;
};

/* one request on its way, from its headers to its reply */
struct exchange {
	const struct route *route; /* NULL: the reply holds the reason already */
	struct reply reply;
	char peer[INET6_ADDRSTRLEN];
	bool loopback, waited;
	size_t received; /* of the body, also of a refused one */
	char *body;
};

static const char *header_of(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static const char *query_of(const struct request *request, const char *name)
{
	return MHD_lookup_connection_value(request->transport, MHD_GET_ARGUMENT_KIND, name);
}

static struct connection *slot_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	return info ? info->socket_context : NULL;
}

/* -- running the library -- */

static void on_http(void *arg);
static void on_wait_over(void *arg);

static void on_overdue(void *arg)
{
	struct server *server = arg;
	connections_sweep(&server->connections, clock_monotonic_ms());
	on_http(server);
}

static void on_http(void *arg)
{
	struct server *server = arg;
	MHD_UNSIGNED_LONG_LONG left_ms;
	uint64_t at_ms = LOOP_NEVER;
	MHD_run(server->daemon);
	if (MHD_get_timeout(server->daemon, &left_ms) == MHD_YES)
		at_ms = clock_monotonic_ms() + (left_ms ? left_ms + TIMER_SLACK_MS : 0);
	loop_timer(&server->loop, TIMER_HTTP, at_ms, on_http, server);
	loop_timer(&server->loop, TIMER_SWEEP, connections_next_deadline(&server->connections), on_overdue,
		server);
}

static void resume_waiting(struct server *server)
{
	loop_timer(&server->loop, TIMER_WAIT, LOOP_NEVER, on_wait_over, server);
	for (unsigned i = 0; i < CONNECTIONS_MAX; i++) {
		struct connection *slot = &server->connections.slots[i];
		if (!slot->waiting)
			continue;
		MHD_resume_connection(slot->waiting);
		slot->waiting = NULL;
	}
}

static void on_wait_over(void *arg)
{
	struct server *server = arg;
	feed_take(&server->feed);
	resume_waiting(server);
	on_http(server);
}

static void on_channel(void *arg)
{
	struct server *server = arg;
	bool awaiting = server->feed.awaiting;
	int news = feed_receive(&server->feed, clock_monotonic_ms());
	if (news < 0) {
		log_warning("the collector is gone: stopping");
		loop_stop(&server->loop);
	} else if (news && awaiting) {
		resume_waiting(server);
		on_http(server);
	}
}

/* -- one request -- */

static enum MHD_Result send_reply(struct MHD_Connection *connection, struct reply *reply)
{
	static const char *const always[][2] = {
		{"X-Content-Type-Options", "nosniff"},
		{"Cache-Control", "no-store"},
		{"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"},
		{"Referrer-Policy", "no-referrer"},
	};
	char seconds[12];
	struct connection *slot = slot_of(connection);
	if (reply->body.failed)
		return MHD_NO;
	struct MHD_Response *response =
		MHD_create_response_from_buffer(reply->body.length, reply->body.data, MHD_RESPMEM_MUST_FREE);
	if (!response)
		return MHD_NO;
	reply->body = (struct out){0};
	for (unsigned i = 0; i < ARRAY_LEN(always); i++)
		MHD_add_response_header(response, always[i][0], always[i][1]);
	MHD_add_response_header(response, "Content-Type", reply->content_type);
	if (reply->allow[0])
		MHD_add_response_header(response, "Allow", reply->allow);
	snprintf(seconds, sizeof seconds, "%u", reply->retry_after_s);
	if (reply->retry_after_s)
		MHD_add_response_header(response, "Retry-After", seconds);
	enum MHD_Result result = MHD_queue_response(connection, reply->status, response);
	MHD_destroy_response(response);
	if (slot)
		slot->deadline_ms = clock_monotonic_ms() + REPLY_MS;
	return result;
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

/* The headers are known. A large body is refused before it is sent; MHD_YES lets a small one come. */
static enum MHD_Result begin_exchange(const struct server *server, struct MHD_Connection *connection,
	const char *path, const char *method, void **ret_exchange)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const char *header = header_of(connection, "Content-Length");
	uint64_t length = 0;
	struct exchange *exchange = calloc(1, sizeof *exchange);
	if (!exchange)
		return MHD_NO;
	*ret_exchange = exchange;
	peer_show(info ? info->client_addr : NULL, exchange->peer, &exchange->loopback);
	if (check_access(server->setup->access, connection, exchange))
		exchange->route = route_find(method, path, &exchange->reply);
	if (header && !text_u64(text_of(header), &length))
		length = UINT64_MAX;
	if (exchange->route && length > exchange->route->body_max)
		refuse_body(exchange);
	if (!exchange->route && length > DISCARD_MAX)
		return send_reply(connection, &exchange->reply);
	return MHD_YES;
}

static enum MHD_Result take_body(struct exchange *exchange, const char *data, size_t length)
{
	if (exchange->route && length > exchange->route->body_max - exchange->received)
		refuse_body(exchange);
	if (exchange->route) {
		if (!exchange->body)
			exchange->body = calloc(1, exchange->route->body_max + 1);
		if (!exchange->body)
			return MHD_NO;
		memcpy(exchange->body + exchange->received, data, length);
	}
	exchange->received += length;
	return exchange->route || exchange->received <= DISCARD_MAX ? MHD_YES : MHD_NO;
}

static enum MHD_Result wait_for_snapshot(
	struct server *server, struct MHD_Connection *connection, uint64_t now_ms)
{
	if (!server->feed.awaiting)
		loop_timer(&server->loop, TIMER_WAIT, now_ms + WAIT_MS, on_wait_over, server);
	feed_hurry(&server->feed);
	slot_of(connection)->waiting = connection;
	MHD_suspend_connection(connection);
	return MHD_YES;
}

static void fill_reply(struct server *server, struct MHD_Connection *connection, struct exchange *exchange,
	const char *path, const char *method, uint64_t now_ms)
{
	if (exchange->route->fresh && !server->feed.informed) {
		exchange->reply.retry_after_s = 1;
		reply_problem(&exchange->reply, 503, "no-data-yet", "No data yet",
			"the first look at this machine is not complete: ask again in a second");
		return;
	}
	const struct view view = {&server->feed.snapshot, &server->feed.rates, now_ms,
		server->setup->agent_id, (now_ms - server->started_ms) / 1000};
	const struct request request = {
		.method = method,
		.path = path,
		.host = header_of(connection, "Host"),
		.origin = header_of(connection, "Origin"),
		.accept = header_of(connection, "Accept"),
		.peer = exchange->peer,
		.peer_loopback = exchange->loopback,
		.body = exchange->body,
		.body_length = exchange->body ? exchange->received : 0,
		.view = &view,
		.query = query_of,
		.transport = connection,
	};
	exchange->route->handle(&request, &exchange->reply);
}

/* Called once with the headers, then for each piece of the body, then (again after waiting) to answer. */
static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *path,
	const char *method, const char *version, const char *data, size_t *data_length, void **context)
{
	(void)version;
	struct server *server = arg;
	struct exchange *exchange = *context;
	if (!exchange)
		return begin_exchange(server, connection, path, method, context);
	if (*data_length) {
		size_t length = *data_length;
		*data_length = 0;
		return take_body(exchange, data, length);
	}
	if (!exchange->route)
		return send_reply(connection, &exchange->reply);
	uint64_t now_ms = clock_monotonic_ms();
	if (exchange->route->fresh && !exchange->waited) {
		exchange->waited = true;
		if (!feed_ask(&server->feed, now_ms) && slot_of(connection))
			return wait_for_snapshot(server, connection, now_ms);
	}
	fill_reply(server, connection, exchange, path, method, now_ms);
	return send_reply(connection, &exchange->reply);
}

static void on_completed(
	void *arg, struct MHD_Connection *connection, void **context, enum MHD_RequestTerminationCode reason)
{
	(void)arg;
	(void)reason;
	struct exchange *exchange = *context;
	struct connection *slot = slot_of(connection);
	if (slot)
		slot->deadline_ms = clock_monotonic_ms() + RECEIVE_MS;
	if (!exchange)
		return;
	reply_free(&exchange->reply);
	free(exchange->body);
	free(exchange);
	*context = NULL;
}

static void on_connection(
	void *arg, struct MHD_Connection *connection, void **slot, enum MHD_ConnectionNotificationCode what)
{
	struct server *server = arg;
	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		int fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
		*slot = connections_add(&server->connections, fd, clock_monotonic_ms() + RECEIVE_MS);
	} else if (*slot) {
		connections_remove(*slot);
		*slot = NULL;
	}
}

/* -- the process -- */

static void on_complaint(void *arg, const char *format, va_list args) FORMAT(2, 0);

static void on_complaint(void *arg, const char *format, va_list args)
{
	struct server *server = arg;
	char line[TEXT_LEN];
	uint64_t now_ms = clock_monotonic_ms();
	if (server->complained_ms && now_ms - server->complained_ms < COMPLAINT_MS)
		return;
	server->complained_ms = now_ms;
	int length = vsnprintf(line, sizeof line, format, args);
	if (length > 0 && length < (int)sizeof line && line[length - 1] == '\n')
		line[length - 1] = 0;
	log_warning("HTTP: %s", line);
}

static int start(struct server *server, struct fault *fault)
{
	errno = 0;
	server->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0,
		NULL, NULL, on_request, server, MHD_OPTION_EXTERNAL_LOGGER, on_complaint, server,
		MHD_OPTION_LISTEN_SOCKET, server->setup->listen_fd, MHD_OPTION_CONNECTION_LIMIT,
		CONNECTIONS_MAX, MHD_OPTION_PER_IP_CONNECTION_LIMIT, PER_ADDRESS_MAX,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_TIMEOUT,
		IDLE_S, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, server, MHD_OPTION_END);
	if (!server->daemon)
		return fault_set(fault, errno ? -errno : -EIO, "cannot start the HTTP library: %s",
			errno ? strerror(errno) : "see the log");
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	int error = loop_watch(&server->loop, info ? info->epoll_fd : -1, on_http, server);
	if (!error)
		error = loop_watch(&server->loop, server->setup->channel->fd, on_channel, server);
	return error ? fault_set(fault, error, "cannot watch the server's sockets: %s", strerror(-error)) : 0;
}

int server_run(const struct server_setup *setup, struct fault *fault)
{
	autofree struct server *server = calloc(1, sizeof *server);
	if (!server)
		return fault_set(fault, -ENOMEM, "no memory for the server's %zu bytes", sizeof *server);
	server->setup = setup;
	server->started_ms = clock_monotonic_ms();
	feed_start(&server->feed, setup->channel, server->started_ms);
	connections_start(&server->connections);
	int error = loop_init(&server->loop);
	if (error)
		return fault_set(fault, error, "cannot prepare the server's signals: %s", strerror(-error));
	error = start(server, fault);
	if (!error) {
		on_channel(server);
		on_http(server);
		loop_run(&server->loop);
	}
	if (server->daemon) {
		/* the library ends the program if a request is still suspended */
		resume_waiting(server);
		MHD_stop_daemon(server->daemon);
	}
	return error;
}
