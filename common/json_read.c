/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/json_read.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/size.h"

#define NAME_MAX_LEN 64	  /* of a member, known or not */
#define NAMES_MAX_LEN 160 /* all known ones, in a sentence */
#define SIZE_MAX_LEN 64	  /* a size as text */

struct reader {
	struct text rest;
	struct json_member *members;
	unsigned count;
	struct fault *fault;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* the next character that is no blank, left in place; 0: none (and a NUL is never what was expected) */
static char next_of(struct reader *reader)
{
	while (reader->rest.length && is_blank(*reader->rest.at))
		reader->rest = (struct text){reader->rest.at + 1, reader->rest.length - 1};
	return reader->rest.length ? *reader->rest.at : 0;
}

static void skip(struct reader *reader, size_t count)
{
	reader->rest = (struct text){reader->rest.at + count, reader->rest.length - count};
}

static bool take(struct reader *reader, char wanted)
{
	if (next_of(reader) != wanted)
		return false;
	skip(reader, 1);
	return true;
}

/* -- strings -- */

struct target {
	char *into;
	size_t size, length;
	bool overlong;
};

static void put(struct target *target, unsigned char byte)
{
	if (target->length + 1 >= target->size)
		target->overlong = true;
	else
		target->into[target->length++] = (char)byte;
}

static void put_code(struct target *target, uint32_t code)
{
	if (code < 0x80) {
		put(target, (unsigned char)code);
		return;
	}
	if (code < 0x800) {
		put(target, (unsigned char)(0xc0 | code >> 6));
	} else if (code < 0x10000) {
		put(target, (unsigned char)(0xe0 | code >> 12));
		put(target, (unsigned char)(0x80 | (code >> 6 & 0x3f)));
	} else {
		put(target, (unsigned char)(0xf0 | code >> 18));
		put(target, (unsigned char)(0x80 | (code >> 12 & 0x3f)));
		put(target, (unsigned char)(0x80 | (code >> 6 & 0x3f)));
	}
	put(target, (unsigned char)(0x80 | (code & 0x3f)));
}

static bool take_hex(struct reader *reader, uint32_t *ret_code)
{
	static const char digits[] = "0123456789abcdef";
	uint32_t code = 0;
	if (reader->rest.length < 4)
		return false;
	for (unsigned i = 0; i < 4; i++) {
		char c = reader->rest.at[i];
		const char *digit =
			memchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c, sizeof digits - 1);
		if (!digit)
			return false;
		code = code << 4 | (uint32_t)(digit - digits);
	}
	skip(reader, 4);
	*ret_code = code;
	return true;
}

/* what follows a backslash; surrogates only in pairs */
static bool take_escape(struct reader *reader, struct target *target)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	uint32_t code, low;
	char c = reader->rest.length ? *reader->rest.at : 0;
	const char *found = c ? strchr(from, c) : NULL;
	if (c)
		skip(reader, 1);
	if (found) {
		put(target, (unsigned char)to[found - from]);
		return true;
	}
	if (c != 'u' || !take_hex(reader, &code) || !code || (code >= 0xdc00 && code <= 0xdfff))
		return false;
	if (code >= 0xd800 && code <= 0xdbff) {
		if (!text_starts(reader->rest, "\\u"))
			return false;
		skip(reader, 2);
		if (!take_hex(reader, &low) || low < 0xdc00 || low > 0xdfff)
			return false;
		code = 0x10000 + ((code & 0x3ff) << 10 | (low & 0x3ff));
	}
	put_code(target, code);
	return true;
}

/* one character as it stands; false if it is not UTF-8 */
static bool take_plain(struct reader *reader, struct target *target)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *at = (const unsigned char *)reader->rest.at;
	unsigned length = *at < 0x80 ? 1 : *at >> 5 == 6 ? 2 : *at >> 4 == 14 ? 3 : *at >> 3 == 30 ? 4 : 0;
	if (!length || length > reader->rest.length)
		return false;
	uint32_t code = length == 1 ? *at : *at & 0x7fu >> length;
	for (unsigned i = 1; i < length; i++) {
		if (at[i] >> 6 != 2)
			return false;
		code = code << 6 | (at[i] & 0x3f);
	}
	if (code < 0x20 || code < least[length] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return false;
	put_code(target, code);
	skip(reader, length);
	return true;
}

/* The opening quote comes next. 0, -EINVAL (no string) or -E2BIG (longer than the target; read to its end).
 */
static int take_string(struct reader *reader, char *into, size_t size)
{
	struct target target = {into, size, 0, false};
	skip(reader, 1);
	while (reader->rest.length && *reader->rest.at != '"') {
		bool escape = *reader->rest.at == '\\';
		if (escape)
			skip(reader, 1);
		if (!(escape ? take_escape(reader, &target) : take_plain(reader, &target)))
			return -EINVAL;
	}
	if (!reader->rest.length)
		return -EINVAL;
	skip(reader, 1);
	into[target.length] = 0;
	return target.overlong ? -E2BIG : 0;
}

/* -- values -- */

