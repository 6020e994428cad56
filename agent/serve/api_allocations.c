/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <stdio.h>
#include <string.h>

#include "common/disk_name.h"
#include "common/json_read.h"
#include "serve/routes.h"
#include "serve/target.h"
#include "show/represent_gate.h"
#include "show/represent_plan.h"

struct body {
	char share[SHARE_LEN], file[GATE_FILE_LEN];
	uint64_t size_bytes, current_bytes, timeout_s;
	bool timeout_given;
};

static int read_body(const struct request *request, struct body *ret_body, struct fault *fault)
{
	struct json_member members[] = {
		{.name = "share",
			.kind = JSON_READ_TEXT,
			.required = true,
			.text = ret_body->share,
			.text_size = sizeof ret_body->share},
		{.name = "file",
			.kind = JSON_READ_TEXT,
			.required = true,
			.text = ret_body->file,
			.text_size = sizeof ret_body->file},
		{.name = "size_bytes",
			.kind = JSON_READ_SIZE,
			.required = true,
			.number = &ret_body->size_bytes},
		{.name = "current_bytes", .kind = JSON_READ_SIZE, .number = &ret_body->current_bytes},
		{.name = "client_timeout_s", .kind = JSON_READ_NUMBER, .number = &ret_body->timeout_s},
	};
	const struct text text = {request->body ? request->body : "", request->body_length};
	int error = json_read_object(text, members, ARRAY_LEN(members), fault);
	ret_body->timeout_given = members[4].given;
	return error;
}

/* While space moves the answer is to wait, whatever the knee; and its block groups are slow to read then. */
const struct volume *api_gate_volume(const struct request *request)
{
	struct body body = {.share = ""};
	const struct view *view = request->view;
	if (read_body(request, &body, NULL))
		return NULL;
	const struct volume *volume = target_volume(view->snapshot, body.share, NULL);
	if (!volume || view->rates->volumes[volume - view->snapshot->volumes].settled == NO)
		return NULL;
	return target_needs_knee(request, volume, body.size_bytes, body.current_bytes) ? volume : NULL;
}

struct refusal {
	unsigned status;
	const char *title;
};

static const struct refusal refusals[] = {
	[GATE_NOTHING] = {400, "Nothing to do"},
	[GATE_BEYOND_LIMIT] = {422, "Beyond the limit"},
	[GATE_READ_ONLY] = {422, "Volume is read-only"},
	[GATE_SPACE_UNKNOWN] = {503, "Space is not known"},
	[GATE_NO_SPACE] = {507, "No space"},
	[GATE_NOT_SETTLED] = {503, "Volume has not settled"},
	[GATE_STEP_TOO_LARGE] = {409, "Step too large"},
};

static void add_movement(const struct volume_rates *rates, struct json *json)
{
	json_string(json, "state", volume_state_name(rates->state));
	json_tri(json, "settled", rates->settled);
	json_u64(json, "rate_bytes_per_s", rates->rate_bytes_per_s);
	json_u64(json, "eta_s", rates->eta_s);
}

static void refuse(const struct gate_answer *answer, const struct volume_rates *rates, struct reply *reply)
{
	const struct refusal *refusal = &refusals[answer->outcome];
	const struct outlook *outlook = &answer->outlook;
	struct json json;
	problem_begin(&json, refusal->status, gate_outcome_name(answer->outcome), refusal->title,
		answer->reason.text);
	represent_grant(answer, &json);
	json_u64(&json, "available_bytes", outlook->capacity.available_bytes);
	json_u64(&json, "limit_bytes", outlook->capacity.limit_bytes);
	json_string(&json, "limit_reason", outlook->capacity.limit_reason);
	json_u32(&json, "retry_after_s", answer->retry_after_s ? answer->retry_after_s : UNKNOWN_U32);
	add_movement(rates, &json);
	if (answer->outcome == GATE_STEP_TOO_LARGE) {
		json_object(&json, "plan");
		represent_plan(outlook, &json);
		json_end(&json);
	}
	reply->retry_after_s = answer->retry_after_s;
	reply_problem_json(reply, refusal->status, &json);
}

static bool read_question(
	const struct request *request, struct body *body, struct gate_question *question, struct reply *reply)
{
	struct fault fault;
	if (read_body(request, body, &fault)) {
		reply_problem(reply, 400, "bad-body", "Body not understood", "%s", fault.text);
		return false;
	}
	if (disk_name_check(body->file, &fault)) {
		reply_problem(reply, 400, "bad-file", "Not a disk's name", "file %s", fault.text);
		return false;
	}
	question->of.size_bytes = body->size_bytes;
	question->of.current_bytes = body->current_bytes;
	question->file = body->file;
	question->asker = request->peer ? request->peer : "";
	question->uptime_s = request->view->uptime_s;
	return target_timeout(request, body->timeout_given, body->timeout_s, &question->of.client_timeout_s,
		       reply) &&
	       target_find(request, body->share, NULL, &question->of, reply);
}

/* the gate in smbd lets less pass by itself: it reckons with the configured time-out */
static bool smbd_must_know(
	const struct request *request, const struct gate_question *question, const struct gate_answer *answer)
{
	const struct share *share = question->of.share;
	return answer->outcome == GATE_GRANTED && share && share->gated == YES && request->post &&
	       question->of.client_timeout_s > request->client_timeout_s;
}

static bool tell_smbd(const struct request *request, const struct gate_question *question,
	const struct gate_answer *answer, struct reply *reply)
{
	struct order order = {
		.kind = ORDER_GRANT,
		.number = question->of.share->number,
		.timeout_s = question->of.client_timeout_s,
		.size_bytes = answer->outlook.growth_bytes,
	};
	snprintf(order.file, sizeof order.file, "%s", question->file);
	reply->pending = request->post(request, &order);
	return reply->pending;
}

void api_ask_gate(const struct request *request, struct reply *reply)
{
	struct body body = {.share = ""};
	struct gate_question question = {.of = {0}};
	struct gate_answer answer;
	struct json json;
	if (!read_question(request, &body, &question, reply))
		return;
	question.rates = &request->view->rates->volumes[question.of.volume - question.of.snapshot->volumes];
	/* whatever became of the order: what smbd would refuse now it would have refused without it */
	if (!request->order_answer || !gate_recall(request->gate, &question, &answer))
		gate_ask(request->gate, &question, &answer);
	if (!request->order_answer && smbd_must_know(request, &question, &answer) &&
		tell_smbd(request, &question, &answer, reply))
		return;
	if (answer.outcome != GATE_GRANTED) {
		refuse(&answer, question.rates, reply);
		return;
	}
	json_start(&json);
	represent_grant(&answer, &json);
	reply_json(reply, 200, &json);
}

void api_allocations(const struct request *request, struct reply *reply)
{
	const struct gate_record *record;
	struct json json;
	json_start(&json);
	json_list(&json, "allocations");
	for (uint32_t age = 0; (record = gate_record_at(request->gate, age)); age++) {
		json_object(&json, NULL);
		represent_record(record, &json);
		json_end(&json);
	}
	json_end(&json);
	represent_volume_states(request->view->snapshot, request->view->rates, &json);
	reply_json(reply, 200, &json);
}
