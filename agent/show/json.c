/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Written straight into the text. A tree (json-c) was here first: it took six times as long for each answer,
 * and on musl sixteen mappings made and given back.
 */
#include "show/json.h"

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

/* Writes the comma and the name, and leaves room for `size` bytes; NULL if no value may stand here. Names are
 * our own: nothing in them needs a backslash. */
static char *begin_value(struct json *json, const char *name, size_t size)
{
	unsigned at = json->depth - 1;
	if (json->failed || json->closed || json->list[at] == (name != NULL)) {
		json->failed = true;
		return NULL;
	}
	size_t length = name ? strlen(name) : 0;
	char *to = out_room(&json->out, length + 4 + size);
	if (!to)
		return NULL;
	if (json->more[at])
		*to++ = ',';
	json->more[at] = true;
	if (name) {
		*to++ = '"';
		to = (char *)memcpy(to, name, length) + length;
		*to++ = '"';
		*to++ = ':';
	}
	return to;
}

static void add(struct json *json, const char *name, const char *value, size_t length)
{
	char *to = begin_value(json, name, length);
	if (!to)
		return;
	memcpy(to, value, length);
	out_wrote(&json->out, to + length);
}

static void open_inner(struct json *json, const char *name, bool list)
{
	if (json->depth >= JSON_DEPTH_MAX)
		json->failed = true;
	char *to = begin_value(json, name, 1);
	if (!to)
		return;
	*to = list ? '[' : '{';
	out_wrote(&json->out, to + 1);
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
	add(json, name, "null", 4);
}

void json_string(struct json *json, const char *name, const char *value)
{
	char *to = value && *value ? begin_value(json, name, 0) : NULL;
	if (to) {
		out_wrote(&json->out, to);
		out_json(&json->out, value);
	} else if (!value || !*value) {
		json_null(json, name);
	}
}

void json_bool(struct json *json, const char *name, bool value)
{
	add(json, name, value ? "true" : "false", value ? 4 : 5);
}

void json_tri(struct json *json, const char *name, enum tri value)
{
	if (value == YES || value == NO)
		json_bool(json, name, value == YES);
	else
		json_null(json, name);
}

/* writes the digits that end before `end`; dividing 64 bits is dear where the processor cannot */
static char *digits_before(char *end, uint64_t value)
{
	for (; value > UINT32_MAX; value /= 10)
		*--end = (char)('0' + value % 10);
	uint32_t rest = (uint32_t)value;
	do
		*--end = (char)('0' + rest % 10);
	while (rest /= 10);
	return end;
}

void json_u64(struct json *json, const char *name, uint64_t value)
{
	char digits[24], *end = digits + sizeof digits;
	if (value == UNKNOWN_U64) {
		json_null(json, name);
		return;
	}
	const char *from = digits_before(end, value);
	add(json, name, from, (size_t)(end - from));
}

void json_u32(struct json *json, const char *name, uint32_t value)
{
	json_u64(json, name, value == UNKNOWN_U32 ? UNKNOWN_U64 : value);
}

void json_hundredths(struct json *json, const char *name, uint32_t value)
{
	char digits[16], *const end = digits + sizeof digits, *from = end;
	if (value == UNKNOWN_U32) {
		json_null(json, name);
		return;
	}
	if (value % 10)
		*--from = (char)('0' + value % 10);
	*--from = (char)('0' + value / 10 % 10);
	*--from = '.';
	from = digits_before(from, value / 100);
	add(json, name, from, (size_t)(end - from));
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
