/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Sizes as people write them: bytes, or a number with KiB, MiB, GiB, TiB or PiB, fractions allowed. Units of
 * which disk makers and PowerShell think differently (KB to PB) are refused, and both readings are told.
 */
#ifndef NASREADY_COMMON_SIZE_H
#define NASREADY_COMMON_SIZE_H

#include "common/fault.h"
#include "common/text.h"

/* 0 or -EINVAL (no size), -ERANGE (does not fit 64 bits), with the fault naming the text and the way out */
int size_parse(struct text text, uint64_t *ret_bytes, struct fault *fault);

/* The shortest exact way to write it: "2TiB", "5.3TiB" if that parses back to the same bytes, else plain
 * bytes. */
void size_show(uint64_t bytes, char *ret_text, size_t size);

#endif
