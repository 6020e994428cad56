/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Judges a VHDX for image.h, in the order of [MS-VHDX]: identifier and headers (2.2), region tables (2.2.3),
 * log (2.3), metadata (2.6), block allocation table (2.5).
 */
#ifndef NASREADY_COMMON_VHDX_INSPECT_H
#define NASREADY_COMMON_VHDX_INSPECT_H

#include "common/image.h"
#include "common/vhdx_bat.h"

#define VHDX_TAKEN_MAX 16 /* the log and as many regions; the format knows two */

/* what the steps learn from each other */
struct vhdx_scan {
	const struct image_reader *reader;
	struct image_work *work;
	struct image *image;
	struct vhdx_header header;
	struct vhdx_region bat, metadata_region;
	struct vhdx_metadata metadata;
	uint32_t taken_count; /* pieces of the file in which no block may lie */
	struct vhdx_taken {
		uint64_t offset, length;
	} taken[VHDX_TAKEN_MAX];
};

/* 0 also when it is none (then the format stays unknown); the negative errno of a read that failed */
int vhdx_inspect(const struct image_reader *reader, struct image_work *work, struct image *image);

/* -- its larger steps; 0, 1 when the rest cannot be judged, or a negative errno -- */

/* vhdx_inspect_metadata.c */
int vhdx_inspect_metadata(struct vhdx_scan *scan);
/* vhdx_inspect_bat.c */
int vhdx_inspect_bat(struct vhdx_scan *scan);

#endif
