/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "show/out.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define FIRST_SIZE 128
#define SPARE_MAX 16384
#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */
#define NO_CODE UINT32_MAX

/* What the last text left behind, for the next one: an agent makes one of the same length again and again. */
static struct {
	char *data;
	size_t size;
} spare;

static void take_spare(struct out *out)
{
	out->data = spare.data;
	out->size = spare.size;
	spare.data = NULL;
}

/* room for `more` bytes and the NUL, by making it */
static bool grow(struct out *out, size_t more)
{
	if (out->failed)
		return false;
	if (!out->data && spare.data)
		take_spare(out);
	if (more < out->size - out->length)
		return true;
	size_t size = out->size ? out->size : FIRST_SIZE;
	while (size - out->length <= more && size <= SIZE_MAX / 2)
		size *= 2;
	char *data = size - out->length > more ? realloc(out->data, size) : NULL;
	if (!data) {
		out->failed = true;
		return false;
	}
	out->data = data;
	out->size = size;
	return true;
}

/* nearly always there is room: hundreds of times for each answer */
static inline __attribute__((always_inline)) bool out_reserve(struct out *out, size_t more)
{
	return (more < out->size - out->length && !out->failed) || grow(out, more);
}

char *out_room(struct out *out, size_t more)
{
	return out_reserve(out, more) ? out->data + out->length : NULL;
}

void out_wrote(struct out *out, const char *end)
{
	out->length = (size_t)(end - out->data);
	out->data[out->length] = 0;
}

void out_bytes(struct out *out, const char *bytes, size_t length)
{
	if (!out_reserve(out, length))
		return;
	memcpy(out->data + out->length, bytes, length);
	out->length += length;
	out->data[out->length] = 0;
}

void out_text(struct out *out, const char *text)
{
	out_bytes(out, text, strlen(text));
}

void out_print(struct out *out, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	/* mostly there is room, and once is enough */
	size_t room = out->size - out->length;
	int length = vsnprintf(room ? out->data + out->length : NULL, room, format, args);
	if (length < 0) {
		out->failed = true;
	} else if (out_reserve(out, (size_t)length)) {
		if ((size_t)length >= room)
			vsnprintf(out->data + out->length, (size_t)length + 1, format, again);
		out->length += (size_t)length;
	}
	va_end(again);
	va_end(args);
}

/* Takes a character off the front; NO_CODE: the byte there begins none (RFC 3629: no overlong forms, no
 * surrogates, nothing past U+10FFFF). */
static uint32_t take_character(const char **text, size_t *ret_length)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *at = (const unsigned char *)*text;
	unsigned length = *at < 0x80 ? 1 : *at >> 5 == 6 ? 2 : *at >> 4 == 14 ? 3 : *at >> 3 == 30 ? 4 : 0;
	uint32_t code = length == 1 ? *at : *at & 0x7fu >> length;
	bool valid = length;
	for (unsigned i = 1; i < length && valid; i++) {
		valid = at[i] >> 6 == 2;
		code = code << 6 | (at[i] & 0x3f);
	}
	valid = valid && code >= least[length] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
	*ret_length = valid ? length : 1;
	*text += *ret_length;
	return valid ? code : NO_CODE;
}

static bool is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

static bool steers_terminal(uint32_t code)
{
	return is_control(code) || code == 0x61c || (code >= 0x200e && code <= 0x200f) ||
	       (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

void out_utf8(struct out *out, const char *text)
{
	out_text(out, "");
	while (*text) {
		const char *from = text;
		size_t length;
		if (take_character(&text, &length) == NO_CODE)
			out_text(out, REPLACEMENT);
		else
			out_bytes(out, from, length);
	}
}

static void out_json_escape(struct out *out, unsigned char c)
{
	static const char letters[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
	const char *letter = memchr(letters, c, sizeof letters - 1);
	if (letter)
		out_print(out, "\\%c", names[letter - letters]);
	else
		out_print(out, "\\u%04x", c);
}

/* how many bytes at the front stand for themselves */
static size_t json_plain(const char *text)
{
	static const bool is_plain[256] = {
		[' ' ... '!'] = true, ['#' ... '['] = true, [']' ... '\x7f'] = true};
	size_t length = 0;
	while (is_plain[(unsigned char)text[length]])
		length++;
	return length;
}

/* nearly all there is: names and figures of our own */
static bool out_json_plain(struct out *out, const char *text)
{
	size_t length = json_plain(text);
	if (text[length])
		return false;
	if (out_reserve(out, length + 2)) {
		char *at = out->data + out->length;
		at[0] = '"';
		memcpy(at + 1, text, length);
		memcpy(at + 1 + length, "\"", 2);
		out->length += length + 2;
	}
	return true;
}

void out_json(struct out *out, const char *text)
{
	if (out_json_plain(out, text))
		return;
	out_bytes(out, "\"", 1);
	while (*text) {
		const char *from = text;
		text += json_plain(text);
		out_bytes(out, from, (size_t)(text - from));
		from = text;
		size_t length;
		if ((unsigned char)*text < 0x80) {
			if (*text)
				out_json_escape(out, (unsigned char)*text++);
		} else if (take_character(&text, &length) == NO_CODE) {
			out_text(out, REPLACEMENT);
		} else {
			out_bytes(out, from, length);
		}
	}
	out_bytes(out, "\"", 1);
}

static const char *html_entity(uint32_t code)
{
	switch (code) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	}
	return code == NO_CODE || (is_control(code) && code != '\n' && code != '\t') ? REPLACEMENT : NULL;
}

void out_html(struct out *out, const char *text)
{
	out_text(out, "");
	while (*text) {
		const char *from = text;
		size_t length;
		const char *entity = html_entity(take_character(&text, &length));
		if (entity)
			out_text(out, entity);
		else
			out_bytes(out, from, length);
	}
}

void out_plain(struct out *out, const char *text)
{
	out_text(out, "");
	while (*text) {
		const char *from = text;
		size_t length;
		uint32_t code = take_character(&text, &length);
		if (code == NO_CODE)
			out_text(out, REPLACEMENT);
		else if (steers_terminal(code))
			out_text(out, "?");
		else
			out_bytes(out, from, length);
	}
}

size_t out_width(const char *text)
{
	size_t width = 0, length;
	for (; *text; width++)
		take_character(&text, &length);
	return width;
}

void out_tint(struct out *out, enum tint tint)
{
	static const char *const codes[] = {[TINT_NONE] = "\033[0m",
		[TINT_GOOD] = "\033[1;32m",
		[TINT_WARNING] = "\033[1;33m",
		[TINT_BAD] = "\033[1;31m",
		[TINT_QUIET] = "\033[36m",
		[TINT_TITLE] = "\033[1m"};
	if (out->colours)
		out_text(out, codes[tint]);
}

void out_free(struct out *out)
{
	if (!spare.data && out->size <= SPARE_MAX) {
		spare.data = out->data;
		spare.size = out->size;
	} else {
		free(out->data);
	}
	*out = (struct out){0};
}
