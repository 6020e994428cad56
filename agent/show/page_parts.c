/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "show/page.h"

#include <string.h>

void page_section(const char *id, const char *title, struct out *out)
{
	out_print(out, "<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n", id, id, title);
}

void page_section_end(struct out *out)
{
	out_text(out, "</section>\n");
}

void page_name(const char *text, struct out *out)
{
	out_text(out, "<bdi>");
	out_html(out, text);
	out_text(out, "</bdi>");
}

/* Attributes of SVG, since the page may have no style of its own beside the style sheet. */
void page_bar(uint64_t part, uint64_t whole, struct out *out)
{
	if (part == UNKNOWN_U64 || whole == UNKNOWN_U64 || !whole)
		return;
	unsigned permille = part >= whole ? 1000
					  : (unsigned)(whole > UINT64_MAX / 1000 ? part / (whole / 1000)
										 : part * 1000 / whole);
	out_print(out,
		"<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" "
		"aria-hidden=\"true\">"
		"<rect class=\"track\" width=\"1000\" height=\"10\"/>"
		"<rect class=\"fill\" width=\"%u\" height=\"10\"/></svg>",
		permille);
}

void page_percent(uint32_t hundredths, struct out *out)
{
	unsigned tenths = (hundredths + 5) / 10;
	if (hundredths == UNKNOWN_U32)
		out_text(out, "unknown");
	else
		out_print(out, "%u.%u&nbsp;%%", tenths / 10, tenths % 10);
}

void page_number(uint32_t value, const char *unit, struct out *out)
{
	if (value == UNKNOWN_U32)
		out_text(out, "unknown");
	else
		out_print(out, "%u%s", (unsigned)value, unit);
}

void page_omitted(uint32_t omitted, struct out *out)
{
	if (omitted)
		out_print(out, "<p class=\"quiet\">and %u more, for which there is no room</p>\n",
			(unsigned)omitted);
}

void page_symbol(const char *name, struct out *out)
{
	static const char *const symbols[][2] = {
		{"go", "<path d=\"M5 12.5l4.5 4.5L19 7.5\"/>"},
		{"wait", "<circle cx=\"12\" cy=\"12\" r=\"9\"/><path d=\"M12 7v5.5l3.5 2\"/>"},
		{"no", "<circle cx=\"12\" cy=\"12\" r=\"9\"/><path d=\"M5.8 5.8l12.4 12.4\"/>"},
		{"warn", "<path d=\"M12 3.5L22 20.5H2zM12 10v5M12 17.6v.4\"/>"},
		{"info", "<circle cx=\"12\" cy=\"12\" r=\"9\"/><path d=\"M12 11v5.5M12 7.5v.4\"/>"},
	};
	for (unsigned i = 0; i < ARRAY_LEN(symbols); i++)
		if (!strcmp(symbols[i][0], name))
			out_print(out,
				"<svg class=\"symbol\" viewBox=\"0 0 24 24\" aria-hidden=\"true\">%s</svg>",
				symbols[i][1]);
}

void page_fact(const char *term, struct out *out)
{
	out_print(out, "<div><dt>%s</dt><dd>", term);
}

void page_fact_end(struct out *out)
{
	out_text(out, "</dd></div>\n");
}

void page_fact_text(const char *term, const char *text, struct out *out)
{
	if (!*text)
		return;
	page_fact(term, out);
	page_name(text, out);
	page_fact_end(out);
}

/* -- tables -- */

static bool is_number(const char *title)
{
	return *title == '#';
}

void page_table(struct page_table *table, const char *label, struct out *out)
{
	out_print(out, "<table aria-label=\"%s\">\n<thead><tr>", label);
	for (unsigned i = 0; i < table->count; i++) {
		const char *title = table->titles[i];
		out_print(out, "<th scope=\"col\"%s>%s</th>", is_number(title) ? " class=\"number\"" : "",
			title + is_number(title));
	}
	out_text(out, "</tr></thead>\n<tbody>\n");
}

void page_row(struct page_table *table, struct out *out)
{
	table->column = 0;
	out_text(out, "<tr>");
	page_cell(table, out);
}

void page_cell(struct page_table *table, struct out *out)
{
	const char *title = table->titles[table->column];
	if (table->column)
		out_text(out, "</div></td>");
	out_print(out, "<td%s data-title=\"%s\"><div>", is_number(title) ? " class=\"number\"" : "",
		title + is_number(title));
	table->column++;
}

void page_row_end(struct out *out)
{
	out_text(out, "</div></td></tr>\n");
}

void page_table_end(struct out *out)
{
	out_text(out, "</tbody>\n</table>\n");
}
