/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Figures for people: nothing is cut, times are those of the calendar. max_len: 32
 */
#include <stdio.h>
#include <time.h>

#include "common/units.h"
#include "tests/fuzz/fuzz.h"

static void check(
	void (*show)(char *into, size_t size, uint64_t value), size_t enough, size_t few, uint64_t value)
{
	char whole[256], cut[256];
	show(whole, sizeof whole, value);
	MUST(whole[0] && strlen(whole) < enough);
	MUST((value == UINT64_MAX) == !strcmp(whole, "unknown"));
	memset(cut, 'x', sizeof cut);
	show(cut, few, value);
	MUST(strlen(cut) < few && !strncmp(cut, whole, strlen(cut)));
	MUST(cut[few] == 'x');
}

static void check_time(uint64_t clock_ms)
{
	char text[UNITS_TIME_LEN];
	struct tm tm = {0};
	if (!units_time(text, sizeof text, clock_ms)) {
		MUST(!text[0] && clock_ms / 1000 >= UINT64_C(253402300800));
		return;
	}
	MUST(sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2dZ", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour,
		     &tm.tm_min, &tm.tm_sec) == 6);
	tm.tm_year -= 1900;
	tm.tm_mon--;
	MUST(strlen(text) == 20 && (uint64_t)timegm(&tm) == clock_ms / 1000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = fuzz_text(data, size);
	uint64_t value = fuzz_number(&rest);
	size_t few = fuzz_choice(&rest, 40) + 1;
	check(units_bytes, UNITS_BYTES_LEN, few, value);
	check(units_decimal, UNITS_LEN, few, value);
	check(units_binary, UNITS_LEN, few, value);
	check(units_duration, UNITS_LEN, few, value);
	check(units_rate, UNITS_LEN, few, value);
	check(units_mbits, UNITS_LEN, few, value);
	check_time(value);
	check_time(value % (UINT64_C(253402300800) * 1000));
	return 0;
}