static int take_text(struct reader *reader, struct json_member *member)
{
	int error = next_of(reader) == '"' ? take_string(reader, member->text, member->text_size) : -ENOMSG;
	if (error == -E2BIG)
		return fault_set(reader->fault, -EINVAL, "%s is longer than %zu bytes", member->name,
			member->text_size - 1);
	return error ? fault_set(reader->fault, -EINVAL, "%s must be a string of UTF-8 without NUL",
			       member->name)
		     : 0;
}

static int take_number(struct reader *reader, struct json_member *member)
{
	size_t length = 0;
	uint64_t number = 0;
	next_of(reader);
	while (length < reader->rest.length && !memchr(",} \t\r\n", reader->rest.at[length], 6))
		length++;
	struct text text = {reader->rest.at, length};
	bool zeros = length > 1 && *text.at == '0';
	if (zeros || !text_u64(text, &number) || number > INT64_MAX) {
		char shown[40];
		text_show(shown, sizeof shown, text);
		return fault_set(reader->fault, -EINVAL,
			"%s must be a whole number from 0 to 2^63 - 1, not %s", member->name, shown);
	}
	skip(reader, length);
	*member->number = number;
	return 0;
}

static int take_size(struct reader *reader, struct json_member *member)
{
	char text[SIZE_MAX_LEN];
	struct fault inner = {""};
	uint64_t number = 0;
	if (next_of(reader) != '"')
		return take_number(reader, member);
	if (take_string(reader, text, sizeof text))
		return fault_set(reader->fault, -EINVAL,
			"%s is no size: write bytes, or \"5.3TiB\" in quotation marks", member->name);
	if (size_parse(text_of(text), &number, &inner))
		return fault_set(reader->fault, -EINVAL, "%s: %s", member->name, inner.text);
	if (number > INT64_MAX)
		return fault_set(
			reader->fault, -EINVAL, "%s: %s is beyond 2^63 - 1 bytes", member->name, text);
	*member->number = number;
	return 0;
}

static int take_flag(struct reader *reader, struct json_member *member)
{
	bool yes = next_of(reader) == 't' && text_starts(reader->rest, "true");
	if (!yes && !text_starts(reader->rest, "false"))
		return fault_set(reader->fault, -EINVAL, "%s must be true or false", member->name);
	skip(reader, yes ? 4 : 5);
	*member->flag = yes;
	return 0;
}

static int take_value(struct reader *reader, struct json_member *member)
{
	member->given = true;
	if (next_of(reader) == 'n' && text_starts(reader->rest, "null") && !member->required) {
		skip(reader, 4);
		member->given = false;
		return 0;
	}
	switch (member->kind) {
	case JSON_READ_TEXT:
		return take_text(reader, member);
	case JSON_READ_NUMBER:
		return take_number(reader, member);
	case JSON_READ_BOOL:
		return take_flag(reader, member);
	case JSON_READ_SIZE:
		break;
	}
	return take_size(reader, member);
}

/* -- the object -- */

static int refuse_name(struct reader *reader, const char *name)
{
	char names[NAMES_MAX_LEN] = "", shown[NAME_MAX_LEN];
	size_t length = 0;
	text_show(shown, sizeof shown, text_of(name));
	for (unsigned i = 0; i < reader->count && length < sizeof names; i++)
		length += (size_t)snprintf(names + length, sizeof names - length, "%s%s", i ? ", " : "",
			reader->members[i].name);
	return fault_set(reader->fault, -EINVAL, "there is no member \"%s\" here: it takes %s", shown, names);
}

static int take_member(struct reader *reader, uint32_t *seen)
{
	char name[NAME_MAX_LEN] = "";
	int error = next_of(reader) == '"' ? take_string(reader, name, sizeof name) : -EINVAL;
	if (error == -EINVAL || !take(reader, ':'))
		return fault_set(reader->fault, -EINVAL,
			"the body is no JSON object: a member must be \"name\": value");
	for (unsigned i = 0; i < reader->count && !error; i++) {
		if (strcmp(reader->members[i].name, name))
			continue;
		if (*seen & 1u << i)
			return fault_set(reader->fault, -EINVAL, "%s comes twice", name);
		*seen |= 1u << i;
		return take_value(reader, &reader->members[i]);
	}
	return refuse_name(reader, name);
}

static int take_members(struct reader *reader)
{
	uint32_t seen = 0;
	if (!take(reader, '{'))
		return fault_set(
			reader->fault, -EINVAL, "the body must be one JSON object: {\"name\": value, ...}");
	if (take(reader, '}'))
		return 0;
	do {
		int error = take_member(reader, &seen);
		if (error)
			return error;
	} while (take(reader, ','));
	return take(reader, '}')
		       ? 0
		       : fault_set(reader->fault, -EINVAL,
				 "the body is no JSON object: a comma or the closing brace is missing");
}

int json_read_object(struct text body, struct json_member *members, unsigned count, struct fault *fault)
{
	struct reader reader = {body, members, count, fault};
	for (unsigned i = 0; i < count; i++)
		members[i].given = false;
	int error = take_members(&reader);
	if (error)
		return error;
	if (next_of(&reader) || reader.rest.length)
		return fault_set(
			fault, -EINVAL, "something stands behind the JSON object: send nothing else");
	for (unsigned i = 0; i < count; i++)
		if (members[i].required && !members[i].given)
			return fault_set(fault, -EINVAL, "%s is missing", members[i].name);
	return 0;
}
