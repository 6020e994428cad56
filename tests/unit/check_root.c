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

#include "system/root.h"

Suite *suite_root(void);

static char dir[] = "/tmp/nasready-root-XXXXXX";
static struct root root;

static void put(const char *path, const char *text)
{
	char whole[256];
	snprintf(whole, sizeof whole, "%s/%s", dir, path);
	for (char *slash = whole + strlen(dir) + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
		*slash = 0;
		mkdir(whole, 0755);
	}
	FILE *file = fopen(whole, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static void start(void)
{
	strcpy(dir + strlen(dir) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	put("base/proc/stat", "base stat");
	put("base/proc/loadavg", "base load");
	put("t000001/proc/stat", "step stat");
}

static void stop(void)
{
	char command[128];
	root_close(&root);
	snprintf(command, sizeof command, "rm -rf '%s'", dir);
	ck_assert_int_eq(system(command), 0);
}

static int open_dir(const char *name)
{
	char path[128];
	snprintf(path, sizeof path, "%s/%s", dir, name);
	return root_open(&root, path);
}

static int count(const char *name, void *arg)
{
	(void)name;
	++*(int *)arg;
	return 0;
}

START_TEST(reads_what_is_there)
{
	char buffer[32];
	ck_assert_int_eq(open_dir("base"), 0);
	ck_assert(root.recorded);
	ck_assert_int_eq(root_read(&root, buffer, sizeof buffer, "proc/%s", "stat"), 9);
	ck_assert_str_eq(buffer, "base stat");
	ck_assert(root_exists(&root, "proc/stat") && !root_exists(&root, "proc/none"));
	ck_assert_int_eq(root_read(&root, buffer, sizeof buffer, "proc/none"), -ENOENT);
}
END_TEST

START_TEST(never_a_part_of_a_file)
{
	char buffer[9];
	ck_assert_int_eq(open_dir("base"), 0);
	ck_assert_int_eq(root_read(&root, buffer, sizeof buffer, "proc/stat"), -EFBIG);
	ck_assert_str_eq(buffer, "");
}
END_TEST

START_TEST(a_step_lies_over_its_base)
{
	char base[128], step[128], buffer[32];
	snprintf(base, sizeof base, "%s/base", dir);
	snprintf(step, sizeof step, "%s/t000001", dir);
	ck_assert_int_eq(root_open_step(&root, base, step), 0);
	root_read(&root, buffer, sizeof buffer, "proc/stat");
	ck_assert_str_eq(buffer, "step stat");
	root_read(&root, buffer, sizeof buffer, "proc/loadavg");
	ck_assert_str_eq(buffer, "base load");
	int entries = 0;
	ck_assert_int_eq(root_list(&root, "proc", count, &entries), 0);
	ck_assert_int_eq(entries, 2); /* each once */
}
END_TEST

START_TEST(no_way_out_of_a_recording)
{
	char buffer[64], link[256];
	snprintf(link, sizeof link, "%s/base/proc/passwd", dir);
	ck_assert_int_eq(symlink("/etc/passwd", link), 0);
	snprintf(link, sizeof link, "%s/base/etc", dir);
	ck_assert_int_eq(symlink("/etc", link), 0);
	ck_assert_int_eq(open_dir("base"), 0);
	ck_assert_int_eq(root_read(&root, buffer, sizeof buffer, "proc/passwd"), -ELOOP);
	ck_assert_int_lt(root_read(&root, buffer, sizeof buffer, "etc/passwd"), 0);
	ck_assert_int_eq(root_read(&root, buffer, sizeof buffer, "proc/../../base/proc/stat"), -EINVAL);
	ck_assert_int_eq(root_read(&root, buffer, sizeof buffer, "/etc/passwd"), -EINVAL);
	ck_assert_int_eq(root_open_device(&root, "dev/null"), -ENOTSUP);
}
END_TEST

START_TEST(lists_entries)
{
	int entries = 0;
	ck_assert_int_eq(open_dir("base"), 0);
	ck_assert_int_eq(root_list(&root, "proc", count, &entries), 0);
	ck_assert_int_eq(entries, 2);
	ck_assert_int_eq(root_list(&root, "sys", count, &entries), -ENOENT);
	ck_assert_int_eq(root_list(&root, "proc/stat", count, &entries), -ENOTDIR);
}
END_TEST

START_TEST(a_root_that_is_missing)
{
	ck_assert_int_eq(open_dir("nothing"), -ENOENT);
}
END_TEST

Suite *suite_root(void)
{
	Suite *suite = suite_create("root");
	TCase *tcase = tcase_create("root");
	tcase_add_checked_fixture(tcase, start, stop);
	tcase_add_test(tcase, reads_what_is_there);
	tcase_add_test(tcase, never_a_part_of_a_file);
	tcase_add_test(tcase, a_step_lies_over_its_base);
	tcase_add_test(tcase, no_way_out_of_a_recording);
	tcase_add_test(tcase, lists_entries);
	tcase_add_test(tcase, a_root_that_is_missing);
	suite_add_tcase(suite, tcase);
	return suite;
}
