/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Writes one JSON document (RFC 8259), with sticky failure: adding returns nothing, json_text tells at the
 * end. `name` is NULL inside a list. json_start begins the outermost object; json_free takes a document in
 * any state. Strings that are no UTF-8 are mended.
 */
#ifndef NASREADY_SHOW_JSON_H
#define NASREADY_SHOW_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "model/snapshot.h"
#include "show/out.h"

#define JSON_DEPTH_MAX 8

struct json {
	struct out out;					 /* as far as it has been written */
	struct out pretty;				 /* made of it on demand */
	bool list[JSON_DEPTH_MAX], more[JSON_DEPTH_MAX]; /* of what is open: a list; holds something */
	unsigned depth;
	bool closed, failed;
};

void json_start(struct json *json);
void json_free(struct json *json);

void json_object(struct json *json, const char *name);
void json_list(struct json *json, const char *name);
void json_end(struct json *json); /* of the innermost object or list */

void json_null(struct json *json, const char *name);
void json_string(struct json *json, const char *name, const char *value); /* NULL or "" gives null */
void json_bool(struct json *json, const char *name, bool value);
void json_tri(struct json *json, const char *name, enum tri value);	   /* UNKNOWN gives null */
void json_u64(struct json *json, const char *name, uint64_t value);	   /* UNKNOWN_U64 gives null */
void json_u32(struct json *json, const char *name, uint32_t value);	   /* UNKNOWN_U32 gives null */
void json_hundredths(struct json *json, const char *name, uint32_t value); /* UNKNOWN_U32 gives null */
/* with two decimals; UNKNOWN_U64 gives null */
void json_seconds(struct json *json, const char *name, uint64_t ms);
void json_time(
	struct json *json, const char *name, uint64_t clock_ms); /* RFC 3339, UTC; UNKNOWN_U64 gives null */

/* The document as text, owned by `json`; NULL if anything failed. Strings that are not UTF-8 were mended. */
const char *json_text(struct json *json, bool pretty);

/* The compact text moves to `ret_out`, for whoever sends it; false and nothing moved if anything failed.
 * Frees the document either way. */
bool json_hand_over(struct json *json, struct out *ret_out);

#endif
