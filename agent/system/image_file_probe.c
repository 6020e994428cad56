/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <blkid/blkid.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/ntfs_boot.h"
#include "common/text.h"
#include "system/image_file.h"

/* What Windows puts on a disk. All that libblkid knows would cost a MiB of memory, and as many parsers of
 * foreign bytes. */
static char *const file_systems[] = {"ntfs", "ReFS", "BitLocker", "vfat", "exfat", NULL};
static char *const tables[] = {"gpt", "dos", NULL};

#define SECTOR 512 /* libblkid's unit, whatever the disk's own is */

static void take_value(blkid_probe probe, const char *key, char *into, size_t size)
{
	const char *value = NULL;
	if (!blkid_probe_lookup_value(probe, key, &value, NULL) && value)
		text_show(into, size, text_of(value));
}

static void take_cluster(const struct image_file *file, uint64_t offset, struct partition *partition)
{
	unsigned char bytes[NTFS_BOOT_SIZE];
	struct ntfs_boot boot;
	if (!file->reader.read(file->reader.arg, offset, bytes, sizeof bytes) &&
		!ntfs_boot_parse(bytes, &boot))
		partition->cluster_bytes = boot.cluster_bytes;
}

/* `offset`: of the file system in the file */
static void probe_file_system(const struct image_file *file, uint64_t offset, struct partition *partition)
{
	blkid_probe probe = blkid_new_probe();
	if (probe && !blkid_probe_set_device(
			     probe, file->fd, (blkid_loff_t)offset, (blkid_loff_t)partition->size_bytes)) {
		blkid_probe_enable_superblocks(probe, 1);
		blkid_probe_filter_superblocks_type(probe, BLKID_FLTR_ONLYIN, (char **)file_systems);
		blkid_probe_set_superblocks_flags(probe, BLKID_SUBLKS_LABEL | BLKID_SUBLKS_TYPE);
		if (!blkid_do_safeprobe(probe)) {
			take_value(probe, "TYPE", partition->fstype, sizeof partition->fstype);
			take_value(probe, "LABEL", partition->label, sizeof partition->label);
		}
	}
	blkid_free_probe(probe);
	if (!strcmp(partition->fstype, "ntfs"))
		take_cluster(file, offset, partition);
}

static void add(const struct image_file *file, const struct image *image, uint64_t offset, uint64_t size,
	struct content *content)
{
	if (offset > image->virtual_size_bytes || size > image->virtual_size_bytes - offset)
		return;
	if (content->partition_count == PARTITIONS_MAX) {
		content->partitions_omitted++;
		return;
	}
	struct partition *partition = &content->partitions[content->partition_count++];
	*partition =
		(struct partition){.offset_bytes = offset, .size_bytes = size, .cluster_bytes = UNKNOWN_U32};
	probe_file_system(file, image->payload_offset + offset, partition);
}

/* the numbers of a table may be anything; what is no place on the disk becomes 0 and 0 */
static void add_partition(const struct image_file *file, const struct image *image, blkid_partition partition,
	struct content *content)
{
	blkid_loff_t start = blkid_partition_get_start(partition), size = blkid_partition_get_size(partition);
	blkid_loff_t most = (blkid_loff_t)(INT64_MAX / SECTOR);
	if (blkid_partition_is_extended(partition) || start < 0 || size <= 0 || start > most || size > most)
		return;
	add(file, image, (uint64_t)start * SECTOR, (uint64_t)size * SECTOR, content);
}

static void probe_table(
	const struct image_file *file, const struct image *image, blkid_probe probe, struct content *content)
{
	blkid_probe_enable_superblocks(probe, 0);
	blkid_probe_enable_partitions(probe, 1);
	blkid_probe_filter_partitions_type(probe, BLKID_FLTR_ONLYIN, (char **)tables);
	blkid_probe_set_sectorsize(probe, image->logical_sector_bytes);
	blkid_partlist list = blkid_probe_get_partitions(probe);
	blkid_parttable table = list ? blkid_partlist_get_table(list) : NULL;
	if (!table)
		return;
	snprintf(content->table, sizeof content->table, "%s", blkid_parttable_get_type(table));
	for (int i = 0; i < blkid_partlist_numof_partitions(list); i++)
		add_partition(file, image, blkid_partlist_get_partition(list, i), content);
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
	blkid_probe probe = blkid_new_probe();
	if (probe && !blkid_probe_set_device(probe, file->fd, (blkid_loff_t)image->payload_offset,
			     (blkid_loff_t)image->virtual_size_bytes)) {
		probe_table(file, image, probe, ret_content);
		if (!ret_content->table[0])
			add(file, image, 0, image->virtual_size_bytes, ret_content);
	}
	blkid_free_probe(probe);
	/* a whole disk without a file system is no partition; it may be empty, or of a kind that the device's
	 * small libblkid leaves out */
	if (!ret_content->table[0] &&
		(!ret_content->partition_count || !ret_content->partitions[0].fstype[0])) {
		ret_content->partition_count = 0;
		snprintf(ret_content->reason, sizeof ret_content->reason,
			"no partition table or file system that is known here: it may be empty");
	}
}
