/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/source_disks.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define SECTOR_BYTES 512 /* of diskstats and of the size attribute, whatever the disk's own sectors are */

struct disk_line {
	uint32_t major, minor;
	struct text name;
	uint64_t read_sectors, written_sectors, busy_ms;
};

static bool split(struct text line, struct disk_line *ret)
{
	struct text major, minor;
	uint64_t skip;
	bool head = text_word(&line, &major) && text_u32(major, &ret->major) && text_word(&line, &minor) &&
		    text_u32(minor, &ret->minor) && text_word(&line, &ret->name);
	return head && text_word_u64(&line, &skip) && text_word_u64(&line, &skip) &&
	       text_word_u64(&line, &ret->read_sectors) && text_word_u64(&line, &skip) &&
	       text_word_u64(&line, &skip) && text_word_u64(&line, &skip) &&
	       text_word_u64(&line, &ret->written_sectors) && text_word_u64(&line, &skip) &&
	       text_word_u64(&line, &skip) && text_word_u64(&line, &ret->busy_ms) &&
	       ret->read_sectors < UINT64_MAX / SECTOR_BYTES &&
	       ret->written_sectors < UINT64_MAX / SECTOR_BYTES;
}

static bool is_device_of(const struct volume *volume, const struct disk_line *line)
{
	if (volume->major == line->major && volume->minor == line->minor)
		return true;
	/* btrfs has a number of its own: there the name in /dev decides */
	const char *name = strrchr(volume->device, '/');
	return volume->major == 0 && name && text_is(line->name, name + 1);
}

static void tell_volumes(const struct disk_line *line, struct snapshot *snapshot)
{
	for (uint32_t i = 0; i < snapshot->volume_count; i++) {
		struct volume *volume = &snapshot->volumes[i];
		struct journal *super = &volume->super;
		if (is_device_of(volume, line) && text_copy(volume->block, sizeof volume->block, line->name))
			volume->written_bytes = line->written_sectors * SECTOR_BYTES;
		if (super->external == YES && super->major == line->major && super->minor == line->minor)
			text_copy(super->block, sizeof super->block, line->name);
	}
}

unsigned disks_parse(
	struct text text, struct snapshot *snapshot, bool (*is_disk)(const char *name, void *arg), void *arg)
{
	unsigned understood = 0;
	struct text row;
	while (text_line(&text, &row)) {
		struct disk_line line = {0};
		char name[NAME_LEN];
		if (!split(row, &line) || !text_is_name(line.name) ||
			!text_copy(name, sizeof name, line.name))
			continue;
		understood++;
		tell_volumes(&line, snapshot);
		struct disk *disk = is_disk(name, arg) ? snapshot_add_disk(snapshot) : NULL;
		if (!disk)
			continue;
		memcpy(disk->name, name, sizeof disk->name);
		disk->read_bytes = line.read_sectors * SECTOR_BYTES;
		disk->written_bytes = line.written_sectors * SECTOR_BYTES;
		disk->busy_ms = line.busy_ms;
	}
	return understood;
}

enum tri disks_parse_cache(struct text text)
{
	text = text_trim(text);
	if (text_starts(text, "write back"))
		return YES;
	return text_is(text, "write through") || text_is(text, "none") ? NO : UNKNOWN;
}

/* what the kernel makes up out of memory, files and other disks has none, and there can be many of them */
static bool has_device(const char *name, void *arg)
{
	static const char *const made[] = {"loop", "ram", "zram", "md", "dm-"};
	for (unsigned i = 0; i < ARRAY_LEN(made); i++)
		if (!strncmp(name, made[i], strlen(made[i])))
			return false;
	return root_exists(arg, "sys/block/%s/device", name);
}

static bool read_attribute(
	const struct root *root, const char *disk, const char *attribute, char *buffer, struct text *ret_text)
{
	ssize_t length = root_read(root, buffer, SYSFS_TEXT_MAX, "sys/block/%s/%s", disk, attribute);
	if (length < 0)
		return false;
	*ret_text = text_trim((struct text){buffer, (size_t)length});
	return true;
}

struct scsi_disk {
	const struct root *root;
	const char *disk;
	char *buffer;
	enum tri cache;
};

static int read_scsi_cache(const char *name, void *arg)
{
	struct scsi_disk *scsi = arg;
	ssize_t length = root_read(scsi->root, scsi->buffer, SYSFS_TEXT_MAX,
		"sys/block/%s/device/scsi_disk/%s/cache_type", scsi->disk, name);
	if (length > 0)
		scsi->cache = disks_parse_cache((struct text){scsi->buffer, (size_t)length});
	return scsi->cache != UNKNOWN;
}

/* queue/write_cache came with Linux 4.7; before that only the SCSI layer tells */
static enum tri read_cache(const struct root *root, const char *disk, char *buffer)
{
	struct text text;
	if (read_attribute(root, disk, "queue/write_cache", buffer, &text))
		return disks_parse_cache(text);
	struct scsi_disk scsi = {root, disk, buffer, UNKNOWN};
	char path[NAME_LEN + 32];
	snprintf(path, sizeof path, "sys/block/%s/device/scsi_disk", disk);
	root_list(root, path, read_scsi_cache, &scsi);
	return scsi.cache;
}

static void read_details(struct pass *pass, struct disk *disk)
{
	const struct disk *old = snapshot_find_disk(pass->before, disk->name);
	struct text text;
	uint64_t sectors;
	disk->write_back_cache =
		pass->lately && old ? old->write_back_cache : read_cache(pass->root, disk->name, pass->text);
	if (old && old->size_bytes != UNKNOWN_U64) {
		memcpy(disk->model, old->model, sizeof disk->model);
		disk->size_bytes = old->size_bytes;
		disk->rotational = old->rotational;
		return;
	}
	if (read_attribute(pass->root, disk->name, "device/model", pass->text, &text))
		text_show(disk->model, sizeof disk->model, text);
	if (read_attribute(pass->root, disk->name, "size", pass->text, &text) && text_u64(text, &sectors) &&
		sectors < UINT64_MAX / SECTOR_BYTES)
		disk->size_bytes = sectors * SECTOR_BYTES;
	if (read_attribute(pass->root, disk->name, "queue/rotational", pass->text, &text))
		disk->rotational = text_is(text, "1") ? YES : text_is(text, "0") ? NO : UNKNOWN;
}

int disks_collect(struct pass *pass, struct fault *fault)
{
	ssize_t length = root_read(pass->root, pass->text, PROC_TEXT_MAX, "proc/diskstats");
	if (length == -ENOENT)
		return fault_set(fault, SOURCE_E_ABSENT, "/proc/diskstats is not there");
	if (length < 0)
		return fault_set(
			fault, (int)length, "cannot read /proc/diskstats: %s", strerror((int)-length));
	unsigned understood = disks_parse((struct text){pass->text, (size_t)length}, pass->now, has_device,
		(void *)(uintptr_t)pass->root);
	if (length && !understood)
		return fault_set(
			fault, -EBADMSG, "no line of /proc/diskstats has the 14 fields that are expected");
	for (uint32_t i = 0; i < pass->now->disk_count; i++)
		read_details(pass, &pass->now->disks[i]);
	return 0;
}
