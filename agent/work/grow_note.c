/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "work/grow_note.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/text.h"

#define NOTE "growing"
#define NOTE_NEW "growing.new"
#define NOTE_MAX 1536 /* a path with every byte escaped, and five numbers */

static bool take_line(struct text line, struct grow_note *note, unsigned *seen)
{
	struct text key;
	const struct {
		const char *key;
		uint64_t *number;
	} numbers[] = {
		{"inode", &note->inode},
		{"old_file_bytes", &note->old_file_bytes},
		{"new_file_bytes", &note->new_file_bytes},
		{"old_size_bytes", &note->old_size_bytes},
		{"new_size_bytes", &note->new_size_bytes},
	};
	if (!text_until(&line, ' ', &key))
		return false;
	for (unsigned i = 0; i < ARRAY_LEN(numbers); i++)
		if (text_is(key, numbers[i].key)) {
			*seen |= 1u << i;
			return text_u64(line, numbers[i].number);
		}
	*seen |= 1u << ARRAY_LEN(numbers);
	return text_is(key, "path") && text_unescape(note->path, sizeof note->path, line);
}

int grow_note_read(const struct place *place, struct grow_note *ret_note)
{
	char text[NOTE_MAX];
	unsigned seen = 0;
	if (place->hidden < 0)
		return -ENOENT;
	autoclose int fd = openat(place->hidden, NOTE, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text);
	if (length < 0)
		return -errno;
	*ret_note = (struct grow_note){.inode = 0};
	struct text rest = {text, (size_t)length}, line;
	while (text_line(&rest, &line))
		if (!take_line(line, ret_note, &seen))
			return -EINVAL;
	return seen == 63 ? 0 : -EINVAL;
}

int grow_note_write(const struct place *place, const struct grow_note *note)
{
	char path[4 * JOB_FILE_LEN], text[NOTE_MAX];
	if (!text_escape(path, sizeof path, note->path))
		return -ENAMETOOLONG;
	int length = snprintf(text, sizeof text,
		"path %s\ninode %" PRIu64 "\nold_file_bytes %" PRIu64 "\nnew_file_bytes %" PRIu64
		"\nold_size_bytes %" PRIu64 "\nnew_size_bytes %" PRIu64 "\n",
		path, note->inode, note->old_file_bytes, note->new_file_bytes, note->old_size_bytes,
		note->new_size_bytes);
	autoclose int fd =
		openat(place->hidden, NOTE_NEW, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	int error = disk_pwrite(fd, text, (size_t)length, 0);
	if (!error && (fsync(fd) || renameat(place->hidden, NOTE_NEW, place->hidden, NOTE)))
		error = -errno;
	return error ? error : place_sync(place->hidden);
}

int grow_note_remove(const struct place *place)
{
	if (place->hidden < 0)
		return 0;
	unlinkat(place->hidden, NOTE_NEW, 0);
	if (unlinkat(place->hidden, NOTE, 0))
		return errno == ENOENT ? 0 : -errno;
	return place_sync(place->hidden);
}

bool grow_note_is_half(const struct place *place)
{
	struct stat stat;
	return place->hidden >= 0 && !fstatat(place->hidden, NOTE_NEW, &stat, AT_SYMLINK_NOFOLLOW);
}

/* all that the disk refers to must lie within its old length before the rest is cut off */
static bool is_whole_within(int fd, uint64_t file_bytes)
{
	struct image image;
	return !disk_inspect(fd, file_bytes, &image) && image.format == IMAGE_VHDX && image.clean == YES &&
	       !image.damaged;
}

int grow_undo(int fd, const struct grow_note *note)
{
	struct disk_parts parts;
	struct stat stat;
	int error = disk_read_parts(fd, &parts);
	if (error == -EINVAL)
		return GROW_CHANGED;
	if (error || fstat(fd, &stat))
		return error ? error : -errno;
	uint64_t size = parts.metadata.size_bytes, file_bytes = (uint64_t)stat.st_size;
	if ((uint64_t)stat.st_ino != note->inode)
		return GROW_CHANGED;
	if (size == note->new_size_bytes)
		return GROW_FINISHED;
	if (size != note->old_size_bytes || file_bytes < note->old_file_bytes ||
		file_bytes > note->new_file_bytes || !is_whole_within(fd, note->old_file_bytes))
		return GROW_CHANGED;
	struct vhdx_metadata larger = parts.metadata;
	larger.size_bytes = note->new_size_bytes;
	error = disk_clear_entries(fd, &parts, &larger, vhdx_bat_layout(&parts.metadata).payload_count);
	if (!error && (fsync(fd) || ftruncate(fd, (off_t)note->old_file_bytes) || fsync(fd)))
		error = -errno;
	return error ? error : GROW_UNDONE;
}
