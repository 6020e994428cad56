/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The part of the data model that tells of virtual disks: VHDX and VHD files in the shares. The same rules as
 * in snapshot.h, which includes this.
 */
#ifndef NASREADY_MODEL_VDISK_H
#define NASREADY_MODEL_VDISK_H

#include "common/image.h"

#define VDISK_ID_LEN 9 /* 8 hex digits and the end */

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

struct vdisk {
	uint32_t number; /* by which the collector lets itself be asked for it; stays with share and file */
	char id[VDISK_ID_LEN];			   /* the same in hex, for URLs */
	char share[SHARE_LEN], file[JOB_FILE_LEN]; /* the file below the share's folder, with '/' */
	char volume[ID_LEN];			   /* id of the volume; empty: not known */

	uint64_t looked_ms;    /* monotonic time from which its figures are, those below */
	uint64_t stamp;	       /* changes when the file does */
	uint64_t judged_stamp; /* of the file when it was judged; 0: it never was */
	uint64_t judged_ms;    /* monotonic time of that, 0 = never */
	uint64_t file_bytes, allocated_bytes;
	uint64_t changed_clock_ms; /* of the file */
	uint32_t extents;	   /* pieces on its volume; UNKNOWN_U32: not told */

	enum tri leased; /* YES: an SMB client holds it with an oplock of the kernel: then it is not opened */
	enum tri in_use; /* by an SMB client; UNKNOWN: nobody told */
	uint32_t opener_count, openers_omitted;
	char openers[OPENERS_MAX][ADDRESS_LEN];

	struct image image;	/* as it was judged; virtual sizes UNKNOWN_U64 before that */
	struct content content; /* of a fixed disk */
	char reason[TEXT_LEN];	/* why it is not judged, or not anew; empty: it is */
};

/* the number that goes with a name, never 0 */
uint32_t vdisk_number(const char *share, const char *file);

#endif
