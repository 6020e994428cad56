/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Who owns a virtual disk (B30): /v1/leases. Taking a lease and using its token is for whoever may read; to
 * break one without its token is for admin.
 */
#include <stdio.h>
#include <string.h>

#include "common/disk_name.h"
#include "common/json_read.h"
#include "serve/permission.h"
#include "serve/routes.h"
#include "serve/target.h"
#include "show/represent_leases.h"

struct body {
	char server[HOST_LEN], token[ORDER_TOKEN_LEN];
	bool token_given;
};

void api_leases(const struct request *request, struct reply *reply)
{
	struct json json;
	json_start(&json);
	represent_leases(request->view->snapshot, request->view->now_ms, &json);
	reply_json(reply, 200, &json);
}

/* `count`: a release has no server */
static bool read_body(const struct request *request, struct body *body, bool with_server, struct reply *reply)
{
	struct json_member members[] = {
		{.name = "token",
			.kind = JSON_READ_TEXT,
			.text = body->token,
			.text_size = sizeof body->token},
		{.name = "server",
			.kind = JSON_READ_TEXT,
			.required = true,
			.text = body->server,
			.text_size = sizeof body->server},
	};
	struct fault fault;
	const struct text text = {request->body ? request->body : "", request->body_length};
	if (!with_server && !request->body_length)
		return true;
	if (json_read_object(text, members, with_server ? 2 : 1, &fault)) {
		reply_problem(reply, 400, "bad-body", "Body not understood", "%s", fault.text);
		return false;
	}
	body->token_given = members[0].given;
	return !with_server || target_check_server(body->server, reply);
}

/* the share's number and the file's name from the path */
static bool name_disk(const struct request *request, struct order *order, struct reply *reply)
{
	struct outlook_question question = {0};
	struct fault fault;
	if (disk_name_check(request->argument2, &fault)) {
		reply_problem(reply, 400, "bad-file", "Not a disk's name", "file %s", fault.text);
		return false;
	}
	if (!target_find(request, request->argument, NULL, &question, reply))
		return false;
	order->number = question.share->number;
	snprintf(order->file, sizeof order->file, "%s", request->argument2);
	return true;
}

void api_take_lease(const struct request *request, struct reply *reply)
{
	struct order order = {.kind = ORDER_LEASE};
	struct body body = {.server = ""};
	if (request->order_answer) {
		reply_order(request->order_answer, reply);
		return;
	}
	if (!read_body(request, &body, true, reply) || !name_disk(request, &order, reply))
		return;
	memcpy(order.server, body.server, sizeof order.server);
	memcpy(order.token, body.token, sizeof order.token);
	request_order(request, &order, reply);
}

void api_end_lease(const struct request *request, struct reply *reply)
{
	struct order order = {.kind = ORDER_RELEASE};
	struct body body = {.server = ""};
	if (request->order_answer) {
		reply_order(request->order_answer, reply);
		return;
	}
	if (!read_body(request, &body, false, reply) || !name_disk(request, &order, reply))
		return;
	if (!body.token_given) {
		order.kind = ORDER_BREAK;
		if (!permission_check(ADMIN, request->proof, reply))
			return;
	}
	memcpy(order.token, body.token, sizeof order.token);
	request_order(request, &order, reply);
}
