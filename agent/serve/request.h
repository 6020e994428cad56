/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * All that a handler sees of HTTP: a request, and a reply to fill. Nothing here knows the HTTP library, so
 * handlers are tested without a socket. The reply's body belongs to the reply (freed with reply_free).
 */
#ifndef NASREADY_SERVE_REQUEST_H
#define NASREADY_SERVE_REQUEST_H

#include "judge/gate.h"
#include "model/order.h"
#include "show/represent.h"

struct proof;

struct request {
	const char *method, *path;
	const char *host, *origin, *accept; /* headers; NULL: not sent */
	const char *if_none_match;
	const char *peer; /* address in text, without port */
	bool peer_loopback;
	const char *user;		  /* who has proved to be whom; NULL: nobody */
	const struct proof *proof;	  /* how that was proved, or why not (serve/permission.h) */
	const char *argument, *argument2; /* what stands for the {…} of the route's path; NULL: it has none */
	const char *body;		  /* NULL: none */
	size_t body_length;
	const struct view *view; /* what is known now */
	struct gate *gate;	 /* what was granted and refused; the sole thing that a handler may change */
	uint32_t client_timeout_s; /* of the configuration */
	/* value of a query parameter, NULL: not given */
	const char *(*query)(const struct request *request, const char *name);
	/* Sends an order to the privileged process; false: no room. The handler is then to leave the reply
	 * pending, and is called again with the answer. Use request_order. */
	bool (*post)(const struct request *request, const struct order *order);
	const struct order_answer *order_answer; /* NULL: none was sent yet */
	const void *posting;			 /* for post alone */
	void *transport;
};

/* of a 401: how it asks for credentials */
enum challenge { CHALLENGE_NONE, CHALLENGE_ASK, CHALLENGE_STALE };

struct reply {
	bool pending; /* an order was sent: there is nothing to answer yet */
	unsigned status;
	enum challenge challenge;
	const char *content_type;
	char allow[48];		/* Allow header of a 405; empty: none */
	unsigned retry_after_s; /* 0: no header */
	struct out body;
	const void *fixed; /* instead of a body: what the program holds as a constant; NULL: none */
	size_t fixed_length;
	const char *encoding, *etag, *cache; /* headers, constants; NULL: none, for `cache`: no-store */
};

/* application/problem+json (RFC 9457). `code` is stable and kebab-case; `detail` names the subject and the
 * way out. */
void reply_problem(struct reply *reply, unsigned status, const char *code, const char *title,
	const char *detail, ...) FORMAT(5, 6);
/* the same with members of its own: begin it, add to it, and reply_problem_json takes it over */
void problem_begin(
	struct json *json, unsigned status, const char *code, const char *title, const char *detail);
void reply_problem_json(struct reply *reply, unsigned status, struct json *json);
/* takes the document over and frees it; 500 if it failed */
void reply_json(struct reply *reply, unsigned status, struct json *json);
/* Sends the order in the name of who asks, and leaves the reply pending; or the reply holds a 503. */
void request_order(const struct request *request, struct order *order, struct reply *reply);
/* 200, 202 with the job, or a problem */
void reply_order(const struct order_answer *answer, struct reply *reply);
void reply_free(struct reply *reply);

#endif
