/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "common/json_read.h"

Suite *suite_json_read(void);

static char share[9];
static uint64_t size, seconds;
static bool share_given, size_given, seconds_given;
static struct fault fault;

static int read_text(struct text text)
{
	struct json_member members[] = {
		{.name = "share",
			.kind = JSON_READ_TEXT,
			.required = true,
			.text = share,
			.text_size = sizeof share},
		{.name = "size", .kind = JSON_READ_SIZE, .number = &size},
		{.name = "seconds", .kind = JSON_READ_NUMBER, .number = &seconds},
	};
	strcpy(share, "-");
	size = seconds = 7;
	fault.text[0] = 0;
	int error = json_read_object(text, members, ARRAY_LEN(members), &fault);
	share_given = members[0].given;
	size_given = members[1].given;
	seconds_given = members[2].given;
	return error;
}

static const struct {
	const char *body, *share;
	uint64_t size, seconds;
} good[] = {
	{"{\"share\":\"a\"}", "a", 7, 7},
	{" \t\r\n{ \"share\" : \"a\" , \"size\" : 0 , \"seconds\" : 60 } \n", "a", 0, 60},
	{"{\"size\":9223372036854775807,\"share\":\"\"}", "", INT64_MAX, 7},
	{"{\"size\":\"5.3TiB\",\"share\":\"a\"}", "a", UINT64_C(5827411627212), 7},
	{"{\"size\":\"17\",\"share\":\"12345678\"}", "12345678", 17, 7},
	{"{\"share\":\"a\",\"size\":null,\"seconds\":null}", "a", 7, 7},
	{"{\"share\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}", "\"\\/\b\f\n\r\t", 7, 7},
	{"{\"share\":\"\\u00e9\\u20AC\"}", "\xc3\xa9\xe2\x82\xac", 7, 7},
	{"{\"share\":\"\\ud83d\\ude00\"}", "\xf0\x9f\x98\x80", 7, 7},
	{"{\"share\":\"\xf0\x9f\x98\x80\xc3\xa9\"}", "\xf0\x9f\x98\x80\xc3\xa9", 7, 7},
	{"{\"\\u0073hare\":\"a\"}", "a", 7, 7},
};

START_TEST(reads)
{
	ck_assert_msg(!read_text(text_of(good[_i].body)), "%s: %s", good[_i].body, fault.text);
	ck_assert_str_eq(share, good[_i].share);
	ck_assert_uint_eq(size, good[_i].size);
	ck_assert_uint_eq(seconds, good[_i].seconds);
	ck_assert(share_given);
	ck_assert_int_eq(size_given, good[_i].size != 7);
	ck_assert_int_eq(seconds_given, good[_i].seconds != 7);
}
END_TEST

static const struct {
	const char *body, *says;
} bad[] = {
	{"", "must be one JSON object"},
	{" ", "must be one JSON object"},
	{"[]", "must be one JSON object"},
	{"null", "must be one JSON object"},
	{"\"share\"", "must be one JSON object"},
	{"{", "no JSON object"},
	{"{}", "share is missing"},
	{"{\"size\":1}", "share is missing"},
	{"{\"share\":null}", "share must be a string"},
	{"{\"share\":\"a\"", "closing brace"},
	{"{\"share\":\"a", "share must be a string"},
	{"{\"share\":\"a\\", "share must be a string"},
	{"{\"share\":", "share must be a string"},
	{"{\"share\"", "no JSON object"},
	{"{\"share\":\"a\",}", "no JSON object"},
	{"{,\"share\":\"a\"}", "no JSON object"},
	{"{\"share\":\"a\"}x", "behind the JSON object"},
	{"{\"share\":\"a\"}{}", "behind the JSON object"},
	{"{share:\"a\"}", "no JSON object"},
	{"{'share':'a'}", "no JSON object"},
	{"{\"share\":\"a\" \"size\":1}", "a comma"},
	{"{\"share\":\"a\",/**/\"size\":1}", "no JSON object"},
	{"{\"share\":\"a\",\"share\":\"b\"}", "share comes twice"},
	{"{\"share\":\"a\",\"size\":1,\"size\":1}", "size comes twice"},
	{"{\"share\":\"a\",\"Size\":1}", "no member \"Size\" here: it takes share, size, seconds"},
	{"{\"share\":\"a\",\"\":1}", "no member \"\""},
	{"{\"share\":1}", "share must be a string"},
	{"{\"share\":[\"a\"]}", "share must be a string"},
	{"{\"share\":{\"a\":1}}", "share must be a string"},
	{"{\"share\":true}", "share must be a string"},
	{"{\"share\":\"123456789\"}", "share is longer than 8 bytes"},
	{"{\"share\":\"a\tb\"}", "share must be a string"},
	{"{\"share\":\"a\\x41\"}", "share must be a string"},
	{"{\"share\":\"a\\u0000b\"}", "without NUL"},
	{"{\"share\":\"a\\u00g0\"}", "share must be a string"},
	{"{\"share\":\"a\\ud83d\"}", "share must be a string"},
	{"{\"share\":\"a\\ud83d\\u0041\"}", "share must be a string"},
	{"{\"share\":\"a\\ude00\"}", "share must be a string"},
	{"{\"share\":\"\xff\"}", "UTF-8"},
	{"{\"share\":\"\xc0\x80\"}", "UTF-8"},
	{"{\"share\":\"\xe2\x82\"}", "UTF-8"},
	{"{\"share\":\"\xed\xa0\x80\"}", "UTF-8"},
	{"{\"share\":\"a\",\"seconds\":-1}", "seconds must be a whole number from 0 to 2^63 - 1, not -1"},
	{"{\"share\":\"a\",\"seconds\":1.5}", "whole number"},
	{"{\"share\":\"a\",\"seconds\":1.0}", "whole number"},
	{"{\"share\":\"a\",\"seconds\":1e3}", "whole number"},
	{"{\"share\":\"a\",\"seconds\":01}", "whole number"},
	{"{\"share\":\"a\",\"seconds\":+1}", "whole number"},
	{"{\"share\":\"a\",\"seconds\":}", "whole number"},
	{"{\"share\":\"a\",\"seconds\":\"60\"}", "whole number"},
	{"{\"share\":\"a\",\"seconds\":true}", "whole number"},
	{"{\"share\":\"a\",\"seconds\":nulls}", "a comma"},
	{"{\"share\":\"a\",\"seconds\":[1]}", "whole number"},
	{"{\"share\":\"a\",\"size\":9223372036854775808}", "2^63 - 1"},
	{"{\"share\":\"a\",\"size\":18446744073709551616}", "2^63 - 1"},
	{"{\"share\":\"a\",\"size\":99999999999999999999999999999999999999999999999999999}", "2^63 - 1"},
	{"{\"share\":\"a\",\"size\":\"8388608TiB\"}", "2^63 - 1"},
	{"{\"share\":\"a\",\"size\":\"5.3TB\"}",
		"5300000000000 bytes on the disk's label, 5827411627212 in PowerShell"},
	{"{\"share\":\"a\",\"size\":\"5.3XB\"}", "\"5.3XB\" is no size"},
	{"{\"share\":\"a\",\"size\":\"-5\"}", "no size"},
	{"{\"share\":\"a\",\"size\":\"\"}", "no size"},
	{"{\"share\":\"a\",\"size\":5.3TiB}", "whole number"},
};

