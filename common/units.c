/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/units.h"

#include <stdio.h>

/* of 1970 to 9999, in seconds */
#define CLOCK_END UINT64_C(253402300800)

static bool show_unknown(char *into, size_t size, uint64_t value)
{
	if (value != UINT64_MAX)
		return false;
	snprintf(into, size, "unknown");
	return true;
}

static void show_few(char *into, size_t size, uint64_t bytes)
{
	snprintf(into, size, "%u byte%s", (unsigned)bytes, bytes == 1 ? "" : "s");
}

/* bytes / unit in 1/scale, to the nearest */
static uint64_t divide(uint64_t bytes, uint64_t unit, unsigned scale)
{
	uint64_t whole = bytes / unit, rest = bytes % unit;
	if (rest > UINT64_MAX / (2 * scale)) { /* what this drops is far below 1/scale */
		rest >>= 10;
		unit >>= 10;
	}
	return whole * scale + (rest * scale + unit / 2) / unit;
}

/* the largest unit of which it is at least one, also after rounding ("1.0 GB", not "1000.0 MB") */
static void show_scaled(char *into, size_t size, uint64_t bytes, unsigned base, unsigned decimals)
{
	static const char decimal[] = "kMGTPE", binary[] = "KMGTPE";
	unsigned scale = decimals == 2 ? 100 : 10, power = 0;
	uint64_t unit = base, parts = divide(bytes, unit, scale);
	while (power < 5 && parts >= (uint64_t)base * scale) {
		unit *= base;
		power++;
		parts = divide(bytes, unit, scale);
	}
	snprintf(into, size, "%llu.%0*u %c%s", (unsigned long long)(parts / scale), (int)decimals,
		(unsigned)(parts % scale), base == 1024 ? binary[power] : decimal[power],
		base == 1024 ? "iB" : "B");
}

void units_decimal(char *into, size_t size, uint64_t bytes)
{
	if (show_unknown(into, size, bytes))
		return;
	if (bytes < 1000)
		show_few(into, size, bytes);
	else
		show_scaled(into, size, bytes, 1000, 1);
}

void units_binary(char *into, size_t size, uint64_t bytes)
{
	if (show_unknown(into, size, bytes))
		return;
	if (bytes < 1024)
		show_few(into, size, bytes);
	else
		show_scaled(into, size, bytes, 1024, 2);
}

void units_bytes(char *into, size_t size, uint64_t bytes)
{
	char decimal[UNITS_LEN], binary[UNITS_LEN];
	units_decimal(decimal, sizeof decimal, bytes);
	units_binary(binary, sizeof binary, bytes);
	if (bytes < 1000 || bytes == UINT64_MAX)
		snprintf(into, size, "%s", decimal);
	else
		snprintf(into, size, "%s (%s)", decimal, binary);
}

/* "3 h 5 min", or "3 h" */
static void show_two(
	char *into, size_t size, uint64_t whole, const char *unit, unsigned part, const char *smaller)
{
	int length = snprintf(into, size, "%llu %s", (unsigned long long)whole, unit);
	if (part && length > 0 && (size_t)length < size)
		snprintf(into + length, size - (size_t)length, " %u %s", part, smaller);
}

void units_duration(char *into, size_t size, uint64_t seconds)
{
	uint64_t minutes = seconds / 60 + (seconds % 60 >= 30),
		 hours = seconds / 3600 + (seconds % 3600 >= 1800);
	if (show_unknown(into, size, seconds))
		return;
	if (seconds < 120)
		snprintf(into, size, "%u s", (unsigned)seconds);
	else if (minutes < 60)
		snprintf(into, size, "%u min", (unsigned)minutes);
	else if (minutes < 24 * 60)
		show_two(into, size, minutes / 60, "h", (unsigned)(minutes % 60), "min");
	else
		show_two(into, size, hours / 24, "d", (unsigned)(hours % 24), "h");
}

static void show_rate(char *into, size_t size, uint64_t value, uint64_t unit, const char *name)
{
	uint64_t tenths = divide(value, unit, 10);
	if (show_unknown(into, size, value))
		return;
	if (value && !tenths)
		snprintf(into, size, "< 0.1 %s", name);
	else if (value && tenths < 100)
		snprintf(into, size, "%u.%u %s", (unsigned)tenths / 10, (unsigned)tenths % 10, name);
	else
		snprintf(into, size, "%llu %s", (unsigned long long)divide(value, unit, 1), name);
}

void units_rate(char *into, size_t size, uint64_t bytes_per_s)
{
	show_rate(into, size, bytes_per_s, 1000000, "MB/s");
}

void units_mbits(char *into, size_t size, uint64_t bytes_per_s)
{
	show_rate(into, size, bytes_per_s, 1000000 / 8, "Mbit/s");
}

/* Days are counted in eras of 400 years (146097 days) from 1 March of the year 0, so that the leap day comes
 * last. */
/* the last `count` digits of a number, then a character */
static char *put_digits(char *at, uint32_t number, unsigned count, char then)
{
	for (unsigned i = count; i--; number /= 10)
		at[i] = (char)('0' + number % 10);
	at[count] = then;
	return at + count + 1;
}

bool units_time(char *into, size_t size, uint64_t clock_ms)
{
	uint64_t seconds = clock_ms / 1000;
	if (size)
		into[0] = 0;
	if (seconds >= CLOCK_END || size < UNITS_TIME_LEN)
		return false;
	uint32_t days = (uint32_t)(seconds / 86400) + 719468, second = (uint32_t)(seconds % 86400);
	uint32_t era = days / 146097, day_of_era = days % 146097;
	uint32_t year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	uint32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	uint32_t from_march = (5 * day_of_year + 2) / 153, day = day_of_year - (153 * from_march + 2) / 5 + 1;
	uint32_t month = from_march < 10 ? from_march + 3 : from_march - 9;
	uint32_t year = era * 400 + year_of_era + (month <= 2);
	into = put_digits(into, year, 4, '-');
	into = put_digits(into, month, 2, '-');
	into = put_digits(into, day, 2, 'T');
	into = put_digits(into, second / 3600, 2, ':');
	into = put_digits(into, second / 60 % 60, 2, ':');
	into = put_digits(into, second % 60, 2, 'Z');
	*into = 0;
	return true;
}
