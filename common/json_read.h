/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Reads the body of a request: one flat JSON object (RFC 8259) whose members are known beforehand. Stricter
 * than libraries are: an unknown member, one that comes twice, a nested value, a fraction, a number past
 * 2^63 - 1, a NUL or bytes that are not UTF-8 are refused. Nothing is nested, so nothing recurses, and
 * nothing is allocated.
 */
#ifndef NASREADY_COMMON_JSON_READ_H
#define NASREADY_COMMON_JSON_READ_H

#include "common/fault.h"
#include "common/text.h"

enum json_kind {
	JSON_READ_TEXT,
	JSON_READ_NUMBER, /* a whole number */
	JSON_READ_SIZE,	  /* the same, or text as common/size.h reads it */
	JSON_READ_BOOL,
};

struct json_member {
	const char *name;
	enum json_kind kind;
	bool required;
	char *text; /* of JSON_READ_TEXT, NUL-terminated */
	size_t text_size;
	uint64_t *number;
	bool *flag; /* of JSON_READ_BOOL */
	bool given; /* set to whether it was there; null counts as not given */
};

/* 0, or -EINVAL with a sentence that names the member and what it must be. Targets of members that are not
 * given stay untouched; after a failure some may have been filled. */
int json_read_object(struct text body, struct json_member *members, unsigned count, struct fault *fault);

#endif
