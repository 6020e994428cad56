/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "system/image_file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "common/text.h"

static bool hex(struct text text, uint32_t *ret_value)
{
	uint32_t value = 0;
	for (size_t i = 0; i < text.length; i++) {
		static const char digits[] = "0123456789abcdef";
		const char *digit = strchr(digits, text.at[i]);
		if (!text.at[i] || !digit || value > UINT32_MAX >> 4)
			return false;
		value = value << 4 | (uint32_t)(digit - digits);
	}
	*ret_value = value;
	return text.length > 0;
}

/* "08:11:4711" of this file? A number in btrfs is the volume's, not the one that stat tells: the inode
 * decides. */
static bool is_file(struct text where, const struct stat *file)
{
	struct text major, minor;
	uint32_t numbers[2];
	uint64_t inode;
	if (!text_until(&where, ':', &major) || !text_until(&where, ':', &minor) ||
		!hex(major, &numbers[0]) || !hex(minor, &numbers[1]) || !text_u64(where, &inode) ||
		inode != file->st_ino)
		return false;
	return !major(file->st_dev) ||
	       (numbers[0] == major(file->st_dev) && numbers[1] == minor(file->st_dev));
}

/* "3: LEASE  ACTIVE    WRITE 5993 08:11:4711 0 EOF": a lease for reading is not broken by reading */
bool image_file_find_lease(const char *locks, const struct stat *file)
{
	struct text rest = text_of(locks), line, words[6];
	while (text_line(&rest, &line)) {
		unsigned count = 0;
		while (count < 6 && text_word(&line, &words[count]))
			count++;
		if (count == 6 && (text_is(words[1], "LEASE") || text_is(words[1], "DELEG")) &&
			!text_is(words[3], "READ") && is_file(words[5], file))
			return true;
	}
	return false;
}

enum tri image_file_is_leased(const struct root *root, const struct stat *file)
{
	autofree char *locks = malloc(PROC_TEXT_MAX);
	ssize_t length = locks ? root_read(root, locks, PROC_TEXT_MAX, "proc/locks") : -ENOMEM;
	return length < 0 ? UNKNOWN : image_file_find_lease(locks, file) ? YES : NO;
}

static int read_at(void *arg, uint64_t offset, void *into, size_t size)
{
	const struct image_file *file = arg;
	for (size_t done = 0; done < size;) {
		ssize_t count = pread(file->fd, (char *)into + done, size - done, (off_t)(offset + done));
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return count ? -errno : -ENODATA; /* it became shorter meanwhile */
		done += (size_t)count;
	}
	return 0;
}

static int refuse(struct fault *fault, int error, const char *path)
{
	if (error == -EWOULDBLOCK)
		return fault_set(fault, IMAGE_FILE_E_LEASED,
			"%s was taken by an SMB client just now: ask again when it has closed the disk",
			path);
	return fault_set(fault, error, "%s cannot be opened: %s", path, strerror(-error));
}

int image_file_open(const struct root *root, int dir_fd, const char *path, bool follow,
	struct image_file *ret_file, struct fault *fault)
{
	struct image_file *file = ret_file;
	file->fd = -1;
	if (fstatat(dir_fd, path, &file->stat, follow ? 0 : AT_SYMLINK_NOFOLLOW))
		return refuse(fault, -errno, path);
	if (!S_ISREG(file->stat.st_mode))
		return fault_set(fault, -EINVAL, "%s is no plain file", path);
	if (image_file_is_leased(root, &file->stat) == YES)
		return fault_set(fault, IMAGE_FILE_E_LEASED,
			"an SMB client has %s open with an oplock, which reading it here would break: ask "
			"again "
			"when it has closed the disk",
			path);
	ino_t inode = file->stat.st_ino;
	file->fd = openat(
		dir_fd, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | (follow ? 0 : O_NOFOLLOW));
	if (file->fd < 0 || fstat(file->fd, &file->stat))
		return refuse(fault, -errno, path);
	if (!S_ISREG(file->stat.st_mode) || file->stat.st_ino != inode) {
		image_file_close(file);
		return fault_set(fault, -EAGAIN, "%s was replaced just now", path);
	}
	file->reader = (struct image_reader){.read = read_at,
		.arg = file,
		.file_bytes = (uint64_t)file->stat.st_size,
		.allocated_bytes = (uint64_t)file->stat.st_blocks * 512};
	return 0;
}

void image_file_close(struct image_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}

uint32_t image_file_extents(const struct image_file *file)
{
	struct fiemap map = {.fm_length = FIEMAP_MAX_OFFSET};
	return ioctl(file->fd, FS_IOC_FIEMAP, &map) ? UNKNOWN_U32 : map.fm_mapped_extents;
}
