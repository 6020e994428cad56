/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/size.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define SHOWN_MAX 32	      /* bytes of a wrong text that an error repeats */
#define SHOWN_WHOLE_MAX 10000 /* longer numbers are no easier to read than bytes */
#define DIGITS_MAX 15	      /* of a fraction: more say nothing about bytes below 8 EiB */

struct number {
	uint64_t whole, part; /* part / weight is the fraction */
	uint64_t weight;
};

static const char letters[] = "KMGTP";

static size_t digits(struct text text, uint64_t *ret_value, bool *ret_fits)
{
	size_t count = 0;
	*ret_fits = true;
	*ret_value = 0;
	for (; count < text.length && text.at[count] >= '0' && text.at[count] <= '9'; count++) {
		unsigned digit = (unsigned)(text.at[count] - '0');
		if (*ret_value > (UINT64_MAX - digit) / 10)
			*ret_fits = false;
		else
			*ret_value = *ret_value * 10 + digit;
	}
	return count;
}

/* takes the number off the front; 0, -EINVAL or -ERANGE */
static int take_number(struct text *text, struct number *ret)
{
	bool fits;
	size_t count = digits(*text, &ret->whole, &fits);
	if (!count)
		return -EINVAL;
	if (!fits)
		return -ERANGE;
	*text = (struct text){text->at + count, text->length - count};
	ret->part = 0;
	ret->weight = 1;
	if (!text->length || *text->at != '.')
		return 0;
	*text = (struct text){text->at + 1, text->length - 1};
	struct text fraction = {text->at, text->length < DIGITS_MAX ? text->length : DIGITS_MAX};
	count = digits(fraction, &ret->part, &fits);
	if (!count || (count < text->length && text->at[count] >= '0' && text->at[count] <= '9'))
		return -EINVAL;
	for (size_t i = 0; i < count; i++)
		ret->weight *= 10;
	*text = (struct text){text->at + count, text->length - count};
	return 0;
}

/* rounded down to a byte; false if it does not fit */
static bool multiply(const struct number *number, uint64_t unit, uint64_t *ret_bytes)
{
	uint64_t bytes, whole_parts = unit / number->weight, rest = unit % number->weight;
	if (__builtin_mul_overflow(number->whole, unit, &bytes))
		return false;
	/* part * unit / weight without 128 bits: part < weight <= 10^15, rest < weight; split rest once more
	 */
	uint64_t fraction = number->part * whole_parts;
	for (uint64_t bit = UINT64_C(1) << 50, remainder = 0; bit; bit >>= 1) {
		/* long division of part * rest by weight, one bit of `rest` after the other */
		remainder = remainder * 2 + (rest & bit ? number->part : 0);
		fraction += (remainder / number->weight) * bit;
		remainder %= number->weight;
	}
	return !__builtin_add_overflow(bytes, fraction, ret_bytes) && *ret_bytes != UINT64_MAX;
}

static uint64_t unit_of(unsigned power, unsigned base)
{
	uint64_t unit = 1;
	for (unsigned i = 0; i < power; i++)
		unit *= base;
	return unit;
}

static int refuse_decimal(struct text text, const struct number *number, unsigned power, struct fault *fault)
{
	uint64_t decimal, binary;
	if (!multiply(number, unit_of(power, 1000), &decimal) ||
		!multiply(number, unit_of(power, 1024), &binary))
		return fault_set(fault, -ERANGE, "%.*s does not fit 64 bits", (int)text.length, text.at);
	return fault_set(fault, -EINVAL,
		"%.*s is %llu bytes on the disk's label, %llu in PowerShell: write %.*siB or bytes",
		(int)text.length, text.at, (unsigned long long)decimal, (unsigned long long)binary,
		(int)text.length - 1, text.at);
}

int size_parse(struct text text, uint64_t *ret_bytes, struct fault *fault)
{
	struct text shown = {text.at, text.length < SHOWN_MAX ? text.length : SHOWN_MAX}, rest = text;
	struct number number;
	char said[SHOWN_MAX + 1];
	text_show(said, sizeof said, shown);
	int error = take_number(&rest, &number);
	if (error == -ERANGE)
		return fault_set(fault, error, "%s does not fit 64 bits", said);
	const char *letter = rest.length ? memchr(letters, *rest.at, sizeof letters - 1) : NULL;
	unsigned power = letter ? (unsigned)(letter - letters) + 1 : 0;
	if (!error && letter && text_is((struct text){rest.at + 1, rest.length - 1}, "B"))
		return refuse_decimal(shown, &number, power, fault);
	bool binary = letter && text_is((struct text){rest.at + 1, rest.length - 1}, "iB");
	bool plain = !rest.length || text_is(rest, "B");
	if (error || (!binary && !(plain && number.weight == 1)))
		return fault_set(fault, -EINVAL,
			"\"%s\" is no size: write bytes, or a number with KiB, MiB, GiB or TiB", said);
	uint64_t bytes;
	if (!multiply(&number, unit_of(power, 1024), &bytes))
		return fault_set(fault, -ERANGE, "%s does not fit 64 bits", said);
	*ret_bytes = bytes;
	return 0;
}

void size_show(uint64_t bytes, char *ret_text, size_t size)
{
	for (unsigned power = 5; power; power--) {
		uint64_t unit = unit_of(power, 1024), back;
		if (bytes < unit || bytes / unit >= SHOWN_WHOLE_MAX)
			continue;
		for (unsigned decimals = 0; decimals < 3; decimals++) {
			uint64_t scale = unit_of(decimals, 10);
			uint64_t whole = bytes / unit, part = (bytes % unit * scale + unit / 2) / unit;
			if (decimals)
				snprintf(ret_text, size, "%llu.%0*llu%ciB", (unsigned long long)whole,
					(int)decimals, (unsigned long long)part, letters[power - 1]);
			else
				snprintf(ret_text, size, "%llu%ciB", (unsigned long long)whole,
					letters[power - 1]);
			if (!size_parse(text_of(ret_text), &back, NULL) && back == bytes)
				return;
		}
	}
	snprintf(ret_text, size, "%llu", (unsigned long long)bytes);
}
