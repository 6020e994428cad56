/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The boot sector of NTFS, as far as it tells the cluster size: a backup disk wants 64 KiB (B15). Layout as
 * documented in the kernel's fs/ntfs3/ntfs.h (struct NTFS_BOOT).
 */
#ifndef NASREADY_COMMON_NTFS_BOOT_H
#define NASREADY_COMMON_NTFS_BOOT_H

#include <stdint.h>

#define NTFS_BOOT_SIZE 512

#define NTFS_BOOT_E_SIGNATURE 1 /* it is something else */
#define NTFS_BOOT_E_VALUE 2	/* sector or cluster size make no sense */

struct ntfs_boot {
	uint32_t sector_bytes, cluster_bytes;
	uint64_t sectors; /* of the volume */
};

int ntfs_boot_parse(const unsigned char *bytes, struct ntfs_boot *ret_boot);

#endif
