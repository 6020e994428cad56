/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * A growing text with sticky failure: printing returns nothing, one look at `failed` at the end suffices.
 * The caller owns `data` (free() it, or take it over); it is NUL-terminated once something was printed.
 */
#ifndef NASREADY_SHOW_OUT_H
#define NASREADY_SHOW_OUT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/scope.h"

struct out {
	char *data;
	size_t length, size;
	bool failed;
	bool colours; /* it goes to a terminal that shows them */
};

enum tint { TINT_NONE, TINT_GOOD, TINT_WARNING, TINT_BAD, TINT_QUIET, TINT_TITLE };

void out_print(struct out *out, const char *format, ...) FORMAT(2, 3);
void out_text(struct out *out, const char *text);
void out_bytes(struct out *out, const char *bytes, size_t length);

/* For what is written without a detour: room for at most `more` bytes at the end, NULL if there is none; then
 * `end` is where writing stopped. */
char *out_room(struct out *out, size_t more);
void out_wrote(struct out *out, const char *end);

/* -- text that somebody else wrote: each byte that is not UTF-8 becomes U+FFFD -- */
void out_utf8(struct out *out, const char *text);
/* the same as a JSON string (RFC 8259 section 7), in its quotes */
void out_json(struct out *out, const char *text);
/* with & < > " ' as entities; control characters other than newline and tab become U+FFFD */
void out_html(struct out *out, const char *text);
/* for a terminal: whatever could steer it (control characters, changes of direction) becomes '?' */
void out_plain(struct out *out, const char *text);
/* the characters that out_plain prints */
size_t out_width(const char *text);

/* from here on in that colour; nothing where there are none */
void out_tint(struct out *out, enum tint tint);

void out_free(struct out *out);

#endif
