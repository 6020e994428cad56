/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Short words for the tables of represent_fields*.c, and for nothing else.
 */
#ifndef NASREADY_SHOW_FIELD_MACROS_H
#define NASREADY_SHOW_FIELD_MACROS_H

#include "common/scope.h"

#define AT(type, member) .base = FROM_SNAPSHOT, .offset = offsetof(struct type, member)
#define RATE(type, member) .base = FROM_RATES, .offset = offsetof(struct type, member)
#define WORDS(list) .words = list, .count = ARRAY_LEN(list)
#define FIELDS(list) .fields = list, .field_count = ARRAY_LEN(list)
#define NESTED(list) .fields = list, .count = ARRAY_LEN(list)
#define COUNTER .counter = true
#define RATIO .decimals = 4 /* of hundredths of a percent */
#define NOT_YET FIELD_FIXED, .base = FROM_SNAPSHOT

#define ONE(row, rate) .rows = offsetof(struct snapshot, row), .rates = offsetof(struct rates, rate)
#define ROWS(list, one, number)                                                  \
	.rows = offsetof(struct snapshot, list), .row_size = sizeof(struct one), \
	.row_count = offsetof(struct snapshot, number)
#define RATES(list, one) .rates = offsetof(struct rates, list), .rate_size = sizeof(struct one)
#define OMITTED(number, name) \
	.omitted = offsetof(struct snapshot, number), .omitted_key = name, .omitted_metric = "nasready_" name

#endif
