/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

Suite *suite_text(void);

START_TEST(lines_and_words)
{
	struct text rest = TEXT("one two\n\n last"), line, word;
	ck_assert(text_line(&rest, &line) && text_is(line, "one two"));
	ck_assert(text_word(&line, &word) && text_is(word, "one"));
	ck_assert(text_word(&line, &word) && text_is(word, "two"));
	ck_assert(!text_word(&line, &word));
	ck_assert(text_line(&rest, &line) && line.length == 0);
	ck_assert(text_line(&rest, &line) && text_is(text_trim(line), "last"));
	ck_assert(!text_line(&rest, &line));
}
END_TEST

START_TEST(empty_text_has_no_line)
{
	struct text none = {NULL, 0}, line;
	ck_assert(!text_line(&none, &line));
	ck_assert(!text_word(&none, &line));
	ck_assert_uint_eq(text_trim(none).length, 0);
}
END_TEST

static const struct {
	const char *text;
	bool good;
	uint64_t value;
} numbers[] = {
	{"0", true, 0},
	{"42", true, 42},
	{"18446744073709551615", true, UINT64_MAX},
	{"18446744073709551616", false, 0},
	{"99999999999999999999999", false, 0},
	{"-1", false, 0},
	{"+1", false, 0},
	{"", false, 0},
	{" 1", false, 0},
	{"1 ", false, 0},
	{"1x", false, 0},
	{"0x10", false, 0},
};

START_TEST(whole_numbers)
{
	uint64_t value = 7;
	bool good = text_u64(text_of(numbers[_i].text), &value);
	ck_assert_msg(good == numbers[_i].good, "\"%s\"", numbers[_i].text);
	ck_assert_uint_eq(value, good ? numbers[_i].value : 7);
}
END_TEST

START_TEST(numbers_of_32_bits)
{
	uint32_t value = 7;
	ck_assert(text_u32(TEXT("4294967295"), &value) && value == UINT32_MAX);
	ck_assert(!text_u32(TEXT("4294967296"), &value) && value == UINT32_MAX);
}
END_TEST

static const struct {
	const char *text;
	bool good;
	uint32_t value;
} hundredths[] = {
	{"3.10", true, 310},
	{"0.07", true, 7},
	{"12", true, 1200},
	{"1.239", true, 123},
	{"1.5", true, 150},
	{"", false, 0},
	{".5", false, 0},
	{"1.x", false, 0},
	{"-1.0", false, 0},
	{"99999999999.0", false, 0},
	{"1..2", false, 0},
};

START_TEST(numbers_with_a_point)
{
	uint32_t value = 7;
	bool good = text_hundredths(text_of(hundredths[_i].text), &value);
	ck_assert_msg(good == hundredths[_i].good, "\"%s\"", hundredths[_i].text);
	ck_assert_uint_eq(value, good ? hundredths[_i].value : 7);
}
END_TEST

START_TEST(leading_numbers)
{
	uint64_t value = 0;
	ck_assert(text_leading_u64(TEXT("  2048kB"), &value) && value == 2048);
	ck_assert(!text_leading_u64(TEXT("kB"), &value));
	ck_assert(!text_leading_u64(TEXT("-5"), &value));
}
END_TEST

START_TEST(options_of_a_mount)
{
	struct text options = TEXT("rw,noatime,commit=604800,data=ordered,errors=remount-ro"), value;
	ck_assert(text_option(options, "commit", &value) && text_is(value, "604800"));
	ck_assert(text_option(options, "noatime", &value) && value.length == 0);
	ck_assert(text_option(options, "errors", NULL));
	ck_assert(!text_option(options, "ro", NULL));
	ck_assert(!text_option(options, "mmit", NULL));
	ck_assert(!text_option(TEXT(""), "ro", NULL));
}
END_TEST

static const struct {
	const char *escaped, *plain;
} escapes[] = {
	{"/mnt/a\\040b", "/mnt/a b"},
	{"\\011\\012\\134", "\t\n\\"},
	{"plain", "plain"},
	{"cut\\04", "cut\\04"},
	{"\\999", "\\999"},
	{"\\000x", "\\000x"},
	{"\\303\\244", "\303\244"},
	{"", ""},
};

START_TEST(octal_escapes)
{
	char into[32];
	ck_assert(text_unescape(into, sizeof into, text_of(escapes[_i].escaped)));
	ck_assert_str_eq(into, escapes[_i].plain);
}
END_TEST

START_TEST(escaping_and_back)
{
	char escaped[64], plain[32];
	const char *name = "a b\t#\\\x7f\xe4";
	ck_assert(text_escape(escaped, sizeof escaped, name));
	ck_assert(!strpbrk(escaped, " \t#"));
	ck_assert(text_unescape(plain, sizeof plain, text_of(escaped)));
	ck_assert_str_eq(plain, name);
	ck_assert(!text_escape(escaped, 8, "       "));
	ck_assert_str_eq(escaped, "");
}
END_TEST

START_TEST(copies_never_overflow)
{
	char into[5];
	ck_assert(text_copy(into, sizeof into, TEXT("1234")));
	ck_assert(!text_copy(into, sizeof into, TEXT("12345")));
	ck_assert_str_eq(into, "");
	ck_assert(!text_copy(into, sizeof into, (struct text){"a\0b", 3}));
	ck_assert(!text_unescape(into, sizeof into, TEXT("12345")));
	text_show(into, sizeof into, TEXT("12345"));
	ck_assert_str_eq(into, "1...");
	text_show(into, sizeof into, TEXT("a\nb\x1b"));
	ck_assert_str_eq(into, "a?b?");
}
END_TEST

START_TEST(names_for_paths)
{
	ck_assert(text_is_name(TEXT("sda1")));
	ck_assert(text_is_name(TEXT("cciss!c0d0")));
	ck_assert(!text_is_name(TEXT("")) && !text_is_name(TEXT(".")) && !text_is_name(TEXT("..")));
	ck_assert(!text_is_name(TEXT("a/b")) && !text_is_name((struct text){"a\0b", 3}));
}
END_TEST

Suite *suite_text(void)
{
	Suite *suite = suite_create("text");
	TCase *tcase = tcase_create("text");
	tcase_add_test(tcase, lines_and_words);
	tcase_add_test(tcase, empty_text_has_no_line);
	tcase_add_loop_test(tcase, whole_numbers, 0, sizeof numbers / sizeof numbers[0]);
	tcase_add_test(tcase, numbers_of_32_bits);
	tcase_add_loop_test(tcase, numbers_with_a_point, 0, sizeof hundredths / sizeof hundredths[0]);
	tcase_add_test(tcase, leading_numbers);
	tcase_add_test(tcase, options_of_a_mount);
	tcase_add_loop_test(tcase, octal_escapes, 0, sizeof escapes / sizeof escapes[0]);
	tcase_add_test(tcase, escaping_and_back);
	tcase_add_test(tcase, copies_never_overflow);
	tcase_add_test(tcase, names_for_paths);
	suite_add_tcase(suite, tcase);
	return suite;
}
