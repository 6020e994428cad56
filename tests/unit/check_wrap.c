/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "show/wrap.h"

Suite *suite_wrap(void);

static struct out out;

static void start(void)
{
	out = (struct out){0};
}

static void end(void)
{
	out_free(&out);
}

START_TEST(breaks_between_words)
{
	wrap_text("one two  three", 4, 0, &out);
	ck_assert_str_eq(out.data, "    one two three\n");
	out.length = 0;
	wrap_text("one\n\ntwo", 0, 0, &out);
	ck_assert_str_eq(out.data, "one\n\ntwo\n");
}
END_TEST

START_TEST(never_wider_than_80)
{
	char text[600] = "";
	for (unsigned i = 0; i < 100; i++)
		strcat(text, i % 3 ? "abcd " : "ef ");
	wrap_text(text, 10, 3, &out);
	for (char *line = strtok(out.data, "\n"); line; line = strtok(NULL, "\n"))
		ck_assert_uint_le(strlen(line), 80);
}
END_TEST

START_TEST(goes_on_where_the_cursor_stands)
{
	out_text(&out, "  --x");
	wrap_text("says", 8, 5, &out);
	ck_assert_str_eq(out.data, "  --x   says\n");
}
END_TEST

START_TEST(a_word_wider_than_the_terminal_stays_whole)
{
	char word[256];
	memset(word, 'w', 255);
	word[255] = 0;
	wrap_text(word, 2, 0, &out);
	ck_assert_uint_eq(out.length, 2 + 255 + 1);
}
END_TEST

START_TEST(colours_only_where_wanted)
{
	out_tint(&out, TINT_BAD);
	ck_assert_ptr_null(out.data);
	out.colours = true;
	out_tint(&out, TINT_BAD);
	out_tint(&out, TINT_NONE);
	ck_assert_str_eq(out.data, "\033[1;31m\033[0m");
}
END_TEST

Suite *suite_wrap(void)
{
	Suite *suite = suite_create("wrap");
	TCase *tcase = tcase_create("wrap");
	tcase_add_checked_fixture(tcase, start, end);
	tcase_add_test(tcase, breaks_between_words);
	tcase_add_test(tcase, never_wider_than_80);
	tcase_add_test(tcase, goes_on_where_the_cursor_stands);
	tcase_add_test(tcase, a_word_wider_than_the_terminal_stays_whole);
	tcase_add_test(tcase, colours_only_where_wanted);
	suite_add_tcase(suite, tcase);
	return suite;
}
