/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/source_journal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/units.h"

#define COMMIT_DEFAULT_S 5	 /* JBD2_DEFAULT_MAX_COMMIT_AGE */
#define BLOCK_BYTES_DEFAULT 4096 /* of any ext4 larger than 512 MB, unless the superblock says otherwise */

int journal_parse_info(struct text text, uint64_t *ret_transactions)
{
	struct text line;
	if (!text_line(&text, &line) || !text_leading_u64(line, ret_transactions))
		return -EBADMSG;
	return 0;
}

static enum journal_mode parse_mode(struct text value)
{
	if (text_is(value, "ordered"))
		return JOURNAL_ORDERED;
	if (text_is(value, "writeback"))
		return JOURNAL_WRITEBACK;
	return text_is(value, "journal") ? JOURNAL_DATA : JOURNAL_UNKNOWN;
}

void journal_parse_options(struct text text, struct journal *journal)
{
	struct text line, key;
	while (text_line(&text, &line)) {
		if (!text_until(&line, '=', &key))
			continue;
		if (text_is(key, "commit"))
			text_u32(line, &journal->commit_s);
		else if (text_is(key, "data"))
			journal->mode = parse_mode(line);
	}
}

static bool read_number(
	struct pass *pass, const struct volume *volume, const char *attribute, uint64_t *ret_value)
{
	ssize_t length = root_read(
		pass->root, pass->text, SYSFS_TEXT_MAX, "sys/fs/ext4/%s/%s", volume->block, attribute);
	return length > 0 && text_u64(text_trim((struct text){pass->text, (size_t)length}), ret_value);
}

/* jbd2 names an internal journal after the device and the journal's inode, which is 8 (with ':' up
 * to 2.6.31), an external one after its own device */
static ssize_t read_info(struct pass *pass, const struct volume *volume)
{
	if (volume->super.external == YES && volume->super.block[0])
		return root_read(
			pass->root, pass->text, SYSFS_TEXT_MAX, "proc/fs/jbd2/%s/info", volume->super.block);
	ssize_t length =
		root_read(pass->root, pass->text, SYSFS_TEXT_MAX, "proc/fs/jbd2/%s-8/info", volume->block);
	if (length == -ENOENT)
		length = root_read(
			pass->root, pass->text, SYSFS_TEXT_MAX, "proc/fs/jbd2/%s:8/info", volume->block);
	return length;
}

static void read_activity(struct pass *pass, struct volume *volume)
{
	struct journal *journal = &volume->journal;
	ssize_t length = read_info(pass, volume);
	if (length >= 0 &&
		!journal_parse_info((struct text){pass->text, (size_t)length}, &journal->transactions)) {
		journal->present = YES;
		return;
	}
	if (journal->present == NO)
		return;
	snprintf(journal->reason, sizeof journal->reason, "%s",
		length >= 0			  ? "jbd2's statistics of this device make no sense"
		: !strcmp(volume->fstype, "ext3") ? "ext3 tells nothing of its journal's activity"
						  : "this kernel has no jbd2 statistics for the device");
}

static void read_errors(struct pass *pass, struct volume *volume)
{
	struct journal *journal = &volume->journal;
	uint64_t count, last_s, line = 0;
	char when[UNITS_TIME_LEN], place[48] = "an unknown place";
	journal->needs_check = volume->super.needs_check;
	memcpy(journal->last_error, volume->super.last_error, sizeof journal->last_error);
	if (!read_number(pass, volume, "errors_count", &count))
		return;
	journal->needs_check = count ? YES : NO;
	if (!count || !read_number(pass, volume, "last_error_time", &last_s))
		return;
	read_number(pass, volume, "last_error_line", &line);
	ssize_t length = root_read(
		pass->root, pass->text, SYSFS_TEXT_MAX, "sys/fs/ext4/%s/last_error_func", volume->block);
	if (length > 0)
		text_show(place, sizeof place, text_trim((struct text){pass->text, (size_t)length}));
	units_time(when, sizeof when, last_s * 1000);
	snprintf(journal->last_error, sizeof journal->last_error,
		"%llu since the last e2fsck, the last %s in %s:%llu", (unsigned long long)count, when, place,
		(unsigned long long)line);
}

