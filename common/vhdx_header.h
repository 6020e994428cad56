/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * VHDX, the first MiB of a file: file type identifier, two headers, two region tables ([MS-VHDX] 2.2).
 * Bytes in, values out, and back; nothing here does I/O or judges more than one structure.
 */
#ifndef NASREADY_COMMON_VHDX_HEADER_H
#define NASREADY_COMMON_VHDX_HEADER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/guid.h"

#define VHDX_MIB 1048576u
#define VHDX_ALIGN VHDX_MIB	   /* of log, regions and blocks, in offset and length */
#define VHDX_SECTION_SIZE VHDX_MIB /* what this file is about; log, regions and blocks lie behind it */

/* expected conditions of the decoders here and in vhdx_metadata.h */
#define VHDX_E_SIGNATURE 1 /* it begins with something else */
#define VHDX_E_CHECKSUM 2
#define VHDX_E_COUNT 3 /* more entries than the table has room for */

/* -- file type identifier, 2.2.1 -- */

#define VHDX_IDENTIFIER_OFFSET 0
#define VHDX_IDENTIFIER_SIZE 520
#define VHDX_CREATOR_LEN 64 /* the format has room for 256 characters of UTF-16; nobody uses it */

/* The creator as ASCII, '?' for the rest, cut if longer. VHDX_E_SIGNATURE. */
int vhdx_identifier_decode(const unsigned char *bytes, char ret_creator[VHDX_CREATOR_LEN]);
/* `creator`: ASCII, at most 255 characters count */
void vhdx_identifier_encode(const char *creator, unsigned char *ret_bytes);

/* -- headers, 2.2.2 -- */

#define VHDX_HEADER_SIZE 4096
#define VHDX_HEADER_OFFSET(n) (65536u * ((n) + 1)) /* n: 0, 1 */
#define VHDX_VERSION 1
#define VHDX_LOG_VERSION 0

struct vhdx_header {
	uint64_t sequence;
	struct guid file_write; /* new whenever anything of the file changed */
	struct guid data_write; /* new whenever what a user of the disk sees changed */
	struct guid log;	/* zero: no log to replay */
	uint16_t log_version, version;
	uint32_t log_length; /* bytes */
	uint64_t log_offset; /* bytes */
};

/* VHDX_E_SIGNATURE, VHDX_E_CHECKSUM; versions are for the caller to judge */
int vhdx_header_decode(const unsigned char *bytes, struct vhdx_header *ret_header);
void vhdx_header_encode(const struct vhdx_header *header, unsigned char *ret_bytes);
/* Which of the two holds, 0 or 1; NULL for one that is not valid. -1: neither (also when both claim the same
 * sequence number without being the same, as 2.2.2 has it). */
int vhdx_header_current(const struct vhdx_header *first, const struct vhdx_header *second);

/* -- region tables, 2.2.3 -- */

#define VHDX_REGIONS_SIZE 65536
#define VHDX_REGIONS_OFFSET(n) (65536u * ((n) + 3)) /* n: 0, 1 */
#define VHDX_REGIONS_MAX 2047

extern const struct guid vhdx_region_bat, vhdx_region_metadata;

struct vhdx_region {
	struct guid id;
	uint64_t offset; /* bytes in the file */
	uint32_t length; /* bytes */
	bool required;	 /* who does not know the id must not open the file */
};

/* the number of entries; VHDX_E_SIGNATURE, VHDX_E_CHECKSUM, VHDX_E_COUNT */
int vhdx_regions_decode(const unsigned char *bytes, uint32_t *ret_count);
/* entry `index` of a table that vhdx_regions_decode accepted */
struct vhdx_region vhdx_region_decode(const unsigned char *bytes, uint32_t index);
void vhdx_regions_encode(const struct vhdx_region *regions, uint32_t count, unsigned char *ret_bytes);

#endif
