/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "system/image_file.h"

Suite *suite_image_file(void);

START_TEST(leases)
{
	struct stat file = {.st_dev = makedev(8, 0x11), .st_ino = 4711};
	ck_assert(image_file_find_lease("1: POSIX  ADVISORY  WRITE 9 08:11:4711 0 EOF\n"
					"2: LEASE  ACTIVE    WRITE 5993 08:11:4711 0 EOF\n",
		&file));
	ck_assert(image_file_find_lease("2: LEASE  BREAKING  UNLCK 5993 08:11:4711 0 EOF", &file));
	ck_assert(!image_file_find_lease("2: LEASE  ACTIVE    READ  5993 08:11:4711 0 EOF\n", &file));
	ck_assert(!image_file_find_lease("2: LEASE  ACTIVE    WRITE 5993 08:12:4711 0 EOF\n", &file));
	ck_assert(!image_file_find_lease("2: LEASE  ACTIVE    WRITE 5993 08:11:471 0 EOF\n", &file));
	ck_assert(!image_file_find_lease("2: LEASE  ACTIVE    WRITE 5993 0g:11:4711 0 EOF\n", &file));
	ck_assert(!image_file_find_lease("1: POSIX  ADVISORY  WRITE 9 08:11:4711 0 EOF\n", &file));
	ck_assert(!image_file_find_lease("\n2: LEASE\n2: LEASE  ACTIVE    WRITE 5993 :::\n", &file));
	/* btrfs tells stat another number */
	file.st_dev = makedev(0, 0x31);
	ck_assert(image_file_find_lease("2: LEASE  ACTIVE    WRITE 5993 00:2e:4711 0 EOF\n", &file));
}
END_TEST

/* a lease of the kernel, taken by ourselves: it is seen, the file is left alone, and nobody breaks it */
START_TEST(a_real_lease)
{
	char path[] = "/tmp/check-lease-XXXXXX";
	struct root root;
	struct image_file file;
	struct fault fault = {""};
	int fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(root_open(&root, "/"), 0);
	ck_assert_int_eq(image_file_open(&root, AT_FDCWD, path, false, &file, &fault), 0);
	image_file_close(&file);
	if (!fcntl(fd, F_SETLEASE, F_WRLCK)) { /* not on every file system */
		ck_assert_int_eq(
			image_file_open(&root, AT_FDCWD, path, false, &file, &fault), IMAGE_FILE_E_LEASED);
		ck_assert_int_eq(file.fd, -1);
		ck_assert_int_eq(fcntl(fd, F_GETLEASE), F_WRLCK);
		ck_assert_int_eq(fcntl(fd, F_SETLEASE, F_UNLCK), 0);
	}
	ck_assert_int_eq(image_file_open(&root, AT_FDCWD, path, false, &file, &fault), 0);
	image_file_close(&file);
	unlink(path);
	ck_assert_int_eq(image_file_open(&root, AT_FDCWD, path, false, &file, &fault), -ENOENT);
	ck_assert_int_eq(image_file_open(&root, AT_FDCWD, "/dev/null", false, &file, &fault), -EINVAL);
	ck_assert_int_eq(symlink("/etc/hostname", path), 0);
	ck_assert_int_eq(image_file_open(&root, AT_FDCWD, path, false, &file, &fault), -EINVAL);
	unlink(path);
	close(fd);
	root_close(&root);
}
END_TEST

Suite *suite_image_file(void)
{
	Suite *suite = suite_create("image_file");
	TCase *tcase = tcase_create("open");
	tcase_add_test(tcase, leases);
	tcase_add_test(tcase, a_real_lease);
	suite_add_tcase(suite, tcase);
	return suite;
}
