/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "work/record.h"

Suite *suite_record(void);

static char dir[] = "/tmp/nasready-record-XXXXXX";
static char path[64], text[RECORD_MAX + 1];
static struct fault fault;

static void set_up(void)
{
	strcpy(dir + sizeof dir - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/costs", dir);
}

static void tear_down(void)
{
	unlink(path);
	rmdir(dir);
}

START_TEST(test_comes_back)
{
	ck_assert_int_eq(record_read(dir, "costs", text, &fault), 0);
	ck_assert_int_eq(record_write(dir, "costs", "c 15\n", &fault), 0);
	ck_assert_int_eq(record_read(dir, "costs", text, &fault), 5);
	ck_assert_str_eq(text, "c 15\n");
	ck_assert_int_eq(record_write(dir, "costs", "c 9\n", &fault), 0);
	ck_assert_int_eq(record_read(dir, "costs", text, &fault), 4);
	ck_assert_int_eq(record_write(dir, "costs", "", &fault), 0);
	ck_assert_int_eq(record_write(dir, "costs", "", &fault), 0);
	ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

/* a flash is not written to for nothing */
START_TEST(test_only_on_change)
{
	struct stat before, after;
	ck_assert_int_eq(record_write(dir, "costs", "same", &fault), 0);
	ck_assert_int_eq(stat(path, &before), 0);
	ck_assert_int_eq(record_write(dir, "costs", "same", &fault), 0);
	ck_assert_int_eq(stat(path, &after), 0);
	ck_assert_uint_eq(before.st_ino, after.st_ino);
	ck_assert_int_eq(record_write(dir, "costs", "also", &fault), 0);
	ck_assert_int_eq(stat(path, &after), 0);
	ck_assert_uint_ne(before.st_ino, after.st_ino);
}
END_TEST

START_TEST(test_too_large)
{
	static char large[RECORD_MAX + 2];
	memset(large, 'x', sizeof large - 1);
	ck_assert_int_eq(record_write(dir, "costs", "old", &fault), 0);
	ck_assert_int_eq(record_write(dir, "costs", large, &fault), -EFBIG);
	ck_assert_int_eq(record_read(dir, "costs", text, &fault), 3);
	FILE *file = fopen(path, "w");
	fputs(large, file);
	fclose(file);
	ck_assert_int_eq(record_read(dir, "costs", text, &fault), -EFBIG);
	ck_assert_str_eq(text, "");
	large[RECORD_MAX] = 0;
	ck_assert_int_eq(record_write(dir, "costs", large, &fault), 0);
	ck_assert_int_eq(record_read(dir, "costs", text, &fault), RECORD_MAX);
}
END_TEST

START_TEST(test_no_directory)
{
	ck_assert_int_eq(record_read("/nowhere", "costs", text, &fault), -ENOENT);
	ck_assert_ptr_nonnull(strstr(fault.text, "/nowhere"));
	ck_assert_int_eq(record_write("/nowhere", "costs", "x", &fault), -ENOENT);
}
END_TEST

/* whoever can write there must not make root follow a link */
START_TEST(test_link)
{
	ck_assert_int_eq(symlink("/etc/hostname", path), 0);
	ck_assert_int_lt(record_read(dir, "costs", text, &fault), 0);
	ck_assert_int_eq(record_write(dir, "costs", "x", &fault), 0);
	ck_assert_int_eq(record_read(dir, "costs", text, &fault), 1);
}
END_TEST

Suite *suite_record(void)
{
	Suite *suite = suite_create("record");
	TCase *tcase = tcase_create("record");
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, test_comes_back);
	tcase_add_test(tcase, test_only_on_change);
	tcase_add_test(tcase, test_too_large);
	tcase_add_test(tcase, test_no_directory);
	tcase_add_test(tcase, test_link);
	suite_add_tcase(suite, tcase);
	return suite;
}
