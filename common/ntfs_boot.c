/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/ntfs_boot.h"

#include <string.h>

#include "common/bytes.h"

enum { OEM = 3, SECTOR_BYTES = 11, CLUSTER_SECTORS = 13, SECTORS = 40, MARK = 510 };

#define CLUSTER_MAX (2u << 20)

/* above 128 the byte is the negative exponent of two, since Windows 10 1709 has clusters above 64 KiB */
static uint32_t sectors_of(unsigned char byte)
{
	if (byte <= 128)
		return byte;
	return 256u - byte < 24 ? 1u << (256u - byte) : 0;
}

int ntfs_boot_parse(const unsigned char *bytes, struct ntfs_boot *ret_boot)
{
	if (memcmp(bytes + OEM, "NTFS    ", 8) != 0 || bytes_le16(bytes + MARK) != 0xaa55)
		return NTFS_BOOT_E_SIGNATURE;
	uint32_t sector = bytes_le16(bytes + SECTOR_BYTES), sectors = sectors_of(bytes[CLUSTER_SECTORS]);
	uint64_t cluster = (uint64_t)sector * sectors;
	if (sector < 256 || sector > 4096 || sector & (sector - 1) || !sectors || sectors & (sectors - 1) ||
		cluster > CLUSTER_MAX)
		return NTFS_BOOT_E_VALUE;
	*ret_boot = (struct ntfs_boot){.sector_bytes = sector,
		.cluster_bytes = (uint32_t)cluster,
		.sectors = bytes_le64(bytes + SECTORS)};
	return 0;
}
