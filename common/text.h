/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Reading text that somebody else wrote: /proc, sysfs, the output of tools. A `struct text` is a piece of a
 * buffer that it does not own and never changes; walking one yields smaller pieces. Nothing here allocates,
 * and nothing assumes that a piece ends in NUL. Numbers are checked: a value that does not fit is an error,
 * not a wrapped one.
 */
#ifndef NASREADY_COMMON_TEXT_H
#define NASREADY_COMMON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	const char *at;
	size_t length;
};

#define TEXT(literal) ((struct text){literal, sizeof(literal) - 1})

struct text text_of(const char *string);

/* -- walking: each takes the next piece off the front of `rest`; false when there is none -- */

/* the next line, without its newline (a last line without newline counts) */
bool text_line(struct text *rest, struct text *ret_line);
/* the next run of characters other than blank and tab */
bool text_word(struct text *rest, struct text *ret_word);
/* what stands before `separator` (or all of it, if there is none); empty pieces count */
bool text_until(struct text *rest, char separator, struct text *ret_piece);

/* -- questions -- */
bool text_is(struct text text, const char *string);
bool text_starts(struct text text, const char *prefix);
/* true if `word` is one of the comma-separated options, alone or as `word=value`; the value goes to
 * `ret_value` if not NULL */
bool text_option(struct text options, const char *word, struct text *ret_value);
/* fit to be one component of a path: not empty, no '/', not "." or "..", no NUL, at most 255 bytes */
bool text_is_name(struct text text);
struct text text_trim(struct text text);

/* -- values: false, and the target untouched, if the text is not wholly such a value -- */
bool text_u64(struct text text, uint64_t *ret_value);
bool text_u32(struct text text, uint32_t *ret_value);
/* "12.34" as 1234; digits after the second are dropped */
bool text_hundredths(struct text text, uint32_t *ret_value);
/* text_u64 for the next word of `rest` */
bool text_word_u64(struct text *rest, uint64_t *ret_value);
/* the number at the front of `text`, whatever follows it ("2048kB", "5 transactions") */
bool text_leading_u64(struct text text, uint64_t *ret_value);

/* -- copies into a fixed buffer, always NUL-terminated -- */

/* false if it did not fit or held a NUL; then `into` is empty */
bool text_copy(char *into, size_t size, struct text text);
/* cuts what does not fit and ends it with "..."; turns control characters into '?' */
void text_show(char *into, size_t size, struct text text);
/* as text_copy, with the kernel's octal escapes (\040 for a blank) undone; a broken escape stays as it is */
bool text_unescape(char *into, size_t size, struct text text);
/* the other way: blank, tab, newline, '#', '\\' and control characters as octal escapes; false if it did not
 * fit */
bool text_escape(char *into, size_t size, const char *string);

/* FNV-1a, for names that must be compared cheaply */
uint32_t text_hash(const char *string);

#endif
