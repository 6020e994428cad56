/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The partitions of a disk: GPT (UEFI specification, 5.3) and the older table in the master boot record, with
 * its logical partitions.
 */
#ifndef NASREADY_COMMON_PARTITION_TABLE_H
#define NASREADY_COMMON_PARTITION_TABLE_H

#include "common/image.h"

/* once for each partition that lies on the disk, in the table's order; bytes, from the disk's beginning */
typedef void partition_found(void *arg, uint64_t offset_bytes, uint64_t size_bytes);

struct partitioned {
	const struct image_reader *reader;
	uint64_t offset, size_bytes; /* of the disk in what `reader` reads */
	uint32_t sector_bytes;	     /* logical: the tables count in these */
	partition_found *found;
	void *arg;
};

/* "gpt", "dos"; NULL: there is no table, or it cannot be read */
const char *partition_table_read(const struct partitioned *disk);

#endif
