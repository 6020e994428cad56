/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The child's half of source_filesystems.h: opens devices, asks libblkid, prints lines.
 */
#include <blkid/blkid.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collect/source_filesystems.h"
#include "common/ext4_super.h"
#include "common/text.h"

/* The kernel's name of a block device, from /proc/partitions: "major minor blocks name" a line. */
static bool find_name(const struct root *root, const struct volume *volume, char *ret_name, size_t size)
{
	autofree char *buffer = malloc(PROC_TEXT_MAX);
	ssize_t length = buffer ? root_read(root, buffer, PROC_TEXT_MAX, "proc/partitions") : -ENOMEM;
	struct text rest = {buffer, length < 0 ? 0 : (size_t)length}, line, word;
	uint64_t major, minor, blocks;
	while (text_line(&rest, &line))
		if (text_word_u64(&line, &major) && text_word_u64(&line, &minor) &&
			text_word_u64(&line, &blocks) && text_word(&line, &word) && major == volume->major &&
			minor == volume->minor)
			return text_is_name(word) && text_copy(ret_name, size, word);
	return false;
}

static int open_volume(const struct root *root, const struct volume *volume)
{
	char name[NAME_LEN], path[NAME_LEN + 8];
	if (volume->device[0] != '/')
		return -ENODEV;
	int fd = root_open_device(root, volume->device + 1);
	/* old kernels call the root file system's device /dev/root, which is no file */
	if (fd == -ENOENT && find_name(root, volume, name, sizeof name)) {
		snprintf(path, sizeof path, "dev/%s", name);
		fd = root_open_device(root, path);
	}
	return fd;
}

static void print_value(int out, blkid_probe probe, const char *key)
{
	const char *value = NULL;
	char escaped[4 * LABEL_LEN];
	if (!blkid_probe_lookup_value(probe, key, &value, NULL) && value && *value &&
		text_escape(escaped, sizeof escaped, value))
		dprintf(out, " %s=%s", key, escaped);
}

static void print_super(int out, int fd)
{
	unsigned char bytes[EXT4_SUPER_SIZE];
	struct ext4_super super;
	if (pread(fd, bytes, sizeof bytes, EXT4_SUPER_OFFSET) != sizeof bytes ||
		ext4_super_parse(bytes, &super))
		return;
	dprintf(out, " BLOCK=%u JOURNAL=%s STATE=%s FLEX=%s", super.block_bytes,
		!super.has_journal	 ? "none"
		: super.journal_external ? "external"
					 : "internal",
		super.has_errors ? "error" : "clean", super.flex_bg ? "yes" : "no");
	if (super.journal_external && super.journal_major)
		dprintf(out, " DEVICE=%u:%u", super.journal_major, super.journal_minor);
	if (super.default_mode)
		dprintf(out, " MODE=%s",
			super.default_mode == 'o'   ? "ordered"
			: super.default_mode == 'w' ? "writeback"
						    : "data");
	char place[4 * sizeof super.last_error_function];
	if (super.error_count && text_escape(place, sizeof place, super.last_error_function))
		dprintf(out, " ERRORS=%u ERROR_S=%u ERROR_AT=%s:%u", super.error_count, super.last_error_s,
			place, super.last_error_line);
}

static void print_probe(int out, int fd, const struct volume *volume)
{
	blkid_probe probe = blkid_new_probe();
	if (!probe || blkid_probe_set_device(probe, fd, 0, 0)) {
		dprintf(out, "%s error libblkid cannot read %s\n", volume->id, volume->device);
		blkid_free_probe(probe);
		return;
	}
	blkid_probe_enable_superblocks(probe, 1);
	blkid_probe_set_superblocks_flags(probe, BLKID_SUBLKS_LABEL | BLKID_SUBLKS_UUID | BLKID_SUBLKS_TYPE);
	int found = blkid_do_safeprobe(probe);
	if (found) {
		dprintf(out, "%s error %s on %s\n", volume->id,
			found == -2 ? "several file systems overlap" : "no known file system",
			volume->device);
	} else {
		dprintf(out, "%s", volume->id);
		print_value(out, probe, "TYPE");
		print_value(out, probe, "LABEL");
		print_value(out, probe, "UUID");
		if (!strncmp(volume->fstype, "ext", 3))
			print_super(out, fd);
		dprintf(out, "\n");
	}
	blkid_free_probe(probe);
}

void filesystems_ask(int out, void *filesystems_question)
{
	const struct filesystems_question *question = filesystems_question;
	for (uint32_t i = 0; i < question->snapshot->volume_count; i++) {
		const struct volume *volume = &question->snapshot->volumes[i];
		if (!(question->wanted & 1u << i))
			continue;
		autoclose int fd = open_volume(question->root, volume);
		if (fd == -ENODEV)
			dprintf(out, "%s error \"%s\" is no block device\n", volume->id, volume->device);
		else if (fd < 0)
			dprintf(out, "%s error may not open %s: %s\n", volume->id, volume->device,
				strerror(-fd));
		else
			print_probe(out, fd, volume);
	}
}
