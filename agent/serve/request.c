/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "serve/request.h"

#include <stdarg.h>
#include <stdio.h>

#include "show/json.h"

#define DETAIL_LEN 384 /* two sentences and the part of a path that still helps */

static void fill(struct reply *reply, unsigned status, const char *content_type, struct json *json)
{
	out_free(&reply->body);
	bool made = json_hand_over(json, &reply->body);
	reply->status = made ? status : 500;
	reply->content_type = made ? content_type : "text/plain; charset=utf-8";
	if (!made)
		out_text(&reply->body, "the answer could not be made: out of memory, ask again later");
	out_text(&reply->body, "\n");
}

void reply_problem(
	struct reply *reply, unsigned status, const char *code, const char *title, const char *detail, ...)
{
	char sentence[DETAIL_LEN];
	va_list args;
	va_start(args, detail);
	vsnprintf(sentence, sizeof sentence, detail, args);
	va_end(args);
	struct json json;
	problem_begin(&json, status, code, title, sentence);
	reply_problem_json(reply, status, &json);
}

void problem_begin(
	struct json *json, unsigned status, const char *code, const char *title, const char *detail)
{
	json_start(json);
	json_string(json, "type", "about:blank");
	json_string(json, "title", title);
	json_u32(json, "status", status);
	json_string(json, "code", code);
	json_string(json, "detail", detail);
}

void reply_problem_json(struct reply *reply, unsigned status, struct json *json)
{
	fill(reply, status, "application/problem+json; charset=utf-8", json);
}

void reply_json(struct reply *reply, unsigned status, struct json *json)
{
	fill(reply, status, "application/json; charset=utf-8", json);
}

void reply_free(struct reply *reply)
{
	out_free(&reply->body);
	*reply = (struct reply){0};
}
