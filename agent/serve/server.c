/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "serve/server.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/footprint.h"
#include "base/log.h"
#include "base/loop.h"
#include "judge/gate.h"
#include "serve/feed.h"
#include "serve/mhd_exchange.h"
#include "serve/target.h"

#define PER_ADDRESS_MAX 64	/* many pollers may sit behind one address, but none can take all */
#define CONNECTION_MEMORY 12288 /* for headers: browsers bring up to 8 KiB of the NAS's own cookies */
#define IDLE_S 15		/* longer than the 10 s after which most scripts ask again */
#define RECEIVE_MS 20000	/* for a whole request: IDLE_S, and 5 s for what is one packet in practice */
#define WAIT_MS 250		/* for a fresh snapshot; a pass takes less, unless something hangs */
#define KNEE_WAIT_MS 5000	/* for block groups to be read: 0.4 s when the kernel has them in memory */
#define ORDER_WAIT_MS 5000	/* for what the privileged process says to an order; it answers within 3 s */
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
	struct gate gate;
	struct house house;
	unsigned house_known; /* which of those that the channel brought */
	struct door door;
};

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
	bool full = server->connections.count == CONNECTIONS_MAX;
	MHD_run(server->daemon);
	/* that there is room again the library notices only when it runs the next time */
	if (full && server->connections.count < CONNECTIONS_MAX)
		MHD_run(server->daemon);
	if (MHD_get_timeout(server->daemon, &left_ms) == MHD_YES)
		at_ms = clock_monotonic_ms() + (left_ms ? left_ms + TIMER_SLACK_MS : 0);
	loop_timer(&server->loop, TIMER_HTTP, at_ms, on_http, server);
	loop_timer(&server->loop, TIMER_SWEEP, connections_next_deadline(&server->connections), on_overdue,
		server);
}

/* Who has still something to wait for will wait again. */
static bool resume_waiting(struct server *server)
{
	bool resumed = false;
	loop_timer(&server->loop, TIMER_WAIT, LOOP_NEVER, on_wait_over, server);
	for (unsigned i = 0; i < server->connections.used; i++) {
		struct connection *slot = &server->connections.slots[i];
		if (!slot->waiting)
			continue;
		MHD_resume_connection(slot->waiting);
		slot->waiting = NULL;
		resumed = true;
	}
	return resumed;
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
	channel_terms(server->setup->channel, &server->house_known, &server->house, sizeof server->house);
	int news = feed_receive(&server->feed, clock_monotonic_ms());
	if (news < 0) {
		log_warning("the collector is gone: stopping");
		loop_stop(&server->loop);
		return;
	}
	if (news)
		gate_follow(&server->gate, &server->feed.snapshot, &server->feed.rates);
	if (news && resume_waiting(server))
		on_http(server);
}

/* -- one request -- */

static enum MHD_Result wait_for_collector(
	struct server *server, struct MHD_Connection *connection, uint64_t now_ms)
{
	if (server->loop.timers[TIMER_WAIT].at_ms == LOOP_NEVER)
		loop_timer(&server->loop, TIMER_WAIT, now_ms + WAIT_MS, on_wait_over, server);
	exchange_slot(connection)->waiting = connection;
	MHD_suspend_connection(connection);
	return MHD_YES;
}

/* true while the answer would be better with a knee that is on its way */
static bool wants_knee(const struct server *server, const struct request *request, struct exchange *exchange,
	uint64_t now_ms)
{
	const struct volume *volume = exchange->route->knee ? exchange->route->knee(request) : NULL;
	if (!volume || outlook_knee_is_known(volume, now_ms))
		return false;
	if (!exchange->knee_until_ms) {
		exchange->knee_until_ms = now_ms + KNEE_WAIT_MS;
		channel_ask_knee(server->setup->channel, volume->number);
	}
	return now_ms < exchange->knee_until_ms;
}

/* what a handler's order needs that the handler does not see */
struct posting {
	struct server *server;
	struct exchange *exchange;
	struct MHD_Connection *connection;
	uint64_t now_ms;
};

static bool post(const struct request *request, const struct order *order)
{
	const struct posting *posting = request->posting;
	if (!exchange_slot(posting->connection))
		return false;
	posting->exchange->order_id = orders_send(&posting->server->feed.orders,
		posting->server->setup->channel, order, posting->now_ms + ORDER_WAIT_MS);
	return posting->exchange->order_id != 0;
}

/* true while the answer to an order is on its way */
static bool waits_for_order(
	struct server *server, struct request *request, struct exchange *exchange, uint64_t now_ms)
{
	if (!exchange->order_id)
		return false;
	enum orders_state state =
		orders_look(&server->feed.orders, exchange->order_id, now_ms, &request->order_answer);
	return state == ORDERS_WAITING;
}

static void handle(struct request *request, struct exchange *exchange)
{
	if (!exchange->order_id || request->order_answer) {
		exchange->reply.pending = false;
		exchange->route->handle(request, &exchange->reply);
		return;
	}
	exchange->reply.pending = false;
	exchange->reply.retry_after_s = 5;
	reply_problem(&exchange->reply, 503, "no-answer", "No answer",
		"the privileged process has not answered within %d s, and may still do it: look at GET "
		"/v1/jobs",
		ORDER_WAIT_MS / 1000);
}

/* for whom, and for which disk, so that its findings count */
static struct assess_question question_of(
	const struct server *server, const struct exchange *exchange, const struct request *request)
{
	const char *disk = request->query(request, "disk");
	return (struct assess_question){
		.asker = exchange->peer,
		.overrides = &server->house.overrides,
		.vdisk = disk ? target_disk_number(&server->feed.snapshot, disk) : 0,
		.server = request->query(request, "server"),
	};
}

