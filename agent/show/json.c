/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Ownership: what is added is consumed, also when adding fails. Only the root is ever put.
 */
/* json-c has typedefs by the names of two of our functions */
#define json_object json_c_object
#define json_bool json_c_bool
#include <json-c/json.h>
#undef json_object
#undef json_bool

#include "show/json.h"

#include <stdio.h>

#include "common/units.h"
#include "show/out.h"

void json_start(struct json *json)
{
	*json = (struct json){.open = {json_object_new_object()}, .depth = 1};
	json->failed = !json->open[0];
}

void json_free(struct json *json)
{
	json_object_put(json->open[0]);
	*json = (struct json){.failed = true};
}

/* `value` NULL is JSON's null */
static void add(struct json *json, const char *name, struct json_c_object *value)
{
	struct json_c_object *into = json->failed ? NULL : json->open[json->depth - 1];
	bool list = json_object_is_type(into, json_type_array);
	int error = -1;
	if (into && list && !name)
		error = json_object_array_add(into, value);
	else if (into && !list && name)
		error = json_object_object_add(into, name, value);
	if (!error)
		return;
	json_object_put(value);
	json->failed = true;
}

/* a value that can run out of memory */
static void add_made(struct json *json, const char *name, struct json_c_object *value)
{
	json->failed |= !value;
	add(json, name, value);
}

static void open_inner(struct json *json, const char *name, struct json_c_object *inner)
{
	if (json->depth >= JSON_DEPTH_MAX)
		json->failed = true;
	add_made(json, name, inner);
	if (!json->failed)
		json->open[json->depth++] = inner;
}

void json_object(struct json *json, const char *name)
{
	open_inner(json, name, json_object_new_object());
}

void json_list(struct json *json, const char *name)
{
	open_inner(json, name, json_object_new_array());
}

void json_end(struct json *json)
{
	if (json->depth < 2)
		json->failed = true;
	if (!json->failed)
		json->depth--;
}

void json_null(struct json *json, const char *name)
{
	add(json, name, NULL);
}

void json_string(struct json *json, const char *name, const char *value)
{
	if (!value || !*value) {
		json_null(json, name);
		return;
	}
	struct out mended = {0};
	out_utf8(&mended, value);
	add_made(json, name, mended.failed ? NULL : json_object_new_string(mended.data));
	out_free(&mended);
}

void json_bool(struct json *json, const char *name, bool value)
{
	add_made(json, name, json_object_new_boolean(value));
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
	if (value == UNKNOWN_U64)
		json_null(json, name);
	else
		add_made(json, name, json_object_new_uint64(value));
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
	/* printed is the text; the number is only what json-c demands beside it */
	add_made(json, name, json_object_new_double_s(value / 100.0, text));
}

void json_time(struct json *json, const char *name, uint64_t clock_ms)
{
	char text[UNITS_TIME_LEN];
	json_string(json, name, units_time(text, sizeof text, clock_ms) ? text : NULL);
}

const char *json_text(struct json *json, bool pretty)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE;
	if (json->failed || json->depth != 1)
		return NULL;
	flags |= pretty ? JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED : 0;
	return json_object_to_json_string_ext(json->open[0], flags);
}
