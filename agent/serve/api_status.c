/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "serve/routes.h"
#include "show/json.h"

void api_status(const struct request *request, struct reply *reply)
{
	struct json json;
	json_start(&json);
	represent_status(request->view, &json);
	reply_json(reply, 200, &json);
}

void api_history(const struct request *request, struct reply *reply)
{
	reply->status = 200;
	reply->content_type = "application/json; charset=utf-8";
	represent_history(request->view, &reply->body);
}

void api_metrics(const struct request *request, struct reply *reply)
{
	reply->status = 200;
	reply->content_type = "text/plain; version=0.0.4; charset=utf-8";
	represent_metrics(request->view, &reply->body);
}
