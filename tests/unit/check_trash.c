/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "work/trash.h"

Suite *suite_trash(void);

static char dir[] = "/tmp/nasready-trash-XXXXXX";
static struct job_task task;
static struct place place;
static struct fault fault;
static struct job_control control;
static struct job_run work;
static char name[TRASH_NAME_LEN];

static void put_file(const char *path, size_t size)
{
	int file = openat(place.fd, path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	ck_assert_int_ge(file, 0);
	ck_assert_int_eq(ftruncate(file, (off_t)size), 0);
	close(file);
}

static void set_up(void)
{
	strcpy(dir + sizeof dir - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	strcpy(task.share, "Backup");
	strcpy(task.dir, dir);
	control = (struct job_control){0};
	work = (struct job_run){.task = &task, .control = &control, .out = -1};
	ck_assert_int_eq(place_open(&place, &task, &fault), 0);
	ck_assert_int_eq(place_make_hidden(&place, &fault), 0);
	put_file("a.vhdx", 5000);
	ck_assert_int_eq(mkdirat(place.fd, "Images", 0700), 0);
	put_file("Images/b.vhdx", 6000);
}

static void tear_down(void)
{
	char command[80];
	place_close(&place);
	snprintf(command, sizeof command, "rm -rf %s", dir);
	ck_assert_int_eq(system(command), 0);
}

static int count(const struct trash_entry *entry, void *arg)
{
	struct trash_entry *last = arg;
	*last = *entry;
	return 0;
}

static bool is_there(const char *path)
{
	return !faccessat(place.fd, path, F_OK, 0);
}

START_TEST(test_there_and_back)
{
	static const char *const paths[] = {"a.vhdx", "Images/b.vhdx"};
	struct trash_entry entry = {.path = ""};
	ck_assert_int_eq(trash_put(&place, paths[_i], 1800000000, name), 0);
	ck_assert_str_eq(name, "trash-1800000000-0");
	ck_assert(!is_there(paths[_i]));
	ck_assert_int_eq(trash_list(&place, count, &entry), 0);
	ck_assert_str_eq(entry.path, paths[_i]);
	ck_assert_uint_eq(entry.deleted_s, 1800000000);
	ck_assert_uint_eq(entry.size_bytes, _i ? 6000 : 5000);
	ck_assert_int_eq(trash_take_back(&place, &entry), 0);
	ck_assert(is_there(paths[_i]));
	ck_assert(!is_there(".nasready/trash-1800000000-0"));
}
END_TEST

START_TEST(test_never_replaces)
{
	struct trash_entry entry = {.path = ""};
	ck_assert_int_eq(trash_put(&place, "a.vhdx", 1800000000, name), 0);
	put_file("a.vhdx", 1);
	ck_assert_int_eq(trash_put(&place, "a.vhdx", 1800000000, name), 0);
	ck_assert_str_eq(name, "trash-1800000000-1");
	put_file("a.vhdx", 2);
	trash_list(&place, count, &entry);
	ck_assert_int_eq(trash_take_back(&place, &entry), -EEXIST);
	ck_assert_int_eq(trash_list(&place, count, &entry), 0);
	ck_assert_str_eq(entry.path, "a.vhdx");
}
END_TEST

START_TEST(test_not_there)
{
	ck_assert_int_eq(trash_put(&place, "no.vhdx", 1800000000, name), -ENOENT);
	ck_assert_int_eq(trash_put(&place, "no/no.vhdx", 1800000001, name), -ENOENT);
	ck_assert_int_eq(trash_put(&place, "../a.vhdx", 1800000002, name), -EINVAL);
	ck_assert_int_eq(trash_put(&place, "a/../b", 1800000003, name), -EINVAL);
	ck_assert(!is_there(".nasready/trash-1800000000-0"));
	ck_assert(is_there("a.vhdx"));
}
END_TEST

START_TEST(test_purge)
{
	ck_assert_int_eq(trash_put(&place, _i ? "Images/b.vhdx" : "a.vhdx", 1800000000, name), 0);
	ck_assert_int_eq(trash_purge(&work, &place, name), 0);
	place_drop_hidden(&place);
	ck_assert(!is_there(".nasready"));
}
END_TEST

/* under its other name it is somebody's still */
START_TEST(test_purge_spares_other_names)
{
	struct stat stat;
	ck_assert_int_eq(linkat(place.fd, "a.vhdx", place.fd, "copy.vhdx", 0), 0);
	ck_assert_int_eq(trash_put(&place, "a.vhdx", 1800000000, name), 0);
	ck_assert_int_eq(trash_purge(&work, &place, name), 0);
	ck_assert_int_eq(fstatat(place.fd, "copy.vhdx", &stat, 0), 0);
	ck_assert_int_eq((int)stat.st_size, 5000);
}
END_TEST

static const struct {
	const char *name;
	bool is, gone;
	uint64_t seconds;
} names[] = {
	{"trash-1800000000-0", true, false, 1800000000},
	{"gone-1800000000-12", true, true, 1800000000},
	{"trash-", false, false, 0},
	{"trash-x-0", false, false, 0},
	{"trash--1-0", false, false, 0},
	{"trash-99999999999999999999999-0", false, false, 0},
	{"new.vhdx", false, false, 0},
	{"growing", false, false, 0},
	{"", false, false, 0},
};

START_TEST(test_names)
{
	uint64_t seconds = 0;
	bool gone = false;
	ck_assert(trash_is(names[_i].name, &seconds, &gone) == names[_i].is);
	if (!names[_i].is)
		return;
	ck_assert_uint_eq(seconds, names[_i].seconds);
	ck_assert(gone == names[_i].gone);
}
END_TEST

/* whoever may write to the share could have put it there */
START_TEST(test_foreign_folder)
{
	struct place other;
	ck_assert_int_eq(fchmodat(place.fd, ".nasready", 0777, 0), 0);
	ck_assert_int_eq(place_open(&other, &task, &fault), -EACCES);
	ck_assert_ptr_nonnull(strstr(fault.text, "somebody else's"));
	place_close(&other);
	place_drop_hidden(&place);
	ck_assert_int_eq(symlinkat("/etc", place.fd, ".nasready"), 0);
	ck_assert_int_lt(place_open(&other, &task, &fault), 0);
	place_close(&other);
}
END_TEST

START_TEST(test_only_plain_files)
{
	struct stat stat;
	ck_assert_int_eq(symlinkat("/etc/passwd", place.fd, "link.vhdx"), 0);
	ck_assert_int_eq(symlinkat("/etc", place.fd, "etc"), 0);
	ck_assert_int_eq(mkfifoat(place.fd, "pipe.vhdx", 0600), 0);
	ck_assert_int_eq(place_open_file(place.fd, "link.vhdx", &stat), -EINVAL);
	ck_assert_int_lt(place_open_file(place.fd, "etc/passwd", &stat), 0);
	ck_assert_int_eq(place_open_file(place.fd, "pipe.vhdx", &stat), -EINVAL);
	ck_assert_int_eq(place_open_file(place.fd, "Images", &stat), -EINVAL);
	ck_assert_int_eq(place_open_file(place.fd, "Images/../a.vhdx", &stat), -EINVAL);
	ck_assert(place_has_name(&place, "A.VHDX"));
	ck_assert(!place_has_name(&place, "c.vhdx"));
}
END_TEST

Suite *suite_trash(void)
{
	Suite *suite = suite_create("trash");
	TCase *tcase = tcase_create("trash");
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, test_there_and_back, 0, 2);
	tcase_add_test(tcase, test_never_replaces);
	tcase_add_test(tcase, test_not_there);
	tcase_add_loop_test(tcase, test_purge, 0, 2);
	tcase_add_test(tcase, test_purge_spares_other_names);
	tcase_add_loop_test(tcase, test_names, 0, (int)ARRAY_LEN(names));
	tcase_add_test(tcase, test_foreign_folder);
	tcase_add_test(tcase, test_only_plain_files);
	suite_add_tcase(suite, tcase);
	return suite;
}
