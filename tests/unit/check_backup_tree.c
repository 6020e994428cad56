/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * On real folders below /tmp. Other file systems and access control lists: tests/live/paths.sh.
 */
#include "work/backup_tree.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

Suite *suite_backup_tree(void);

#define ORIGINAL "Servers/2012 R2/WindowsImageBackup/WIN-0123456789A"
#define COPY "WindowsImageBackup/WIN-0123456789A"
#define DISK "Backup 2013-02-03 200002/01234567-89ab-cdef-0123-456789abcdef.vhdx"

static char share[64];
static struct backup_place place;
static struct backup_linked linked;
static struct fault fault;

/* the path below the share, in a buffer of its own for each of two calls */
static const char *at(const char *below)
{
	static char paths[2][512];
	static unsigned turn;
	char *path = paths[turn++ % 2];
	snprintf(path, sizeof paths[0], "%s/%s", share, below);
	return path;
}

static void make_folder(const char *below)
{
	char path[512];
	snprintf(path, sizeof path, "%s/%s", share, below);
	for (char *slash = path + strlen(share) + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
		*slash = 0;
		ck_assert(!mkdir(path, 0755) || errno == EEXIST);
	}
	ck_assert(!mkdir(path, 0755) || errno == EEXIST);
}

static void make_file(const char *below)
{
	autoclose int fd = open(at(below), O_WRONLY | O_CREAT | O_EXCL, 0644);
	ck_assert_msg(fd >= 0, "%s", below);
	ck_assert_int_eq(write(fd, below, strlen(below)), (ssize_t)strlen(below));
}

static bool exists(const char *below)
{
	struct stat status;
	return !lstat(at(below), &status);
}

static bool same(const char *one, const char *other)
{
	struct stat a, b;
	return !lstat(at(one), &a) && !lstat(at(other), &b) && a.st_ino == b.st_ino;
}

