/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Which file system begins at a place of a device or of a disk's file, and what it is called: those that a
 * NAS has its volumes on (ext2/3/4, XFS, Btrfs), and those that Windows puts on a disk (NTFS, FAT, exFAT;
 * ReFS and BitLocker by their marks alone). Layouts: the kernel's ext4/super.rst, xfs/libxfs/xfs_format.h,
 * include/uapi/linux/btrfs_tree.h and fs/ntfs3/ntfs.h; Microsoft's "FAT: General Overview of On-Disk Format"
 * and "exFAT file system specification".
 */
#ifndef NASREADY_COMMON_SUPERBLOCK_H
#define NASREADY_COMMON_SUPERBLOCK_H

#include "common/image.h"

#define SUPERBLOCK_TYPE_LEN 12
#define SUPERBLOCK_LABEL_LEN 128
#define SUPERBLOCK_UUID_LEN 37

struct superblock {
	char type[SUPERBLOCK_TYPE_LEN];	  /* as blkid(8) calls it: ext4, xfs, btrfs, ntfs, vfat, exfat, ... */
	char label[SUPERBLOCK_LABEL_LEN]; /* empty: it has none */
	char uuid[SUPERBLOCK_UUID_LEN];	  /* with Windows' ones the serial number; empty: none is told */
	uint32_t cluster_bytes;		  /* of NTFS, else UNKNOWN_U32 */
};

/* `offset`: at which the file system begins. False, and all of it empty: none that is known here, or it
 * cannot be read. */
bool superblock_read(const struct image_reader *reader, uint64_t offset, struct superblock *ret_super);

/* -- for the readers -- */

/* all `size` bytes, or false */
bool superblock_fetch(const struct image_reader *reader, uint64_t offset, void *into, size_t size);
/* superblock_windows.c; `boot`: the 512 bytes at `offset` */
bool superblock_windows(const struct image_reader *reader, uint64_t offset, const unsigned char *boot,
	struct superblock *ret_super);

#endif
