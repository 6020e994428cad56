/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The allocator's picture of an ext4 volume, /proc/fs/ext4/DEV/mb_groups: a line per block group, 4.6 MB for
 * 5.4 TB. It is taken in piece by piece and never held as a whole. The lines have had one form from 2.6.31 to
 * 6.18 (ext4_mb_seq_groups_show): `#GROUP: FREE FRAGMENTS FIRST [ 2^0 ... 2^13 ]`, counted in clusters; a
 * group that cannot be read has words instead, one whose bitmap is broken a mark at the end.
 *
 * W, the bytes that cost little to allocate, is what lies in wholly free groups. Without flex_bg every group
 * begins with its own bitmaps and none is ever wholly free: there W is the sum of the free chunks of 8 MiB
 * and more. Both were measured on 5.4 TB; past W a byte costs 15 to 1500 times as much.
 */
#ifndef NASREADY_COMMON_MB_GROUPS_H
#define NASREADY_COMMON_MB_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MB_GROUPS_LINE_MAX 512 /* the longest is 150 bytes */
#define MB_GROUPS_ORDERS 16    /* 2^0 to 2^13, and two more */

#define MB_GROUPS_E_FORM 1 /* not a single group was understood */

struct mb_groups {
	char line[MB_GROUPS_LINE_MAX];
	size_t length;		 /* of the line that is not yet whole */
	bool overlong;		 /* and more of it than fits */
	uint64_t groups, unread; /* understood; not */
	uint64_t free;		 /* clusters */
	uint64_t free_starts;	 /* groups whose first cluster is free */
	uint64_t full_clusters;	 /* of a group, as those without free clusters tell; 0: none does */
	uint64_t run_clusters; /* the longest free run that begins with a group and is all that is free there
				*/
	uint64_t runs;	       /* groups with such a run of that length */
	uint64_t chunks[MB_GROUPS_ORDERS];
};

enum mb_flex { MB_FLEX_NO, MB_FLEX_YES, MB_FLEX_UNKNOWN };

struct mb_volume {
	uint32_t block_bytes; /* 0: not known, taken as 4096 */
	uint64_t free_bytes;  /* tells the size of a cluster; 0: not known */
	enum mb_flex flex_bg;
};

struct mb_room {
	uint64_t whole_bytes, coarse_bytes;
};

void mb_groups_start(struct mb_groups *groups);
/* the next bytes of the file, wherever they were cut */
void mb_groups_take(struct mb_groups *groups, const char *bytes, size_t length);
/* after the last piece: W and V of common/plan.h. 0 or MB_GROUPS_E_FORM. */
int mb_groups_finish(struct mb_groups *groups, const struct mb_volume *volume, struct mb_room *ret_room);

#endif
