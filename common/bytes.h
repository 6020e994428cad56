/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Numbers in the bytes of a file format, at any alignment: the device has no unaligned loads, so nothing is
 * cast.
 */
#ifndef NASREADY_COMMON_BYTES_H
#define NASREADY_COMMON_BYTES_H

#include <stdint.h>

static inline uint16_t bytes_le16(const unsigned char *at)
{
	return (uint16_t)(at[0] | at[1] << 8);
}

static inline uint32_t bytes_le32(const unsigned char *at)
{
	return (uint32_t)bytes_le16(at) | (uint32_t)bytes_le16(at + 2) << 16;
}

static inline uint64_t bytes_le64(const unsigned char *at)
{
	return (uint64_t)bytes_le32(at) | (uint64_t)bytes_le32(at + 4) << 32;
}

static inline uint32_t bytes_be32(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static inline uint64_t bytes_be64(const unsigned char *at)
{
	return (uint64_t)bytes_be32(at) << 32 | bytes_be32(at + 4);
}

static inline void bytes_put_le16(unsigned char *at, uint16_t value)
{
	at[0] = (unsigned char)value;
	at[1] = (unsigned char)(value >> 8);
}

static inline void bytes_put_le32(unsigned char *at, uint32_t value)
{
	bytes_put_le16(at, (uint16_t)value);
	bytes_put_le16(at + 2, (uint16_t)(value >> 16));
}

static inline void bytes_put_le64(unsigned char *at, uint64_t value)
{
	bytes_put_le32(at, (uint32_t)value);
	bytes_put_le32(at + 4, (uint32_t)(value >> 32));
}

#endif