static enum MHD_Result answer(struct server *server, struct MHD_Connection *connection,
	struct exchange *exchange, const char *path, const char *method, uint64_t now_ms)
{
	struct request request = exchange_request(exchange, connection, path, method);
	const struct assess_question question = question_of(server, exchange, &request);
	struct assessment assessment;
	assess_answer(&server->feed.memory, &question, &assessment);
	const struct view view = {&server->feed.snapshot, &server->feed.rates, now_ms,
		server->setup->agent_id, (now_ms - server->started_ms) / 1000, &assessment,
		&server->feed.recorder, &server->gate};
	request.view = &view;
	request.gate = &server->gate;
	request.post = post;
	request.client_timeout_s = server->house.client_timeout_s;
	if (wants_knee(server, &request, exchange, now_ms) && exchange_slot(connection))
		return wait_for_collector(server, connection, now_ms);
	struct posting posting = {server, exchange, connection, now_ms};
	request.posting = &posting;
	if (!waits_for_order(server, &request, exchange, now_ms))
		handle(&request, exchange);
	if (exchange->reply.pending && exchange_slot(connection))
		return wait_for_collector(server, connection, now_ms);
	return exchange_send(exchange, connection) ? MHD_YES : MHD_NO;
}

static enum MHD_Result answer_fresh(struct server *server, struct MHD_Connection *connection,
	struct exchange *exchange, const char *path, const char *method)
{
	uint64_t now_ms = clock_monotonic_ms();
	if (exchange->route->fresh_ms && !exchange->waited) {
		exchange->waited = true;
		if (!feed_ask(&server->feed, now_ms, exchange->route->fresh_ms) &&
			exchange_slot(connection)) {
			feed_hurry(&server->feed);
			return wait_for_collector(server, connection, now_ms);
		}
	}
	if (!exchange->route->fresh_ms || server->feed.informed)
		return answer(server, connection, exchange, path, method, now_ms);
	exchange->reply.retry_after_s = 1;
	reply_problem(&exchange->reply, 503, "no-data-yet", "No data yet",
		"the first look at this machine is not complete: ask again in a second");
	return exchange_send(exchange, connection) ? MHD_YES : MHD_NO;
}

/* Called once with the headers, then for each piece of the body, then (again after waiting) to answer. */
static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *path,
	const char *method, const char *version, const char *data, size_t *data_length, void **context)
{
	(void)version;
	struct server *server = arg;
	struct exchange *exchange = *context;
	bool ok;
	if (!exchange) {
		ok = exchange_begin(&server->door, connection, path, method, &exchange);
		if (exchange && exchange->barred)
			log_warning("too many wrong passwords from %s: it may try one every %d s from now on",
				exchange->peer, ATTEMPTS_EVERY_MS / 1000);
		*context = exchange;
	} else if (*data_length) {
		ok = exchange_take_body(exchange, data, *data_length);
		*data_length = 0;
	} else if (exchange->route) {
		return answer_fresh(server, connection, exchange, path, method);
	} else {
		ok = exchange_send(exchange, connection);
	}
	return ok ? MHD_YES : MHD_NO;
}

static void on_completed(
	void *arg, struct MHD_Connection *connection, void **context, enum MHD_RequestTerminationCode reason)
{
	struct server *server = arg;
	(void)reason;
	struct connection *slot = exchange_slot(connection);
	if (slot)
		connection_moved(slot, clock_monotonic_ms(), RECEIVE_MS);
	struct exchange *exchange = *context;
	if (exchange) {
		orders_end(&server->feed.orders, exchange->order_id);
		exchange_free(exchange);
	}
	*context = NULL;
}

static void on_connection(
	void *arg, struct MHD_Connection *connection, void **slot, enum MHD_ConnectionNotificationCode what)
{
	struct server *server = arg;
	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		int fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
		*slot = connections_add(&server->connections, fd, clock_monotonic_ms(), RECEIVE_MS);
	} else if (*slot) {
		connections_remove(&server->connections, *slot);
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
	server->daemon = MHD_start_daemon(
		MHD_USE_EPOLL | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL,
		on_request, server, MHD_OPTION_EXTERNAL_LOGGER, on_complaint, server,
		MHD_OPTION_LISTEN_SOCKET, server->setup->listen_fd, MHD_OPTION_CONNECTION_LIMIT,
		CONNECTIONS_MAX, MHD_OPTION_PER_IP_CONNECTION_LIMIT, PER_ADDRESS_MAX,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_TIMEOUT,
		IDLE_S, MHD_OPTION_DIGEST_AUTH_RANDOM, sizeof server->setup->digest_seed,
		server->setup->digest_seed, MHD_OPTION_NONCE_NC_SIZE, DIGEST_NONCES,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
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
	server->house = *setup->house;
	server->door.access = &server->house.access;
	server->door.credentials = &server->house.credentials;
	feed_start(&server->feed, setup->channel, server->started_ms);
	gate_start(&server->gate);
	connections_start(&server->connections);
	int error = loop_init(&server->loop);
	if (error)
		return fault_set(fault, error, "cannot prepare the server's signals: %s", strerror(-error));
	error = start(server, fault);
	if (!error) {
		on_channel(server);
		on_http(server);
		footprint_trim();
		loop_run(&server->loop);
	}
	if (server->daemon) {
		/* the library ends the program if a request is still suspended */
		resume_waiting(server);
		MHD_stop_daemon(server->daemon);
	}
	return error;
}
