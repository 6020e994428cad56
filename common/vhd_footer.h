/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * VHD, the older format, which a backup must not go into (it tops out at 2040 GiB and does not survive a lost
 * connection as VHDX does): told by its footer, "Hard Disk Footer Format" and "Dynamic Disk Header Format" of
 * the "Virtual Hard Disk Image Format Specification" 1.0. All numbers are big-endian.
 */
#ifndef NASREADY_COMMON_VHD_FOOTER_H
#define NASREADY_COMMON_VHD_FOOTER_H

#include "common/image.h"

#define VHD_FOOTER_SIZE 512
#define VHD_HEADER_SIZE 1024

#define VHD_E_SIGNATURE 1
#define VHD_E_CHECKSUM 2

struct vhd_footer {
	uint64_t header_offset; /* of the dynamic disk header; all ones for fixed disks */
	uint64_t size_bytes;	/* of the virtual disk, now */
	uint32_t type;		/* 2 fixed, 3 dynamic, 4 differencing */
	struct guid id;		/* as GUID text shows it, whatever the order of its bytes */
	char creator[5];	/* the application's four letters */
};

int vhd_footer_decode(const unsigned char *bytes, struct vhd_footer *ret_footer);

struct vhd_header {
	uint64_t table_offset;
	uint32_t block_count, block_bytes;
};

int vhd_header_decode(const unsigned char *bytes, struct vhd_header *ret_header);

/* For image.h: 0 also when it is none (then the format stays unknown); the negative errno of a read that
 * failed. `buffer` has IMAGE_BUFFER_SIZE bytes. */
int vhd_inspect(const struct image_reader *reader, unsigned char *buffer, struct image *image);

#endif
