/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/crc32c.h"

/* for four bits at a time: 64 bytes of table are kinder to a small cache than 1024 */
static const uint32_t table[16] = {0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3,
	0x61c69362, 0x7198540d, 0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9, 0xc38d26c4, 0xd3d3e1ab,
	0xe330a81a, 0xf36e6f75};

uint32_t crc32c(uint32_t before, const unsigned char *bytes, size_t length)
{
	uint32_t crc = ~before;
	for (size_t i = 0; i < length; i++) {
		crc ^= bytes[i];
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return ~crc;
}

uint32_t crc32c_without(const unsigned char *bytes, size_t length, size_t hole)
{
	static const unsigned char zeros[4];
	uint32_t crc = crc32c(0, bytes, hole);
	crc = crc32c(crc, zeros, sizeof zeros);
	return crc32c(crc, bytes + hole + sizeof zeros, length - hole - sizeof zeros);
}
