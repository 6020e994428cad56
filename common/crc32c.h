/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * CRC-32C (Castagnoli, RFC 3720 appendix B.4), the checksum of VHDX.
 */
#ifndef NASREADY_COMMON_CRC32C_H
#define NASREADY_COMMON_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* Of `length` bytes, going on from the CRC of what stood before them (0 at the beginning). */
uint32_t crc32c(uint32_t before, const unsigned char *bytes, size_t length);

/* The same with the four bytes at `hole` counted as zeros: a structure that holds its own checksum there. */
uint32_t crc32c_without(const unsigned char *bytes, size_t length, size_t hole);

#endif