START_TEST(refuses)
{
	ck_assert_msg(read_text(text_of(bad[_i].body)) == -EINVAL, "%s was taken", bad[_i].body);
	ck_assert_msg(strstr(fault.text, bad[_i].says), "%s: %s", bad[_i].body, fault.text);
}
END_TEST

START_TEST(nul_bytes)
{
	ck_assert_int_eq(read_text(TEXT("{\"share\":\"a\0b\"}")), -EINVAL);
	ck_assert_int_eq(read_text(TEXT("{\"share\":\"a\"}\0")), -EINVAL);
	ck_assert_int_eq(read_text(TEXT("\0{\"share\":\"a\"}")), -EINVAL);
	ck_assert_int_eq(read_text(TEXT("{\"share\0\":\"a\"}")), -EINVAL);
	ck_assert_int_eq(read_text(TEXT("{\"share\":\"a\",\"size\":1\0}")), -EINVAL);
}
END_TEST

/* every cut of a good body is refused, and nothing is read past its end */
START_TEST(cuts)
{
	static const char body[] =
		"{\"share\":\"\\ud83d\\ude00\xe2\x82\xac\",\"size\":\"5TiB\",\"seconds\":60}";
	for (size_t length = 0; length < sizeof body - 1; length++) {
		autofree char *copy = malloc(length + !length);
		memcpy(copy, body, length);
		ck_assert_int_eq(read_text((struct text){copy, length}), -EINVAL);
	}
	ck_assert_int_eq(read_text(TEXT(body)), 0);
}
END_TEST

START_TEST(deep_and_long)
{
	static char body[1000000];
	memset(body, '[', sizeof body - 1);
	memcpy(body, "{\"size\":", 8);
	ck_assert_int_eq(read_text(text_of(body)), -EINVAL);
	memset(body, '{', sizeof body - 1);
	ck_assert_int_eq(read_text(text_of(body)), -EINVAL);
	memset(body, 'x', sizeof body - 1);
	memcpy(body, "{\"", 2);
	memcpy(body + sizeof body - 5, "\":1}", 4);
	ck_assert_int_eq(read_text(text_of(body)), -EINVAL);
	ck_assert_ptr_nonnull(strstr(fault.text, "it takes share, size, seconds"));
}
END_TEST

Suite *suite_json_read(void)
{
	Suite *suite = suite_create("json_read");
	TCase *tcase = tcase_create("json_read");
	tcase_add_loop_test(tcase, reads, 0, (int)ARRAY_LEN(good));
	tcase_add_loop_test(tcase, refuses, 0, (int)ARRAY_LEN(bad));
	tcase_add_test(tcase, nul_bytes);
	tcase_add_test(tcase, cuts);
	tcase_add_test(tcase, deep_and_long);
	suite_add_tcase(suite, tcase);
	return suite;
}
