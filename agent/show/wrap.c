/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "show/wrap.h"

#include <string.h>

#define WIDTH 80
#define WORD_LEN 320 /* names of 255 bytes are not cut */

struct line {
	unsigned indent, column;
	bool begun; /* there is a word on it */
};

static void end_line(struct line *line, struct out *out)
{
	out_text(out, "\n");
	line->column = 0;
	line->begun = false;
}

static void print_word(struct line *line, const char *word, struct out *out)
{
	unsigned width = (unsigned)out_width(word);
	if (line->begun && line->column + 1 + width > WIDTH)
		end_line(line, out);
	unsigned blanks = line->begun ? 1 : line->column < line->indent ? line->indent - line->column : 0;
	out_print(out, "%*s", (int)blanks, "");
	out_plain(out, word);
	line->column += blanks + width;
	line->begun = true;
}

void wrap_text(const char *text, unsigned indent, unsigned column, struct out *out)
{
	char word[WORD_LEN];
	struct line line = {indent, column, false};
	for (; *text; text += *text != 0) {
		size_t length = strcspn(text, " \n"), kept = length < sizeof word ? length : sizeof word - 1;
		memcpy(word, text, kept);
		word[kept] = 0;
		if (length)
			print_word(&line, word, out);
		text += length;
		if (*text == '\n')
			end_line(&line, out);
	}
	end_line(&line, out);
}
