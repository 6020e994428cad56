/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <stdio.h>
#include <string.h>

#include "common/size.h"
#include "serve/routes.h"
#include "serve/target.h"
#include "show/represent_plan.h"

static bool read_size(
	const struct request *request, const char *name, uint64_t *ret_bytes, struct reply *reply)
{
	const char *text = request->query(request, name);
	struct fault fault;
	if (!text || !size_parse(text_of(text), ret_bytes, &fault))
		return true;
	reply_problem(reply, 400, "bad-size", "Not a size", "%s: %s", name, fault.text);
	return false;
}

static bool read_question(
	const struct request *request, struct outlook_question *question, struct reply *reply)
{
	const char *timeout = request->query(request, "client_timeout_s");
	uint64_t seconds = 0;
	if (!request->query(request, "size")) {
		reply_problem(reply, 400, "bad-size", "No size",
			"size is missing: ask for /v1/plan?size=5.3TiB&share=NAME");
		return false;
	}
	if (timeout && !text_u64(text_of(timeout), &seconds))
		seconds = 0;
	return read_size(request, "size", &question->size_bytes, reply) &&
	       read_size(request, "current", &question->current_bytes, reply) &&
	       target_timeout(request, timeout != NULL, seconds, &question->client_timeout_s, reply) &&
	       target_find(request, request->query(request, "share"), request->query(request, "volume"),
		       question, reply);
}

const struct volume *api_plan_volume(const struct request *request)
{
	const struct volume *volume = target_volume(
		request->view->snapshot, request->query(request, "share"), request->query(request, "volume"));
	struct outlook_question question = {0};
	struct reply unused = {0};
	bool good = volume && read_question(request, &question, &unused);
	reply_free(&unused);
	return good && target_needs_knee(request, volume, question.size_bytes, question.current_bytes)
		       ? volume
		       : NULL;
}

static void refuse(const struct outlook *outlook, struct reply *reply)
{
	struct fault reason = {""};
	struct json json;
	outlook_explain(outlook, &reason);
	if (outlook->result == PLAN_E_NOTHING) {
		reply_problem(reply, 400, "bad-size", "Nothing to do", "%s", reason.text);
		return;
	}
	bool limit = outlook->result == PLAN_E_LIMIT;
	unsigned status = limit ? 422 : 507;
	problem_begin(&json, status, limit ? "beyond-limit" : "no-space",
		limit ? "Beyond the limit" : "No space", reason.text);
	json_u64(&json, "step_bytes", outlook->growth_bytes);
	json_u64(&json, "available_bytes", outlook->capacity.available_bytes);
	json_u64(&json, "limit_bytes", outlook->capacity.limit_bytes);
	json_string(&json, "limit_reason", outlook->capacity.limit_reason);
	reply_problem_json(reply, status, &json);
}

static bool wants_text(const char *accept)
{
	return accept && strstr(accept, "text/plain") && !strstr(accept, "application/json");
}

/* how the asker reached this NAS is how Windows reaches it; a loopback name is of no use there */
static const char *host_of(const struct request *request)
{
	const char *host = request->host;
	bool local = !host || !strncmp(host, "localhost", 9) || !strncmp(host, "127.", 4) ||
		     !strncmp(host, "[::1]", 5);
	return local ? request->view->snapshot->host : host;
}

void api_plan(const struct request *request, struct reply *reply)
{
	struct outlook_question question = {0};
	struct outlook outlook;
	if (!read_question(request, &question, reply))
		return;
	outlook_make(&question, &outlook);
	if (outlook.result) {
		refuse(&outlook, reply);
		return;
	}
	if (wants_text(request->accept)) {
		reply->status = 200;
		reply->content_type = "text/plain; charset=utf-8";
		represent_plan_powershell(&outlook, host_of(request), &reply->body);
		return;
	}
	struct json json;
	json_start(&json);
	represent_plan(&outlook, &json);
	reply_json(reply, 200, &json);
}