static void read_mode(struct pass *pass, struct volume *volume)
{
	struct journal *journal = &volume->journal;
	ssize_t length =
		root_read(pass->root, pass->text, SYSFS_TEXT_MAX, "proc/fs/ext4/%s/options", volume->block);
	if (length > 0)
		journal_parse_options((struct text){pass->text, (size_t)length}, journal);
	if (journal->mode == JOURNAL_UNKNOWN)
		journal->mode = volume->mount_mode;
	if (journal->mode == JOURNAL_UNKNOWN)
		journal->mode = volume->super.mode;
	if (journal->mode == JOURNAL_UNKNOWN)
		journal->mode = JOURNAL_ORDERED;
	if (journal->commit_s == UNKNOWN_U32)
		journal->commit_s =
			volume->mount_commit_s != UNKNOWN_U32 ? volume->mount_commit_s : COMMIT_DEFAULT_S;
}

/* Linux 5.4 and later name the journal's thread, or say that there is none: helps where the device may not be
 * read */
static enum tri has_journal_task(struct pass *pass, const struct volume *volume)
{
	ssize_t length = root_read(
		pass->root, pass->text, SYSFS_TEXT_MAX, "sys/fs/ext4/%s/journal_task", volume->block);
	struct text task = text_trim((struct text){pass->text, length < 0 ? 0 : (size_t)length});
	return text_is(task, "<none>") ? NO : task.length ? YES : UNKNOWN;
}

static void collect_ext(struct pass *pass, struct volume *volume)
{
	struct journal *journal = &volume->journal;
	uint64_t blocks;
	journal->present = volume->super.present;
	if (journal->present == UNKNOWN)
		journal->present = has_journal_task(pass, volume);
	journal->external = volume->mount_journal_external == YES ? YES : volume->super.external;
	if (strcmp(volume->fstype, "ext2"))
		read_activity(pass, volume);
	if (journal->present == UNKNOWN)
		snprintf(journal->reason, sizeof journal->reason,
			"its superblock was not read, and no journal shows in /proc");
	if (journal->present == YES)
		read_mode(pass, volume);
	if (journal->present == NO)
		journal->external = NO;
	read_errors(pass, volume);
	if (read_number(pass, volume, "delayed_allocation_blocks", &blocks) && blocks < UINT64_MAX / 65536)
		volume->delayed_bytes =
			blocks * (volume->super.block_bytes == UNKNOWN_U32 ? BLOCK_BYTES_DEFAULT
									   : volume->super.block_bytes);
}

struct other_fs {
	const char *fstype;
	enum tri present;
	const char *reason;
};

static void collect_other(struct volume *volume)
{
	static const struct other_fs known[] = {
		{"xfs", YES,
			"xfs always journals its metadata: it has no mode, and tells no commit interval"},
		{"btrfs", UNKNOWN, "btrfs needs no journal: it writes copies before it replaces"},
		{"zfs", UNKNOWN, "zfs needs no journal: it writes copies before it replaces"},
		{"vfat", NO, ""},
		{"exfat", NO, ""},
	};
	struct journal *journal = &volume->journal;
	const char *reason = "nasready knows nothing of this file system's journal";
	for (unsigned i = 0; i < ARRAY_LEN(known); i++) {
		if (strcmp(volume->fstype, known[i].fstype))
			continue;
		journal->present = known[i].present;
		reason = known[i].reason;
	}
	if (journal->present == YES)
		journal->external = volume->mount_journal_external == YES ? YES : NO;
	snprintf(journal->reason, sizeof journal->reason, "%s", reason);
}

int journal_collect(struct pass *pass, struct fault *fault)
{
	(void)fault;
	for (uint32_t i = 0; i < pass->now->volume_count; i++) {
		struct volume *volume = &pass->now->volumes[i];
		if (!strcmp(volume->fstype, "ext2") || !strcmp(volume->fstype, "ext3") ||
			!strcmp(volume->fstype, "ext4"))
			collect_ext(pass, volume);
		else
			collect_other(volume);
	}
	return 0;
}
