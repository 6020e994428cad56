/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Written straight into the text. A tree (json-c) was here first: it took six times as long for each answer,
 * and on musl sixteen mappings made and given back.
 */
#include "show/json.h"

#include <stdio.h>
#include <string.h>

#include "common/units.h"

#define INDENT 2

void json_start(struct json *json)
{
	*json = (struct json){.depth = 1};
	out_text(&json->out, "{");
}

void json_free(struct json *json)
{
	out_free(&json->out);
	out_free(&json->pretty);
	*json = (struct json){.failed = true};
}

/* the comma and the name; false if no value may stand here */
static bool begin_value(struct json *json, const char *name)
{
	unsigned at = json->depth - 1;
	if (json->failed || json->closed || json->list[at] == (name != NULL)) {
		json->failed = true;
		return false;
	}
	if (json->more[at])
		out_bytes(&json->out, ",", 1);
	json->more[at] = true;
	if (name) {
		out_json(&json->out, name);
		out_bytes(&json->out, ":", 1);
	}
	return true;
}

static void add(struct json *json, const char *name, const char *value)
{
	if (begin_value(json, name))
		out_text(&json->out, value);
}

static void open_inner(struct json *json, const char *name, bool list)
{
	if (json->depth >= JSON_DEPTH_MAX)
		json->failed = true;
	if (!begin_value(json, name))
		return;
	out_bytes(&json->out, list ? "[" : "{", 1);
	json->list[json->depth] = list;
	json->more[json->depth] = false;
	json->depth++;
}

void json_object(struct json *json, const char *name)
{
	open_inner(json, name, false);
}

void json_list(struct json *json, const char *name)
{
	open_inner(json, name, true);
}

void json_end(struct json *json)
{
	if (json->depth < 2)
		json->failed = true;
	if (json->failed)
		return;
	json->depth--;
	out_bytes(&json->out, json->list[json->depth] ? "]" : "}", 1);
}

void json_null(struct json *json, const char *name)
{
	add(json, name, "null");
}

void json_string(struct json *json, const char *name, const char *value)
{
	if (!value || !*value)
		json_null(json, name);
	else if (begin_value(json, name))
		out_json(&json->out, value);
}

void json_bool(struct json *json, const char *name, bool value)
{
	add(json, name, value ? "true" : "false");
}

void json_tri(struct json *json, const char *name, enum tri value)
{
	if (value == YES || value == NO)
		json_bool(json, name, value == YES);
	else
		json_null(json, name);
}

void json_u64(struct json *json, const char *name, uint64_t value)
{
	char digits[24], *at = digits + sizeof digits;
	if (value == UNKNOWN_U64) {
		json_null(json, name);
		return;
	}
	*--at = 0;
	do
		*--at = (char)('0' + value % 10);
	while (value /= 10);
	add(json, name, at);
}

void json_u32(struct json *json, const char *name, uint32_t value)
{
	json_u64(json, name, value == UNKNOWN_U32 ? UNKNOWN_U64 : value);
}

void json_hundredths(struct json *json, const char *name, uint32_t value)
{
	char text[16];
	if (value == UNKNOWN_U32) {
		json_null(json, name);
		return;
	}
	unsigned whole = value / 100, part = value % 100;
	if (part % 10)
		snprintf(text, sizeof text, "%u.%02u", whole, part);
	else
		snprintf(text, sizeof text, "%u.%u", whole, part / 10);
	add(json, name, text);
}

void json_seconds(struct json *json, const char *name, uint64_t ms)
{
	uint64_t hundredths = ms == UNKNOWN_U64 ? UNKNOWN_U32 : ms / 10;
	json_hundredths(json, name, hundredths < UNKNOWN_U32 ? (uint32_t)hundredths : UNKNOWN_U32);
}

void json_time(struct json *json, const char *name, uint64_t clock_ms)
{
	char text[UNITS_TIME_LEN];
	json_string(json, name, units_time(text, sizeof text, clock_ms) ? text : NULL);
}

static void new_line(struct out *out, unsigned depth)
{
	out_print(out, "\n%*s", (int)(depth * INDENT), "");
}

/* `text` is JSON without a blank outside its strings */
static void indent(struct out *out, const char *text)
{
	unsigned depth = 0;
	while (*text) {
		size_t length = strcspn(text, "{}[],:\"");
		out_bytes(out, text, length);
		text += length;
		const char *end = text;
		if (*text == '"')
			for (end++; *end != '"'; end++)
				end += *end == '\\';
		if ((*text == '}' || *text == ']') && text[-1] != '{' && text[-1] != '[')
			new_line(out, depth - 1);
		depth -= *text == '}' || *text == ']';
		if (*text)
			out_bytes(out, text, (size_t)(end - text) + 1);
		if (*text == '{' || *text == '[') {
			depth++;
			if (text[1] != '}' && text[1] != ']')
				new_line(out, depth);
		} else if (*text == ',') {
			new_line(out, depth);
		} else if (*text == ':') {
			out_bytes(out, " ", 1);
		}
		text = *text ? end + 1 : text;
	}
}

const char *json_text(struct json *json, bool pretty)
{
	if (json->failed || json->depth != 1)
		return NULL;
	if (!json->closed)
		out_bytes(&json->out, "}", 1);
	json->closed = true;
	if (pretty && !json->pretty.length && json->out.data)
		indent(&json->pretty, json->out.data);
	const struct out *out = pretty ? &json->pretty : &json->out;
	return out->failed || json->out.failed ? NULL : out->data;
}

bool json_hand_over(struct json *json, struct out *ret_out)
{
	bool whole = json_text(json, false);
	if (whole) {
		*ret_out = json->out;
		json->out = (struct out){0};
	}
	json_free(json);
	return whole;
}