static void set_up(void)
{
	strcpy(share, "/tmp/nasready-check.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(share));
	make_folder(ORIGINAL "/Backup 2013-02-03 200002");
	make_folder(ORIGINAL "/Catalog");
	make_folder(ORIGINAL "/Logs");
	make_file(ORIGINAL "/" DISK);
	make_file(ORIGINAL "/Catalog/GlobalCatalog");
	make_file(ORIGINAL "/MediaId");
	ck_assert_int_eq(chmod(at(ORIGINAL "/Catalog"), 02750), 0);
	const struct timespec times[] = {{1000000000, 0}, {1000000000, 0}};
	ck_assert_int_eq(utimensat(AT_FDCWD, at(ORIGINAL "/Logs"), times, 0), 0);
	place = (struct backup_place){"Backup", share, TEXT(ORIGINAL)};
	linked = (struct backup_linked){.files = 77};
	fault.text[0] = 0;
}

static void tear_down(void)
{
	char command[128];
	snprintf(command, sizeof command, "rm -rf %s", share);
	ck_assert_int_eq(system(command), 0);
}

static void check_untouched(void)
{
	ck_assert(exists(ORIGINAL "/" DISK) && exists(ORIGINAL "/Catalog/GlobalCatalog"));
	ck_assert_uint_eq(linked.files, 77);
	ck_assert(fault.text[0]);
}

static void rescue(void)
{
	ck_assert_msg(!backup_tree_rescue(&place, &linked, &fault), "%s", fault.text);
}

START_TEST(test_rescue)
{
	struct stat status;
	rescue();
	ck_assert_uint_eq(linked.files, 3);
	ck_assert_uint_eq(linked.folders, 3);
	ck_assert_str_eq(linked.to, COPY);
	ck_assert(same(ORIGINAL "/" DISK, COPY "/" DISK));
	ck_assert(same(ORIGINAL "/Catalog/GlobalCatalog", COPY "/Catalog/GlobalCatalog"));
	ck_assert(same(ORIGINAL "/MediaId", COPY "/MediaId"));
	ck_assert(!same(ORIGINAL "/Catalog", COPY "/Catalog"));
	ck_assert_int_eq(lstat(at(COPY "/Catalog"), &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 02750);
	ck_assert_int_eq(lstat(at(COPY "/Logs"), &status), 0);
	ck_assert_int_eq(status.st_mtim.tv_sec, 1000000000);
	ck_assert(!exists("WindowsImageBackup/.nasready-WIN-0123456789A"));
}
END_TEST

START_TEST(test_undo)
{
	rescue();
	ck_assert_msg(!backup_tree_undo(&place, &linked, &fault), "%s", fault.text);
	ck_assert_uint_eq(linked.files, 3);
	ck_assert(!exists("WindowsImageBackup"));
	ck_assert(exists(ORIGINAL "/" DISK) && exists(ORIGINAL "/MediaId"));
	linked.files = 77;
	ck_assert_int_eq(backup_tree_undo(&place, &linked, &fault), -ENOENT);
	ck_assert_ptr_nonnull(strstr(fault.text, "nothing to undo"));
	check_untouched();
}
END_TEST

START_TEST(test_others_stay)
{
	make_folder("windowsimagebackup/OTHER");
	make_file("windowsimagebackup/OTHER/MediaId");
	rescue();
	ck_assert_str_eq(linked.to, "windowsimagebackup/WIN-0123456789A");
	ck_assert(!exists("WindowsImageBackup"));
	ck_assert_msg(!backup_tree_undo(&place, &linked, &fault), "%s", fault.text);
	ck_assert(exists("windowsimagebackup/OTHER/MediaId"));
	ck_assert(!exists("windowsimagebackup/WIN-0123456789A"));
}
END_TEST

/* what would have to be copied: nothing is linked then */
START_TEST(test_odd_entries)
{
	static const char *const says[] = {"symbolic link", "neither file nor folder"};
	ck_assert_int_eq(
		_i ? mkfifo(at(ORIGINAL "/Catalog/odd"), 0644) : symlink("/etc", at(ORIGINAL "/Catalog/odd")),
		0);
	ck_assert_int_lt(backup_tree_rescue(&place, &linked, &fault), 0);
	ck_assert_msg(strstr(fault.text, says[_i]) && strstr(fault.text, "Catalog/odd"), "%s", fault.text);
	check_untouched();
	ck_assert(!exists("WindowsImageBackup"));
}
END_TEST

START_TEST(test_there_already)
{
	make_folder("WindowsImageBackup/win-0123456789a");
	ck_assert_int_eq(backup_tree_rescue(&place, &linked, &fault), -EEXIST);
	ck_assert_msg(strstr(fault.text, "win-0123456789a is there already"), "%s", fault.text);
	check_untouched();
	ck_assert(!exists(COPY) && exists("WindowsImageBackup"));
}
END_TEST

/* a file that only one of the two names leads to must not be lost */
START_TEST(test_undo_keeps_what_is_new)
{
	rescue();
	linked.files = 77;
	if (_i == 0)
		make_file(COPY "/Catalog/new");
	else if (_i == 1)
		ck_assert_int_eq(unlink(at(ORIGINAL "/MediaId")), 0);
	else if (_i == 2)
		ck_assert_int_eq(rename(at(ORIGINAL "/MediaId"), at(ORIGINAL "/MediaId.old")), 0);
	else
		ck_assert(!unlink(at(ORIGINAL "/Catalog/GlobalCatalog")) && !rmdir(at(ORIGINAL "/Catalog")));
	ck_assert_int_eq(backup_tree_undo(&place, &linked, &fault), -EEXIST);
	ck_assert_msg(strstr(fault.text, "the original has no such file"), "%s", fault.text);
	ck_assert_uint_eq(linked.files, 77);
	ck_assert(exists(COPY "/" DISK) && exists(COPY "/MediaId"));
	ck_assert(exists(COPY "/Catalog/GlobalCatalog"));
	ck_assert(_i || exists(COPY "/Catalog/new"));
}
END_TEST

START_TEST(test_undo_needs_the_original)
{
	rescue();
	linked.files = 77;
	ck_assert_int_eq(rename(at("Servers"), at("Elsewhere")), 0);
	ck_assert_int_eq(backup_tree_undo(&place, &linked, &fault), -ENOENT);
	ck_assert(exists(COPY "/" DISK));
}
END_TEST

/* as a run leaves it that was killed */
START_TEST(test_leftover)
{
	make_folder("WindowsImageBackup/.nasready-WIN-0123456789A/Catalog");
	ck_assert_int_eq(
		link(at(ORIGINAL "/MediaId"), at("WindowsImageBackup/.nasready-WIN-0123456789A/MediaId")), 0);
	if (_i) {
		make_file("WindowsImageBackup/.nasready-WIN-0123456789A/Catalog/only");
		ck_assert_int_eq(backup_tree_rescue(&place, &linked, &fault), -EEXIST);
		ck_assert_msg(strstr(fault.text, "no other name"), "%s", fault.text);
		ck_assert(exists("WindowsImageBackup/.nasready-WIN-0123456789A/Catalog/only"));
		check_untouched();
		return;
	}
	rescue();
	ck_assert(!exists("WindowsImageBackup/.nasready-WIN-0123456789A"));
	ck_assert(exists(COPY "/" DISK));
}
END_TEST

static const struct {
	const char *below, *says;
} wrong[] = {
	{"", "name the folder of one computer"},
	{"Servers", "name the folder of one computer"},
	{"Servers/2012 R2/WindowsImageBackup", "name the folder of one computer"},
	{"Servers/x/y", "name the folder of one computer"},
	{"WindowsImageBackup/SRV1", "in the share itself already"},
	{"/WindowsImageBackup/SRV1/", "in the share itself already"},
	{"Servers/../WindowsImageBackup/SRV1", "cannot open the folder"},
	{"Servers/WindowsImageBackup/none", "cannot open the folder"},
	{"Link/WindowsImageBackup/WIN-0123456789A", "symbolic link"},
	{"Servers/WindowsImageBackup/..", "cannot open the folder"},
};

START_TEST(test_wrong)
{
	ck_assert_int_eq(symlink("Servers/2012 R2", at("Link")), 0);
	place.below = text_of(wrong[_i].below);
	ck_assert_int_lt(backup_tree_rescue(&place, &linked, &fault), 0);
	ck_assert_msg(strstr(fault.text, wrong[_i].says), "%s", fault.text);
	check_untouched();
	ck_assert(!exists("WindowsImageBackup"));
}
END_TEST

struct seen {
	unsigned count, too_long;
};

static void see(const struct path_case *of, void *arg)
{
	struct seen *seen = arg;
	seen->count++;
	seen->too_long += of->verdict == PATH_TOO_LONG;
}

START_TEST(test_walk)
{
	struct seen seen = {0};
	make_file("Servers/loose.vhdx");
	ck_assert_int_eq(symlink("..", at(ORIGINAL "/loop")), 0);
	place.below = TEXT("");
	ck_assert_int_eq(backup_tree_walk(&place, TEXT("nas"), see, &seen, &fault), 0);
	ck_assert_uint_eq(seen.count, 1);
	ck_assert_uint_eq(seen.too_long, 1);
	ck_assert_int_eq(unlink(at(ORIGINAL "/loop")), 0);
	place.below = TEXT(ORIGINAL);
	rescue();
	seen = (struct seen){0};
	place.below = TEXT("/");
	ck_assert_int_eq(backup_tree_walk(&place, TEXT(""), see, &seen, &fault), 0);
	ck_assert_uint_eq(seen.count, 2);
	ck_assert_uint_eq(seen.too_long, 1);
	place.below = TEXT("none");
	ck_assert_int_eq(backup_tree_walk(&place, TEXT(""), see, &seen, &fault), -ENOENT);
}
END_TEST

Suite *suite_backup_tree(void)
{
	Suite *suite = suite_create("backup_tree");
	TCase *tcase = tcase_create("backup_tree");
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, test_rescue);
	tcase_add_test(tcase, test_undo);
	tcase_add_test(tcase, test_others_stay);
	tcase_add_loop_test(tcase, test_odd_entries, 0, 2);
	tcase_add_test(tcase, test_there_already);
	tcase_add_loop_test(tcase, test_undo_keeps_what_is_new, 0, 4);
	tcase_add_test(tcase, test_undo_needs_the_original);
	tcase_add_loop_test(tcase, test_leftover, 0, 2);
	tcase_add_loop_test(tcase, test_wrong, 0, (int)ARRAY_LEN(wrong));
	tcase_add_test(tcase, test_walk);
	suite_add_tcase(suite, tcase);
	return suite;
}
