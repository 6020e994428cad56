/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The child's half of source_vdisks.h: walks through folders, flushes and judges files, prints lines.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "collect/source_vdisks.h"
#include "common/image_inspect.h"
#include "system/image_file.h"

#define FOLDERS_MAX 256	  /* of one share; a backup share has five */
#define ENTRIES_MAX 20000 /* of one share, in all its folders */
#define WINDOWS_DEPTH 2	  /* WindowsImageBackup/SERVER/Backup 2026-11-22 210407 */

struct walk {
	const struct vdisks_question *question;
	const struct share *share;
	int out;
	unsigned folders, entries, omitted;
	char path[JOB_FILE_LEN]; /* of the folder, below the share's; ends with '/' unless empty */
	struct inspection {
		struct image_work work;
		struct image image;
		struct content content;
	} * inspection;
};

static bool is_disk(const char *name)
{
	static const char *const ends[] = {".vhdx", ".vhd", ".avhdx", ".avhd"};
	size_t length = strlen(name);
	for (unsigned i = 0; i < ARRAY_LEN(ends); i++)
		if (length > strlen(ends[i]) && !strcasecmp(name + length - strlen(ends[i]), ends[i]))
			return true;
	return false;
}

static bool is_open(const struct walk *walk, const char *path)
{
	const struct snapshot *now = walk->question->now;
	for (uint32_t i = 0; i < now->client_count; i++)
		if (vdisks_is_open(&now->clients[i], walk->share->name, path))
			return true;
	return false;
}

static uint64_t mix(uint64_t stamp, uint64_t part)
{
	return (stamp ^ part) * UINT64_C(1099511628211);
}

static uint64_t stamp_of(const struct stat *file)
{
	const uint64_t parts[] = {(uint64_t)file->st_mtim.tv_sec, (uint64_t)file->st_mtim.tv_nsec,
		(uint64_t)file->st_ctim.tv_sec, (uint64_t)file->st_ctim.tv_nsec, (uint64_t)file->st_size,
		(uint64_t)file->st_blocks, file->st_ino};
	uint64_t stamp = UINT64_C(14695981039346656037);
	for (unsigned i = 0; i < ARRAY_LEN(parts); i++)
		stamp = mix(stamp, parts[i]);
	return stamp ? stamp : 1;
}

static void print_file(const struct walk *walk, const char *file, const struct stat *status, uint32_t extents)
{
	char share[4 * SHARE_LEN], escaped[4 * JOB_FILE_LEN], pieces[12] = "-";
	if (extents != UNKNOWN_U32)
		snprintf(pieces, sizeof pieces, "%u", (unsigned)extents);
	if (text_escape(share, sizeof share, walk->share->name) && text_escape(escaped, sizeof escaped, file))
		dprintf(walk->out, "disk %s %s %llu %llu %llu %llu %s\n", share, escaped,
			(unsigned long long)stamp_of(status), (unsigned long long)status->st_size,
			(unsigned long long)status->st_blocks * 512,
			(unsigned long long)status->st_mtim.tv_sec * 1000 +
				(unsigned long long)status->st_mtim.tv_nsec / 1000000,
			pieces);
}

/* Samba need not have written it to the disk: before it is called closed in order, it must be there. */
static void judge_open_file(struct walk *walk, const struct image_file *file)
{
	struct inspection *inspection = walk->inspection;
	int error = fsync(file->fd) && errno != EROFS && errno != EINVAL ? -errno : 0;
	if (!error)
		error = image_inspect(&file->reader, &inspection->work, &inspection->image);
	if (error) {
		dprintf(walk->out, "error it cannot be read: %s\n", strerror(-error));
		return;
	}
	image_file_probe(file, &inspection->image, &inspection->content);
	vdisks_print_image(walk->out, &inspection->image, &inspection->content);
}

static void judge(struct walk *walk, int dir, const char *name, const char *path, const struct stat *status)
{
	struct image_file file;
	struct fault fault = {""};
	int error = image_file_open(walk->question->root, dir, name, false, &file, &fault);
	print_file(walk, path, error ? status : &file.stat, error ? UNKNOWN_U32 : image_file_extents(&file));
	if (error == IMAGE_FILE_E_LEASED)
		dprintf(walk->out, "leased\n");
	else if (error)
		dprintf(walk->out, "error it cannot be opened: %s\n", strerror(-error));
	else
		judge_open_file(walk, &file);
	image_file_close(&file);
}

