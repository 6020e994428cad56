/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * POST /v1/probes: has an allocation timed in a share, so that plans and the gate know what it costs there.
 */
#include "common/json_read.h"
#include "serve/routes.h"
#include "serve/target.h"

static int read_share(const struct request *request, char share[SHARE_LEN], struct fault *fault)
{
	struct json_member members[] = {{.name = "share",
		.kind = JSON_READ_TEXT,
		.required = true,
		.text = share,
		.text_size = SHARE_LEN}};
	const struct text text = {request->body ? request->body : "", request->body_length};
	return json_read_object(text, members, ARRAY_LEN(members), fault);
}

/* Beyond the knee nothing would be learned, so it must be known. */
const struct volume *api_probe_volume(const struct request *request)
{
	char share[SHARE_LEN] = "";
	if (read_share(request, share, NULL))
		return NULL;
	const struct volume *volume = target_volume(request->view->snapshot, share, NULL);
	return volume && !outlook_knee_is_known(volume, request->view->now_ms) ? volume : NULL;
}

void api_probe(const struct request *request, struct reply *reply)
{
	char share[SHARE_LEN] = "";
	struct order order = {.kind = ORDER_PROBE};
	struct outlook_question question = {.snapshot = NULL};
	struct fault fault;
	if (request->order_answer) {
		reply_order(request->order_answer, reply);
		return;
	}
	if (read_share(request, share, &fault)) {
		reply_problem(reply, 400, "bad-body", "Body not understood", "%s", fault.text);
		return;
	}
	if (!target_find(request, share, NULL, &question, reply))
		return;
	order.number = question.share->number;
	request_order(request, &order, reply);
}
