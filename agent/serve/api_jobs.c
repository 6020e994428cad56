/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <stdio.h>

#include "common/text.h"
#include "serve/routes.h"
#include "show/represent_jobs.h"

/* NULL: `reply` says that there is none */
static const struct job *find(const struct request *request, struct reply *reply)
{
	const struct snapshot *snapshot = request->view->snapshot;
	char shown[40];
	uint32_t number = 0;
	if (text_u32(text_of(request->argument), &number))
		for (uint32_t i = 0; i < snapshot->job_count; i++)
			if (snapshot->jobs[i].number == number)
				return &snapshot->jobs[i];
	text_show(shown, sizeof shown, text_of(request->argument));
	reply_problem(reply, 404, "no-such-job", "No such job",
		"there is no job \"%s\", or it is too long ago: GET /v1/jobs lists the last %d", shown,
		JOBS_MAX);
	return NULL;
}

void api_jobs(const struct request *request, struct reply *reply)
{
	struct json json;
	json_start(&json);
	represent_jobs(request->view->snapshot, &json);
	reply_json(reply, 200, &json);
}

void api_job(const struct request *request, struct reply *reply)
{
	const struct job *job = find(request, reply);
	struct json json;
	if (!job)
		return;
	json_start(&json);
	represent_job(job, &json);
	reply_json(reply, 200, &json);
}

void api_cancel_job(const struct request *request, struct reply *reply)
{
	struct order order = {.kind = ORDER_CANCEL};
	if (request->order_answer) {
		reply_order(request->order_answer, reply);
		return;
	}
	const struct job *job = find(request, reply);
	if (!job)
		return;
	order.number = job->number;
	request_order(request, &order, reply);
}
