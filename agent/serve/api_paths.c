/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * POST /v1/paths: the 110-character rule for a path, or for those that wbadmin will build. Counts characters
 * and looks at no disk.
 */
#include "serve/routes.h"

#include "common/json_read.h"
#include "show/represent_path.h"

struct body {
	char path[PATH_RULE_LEN], server[HOST_LEN], share[SHARE_LEN], folder[PATH_RULE_LEN], host[HOST_LEN];
	bool path_given, built_given, whole;
};

static int read_body(const struct request *request, struct body *body, struct fault *fault)
{
	struct json_member members[] = {
		{.name = "path", .kind = JSON_READ_TEXT, .text = body->path, .text_size = sizeof body->path},
		{.name = "server",
			.kind = JSON_READ_TEXT,
			.text = body->server,
			.text_size = sizeof body->server},
		{.name = "share",
			.kind = JSON_READ_TEXT,
			.text = body->share,
			.text_size = sizeof body->share},
		{.name = "folder",
			.kind = JSON_READ_TEXT,
			.text = body->folder,
			.text_size = sizeof body->folder},
		{.name = "host", .kind = JSON_READ_TEXT, .text = body->host, .text_size = sizeof body->host},
	};
	const struct text text = {request->body ? request->body : "", request->body_length};
	int error = json_read_object(text, members, ARRAY_LEN(members), fault);
	body->path_given = members[0].given;
	for (unsigned i = 1; i < ARRAY_LEN(members); i++)
		body->built_given |= members[i].given;
	body->whole = members[2].given && members[4].given;
	return error;
}

static int judge(const struct body *body, struct path_case *of, struct fault *fault)
{
	if (body->path_given == body->built_given || (body->built_given && !body->whole))
		return fault_set(fault, -1,
			"either path (\\\\server\\share\\...), or share and host (and server and folder, if "
			"there "
			"are any)");
	if (body->path_given)
		return path_rule_given(text_of(body->path), of, fault);
	return path_rule_built(text_of(body->server), text_of(body->share), text_of(body->folder),
		text_of(body->host), of, fault);
}

void api_paths(const struct request *request, struct reply *reply)
{
	struct body body = {.path = ""};
	struct path_case of;
	struct fault fault = {""};
	struct json json;
	if (read_body(request, &body, &fault)) {
		reply_problem(reply, 400, "bad-body", "Body not understood", "%s", fault.text);
		return;
	}
	if (judge(&body, &of, &fault)) {
		reply_problem(reply, 400, "bad-path", "Not a path", "%s", fault.text);
		return;
	}
	json_start(&json);
	represent_path(&of, &json);
	reply_json(reply, 200, &json);
}
