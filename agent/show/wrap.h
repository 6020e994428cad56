/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Sentences for a terminal of 80 columns.
 */
#ifndef NASREADY_SHOW_WRAP_H
#define NASREADY_SHOW_WRAP_H

#include "show/out.h"

/* Breaks `text` between words and indents each line; the cursor stands at `column` of the first one. A
 * newline in the text stays one. Ends with a newline. */
void wrap_text(const char *text, unsigned indent, unsigned column, struct out *out);

#endif
