/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The part of the data model that tells of volumes and their journals. The same rules as in snapshot.h, which
 * includes this.
 */
#ifndef NASREADY_MODEL_VOLUME_H
#define NASREADY_MODEL_VOLUME_H

#include <stdint.h>

#include "common/limits.h"
#include "common/tri.h"

enum journal_mode { JOURNAL_UNKNOWN, JOURNAL_ORDERED, JOURNAL_WRITEBACK, JOURNAL_DATA };

struct journal {
	enum tri present, external, needs_check;
	enum journal_mode mode;
	uint32_t commit_s;
	uint64_t transactions;	   /* committed since mount, from jbd2 */
	uint32_t major, minor;	   /* of an external journal's device; UNKNOWN_U32: not told */
	char block[NAME_LEN];	   /* the kernel's name of that device; empty: not known */
	uint32_t block_bytes;	   /* of the file system; UNKNOWN_U32: not known */
	char last_error[TEXT_LEN]; /* empty: none known */
	char reason[TEXT_LEN];	   /* why something above is unknown */
};

enum cost_source { COST_DEFAULT, COST_LEARNED };

struct volume {
	char id[ID_LEN]; /* from the mount point: "c" for /c, "root" for / */
	uint32_t number; /* 1 to 255, by which the collector lets itself be asked for the knee; 0: none */
	char mount[MOUNT_LEN], device[DEVICE_LEN], fstype[FSTYPE_LEN];
	char block[NAME_LEN];  /* the kernel's name of the block device: dm-0, sda3; empty: none */
	uint32_t major, minor; /* UNKNOWN_U32: not known */
	uint32_t mount_id;     /* the kernel's, changes when it is mounted again; 0: not told */
	enum tri read_only;
	uint32_t mount_commit_s;	 /* commit= of the mount options; UNKNOWN_U32: not given */
	enum journal_mode mount_mode;	 /* data= of the mount options; JOURNAL_UNKNOWN: not given */
	enum tri mount_journal_external; /* YES: logdev= or journal_dev= is given */

	enum tri stale;	   /* YES: the figures of space are old, for the reason given */
	uint64_t space_ms; /* monotonic time at which the space was measured, 0 = never */
	uint64_t size_bytes, free_bytes, available_bytes;
	char space_reason[TEXT_LEN];

	uint64_t written_bytes; /* to this block device, since boot */
	uint64_t delayed_bytes; /* promised to writers but not yet allocated (ext4) */

	enum tri probed; /* YES: label, uuid and superblock were read (or refused) for this device */
	char label[LABEL_LEN], uuid[UUID_LEN];
	char probe_reason[TEXT_LEN];
	uint32_t probe_tries;	 /* that told nothing */
	uint64_t probe_again_ms; /* monotonic time before which it is not tried again, 0 = at once */
	struct journal super;	 /* what the superblock said when it was last read */
	struct journal journal;	 /* what holds now */
	enum tri flex_bg;	 /* ext4: metadata of several groups lie together; from the superblock */

	uint64_t knee_ms;    /* monotonic time at which the knee was looked for, 0 = never; only on demand */
	uint64_t knee_bytes; /* free space in wholly free block groups: allocating more takes far longer */
	uint64_t coarse_bytes;	  /* in pieces of 8 MiB and more, those included: past that it is another 15
				     times */
	uint64_t knee_free_bytes; /* free space at that time */
	char knee_reason[TEXT_LEN];

	uint32_t cost_ms_per_tib; /* of allocating, before the knee */
	enum cost_source cost_source;
	uint32_t cost_samples;	/* that it was learned from */
	uint64_t cost_clock_ms; /* wall clock of the newest of them, 0 = none */
};

#endif
