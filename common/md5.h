/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * MD5 (RFC 1321) of a short text, for HTTP Digest (RFC 7616, algorithm MD5), which Windows knows no other
 * algorithm for. Not for anything that must withstand collisions.
 */
#ifndef NASREADY_COMMON_MD5_H
#define NASREADY_COMMON_MD5_H

#include <stddef.h>

#define MD5_LEN 16 /* bytes */

void md5(const void *data, size_t length, unsigned char ret_digest[MD5_LEN]);

#endif
