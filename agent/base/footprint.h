/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The program's own code and constants in memory.
 */
#ifndef NASREADY_BASE_FOOTPRINT_H
#define NASREADY_BASE_FOOTPRINT_H

/* Gives up all pages of the program's file that this process holds; those that it runs on come back at once,
 * out of the page cache. For the end of a start, whose code and relocations are not used again, and before a
 * rest. */
void footprint_trim(void);

#endif
