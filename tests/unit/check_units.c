/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/units.h"

#include <check.h>
#include <string.h>

#include "common/scope.h"

#define K UINT64_C(1000)
#define T (K * K * K * K)
#define GIB (UINT64_C(1) << 30)

static const struct {
	uint64_t bytes;
	const char *both, *decimal, *binary;
} sizes[] = {
	{0, "0 bytes", "0 bytes", "0 bytes"},
	{1, "1 byte", "1 byte", "1 byte"},
	{999, "999 bytes", "999 bytes", "999 bytes"},
	{1000, "1.0 kB (1000 bytes)", "1.0 kB", "1000 bytes"},
	{1023, "1.0 kB (1023 bytes)", "1.0 kB", "1023 bytes"},
	{1024, "1.0 kB (1.00 KiB)", "1.0 kB", "1.00 KiB"},
	{1900 * K * K * K, "1.9 TB (1.73 TiB)", "1.9 TB", "1.73 TiB"},
	{2048 * GIB, "2.2 TB (2.00 TiB)", "2.2 TB", "2.00 TiB"},
	/* the seed's "5.3 TB" of PowerShell */
	{UINT64_C(5827411627212), "5.8 TB (5.30 TiB)", "5.8 TB", "5.30 TiB"},
	{3000592982016, "3.0 TB (2.73 TiB)", "3.0 TB", "2.73 TiB"},
	/* rounding must not end in "1000.0 GB" */
	{999949999999, "999.9 GB (931.28 GiB)", "999.9 GB", "931.28 GiB"},
	{999950000000, "1.0 TB (931.28 GiB)", "1.0 TB", "931.28 GiB"},
	{1024 * GIB - 1, "1.1 TB (1.00 TiB)", "1.1 TB", "1.00 TiB"},
	{64 * 1024 * GIB, "70.4 TB (64.00 TiB)", "70.4 TB", "64.00 TiB"},
	{UINT64_MAX - 1, "18.4 EB (16.00 EiB)", "18.4 EB", "16.00 EiB"},
	{UINT64_MAX, "unknown", "unknown", "unknown"},
};

START_TEST(sizes_are_told_both_ways)
{
	char text[UNITS_BYTES_LEN];
	units_bytes(text, sizeof text, sizes[_i].bytes);
	ck_assert_str_eq(text, sizes[_i].both);
	units_decimal(text, UNITS_LEN, sizes[_i].bytes);
	ck_assert_str_eq(text, sizes[_i].decimal);
	units_binary(text, UNITS_LEN, sizes[_i].bytes);
	ck_assert_str_eq(text, sizes[_i].binary);
}
END_TEST

static const struct {
	uint64_t seconds;
	const char *text;
} durations[] = {
	{0, "0 s"},
	{35, "35 s"},
	{119, "119 s"},
	{120, "2 min"},
	{149, "2 min"},
	{150, "3 min"},
	{240, "4 min"},
	{3569, "59 min"},
	{3570, "1 h"},
	{3600, "1 h"},
	{4800, "1 h 20 min"},
	{82920, "23 h 2 min"},
	{86369, "23 h 59 min"},
	{86370, "1 d"},
	{86400, "1 d"},
	{183600, "2 d 3 h"},
	{UINT64_MAX - 1, "213503982334601 d 7 h"},
	{UINT64_MAX, "unknown"},
};

START_TEST(durations_are_rounded)
{
	char text[UNITS_LEN];
	units_duration(text, sizeof text, durations[_i].seconds);
	ck_assert_str_eq(text, durations[_i].text);
}
END_TEST

