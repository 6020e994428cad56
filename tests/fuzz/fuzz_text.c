/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The text helpers: pieces lie within the text, escapes come back, nothing is cut in silence. max_len: 512
 */
#include "tests/fuzz/fuzz.h"

static void check_walk(struct text text, bool (*next)(struct text *rest, struct text *ret_piece))
{
	struct text rest = text, piece;
	const char *end = text.at;
	while (next(&rest, &piece)) {
		MUST(piece.at >= end && piece.at + piece.length <= text.at + text.length);
		end = piece.at + piece.length;
		MUST(rest.at >= end && rest.at + rest.length == text.at + text.length);
	}
}

static void check_escapes(struct text text)
{
	static char string[1024], escaped[4096], back[1024];
	MUST(text.length < sizeof string);
	bool copied = text_copy(string, sizeof string, text);
	MUST(copied == !(text.length && memchr(text.at, 0, text.length)) && (copied || !string[0]));
	MUST(text_escape(escaped, sizeof escaped, string));
	MUST(!strpbrk(escaped, " \t\n#"));
	MUST(text_unescape(back, sizeof back, text_of(escaped)));
	MUST(!strcmp(back, string));
	if (!text_unescape(back, 8, text))
		MUST(!back[0]);
	MUST(strlen(back) < 8 || strlen(back) < sizeof back);
	text_show(back, 16, text);
	MUST(memchr(back, 0, 16) && !strpbrk(back, "\n\t\x7f\x1b"));
	MUST(text.length < 16 || strlen(back) <= 15);
}

static void check_numbers(struct text text)
{
	uint64_t value = 77, leading = 77;
	uint32_t small = 77;
	char *end, string[600];
	bool whole = text_u64(text, &value);
	MUST(whole || value == 77);
	if (whole && text_copy(string, sizeof string, text))
		MUST(strtoull(string, &end, 10) == value && !*end);
	MUST(!whole || (text_leading_u64(text, &leading) && leading == value));
	MUST(text_u32(text, &small) == (whole && value <= UINT32_MAX) && (small == value || small == 77));
	if (text_hundredths(text, &small) && whole)
		MUST(small == value * 100);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = fuzz_text(data, size), value = {0};
	check_walk(text, text_line);
	check_walk(text, text_word);
	check_escapes(text);
	check_numbers(text);
	if (text_option(text, "commit", &value) && value.length)
		MUST(value.at >= text.at && value.at + value.length <= text.at + text.length);
	if (text_is_name(text))
		MUST(size && size <= 255 && !memchr(data, '/', size) && !memchr(data, 0, size));
	return 0;
}
