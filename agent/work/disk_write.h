/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Writes the structures of a VHDX into its file, through common/vhdx_*. Every function returns 0 or a
 * negative errno; none syncs unless it says so.
 */
#ifndef NASREADY_WORK_DISK_WRITE_H
#define NASREADY_WORK_DISK_WRITE_H

#include "common/image.h"
#include "common/vhdx_make.h"

int disk_pwrite(int fd, const void *bytes, size_t size, uint64_t offset);
int disk_pread(int fd, void *ret_bytes, size_t size, uint64_t offset);

/* everything but the blocks, into a file that reads as zeros there */
int disk_write_new(int fd, const struct vhdx_make *make);

/* where the structures of an existing disk lie; of one that image_inspect called clean */
struct disk_parts {
	struct vhdx_header header; /* the current one */
	int current;		   /* 0 or 1 */
	struct vhdx_region bat;
	struct vhdx_metadata metadata;
	uint64_t size_offset; /* of the virtual disk's size, in the file */
};

/* -EINVAL: they are not all there */
int disk_read_parts(int fd, struct disk_parts *ret_parts);
/* Both headers anew, one after the other, each synced: somebody writes, what is read changes
 * ([MS-VHDX] 2.2.2). */
int disk_renew_headers(int fd, struct disk_parts *parts);
/* table entries for the blocks from `block` on, the first at `offset`; `metadata` has the new size */
int disk_write_entries(int fd, const struct disk_parts *parts, const struct vhdx_metadata *metadata,
	uint64_t block, uint64_t offset);
/* The same entries made "not present" again. */
int disk_clear_entries(
	int fd, const struct disk_parts *parts, const struct vhdx_metadata *metadata, uint64_t block);
/* eight bytes within one sector: they hold the old size or the new one, whatever happens */
int disk_write_size(int fd, const struct disk_parts *parts, uint64_t size_bytes);
/* zeros wherever something else is */
int disk_zero(int fd, uint64_t offset, uint64_t length);

/* judges the file as if it ended at `file_bytes`; negative errno */
int disk_inspect(int fd, uint64_t file_bytes, struct image *ret_image);

#endif
