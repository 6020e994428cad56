/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "work/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/xattr.h>
#include <unistd.h>

#define FOLDER (O_RDONLY | O_DIRECTORY | O_CLOEXEC)
#define XATTRS_MAX 8192 /* Samba's NTACL takes under 1 KiB */

int tree_open(const char *path, struct fault *fault)
{
	int fd = open(path, FOLDER);
	return fd < 0 ? fault_set(fault, -errno, "cannot open the folder %s: %s", path, strerror(errno)) : fd;
}

int tree_open_folder(int folder, const char *name)
{
	int fd = openat(folder, name, FOLDER | O_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

int tree_open_below(int folder, struct text path, struct fault *fault)
{
	char name[TREE_NAME_LEN], shown[80];
	struct text piece, whole = path;
	int fd = tree_open_folder(folder, ".");
	while (fd >= 0 && text_until(&path, '/', &piece)) {
		if (!piece.length)
			continue;
		int next = text_is_name(piece) && text_copy(name, sizeof name, piece)
				   ? tree_open_folder(fd, name)
				   : -EINVAL;
		close(fd);
		fd = next;
	}
	if (fd >= 0)
		return fd;
	text_show(shown, sizeof shown, whole);
	if (fd == -ELOOP || fd == -ENOTDIR)
		return fault_set(fault, fd, "%s leads through a symbolic link, or is no folder", shown);
	return fault_set(fault, fd, "cannot open the folder %s: %s", shown, strerror(-fd));
}

int tree_status(int folder, const char *name, struct stat *ret_status)
{
	return fstatat(folder, name, ret_status, AT_SYMLINK_NOFOLLOW) ? -errno : 0;
}

static int each_of(DIR *entries, int (*each)(int, const char *, const struct stat *, void *), void *arg)
{
	int folder = dirfd(entries), result = 0;
	const struct dirent *entry;
	struct stat status;
	while (!result && (errno = 0, entry = readdir(entries))) {
		const char *name = entry->d_name;
		if (!strcmp(name, ".") || !strcmp(name, ".."))
			continue;
		result = tree_status(folder, name, &status);
		if (!result)
			result = each(folder, name, &status, arg);
		else if (result == -ENOENT) /* gone meanwhile */
			result = 0;
	}
	return result ? result : -errno;
}

int tree_each(int folder, int (*each)(int, const char *, const struct stat *, void *), void *arg)
{
	/* a descriptor of its own: fdopendir takes it over, and it shall read from the beginning */
	int fd = tree_open_folder(folder, ".");
	if (fd < 0)
		return fd;
	DIR *entries = fdopendir(fd);
	if (!entries) {
		int error = -errno;
		close(fd);
		return error;
	}
	int result = each_of(entries, each, arg);
	closedir(entries);
	return result;
}

struct search {
	const char *name;
	char *found;
};

static int is_alike(int folder, const char *name, const struct stat *status, void *arg)
{
	struct search *search = arg;
	(void)folder;
	(void)status;
	if (strcasecmp(name, search->name) || strlen(name) >= TREE_NAME_LEN)
		return 0;
	strcpy(search->found, name);
	return !strcmp(name, search->name); /* the very same is better than one alike */
}

int tree_find(int folder, const char *name, char ret_name[TREE_NAME_LEN])
{
	char found[TREE_NAME_LEN] = "";
	struct search search = {name, found};
	int result = tree_each(folder, is_alike, &search);
	if (result < 0)
		return result;
	if (!found[0])
		return -ENOENT;
	strcpy(ret_name, found);
	return 0;
}

/* -- attributes -- */

static int copy_one_xattr(int from, int to, const char *name)
{
	char value[XATTRS_MAX];
	ssize_t length = fgetxattr(from, name, value, sizeof value);
	if (length < 0)
		return errno == ENODATA || errno == ENOTSUP ? 0 : -errno;
	return fsetxattr(to, name, value, (size_t)length, 0) && errno != ENOTSUP ? -errno : 0;
}

static int copy_xattrs(int from, int to)
{
	char names[XATTRS_MAX];
	ssize_t length = flistxattr(from, names, sizeof names);
	if (length < 0)
		return errno == ENOTSUP ? 0 : -errno;
	int error = 0;
	for (char *name = names; name < names + length && !error; name += strlen(name) + 1)
		error = copy_one_xattr(from, to, name);
	return error;
}

int tree_copy_attributes(int from, int to)
{
	struct stat status;
	if (fstat(from, &status) || fchown(to, status.st_uid, status.st_gid) ||
		fchmod(to, status.st_mode & 07777))
		return -errno;
	int error = copy_xattrs(from, to);
	const struct timespec times[] = {status.st_atim, status.st_mtim};
	return error ? error : futimens(to, times) ? -errno : 0;
}

/* -- paths, for messages -- */

bool tree_path_down(char path[TREE_PATH_LEN], const char *name)
{
	size_t length = strlen(path), more = strlen(name);
	if (length + more + 2 > TREE_PATH_LEN)
		return false;
	if (length)
		path[length++] = '/';
	memcpy(path + length, name, more + 1);
	return true;
}

void tree_path_up(char path[TREE_PATH_LEN])
{
	char *slash = strrchr(path, '/');
	*(slash ? slash : path) = 0;
}
