/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * VHDX, the metadata region: a table of items, and the items that every disk has ([MS-VHDX] 2.6). Bytes in,
 * values out, and back.
 */
#ifndef NASREADY_COMMON_VHDX_METADATA_H
#define NASREADY_COMMON_VHDX_METADATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/guid.h"
#include "common/vhdx_header.h"

/* -- metadata table, 2.6.1 -- */

#define VHDX_METADATA_TABLE_SIZE 65536 /* items lie behind it */
#define VHDX_METADATA_ITEMS_MAX 2047
#define VHDX_METADATA_ITEM_SIZE_MAX VHDX_MIB

struct vhdx_item {
	struct guid id;
	uint32_t offset; /* bytes from the beginning of the region */
	uint32_t length; /* bytes; 0 with offset 0: there, but empty */
	bool user, virtual_disk, required;
};

/* the number of entries; VHDX_E_SIGNATURE, VHDX_E_COUNT (the table has no checksum) */
int vhdx_items_decode(const unsigned char *bytes, uint32_t *ret_count);
/* entry `index` of a table that vhdx_items_decode accepted */
struct vhdx_item vhdx_item_decode(const unsigned char *bytes, uint32_t index);
void vhdx_items_encode(const struct vhdx_item *items, uint32_t count, unsigned char *ret_bytes);

/* -- known items, 2.6.2 -- */

enum vhdx_known {
	VHDX_FILE_PARAMETERS,	   /* 2.6.2.1, 8 bytes */
	VHDX_VIRTUAL_DISK_SIZE,	   /* 2.6.2.2, 8 bytes */
	VHDX_VIRTUAL_DISK_ID,	   /* 2.6.2.3, 16 bytes: SCSI page 83 */
	VHDX_LOGICAL_SECTOR_SIZE,  /* 2.6.2.4, 4 bytes */
	VHDX_PHYSICAL_SECTOR_SIZE, /* 2.6.2.5, 4 bytes */
	VHDX_PARENT_LOCATOR,	   /* 2.6.2.6, variable; only in differencing disks */
	VHDX_KNOWN_COUNT,
};

#define VHDX_BLOCK_MIN VHDX_MIB
#define VHDX_BLOCK_MAX (256 * VHDX_MIB)
#define VHDX_DISK_SIZE_MAX (UINT64_C(64) << 40)

/* its kind; VHDX_KNOWN_COUNT for any other id */
enum vhdx_known vhdx_item_known(const struct guid *id);
/* 0: variable */
uint32_t vhdx_item_size(enum vhdx_known kind);

struct vhdx_metadata {
	uint32_t block_bytes;
	bool leave_allocated; /* a fixed disk: blocks stay allocated for good */
	bool has_parent;      /* a differencing disk */
	uint64_t size_bytes;  /* of the virtual disk */
	struct guid disk_id;
	uint32_t logical_sector, physical_sector; /* bytes */
};

/* Takes the value of one item, but the parent locator, into `metadata`; `bytes` are vhdx_item_size(kind). Not
 * judged. */
void vhdx_metadata_take(struct vhdx_metadata *metadata, enum vhdx_known kind, const unsigned char *bytes);
/* the value of one item, vhdx_item_size(kind) bytes; not the parent locator */
void vhdx_metadata_put(const struct vhdx_metadata *metadata, enum vhdx_known kind, unsigned char *ret_bytes);
/* NULL if the format allows these values, else what is wrong: a block that is no power of two from 1 to 256
 * MiB, sectors other than 512 and 4096, a size that is 0, above 64 TiB or no multiple of the sector (2.6.2)
 */
const char *vhdx_metadata_fault(const struct vhdx_metadata *metadata);

/* A whole metadata region without parent locator: the table, and the five items right behind it. What follows
 * in the region is zeros. */
#define VHDX_METADATA_SIZE (VHDX_METADATA_TABLE_SIZE + 4096)
void vhdx_metadata_encode(const struct vhdx_metadata *metadata, unsigned char *ret_bytes);
/* where vhdx_metadata_encode puts an item, bytes from the beginning of the region */
uint32_t vhdx_metadata_item_offset(enum vhdx_known kind);

/* -- parent locator, 2.6.2.6 -- */

#define VHDX_LOCATOR_HEADER_SIZE 20
#define VHDX_LOCATOR_ENTRY_SIZE 12

struct vhdx_locator_entry {
	uint32_t key_offset, value_offset; /* bytes from the beginning of the item */
	uint16_t key_length, value_length; /* bytes of UTF-16 */
};

extern const struct guid vhdx_locator_vhdx; /* the only type there is, 2.6.2.6.3 */

/* `length`: of the item. The number of entries; VHDX_E_SIGNATURE for another type, VHDX_E_COUNT when entries
 * or what they point to do not fit. */
int vhdx_locator_decode(const unsigned char *bytes, size_t length, uint32_t *ret_count);
/* entry `index` of a locator that vhdx_locator_decode accepted */
struct vhdx_locator_entry vhdx_locator_entry_decode(const unsigned char *bytes, uint32_t index);
/* the value of `key` ("parent_linkage", "relative_path") as ASCII, '?' for the rest, cut; false: not there */
bool vhdx_locator_value(
	const unsigned char *bytes, uint32_t count, const char *key, char *ret_value, size_t size);

#endif
