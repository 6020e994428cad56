/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * hangfs FLAG MOUNT: an empty FUSE file system of 1 GiB in the foreground. statfs() on it hangs for as long
 * as the file FLAG exists, as it does on a network file system whose server is gone.
 */
#define FUSE_USE_VERSION 31

#include <errno.h>
#include <fuse.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#define BLOCK_BYTES 4096
#define BLOCKS 262144

static const char *flag;

static int hang_getattr(const char *path, struct stat *attributes, struct fuse_file_info *info)
{
	(void)info;
	if (strcmp(path, "/"))
		return -ENOENT;
	memset(attributes, 0, sizeof *attributes);
	attributes->st_mode = S_IFDIR | 0755;
	attributes->st_nlink = 2;
	return 0;
}

static int hang_statfs(const char *path, struct statvfs *space)
{
	const struct timespec moment = {.tv_nsec = 50000000};
	(void)path;
	while (!access(flag, F_OK))
		nanosleep(&moment, NULL);
	memset(space, 0, sizeof *space);
	space->f_bsize = space->f_frsize = BLOCK_BYTES;
	space->f_blocks = BLOCKS;
	space->f_bfree = space->f_bavail = BLOCKS / 2;
	return 0;
}

int main(int argc, char **argv)
{
	static const struct fuse_operations operations = {.getattr = hang_getattr, .statfs = hang_statfs};
	if (argc != 3) {
		fprintf(stderr, "usage: hangfs FLAG MOUNT\n");
		return 2;
	}
	flag = argv[1];
	char *arguments[] = {argv[0], "-f", "-o", "allow_other,fsname=hangfs,subtype=hangfs", argv[2], NULL};
	return fuse_main(5, arguments, &operations, NULL);
}
