/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "serve/routes.h"
#include "show/json.h"

void api_index(const struct request *request, struct reply *reply)
{
	(void)request;
	struct json json;
	json_start(&json);
	json_string(&json, "version", NASREADY_VERSION);
	json_list(&json, "routes");
	for (unsigned i = 0; i < routes_count; i++) {
		json_object(&json, NULL);
		json_string(&json, "method", routes[i].method);
		json_string(&json, "path", routes[i].path);
		json_string(&json, "says", routes[i].says);
		json_end(&json);
	}
	json_end(&json);
	reply_json(reply, 200, &json);
}

void api_page(const struct request *request, struct reply *reply)
{
	reply->status = 200;
	reply->content_type = "text/html; charset=utf-8";
	represent_page(request->view, &reply->body);
}
