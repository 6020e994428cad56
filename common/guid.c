/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/guid.h"

#include <stddef.h>
#include <string.h>

/* which stored byte the next two digits are of */
static const unsigned char order[GUID_SIZE] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};

static bool dash_before(unsigned byte)
{
	return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

struct guid guid_of(const unsigned char *bytes)
{
	struct guid guid;
	memcpy(guid.bytes, bytes, GUID_SIZE);
	return guid;
}

void guid_put(unsigned char *bytes, const struct guid *guid)
{
	memcpy(bytes, guid->bytes, GUID_SIZE);
}

bool guid_equal(const struct guid *one, const struct guid *other)
{
	return !memcmp(one->bytes, other->bytes, GUID_SIZE);
}

bool guid_is_zero(const struct guid *guid)
{
	static const struct guid zero;
	return guid_equal(guid, &zero);
}

struct guid guid_from_random(const unsigned char *bytes)
{
	struct guid guid = guid_of(bytes);
	guid.bytes[7] = (unsigned char)((guid.bytes[7] & 0x0f) | 0x40);
	guid.bytes[8] = (unsigned char)((guid.bytes[8] & 0x3f) | 0x80);
	return guid;
}

void guid_format(char into[GUID_TEXT_LEN], const struct guid *guid)
{
	static const char digits[] = "0123456789abcdef";
	for (unsigned i = 0; i < GUID_SIZE; i++) {
		if (dash_before(i))
			*into++ = '-';
		*into++ = digits[guid->bytes[order[i]] >> 4];
		*into++ = digits[guid->bytes[order[i]] & 15];
	}
	*into = 0;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool guid_parse(const char *text, struct guid *ret_guid)
{
	struct guid guid;
	bool braces = *text == '{';
	text += braces;
	for (unsigned i = 0; i < GUID_SIZE; i++) {
		if (dash_before(i) && *text++ != '-')
			return false;
		int high = digit(text[0]), low = high < 0 ? -1 : digit(text[1]);
		if (low < 0)
			return false;
		guid.bytes[order[i]] = (unsigned char)(high << 4 | low);
		text += 2;
	}
	if (strcmp(text, braces ? "}" : "") != 0)
		return false;
	*ret_guid = guid;
	return true;
}
