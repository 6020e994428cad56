/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <stdio.h>
#include <string.h>

#include "collect/image_file.h"
#include "common/partition_table.h"
#include "common/superblock.h"

struct found {
	const struct image_file *file;
	const struct image *image;
	struct content *content;
};

/* `offset`: on the disk */
static void add(void *found, uint64_t offset, uint64_t size)
{
	const struct found *of = found;
	struct content *content = of->content;
	if (content->partition_count == PARTITIONS_MAX) {
		content->partitions_omitted++;
		return;
	}
	struct superblock super;
	struct partition *partition = &content->partitions[content->partition_count++];
	struct image_reader reader = of->file->reader;
	reader.file_bytes = of->image->payload_offset + offset + size;
	superblock_read(&reader, of->image->payload_offset + offset, &super);
	*partition = (struct partition){
		.offset_bytes = offset, .size_bytes = size, .cluster_bytes = super.cluster_bytes};
	snprintf(partition->fstype, sizeof partition->fstype, "%s", super.type);
	snprintf(partition->label, sizeof partition->label, "%s", super.label);
}

static const char *why_not(const struct image_file *file, const struct image *image)
{
	if (image->type != IMAGE_FIXED)
		return "only in a fixed disk the content lies in one piece";
	if (image->payload_offset == UNKNOWN_U64)
		return "its blocks do not lie in one piece";
	if (image->log == IMAGE_LOG_DIRTY)
		return "it was not closed: the log may change what is inside";
	if (image->damaged || image->virtual_size_bytes > file->reader.file_bytes)
		return "it is damaged";
	return NULL;
}

void image_file_probe(const struct image_file *file, const struct image *image, struct content *ret_content)
{
	const char *reason = why_not(file, image);
	memset(ret_content, 0, sizeof *ret_content);
	snprintf(ret_content->reason, sizeof ret_content->reason, "%s", reason ? reason : "");
	if (reason)
		return;
	struct found found = {file, image, ret_content};
	const char *table = partition_table_read(&(struct partitioned){.reader = &file->reader,
		.offset = image->payload_offset,
		.size_bytes = image->virtual_size_bytes,
		.sector_bytes = image->logical_sector_bytes,
		.found = add,
		.arg = &found});
	if (table) {
		snprintf(ret_content->table, sizeof ret_content->table, "%s", table);
		return;
	}
	add(&found, 0, image->virtual_size_bytes);
	/* a whole disk without a file system is no partition */
	if (!ret_content->partitions[0].fstype[0]) {
		ret_content->partition_count = 0;
		snprintf(ret_content->reason, sizeof ret_content->reason,
			"no partition table or file system that is known here: it may be empty");
	}
}