static const struct {
	uint64_t bytes_per_s;
	const char *bytes, *bits;
} rates[] = {
	{0, "0 MB/s", "0 Mbit/s"},
	{1, "< 0.1 MB/s", "< 0.1 Mbit/s"},
	{6249, "< 0.1 MB/s", "< 0.1 Mbit/s"},
	{6250, "< 0.1 MB/s", "0.1 Mbit/s"},
	{50000, "0.1 MB/s", "0.4 Mbit/s"},
	{900000, "0.9 MB/s", "7.2 Mbit/s"},
	{9949999, "9.9 MB/s", "80 Mbit/s"},
	{9950000, "10 MB/s", "80 Mbit/s"},
	{58000000, "58 MB/s", "464 Mbit/s"},
	{6900000000, "6900 MB/s", "55200 Mbit/s"},
	{UINT64_MAX - 1, "18446744073710 MB/s", "147573952589676 Mbit/s"},
	{UINT64_MAX, "unknown", "unknown"},
};

START_TEST(rates_in_bytes_and_bits)
{
	char text[UNITS_LEN];
	units_rate(text, sizeof text, rates[_i].bytes_per_s);
	ck_assert_str_eq(text, rates[_i].bytes);
	units_mbits(text, sizeof text, rates[_i].bytes_per_s);
	ck_assert_str_eq(text, rates[_i].bits);
}
END_TEST

/* the seconds are those of date(1) */
static const struct {
	uint64_t clock_ms;
	const char *text;
} times[] = {
	{0, "1970-01-01T00:00:00Z"},
	{999, "1970-01-01T00:00:00Z"},
	{1000, "1970-01-01T00:00:01Z"},
	{951782400000, "2000-02-29T00:00:00Z"},
	{951868799999, "2000-02-29T23:59:59Z"},
	{951868800000, "2000-03-01T00:00:00Z"},
	{1795381447000, "2026-11-22T21:04:07Z"},
	{1798761599000, "2026-12-31T23:59:59Z"},
	{1798761600000, "2027-01-01T00:00:00Z"},
	{1835438400000, "2028-02-29T12:00:00Z"},
	{2147483648000, "2038-01-19T03:14:08Z"},
	{4107542399000, "2100-02-28T23:59:59Z"},
	{4107542400000, "2100-03-01T00:00:00Z"},
	{13574563200000, "2400-02-29T00:00:00Z"},
	{253402300799999, "9999-12-31T23:59:59Z"},
};

START_TEST(times_are_rfc_3339)
{
	char text[UNITS_TIME_LEN];
	ck_assert(units_time(text, sizeof text, times[_i].clock_ms));
	ck_assert_str_eq(text, times[_i].text);
}
END_TEST

START_TEST(times_past_9999_are_none)
{
	const uint64_t late[] = {253402300800000, UINT64_MAX - 1, UINT64_MAX};
	char text[UNITS_TIME_LEN] = "left over";
	ck_assert(!units_time(text, sizeof text, late[_i]));
	ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(small_buffers_cut)
{
	char text[8];
	memset(text, 'x', sizeof text);
	units_bytes(text, 6, 1900 * K * K * K);
	ck_assert_str_eq(text, "1.9 T");
	ck_assert_int_eq(text[6], 'x');
	units_duration(text, 4, 4800);
	ck_assert_str_eq(text, "1 h");
	units_duration(text, 3, 4800);
	ck_assert_str_eq(text, "1 ");
	ck_assert_int_eq(text[6], 'x');
}
END_TEST

Suite *suite_units(void);
Suite *suite_units(void)
{
	Suite *suite = suite_create("units");
	TCase *tcase = tcase_create("units");
	tcase_add_loop_test(tcase, sizes_are_told_both_ways, 0, ARRAY_LEN(sizes));
	tcase_add_loop_test(tcase, durations_are_rounded, 0, ARRAY_LEN(durations));
	tcase_add_loop_test(tcase, rates_in_bytes_and_bits, 0, ARRAY_LEN(rates));
	tcase_add_loop_test(tcase, times_are_rfc_3339, 0, ARRAY_LEN(times));
	tcase_add_loop_test(tcase, times_past_9999_are_none, 0, 3);
	tcase_add_test(tcase, small_buffers_cut);
	suite_add_tcase(suite, tcase);
	return suite;
}
