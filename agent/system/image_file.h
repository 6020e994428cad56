/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * A virtual disk's file, opened for reading so that nobody notices. A client that has it open may hold an
 * oplock, which smbd (with kernel oplocks = yes) keeps as a write lease of the kernel; any open() of the file
 * breaks that, even one that then fails with EWOULDBLOCK. So the kernel's list of leases is looked at first,
 * and a leased file is left alone. What remains is the moment between that look and the open: then the client
 * merely loses its cache, and we do not wait for it.
 */
#ifndef NASREADY_SYSTEM_IMAGE_FILE_H
#define NASREADY_SYSTEM_IMAGE_FILE_H

#include <sys/stat.h>

#include "common/fault.h"
#include "model/vdisk.h"
#include "system/root.h"

/* a client holds it with a lease; the fault says what that means */
#define IMAGE_FILE_E_LEASED 1

struct image_file {
	int fd; /* -1: not open */
	struct stat stat;
	struct image_reader reader;
};

/* Links are followed only if `follow`. 0, IMAGE_FILE_E_LEASED, or a negative errno (-EINVAL: no plain file).
 */
int image_file_open(const struct root *root, int dir_fd, const char *path, bool follow,
	struct image_file *ret_file, struct fault *fault);
void image_file_close(struct image_file *file);
/* runs of blocks that the file consists of; UNKNOWN_U32: the file system does not tell */
uint32_t image_file_extents(const struct image_file *file);

/* YES: some process holds a write lease on the file; UNKNOWN: the kernel does not list them */
enum tri image_file_is_leased(const struct root *root, const struct stat *file);
/* the same by a text of /proc/locks */
bool image_file_find_lease(const char *locks, const struct stat *file);

/* image_file_probe.c: partition table and file systems, by libblkid */
void image_file_probe(const struct image_file *file, const struct image *image, struct content *ret_content);

#endif
