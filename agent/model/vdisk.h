/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The part of the data model that tells of virtual disks: VHDX and VHD files in the shares. The same rules as
 * in snapshot.h, which includes this.
 */
#ifndef NASREADY_MODEL_VDISK_H
#define NASREADY_MODEL_VDISK_H

#include "common/image.h"

/* what is on the disk, as far as it lies in one piece in its file */
struct content {
	char table[NAME_LEN]; /* gpt, dos; empty: none */
	uint32_t partition_count, partitions_omitted;
	struct partition {
		uint64_t offset_bytes, size_bytes; /* on the disk */
		char fstype[FSTYPE_LEN], label[LABEL_LEN];
		uint32_t cluster_bytes; /* of NTFS; UNKNOWN_U32: another file system, or not told */
	} partitions[PARTITIONS_MAX];
	char reason[TEXT_LEN]; /* why nothing is known; empty: it was looked at */
};

#endif
