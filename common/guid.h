/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * GUIDs as Microsoft's formats store them (MS-DTYP 2.3.4.2): the first three fields little-endian.
 */
#ifndef NASREADY_COMMON_GUID_H
#define NASREADY_COMMON_GUID_H

#include <stdbool.h>

#define GUID_SIZE 16
#define GUID_TEXT_LEN 37 /* 36 and the end */

struct guid {
	unsigned char bytes[GUID_SIZE];
};

/* the GUID_SIZE bytes at `bytes` */
struct guid guid_of(const unsigned char *bytes);
void guid_put(unsigned char *bytes, const struct guid *guid);
bool guid_equal(const struct guid *one, const struct guid *other);
bool guid_is_zero(const struct guid *guid);
/* 16 random bytes made a GUID of version 4 */
struct guid guid_from_random(const unsigned char *bytes);

/* "2dc27766-f623-4200-9d64-115e9bfd4a08" */
void guid_format(char into[GUID_TEXT_LEN], const struct guid *guid);
/* the same, in either case, with or without braces; false and the target untouched if it is no such text */
bool guid_parse(const char *text, struct guid *ret_guid);

#endif
