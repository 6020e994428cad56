/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "model/file_limit.h"

#include <string.h>

#include "common/scope.h"
#include "common/text.h"

#define GIB (UINT64_C(1) << 30)
#define TIB (UINT64_C(1) << 40)

struct limit {
	const char *fstype;
	uint32_t block_bytes; /* 0: any */
	uint64_t bytes;
	const char *says;
};

/* ext2 and ext3: Documentation/filesystems/ext2.rst. ext4: 2^32 - 1 blocks in its extents. */
static const struct limit limits[] = {
	{"ext2", 1024, 16 * GIB, "ext2 with 1 KiB blocks holds files of 16 GiB"},
	{"ext2", 2048, 256 * GIB, "ext2 with 2 KiB blocks holds files of 256 GiB"},
	{"ext2", 0, 2 * TIB, "ext2 holds files of 2 TiB"},
	{"ext3", 1024, 16 * GIB, "ext3 with 1 KiB blocks holds files of 16 GiB"},
	{"ext3", 2048, 256 * GIB, "ext3 with 2 KiB blocks holds files of 256 GiB"},
	{"ext3", 0, 2 * TIB, "ext3 holds files of 2 TiB"},
	{"ext4", 1024, 4 * TIB - 1024, "ext4 with 1 KiB blocks holds files of 4 TiB"},
	{"ext4", 2048, 8 * TIB - 2048, "ext4 with 2 KiB blocks holds files of 8 TiB"},
	{"ext4", 0, 16 * TIB - 4096, "ext4 with 4 KiB blocks holds files of 16 TiB"},
	{"vfat", 0, 4 * GIB - 1, "FAT holds files of 4 GiB"},
	{"xfs", 0, INT64_MAX, "XFS holds files of 8 EiB"},
	{"btrfs", 0, INT64_MAX, "btrfs holds files of 16 EiB, Linux of 8 EiB"},
};

static const struct limit no_limit = {"", 0, INT64_MAX, ""};
static const struct limit narrow_old = {"", 0, 8 * TIB - 1, "this NAS's 32-bit kernel holds files of 8 TiB"};
static const struct limit narrow_new = {
	"", 0, 16 * TIB - 4096, "this NAS's 32-bit kernel holds files of 16 TiB"};

static const struct limit *limit_of_fs(const struct volume *volume)
{
	for (unsigned i = 0; i < ARRAY_LEN(limits); i++)
		if (!strcmp(limits[i].fstype, volume->fstype) &&
			(!limits[i].block_bytes || limits[i].block_bytes == volume->super.block_bytes))
			return &limits[i];
	return &no_limit;
}

/* MAX_LFS_FILESIZE with pages of 4 KiB; commit 0cc3b0ec23ce of Linux 4.13 doubled it */
static const struct limit *limit_of_kernel(const struct snapshot *snapshot)
{
	struct text rest = text_of(snapshot->kernel), major = {0};
	uint64_t version[2] = {0};
	if (!snapshot->machine[0] || strstr(snapshot->machine, "64") || !strcmp(snapshot->machine, "s390x") ||
		!strcmp(snapshot->machine, "alpha") || !strcmp(snapshot->machine, "armv8l"))
		return &no_limit;
	text_until(&rest, '.', &major);
	bool told = text_u64(major, &version[0]) && text_leading_u64(rest, &version[1]);
	return told && (version[0] > 4 || (version[0] == 4 && version[1] >= 13)) ? &narrow_new : &narrow_old;
}

struct file_limit file_limit_of(const struct snapshot *snapshot, const struct volume *volume)
{
	const struct limit *fs = volume ? limit_of_fs(volume) : &no_limit;
	const struct limit *kernel = volume ? limit_of_kernel(snapshot) : &no_limit;
	const struct limit *least = kernel->bytes < fs->bytes ? kernel : fs;
	return (struct file_limit){least->bytes, least->says};
}
