/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The sections of the health page, each a function that prints one, and the pieces they are made of. Whatever
 * a person or another program named goes through page_name: escaped, and isolated so that its direction of
 * writing ends with it.
 */
#ifndef NASREADY_SHOW_PAGE_H
#define NASREADY_SHOW_PAGE_H

#include "show/represent.h"

/* -- sections -- */

void page_answer(const struct view *view, struct out *out);
void page_findings(const struct view *view, struct out *out);
void page_now(const struct view *view, struct out *out);
void page_volumes(const struct view *view, struct out *out);
void page_vdisks(const struct view *view, struct out *out);
void page_jobs(const struct view *view, struct out *out);
/* within "Going on now": those that run; how many */
unsigned page_jobs_now(const struct view *view, struct out *out);
void page_allocations(const struct view *view, struct out *out);
void page_clients(const struct view *view, struct out *out);
void page_shares(const struct view *view, struct out *out);
void page_links(const struct view *view, struct out *out);
void page_machine(const struct view *view, struct out *out);
void page_raids(const struct view *view, struct out *out);
void page_disks(const struct view *view, struct out *out);
void page_ups(const struct view *view, struct out *out);
void page_sources(const struct view *view, struct out *out);

/* -- pieces (page_parts.c) -- */

void page_section(const char *id, const char *title, struct out *out);
void page_section_end(struct out *out);
void page_name(const char *text, struct out *out);
/* `wide` of the whole is full; the bar says nothing that does not stand beside it as text */
void page_bar(uint64_t part, uint64_t whole, struct out *out);
/* "97.5 %", "unknown" */
void page_percent(uint32_t hundredths, struct out *out);
/* "3", "unknown" */
void page_number(uint32_t value, const char *unit, struct out *out);
void page_omitted(uint32_t omitted, struct out *out);
/* a symbol to go with a word: go, wait, no, warn, info */
void page_symbol(const char *name, struct out *out);

/* term and description within <dl>: page_fact, its text, page_fact_end */
void page_fact(const char *term, struct out *out);
void page_fact_end(struct out *out);
void page_fact_text(const char *term, const char *text, struct out *out);

/* Columns whose title begins with '#' hold numbers. On a narrow screen each cell repeats its title. */
struct page_table {
	const char *const *titles;
	unsigned count, column;
};
void page_table(struct page_table *table, const char *label, struct out *out);
void page_row(struct page_table *table, struct out *out);
void page_cell(struct page_table *table, struct out *out); /* ends the one before */
void page_row_end(struct out *out);
void page_table_end(struct out *out);

#endif
