/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/source_mounts.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* one line of either file, split but not copied */
struct mount_line {
	struct text mount_id, device_number, root, mount, options, fstype, device, super_options;
};

static bool is_pseudo(struct text fstype)
{
	static const char *const names[] = {"autofs", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs",
		"debugfs", "devfs", "devpts", "devtmpfs", "efivarfs", "fuse.gvfsd-fuse", "fuse.lxcfs",
		"fusectl", "hugetlbfs", "mqueue", "nfsd", "nsfs", "overlay", "proc", "pstore", "ramfs",
		"rootfs", "rpc_pipefs", "securityfs", "selinuxfs", "squashfs", "sysfs", "tmpfs", "tracefs",
		"usbfs", "fuse.portal"};
	for (unsigned i = 0; i < ARRAY_LEN(names); i++)
		if (text_is(fstype, names[i]))
			return true;
	return false;
}

void mounts_volume_id(const char *mount, char *ret_id, size_t size)
{
	if (!strcmp(mount, "/")) {
		snprintf(ret_id, size, "root");
		return;
	}
	const char *from = mount + (*mount == '/');
	size_t length = 0, room = size - 6; /* "-XXXX" and the end */
	bool changed = !strcmp(from, "root");
	for (; *from && length < room; from++, length++) {
		bool plain = isalnum((unsigned char)*from) || *from == '.' || *from == '_';
		ret_id[length] = (char)(plain ? *from : *from == '/' || *from == '-' ? '-' : '_');
		changed |= !plain;
	}
	ret_id[length] = 0;
	if (changed || *from)
		snprintf(ret_id + length, size - length, "-%04x", (unsigned)(text_hash(mount) & 0xffff));
}

/* a mount on top of another hides it */
static struct volume *find_hidden(struct snapshot *snapshot, const struct volume *volume)
{
	for (uint32_t i = 0; i < snapshot->volume_count; i++)
		if (!strcmp(snapshot->volumes[i].mount, volume->mount))
			return &snapshot->volumes[i];
	return NULL;
}

static struct volume *find_same(struct snapshot *snapshot, const struct volume *volume)
{
	for (uint32_t i = 0; i < snapshot->volume_count; i++) {
		struct volume *other = &snapshot->volumes[i];
		bool same_number = volume->major != UNKNOWN_U32 && volume->major == other->major &&
				   volume->minor == other->minor;
		bool same_device = volume->device[0] == '/' && !strcmp(volume->device, other->device);
		if (same_number || same_device)
			return other;
	}
	return NULL;
}

static void read_options(struct volume *volume, struct text options)
{
	struct text value;
	if (text_option(options, "commit", &value))
		text_u32(value, &volume->mount_commit_s);
	if (text_option(options, "data", &value))
		volume->mount_mode = text_is(value, "ordered")	   ? JOURNAL_ORDERED
				     : text_is(value, "writeback") ? JOURNAL_WRITEBACK
				     : text_is(value, "journal")   ? JOURNAL_DATA
								   : JOURNAL_UNKNOWN;
	if (text_option(options, "logdev", NULL) || text_option(options, "journal_path", NULL) ||
		text_option(options, "journal_dev", NULL))
		volume->mount_journal_external = YES;
}

static bool fill(struct volume *volume, const struct mount_line *line)
{
	if (!text_unescape(volume->mount, sizeof volume->mount, line->mount) || volume->mount[0] != '/' ||
		!text_unescape(volume->device, sizeof volume->device, line->device) ||
		!text_copy(volume->fstype, sizeof volume->fstype, line->fstype))
		return false;
	struct text number = line->device_number, major;
	if (text_until(&number, ':', &major) &&
		!(text_u32(major, &volume->major) && text_u32(number, &volume->minor)))
		volume->major = volume->minor = UNKNOWN_U32;
	text_u32(line->mount_id, &volume->mount_id);
	/* A sandbox makes mounts read-only for this process alone; the file system's option is everybody's */
	struct text all = line->super_options.length ? line->super_options : line->options;
	volume->read_only = text_option(all, "ro", NULL) ? YES : NO;
	read_options(volume, line->options);
	read_options(volume, line->super_options);
	mounts_volume_id(volume->mount, volume->id, sizeof volume->id);
	return true;
}

