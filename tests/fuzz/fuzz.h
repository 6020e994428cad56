/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What the fuzzers share. A fuzzer feeds any bytes to a parser and checks what it promises; breaking a
 * promise ends the program as a crash does. Inputs of several parts have a NUL between the parts.
 */
#ifndef NASREADY_TESTS_FUZZ_H
#define NASREADY_TESTS_FUZZ_H

#include <stdint.h>
#include <string.h>

#include "common/scope.h"
#include "common/text.h"
#include "model/snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

void fuzz_must(bool holds, const char *what, const char *file, int line);
#define MUST(condition) fuzz_must((condition), #condition, __FILE__, __LINE__)
#define MUST_END(array) MUST(memchr((array), 0, sizeof(array)) != NULL)

/* -- taking the input apart: each takes the next part off the front of `rest` -- */

struct text fuzz_text(const uint8_t *data, size_t size);
/* up to the next NUL; empty at the end */
struct text fuzz_piece(struct text *rest);
/* the same as a string of exactly its size, which the caller frees */
char *fuzz_string(struct text *rest);
/* any of 64 bits, small ones and the largest often; 0 at the end */
uint64_t fuzz_number(struct text *rest);
/* below `count` */
unsigned fuzz_choice(struct text *rest, unsigned count);

/* -- promises -- */

/* every list within its capacity, every text ended, every tri one of three */
void fuzz_check_snapshot(const struct snapshot *snapshot);
bool fuzz_is_utf8(const char *text);
/* holds no control character but newline, and nothing that changes the direction of writing */
bool fuzz_is_plain(const char *text);
/* one JSON document, as json-c reads it in its strict mode */
void fuzz_check_json(const char *text);
/* its member is this text, or this number */
void fuzz_check_member(const char *text, const char *name, const char *value);

#endif
