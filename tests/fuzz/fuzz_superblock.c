/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * A disk: its partition table, and the file system in each place that it names. max_len: 69632
 */
#include "common/partition_table.h"
#include "common/superblock.h"
#include "tests/fuzz/fuzz.h"

struct disk {
	const uint8_t *bytes;
	size_t size;
	struct image_reader *reader;
};

static int read_disk(void *arg, uint64_t offset, void *into, size_t size)
{
	const struct disk *disk = arg;
	MUST(size && offset <= disk->size && size <= disk->size - offset);
	memcpy(into, disk->bytes + offset, size);
	return 0;
}

static void look(void *arg, uint64_t offset, uint64_t size)
{
	const struct disk *disk = arg;
	struct superblock super;
	MUST(size && offset < disk->size && size <= disk->size - offset);
	bool found = superblock_read(disk->reader, offset, &super);
	MUST_END(super.type);
	MUST_END(super.label);
	MUST_END(super.uuid);
	MUST(found == (super.type[0] != 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 512)
		return 0;
	struct disk disk = {data, size, NULL};
	struct image_reader reader = {read_disk, &disk, size, size};
	disk.reader = &reader;
	look(&disk, 0, size);
	partition_table_read(&(struct partitioned){&reader, 0, size, data[0] & 1 ? 512 : 4096, look, &disk});
	return 0;
}
