/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/text.h"

#include <stdio.h>
#include <string.h>

struct text text_of(const char *string)
{
	return (struct text){string, strlen(string)};
}

static void take(struct text *rest, size_t count)
{
	rest->at += count;
	rest->length -= count;
}

bool text_until(struct text *rest, char separator, struct text *ret_piece)
{
	if (!rest->at || !rest->length)
		return false;
	const char *end = memchr(rest->at, separator, rest->length);
	size_t length = end ? (size_t)(end - rest->at) : rest->length;
	*ret_piece = (struct text){rest->at, length};
	take(rest, length + (end ? 1 : 0));
	return true;
}

bool text_line(struct text *rest, struct text *ret_line)
{
	return text_until(rest, '\n', ret_line);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

bool text_word(struct text *rest, struct text *ret_word)
{
	while (rest->length && is_blank(*rest->at))
		take(rest, 1);
	size_t length = 0;
	while (length < rest->length && !is_blank(rest->at[length]))
		length++;
	if (!length)
		return false;
	*ret_word = (struct text){rest->at, length};
	take(rest, length);
	return true;
}

bool text_is(struct text text, const char *string)
{
	size_t length = strlen(string);
	return text.length == length && (!length || !memcmp(text.at, string, length));
}

bool text_starts(struct text text, const char *prefix)
{
	size_t length = strlen(prefix);
	return text.length >= length && (!length || !memcmp(text.at, prefix, length));
}

bool text_option(struct text options, const char *word, struct text *ret_value)
{
	struct text option, name;
	while (text_until(&options, ',', &option)) {
		struct text value = option;
		if (!text_until(&value, '=', &name) || !text_is(name, word))
			continue;
		if (ret_value)
			*ret_value = value;
		return true;
	}
	return false;
}

bool text_is_name(struct text text)
{
	return text.length && text.length <= 255 && !text_is(text, ".") && !text_is(text, "..") &&
	       !memchr(text.at, '/', text.length) && !memchr(text.at, 0, text.length);
}

struct text text_trim(struct text text)
{
	while (text.length && (is_blank(*text.at) || *text.at == '\n'))
		take(&text, 1);
	while (text.length && (is_blank(text.at[text.length - 1]) || text.at[text.length - 1] == '\n'))
		text.length--;
	return text;
}

static bool digits_u64(struct text *rest, uint64_t *ret_value)
{
	uint64_t value = 0;
	size_t count = 0;
	for (; count < rest->length && rest->at[count] >= '0' && rest->at[count] <= '9'; count++) {
		unsigned digit = (unsigned)(rest->at[count] - '0');
		if (value > (UINT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	if (!count)
		return false;
	take(rest, count);
	*ret_value = value;
	return true;
}

bool text_u64(struct text text, uint64_t *ret_value)
{
	uint64_t value;
	if (!digits_u64(&text, &value) || text.length)
		return false;
	*ret_value = value;
	return true;
}

bool text_u32(struct text text, uint32_t *ret_value)
{
	uint64_t value;
	if (!text_u64(text, &value) || value > UINT32_MAX)
		return false;
	*ret_value = (uint32_t)value;
	return true;
}

bool text_hundredths(struct text text, uint32_t *ret_value)
{
	uint64_t whole, part = 0;
	if (!digits_u64(&text, &whole) || whole > UINT32_MAX / 100 - 1)
		return false;
	if (text.length && *text.at == '.') {
		take(&text, 1);
		unsigned weight = 10;
		for (; text.length && *text.at >= '0' && *text.at <= '9'; take(&text, 1), weight /= 10)
			part += weight * (unsigned)(*text.at - '0');
	}
	if (text.length)
		return false;
	*ret_value = (uint32_t)(whole * 100 + part);
	return true;
}

bool text_word_u64(struct text *rest, uint64_t *ret_value)
{
	struct text word;
	return text_word(rest, &word) && text_u64(word, ret_value);
}

bool text_leading_u64(struct text text, uint64_t *ret_value)
{
	while (text.length && is_blank(*text.at))
		take(&text, 1);
	return digits_u64(&text, ret_value);
}

bool text_copy(char *into, size_t size, struct text text)
{
	into[0] = 0;
	if (text.length >= size || (text.length && memchr(text.at, 0, text.length)))
		return false;
	if (text.length)
		memcpy(into, text.at, text.length);
	into[text.length] = 0;
	return true;
}

void text_show(char *into, size_t size, struct text text)
{
	bool cut = text.length >= size;
	size_t length = cut ? size - 1 : text.length;
	for (size_t i = 0; i < length; i++)
		into[i] = (unsigned char)text.at[i] < 32 || text.at[i] == 127 ? '?' : text.at[i];
	into[length] = 0;
	if (cut && size > 4)
		memcpy(into + size - 4, "...", 4);
}

static int octal_escape(struct text text)
{
	if (text.length < 4 || text.at[0] != '\\')
		return -1;
	int value = 0;
	for (int i = 1; i < 4; i++) {
		if (text.at[i] < '0' || text.at[i] > '7')
			return -1;
		value = value * 8 + (text.at[i] - '0');
	}
	return value > 0 && value < 256 ? value : -1;
}

bool text_unescape(char *into, size_t size, struct text text)
{
	size_t length = 0;
	into[0] = 0;
	while (text.length) {
		int value = octal_escape(text);
		char c = value < 0 ? *text.at : (char)value;
		if (!c || length + 1 >= size) {
			into[0] = 0;
			return false;
		}
		into[length++] = c;
		take(&text, value < 0 ? 1 : 4);
	}
	into[length] = 0;
	return true;
}

bool text_escape(char *into, size_t size, const char *string)
{
	size_t length = 0;
	for (; *string; string++) {
		unsigned char c = (unsigned char)*string;
		bool plain = c > ' ' && c != 127 && c != '\\' && c != '#';
		if (length + (plain ? 1 : 4) >= size) {
			into[0] = 0;
			return false;
		}
		if (plain)
			into[length++] = (char)c;
		else
			length += (size_t)snprintf(into + length, size - length, "\\%03o", c);
	}
	into[length] = 0;
	return true;
}

uint32_t text_hash(const char *string)
{
	uint32_t hash = 2166136261u;
	for (; *string; string++)
		hash = (hash ^ (unsigned char)*string) * 16777619u;
	return hash;
}
