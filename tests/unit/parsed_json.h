/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * JSON text taken apart again with json-c, which has typedefs by the names of two functions of show/json.h.
 */
#ifndef NASREADY_TESTS_PARSED_JSON_H
#define NASREADY_TESTS_PARSED_JSON_H

#include <check.h>
#define json_object json_c_object
#define json_bool json_c_bool
#include <json-c/json.h>
#undef json_object
#undef json_bool

static inline struct json_c_object *parsed(const char *text)
{
	enum json_tokener_error error;
	ck_assert_ptr_nonnull(text);
	struct json_c_object *root = json_tokener_parse_verbose(text, &error);
	ck_assert_msg(root, "%s: %s", json_tokener_error_desc(error), text);
	return root;
}

/* what stands at `path` ("/volumes/0/id"), as JSON without blanks */
static inline const char *parsed_at(struct json_c_object *root, const char *path)
{
	struct json_c_object *value = NULL;
	ck_assert_msg(!json_pointer_get(root, path, &value), "there is nothing at %s", path);
	return value ? json_object_to_json_string_ext(value, JSON_C_TO_STRING_NOSLASHESCAPE) : "null";
}

#endif