static void look_at_disk(
	struct walk *walk, int dir, const char *name, const char *path, const struct stat *status)
{
	const struct vdisks_question *question = walk->question;
	const struct vdisk *old =
		snapshot_find_vdisk(question->before, vdisk_number(walk->share->name, path));
	bool judged = old && old->judged_stamp;
	if (image_file_is_leased(question->root, status) == YES) {
		print_file(walk, path, status, UNKNOWN_U32);
		dprintf(walk->out, "leased\n");
	} else if (judged && (old->judged_stamp == stamp_of(status) || is_open(walk, path))) {
		print_file(walk, path, status, old->extents);
		dprintf(walk->out, "keep\n");
	} else {
		judge(walk, dir, name, path, status);
	}
}

static void walk_folder(struct walk *walk, int fd, unsigned depth);

static unsigned depth_below(const struct walk *walk, const char *name, unsigned depth)
{
	if (!walk->path[0] && !strcasecmp(name, "WindowsImageBackup"))
		return WINDOWS_DEPTH + 1;
	return depth;
}

static void enter_folder(struct walk *walk, int dir, const char *name, unsigned below)
{
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	size_t length = strlen(walk->path);
	memcpy(walk->path + length, "/", 2);
	if (fd >= 0)
		walk_folder(walk, fd, below);
}

static void look_at_entry(struct walk *walk, int dir, const char *name, unsigned depth)
{
	struct stat status;
	size_t length = strlen(walk->path);
	unsigned levels = depth_below(walk, name, depth);
	/* hidden ones are ours, or of the firmware */
	if (name[0] == '.' || (!is_disk(name) && !levels) || fstatat(dir, name, &status, AT_SYMLINK_NOFOLLOW))
		return;
	bool folder = S_ISDIR(status.st_mode) && levels, disk = S_ISREG(status.st_mode) && is_disk(name);
	if (!folder && !disk)
		return;
	if (length + strlen(name) + 2 > sizeof walk->path || walk->folders >= FOLDERS_MAX) {
		walk->omitted++;
		return;
	}
	memcpy(walk->path + length, name, strlen(name) + 1);
	if (folder)
		enter_folder(walk, dir, name, levels - 1);
	else
		look_at_disk(walk, dir, name, walk->path, &status);
	walk->path[length] = 0;
}

/* takes `fd` over; `depth`: of folders below this one that are looked into */
static void walk_folder(struct walk *walk, int fd, unsigned depth)
{
	DIR *dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return;
	}
	walk->folders++;
	for (struct dirent *entry; (entry = readdir(dir));) {
		if (walk->entries++ == ENTRIES_MAX) {
			walk->omitted++;
			break;
		}
		look_at_entry(walk, dirfd(dir), entry->d_name, depth);
	}
	closedir(dir);
}

static void walk_share(struct walk *walk)
{
	walk->folders = walk->entries = walk->omitted = 0;
	walk->path[0] = 0;
	int fd = openat(walk->question->root->fd, walk->share->path + 1, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		walk_folder(walk, fd, walk->question->depth);
	if (walk->omitted)
		dprintf(walk->out, "omitted %u share %s has too many folders, or too deep ones\n",
			walk->omitted, walk->share->name);
}

void vdisks_ask(int out, void *vdisks_question)
{
	struct walk walk = {.question = vdisks_question, .out = out};
	const struct snapshot *now = walk.question->now;
	autofree struct inspection *inspection = malloc(sizeof *inspection);
	walk.inspection = inspection;
	for (uint32_t i = 0; inspection && i < now->share_count; i++) {
		walk.share = &now->shares[i];
		if (walk.share->path[0] == '/' && walk.share->path[1] && !strchr(walk.share->path, '%') &&
			walk.question->wanted & 1u << i)
			walk_share(&walk);
	}
	dprintf(out, "end\n");
}
