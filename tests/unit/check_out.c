/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "show/out.h"

#include <check.h>
#include <stdint.h>
#include <string.h>

#define FFFD "\xef\xbf\xbd"

START_TEST(printing_appends)
{
	struct out out = {0};
	out_text(&out, "");
	ck_assert_str_eq(out.data, "");
	out_print(&out, "%s %d", "one", 2);
	out_text(&out, " three");
	out_print(&out, "%s", "");
	ck_assert_str_eq(out.data, "one 2 three");
	ck_assert_uint_eq(out.length, 11);
	ck_assert(!out.failed);
	out_free(&out);
	ck_assert_ptr_null(out.data);
	ck_assert_uint_eq(out.length, 0);
	out_free(&out);
}
END_TEST

/* every length around the places where the buffer grows */
START_TEST(printing_grows)
{
	for (int length = 0; length < 1100; length++) {
		struct out printed = {0}, copied = {0};
		char text[1100];
		memset(text, 'a' + length % 26, (size_t)length);
		text[length] = 0;
		out_print(&printed, "%s", text);
		out_text(&copied, "-");
		out_text(&copied, text);
		ck_assert_str_eq(printed.data, text);
		ck_assert_uint_eq(printed.length, (size_t)length);
		ck_assert_str_eq(copied.data + 1, text);
		out_free(&printed);
		out_free(&copied);
	}
	struct out many = {0};
	for (int i = 0; i < 100000; i++)
		out_print(&many, "%05d", i);
	ck_assert_uint_eq(many.length, 500000);
	ck_assert(!memcmp(many.data + 12345 * 5, "12345", 5));
	ck_assert_str_eq(many.data + 499995, "99999");
	out_free(&many);
}
END_TEST

START_TEST(failure_sticks)
{
	struct out out = {0};
	out_text(&out, "before");
	size_t length = out.length;
	out.length = out.size = SIZE_MAX - 2; /* no more room in the world */
	out_text(&out, "after");
	ck_assert(out.failed);
	out.length = out.size = length;
	out_text(&out, "more");
	out_print(&out, "%d", 1);
	out_html(&out, "<");
	ck_assert_str_eq(out.data, "before");
	out_free(&out);
	ck_assert(!out.failed);
}
END_TEST

static const struct {
	const char *text, *utf8, *html, *plain;
	size_t width;
} texts[] = {
	{"", "", "", "", 0},
	{"plain", "plain", "plain", "plain", 5},
	{"<a href=\"x\">'&'</a>", "<a href=\"x\">'&'</a>",
		"&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;", "<a href=\"x\">'&'</a>", 19},
	{"line\n\ttab\r", "line\n\ttab\r", "line\n\ttab" FFFD, "line??tab?", 10},
	{"\x1b[31mred\x7f\x01", "\x1b[31mred\x7f\x01", FFFD "[31mred" FFFD FFFD, "?[31mred??", 10},
	/* two, three and four bytes; the first and last of each length */
	{"B\xc3\xbc", "B\xc3\xbc", "B\xc3\xbc", "B\xc3\xbc", 2},
	{"\xdf\xbf\xe0\xa0\x80", "\xdf\xbf\xe0\xa0\x80", "\xdf\xbf\xe0\xa0\x80", "\xdf\xbf\xe0\xa0\x80", 2},
	{"\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", "\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf",
		"\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf",
		"\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 3},
	/* a lone continuation, a cut character, bytes that never occur */
	{"a\x80z", "a" FFFD "z", "a" FFFD "z", "a" FFFD "z", 3},
	{"\xe2\x82", FFFD FFFD, FFFD FFFD, FFFD FFFD, 2},
	{"\xf0\x9f\x92<", FFFD FFFD FFFD "<", FFFD FFFD FFFD "&lt;", FFFD FFFD FFFD "<", 4},
	{"\xff\xfe", FFFD FFFD, FFFD FFFD, FFFD FFFD, 2},
	/* overlong '/' and '<', a surrogate, past U+10FFFF */
	{"\xc0\xaf", FFFD FFFD, FFFD FFFD, FFFD FFFD, 2},
	{"\xe0\x80\xbc", FFFD FFFD FFFD, FFFD FFFD FFFD, FFFD FFFD FFFD, 3},
	{"\xf0\x80\x80\xbc", FFFD FFFD FFFD FFFD, FFFD FFFD FFFD FFFD, FFFD FFFD FFFD FFFD, 4},
	{"\xed\xa0\x80", FFFD FFFD FFFD, FFFD FFFD FFFD, FFFD FFFD FFFD, 3},
	{"\xed\x9f\xbf\xee\x80\x80", "\xed\x9f\xbf\xee\x80\x80", "\xed\x9f\xbf\xee\x80\x80",
		"\xed\x9f\xbf\xee\x80\x80", 2},
	{"\xf4\x90\x80\x80", FFFD FFFD FFFD FFFD, FFFD FFFD FFFD FFFD, FFFD FFFD FFFD FFFD, 4},
	/* the terminal's eight-bit escape, alone and as a character; a change of direction; a line separator
	 */
	{"\x9b"
	 "31m",
		FFFD "31m", FFFD "31m", FFFD "31m", 4},
	{"\xc2\x9b"
	 "31m",
		"\xc2\x9b"
		"31m",
		FFFD "31m", "?31m", 4},
	{"\xe2\x80\xaegnp.exe", "\xe2\x80\xaegnp.exe", "\xe2\x80\xaegnp.exe", "?gnp.exe", 8},
	{"\xe2\x80\xa8\xe2\x81\xa6", "\xe2\x80\xa8\xe2\x81\xa6", "\xe2\x80\xa8\xe2\x81\xa6", "??", 2},
	{"%s%n", "%s%n", "%s%n", "%s%n", 4},
};

START_TEST(foreign_text_is_tamed)
{
	void (*const print[])(struct out *, const char *) = {out_utf8, out_html, out_plain};
	const char *expected[] = {texts[_i].utf8, texts[_i].html, texts[_i].plain};
	for (unsigned i = 0; i < ARRAY_LEN(print); i++) {
		struct out out = {0};
		print[i](&out, texts[_i].text);
		ck_assert_str_eq(out.data, expected[i]);
		ck_assert_uint_eq(out.length, strlen(expected[i]));
		out_free(&out);
	}
	ck_assert_uint_eq(out_width(texts[_i].text), texts[_i].width);
}
END_TEST

Suite *suite_out(void);
Suite *suite_out(void)
{
	Suite *suite = suite_create("out");
	TCase *tcase = tcase_create("out");
	tcase_add_test(tcase, printing_appends);
	tcase_add_test(tcase, printing_grows);
	tcase_add_test(tcase, failure_sticks);
	tcase_add_loop_test(tcase, foreign_text_is_tamed, 0, ARRAY_LEN(texts));
	suite_add_tcase(suite, tcase);
	return suite;
}
