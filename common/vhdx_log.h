/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * VHDX, the log: is there a sequence of entries that whoever opens the disk must replay ([MS-VHDX] 2.3)? It
 * is only looked for, never replayed.
 */
#ifndef NASREADY_COMMON_VHDX_LOG_H
#define NASREADY_COMMON_VHDX_LOG_H

#include "common/image.h"
#include "common/vhdx_header.h"

#define VHDX_LOG_SECTOR 4096 /* entries are made of these, and begin at multiples of it */

/* -- entry header, 2.3.1.1 -- */

struct vhdx_log_entry {
	uint32_t length;	   /* bytes of the whole entry */
	uint32_t tail;		   /* where its sequence begins, bytes from the beginning of the log */
	uint64_t sequence;	   /* above 0 */
	uint32_t descriptor_count; /* of 32 bytes each, behind the 64 of this header */
	struct guid log;
	uint64_t flushed_bytes, last_bytes; /* lengths of the file: safe on disk; after the replay */
};

/* Of the first sector. VHDX_E_SIGNATURE; VHDX_E_COUNT when it makes no sense. Checksum and descriptors are
 * not looked at. */
int vhdx_log_entry_decode(const unsigned char *sector, struct vhdx_log_entry *ret_entry);

/* -- the whole log -- */

struct vhdx_log {
	enum image_log state;
	uint64_t entry_count;	/* of the sequence that waits for its replay */
	uint64_t head_offset;	/* of its last entry, in the file */
	uint64_t flushed_bytes; /* the file must have at least that length */
};

#define VHDX_LOG_E_LARGE 1 /* more would have to be read than is sensible; the state is unknown */

/* `buffer` has IMAGE_BUFFER_SIZE bytes; the log lies inside the file. 0, VHDX_LOG_E_LARGE, or a negative
 * errno. */
int vhdx_log_scan(const struct image_reader *reader, const struct vhdx_header *header, unsigned char *buffer,
	struct vhdx_log *ret_log);

#endif