/* The list is full: a second mount of a volume that is in it is not one more left out. */
static void forgive_known(const struct mount_line *line, struct snapshot *snapshot)
{
	struct volume spare = {.major = UNKNOWN_U32};
	if (!fill(&spare, line) || find_same(snapshot, &spare))
		snapshot->volumes_omitted--;
}

/* 1 if the line is of no use although it should be */
static unsigned take_line(const struct mount_line *line, struct snapshot *snapshot, uint32_t *partial)
{
	if (is_pseudo(line->fstype))
		return 0;
	struct volume *volume = snapshot_add_volume(snapshot);
	if (!volume) {
		forgive_known(line, snapshot);
		return 0;
	}
	uint32_t index = --snapshot->volume_count;
	if (!fill(volume, line))
		return 1;
	bool whole = !line->root.length || text_is(line->root, "/");
	struct volume *hidden = find_hidden(snapshot, volume);
	if (hidden) {
		*hidden = *volume;
		return 0;
	}
	struct volume *same = find_same(snapshot, volume);
	if (!same) {
		snapshot->volume_count++;
		if (!whole)
			*partial |= 1u << index;
		return 0;
	}
	uint32_t other = (uint32_t)(same - snapshot->volumes);
	if (whole && *partial & 1u << other) {
		*same = *volume;
		*partial &= ~(1u << other);
	}
	return 0;
}

static bool split_mountinfo(struct text line, struct mount_line *ret)
{
	struct text skip, word;
	if (!text_word(&line, &ret->mount_id) || !text_word(&line, &skip) ||
		!text_word(&line, &ret->device_number) || !text_word(&line, &ret->root) ||
		!text_word(&line, &ret->mount) || !text_word(&line, &ret->options))
		return false;
	do
		if (!text_word(&line, &word))
			return false;
	while (!text_is(word, "-"));
	return text_word(&line, &ret->fstype) && text_word(&line, &ret->device) &&
	       (text_word(&line, &ret->super_options) || true);
}

static bool split_mounts(struct text line, struct mount_line *ret)
{
	return text_word(&line, &ret->device) && text_word(&line, &ret->mount) &&
	       text_word(&line, &ret->fstype) && text_word(&line, &ret->options);
}

static unsigned parse(
	struct text text, struct snapshot *snapshot, bool (*split)(struct text, struct mount_line *))
{
	unsigned bad = 0;
	uint32_t partial = 0; /* bit i: volume i is so far known by a bind mount of one of its folders only */
	struct text line;
	while (text_line(&text, &line)) {
		struct mount_line parts = {0};
		if (!text_trim(line).length)
			continue;
		bad += split(line, &parts) ? take_line(&parts, snapshot, &partial) : 1;
	}
	return bad;
}

unsigned mounts_parse_mountinfo(struct text text, struct snapshot *snapshot)
{
	return parse(text, snapshot, split_mountinfo);
}

unsigned mounts_parse_mounts(struct text text, struct snapshot *snapshot)
{
	return parse(text, snapshot, split_mounts);
}

int mounts_collect(struct pass *pass, struct fault *fault)
{
	const char *path = "proc/self/mountinfo";
	unsigned (*parse_text)(struct text, struct snapshot *) = mounts_parse_mountinfo;
	ssize_t length = root_read(pass->root, pass->text, PROC_TEXT_MAX, "%s", path);
	if (length == -ENOENT) {
		path = "proc/mounts";
		parse_text = mounts_parse_mounts;
		length = root_read(pass->root, pass->text, PROC_TEXT_MAX, "%s", path);
	}
	if (length == -ENOENT)
		return fault_set(
			fault, SOURCE_E_ABSENT, "neither /proc/self/mountinfo nor /proc/mounts is there");
	if (length < 0)
		return fault_set(fault, (int)length, "cannot read /%s: %s", path, strerror((int)-length));
	unsigned bad = parse_text((struct text){pass->text, (size_t)length}, pass->now);
	if (bad)
		return fault_set(fault, SOURCE_E_STALE,
			"%u lines of /%s are left out: cut short, or a mount point of more than %d bytes",
			bad, path, MOUNT_LEN - 1);
	return 0;
}
