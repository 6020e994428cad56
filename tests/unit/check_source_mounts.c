/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/source_mounts.h"

Suite *suite_source_mounts(void);

static struct snapshot snapshot;

static void start(void)
{
	snapshot_reset(&snapshot);
}

START_TEST(a_readynas)
{
	struct text text = TEXT("rootfs / rootfs rw 0 0\n"
				"/dev/md0 / ext3 rw,noatime,data=ordered 0 0\n"
				"tmpfs /ramfs ramfs rw 0 0\n"
				"/dev/c/c /c ext4 rw,noatime,acl,usrjquota=aquota.user,commit=604800 0 0\n");
	ck_assert_uint_eq(mounts_parse_mounts(text, &snapshot), 0);
	ck_assert_uint_eq(snapshot.volume_count, 2);
	const struct volume *c = snapshot_find_volume(&snapshot, "c"),
			    *root = snapshot_find_volume(&snapshot, "root");
	ck_assert(c && root);
	ck_assert_str_eq(c->device, "/dev/c/c");
	ck_assert_str_eq(c->fstype, "ext4");
	ck_assert_uint_eq(c->mount_commit_s, 604800);
	ck_assert_int_eq(c->read_only, NO);
	ck_assert_uint_eq(c->major, UNKNOWN_U32);
	ck_assert_int_eq(root->mount_mode, JOURNAL_ORDERED);
}
END_TEST

START_TEST(mountinfo_with_odd_names)
{
	struct text text = TEXT("22 1 253:0 / /mnt/two\\040words rw,relatime shared:1 master:2 - ext4 "
				"/dev/mapper/vg-data ro,commit=30\n"
				"23 1 0:41 / /data rw - btrfs /dev/sdb1 rw,space_cache\n"
				"24 1 0:5 / /proc rw - proc proc rw\n"
				"25 1 0:50 / /net rw - fuse.sshfs user@host:/dir rw\n");
	ck_assert_uint_eq(mounts_parse_mountinfo(text, &snapshot), 0);
	ck_assert_uint_eq(snapshot.volume_count, 3);
	ck_assert_str_eq(snapshot.volumes[0].mount, "/mnt/two words");
	ck_assert(!strncmp(snapshot.volumes[0].id, "mnt-two_words-", 14) &&
		  strlen(snapshot.volumes[0].id) == 18);
	ck_assert_uint_eq(snapshot.volumes[0].major, 253);
	ck_assert_uint_eq(snapshot.volumes[0].mount_id, 22);
	ck_assert_int_eq(snapshot.volumes[0].read_only, YES);
	ck_assert_uint_eq(snapshot.volumes[0].mount_commit_s, 30);
	ck_assert_str_eq(snapshot.volumes[1].id, "data");
	ck_assert_str_eq(snapshot.volumes[2].fstype, "fuse.sshfs");
}
END_TEST

/* systemd's ProtectSystem= */
START_TEST(in_a_sandbox_all_mounts_are_read_only)
{
	struct text text = TEXT("22 1 253:0 / / ro,relatime shared:1 - ext4 /dev/vda rw,quota\n"
				"23 1 253:1 / /c ro - ext4 /dev/vdb ro\n");
	ck_assert_uint_eq(mounts_parse_mountinfo(text, &snapshot), 0);
	ck_assert_int_eq(snapshot.volumes[0].read_only, NO);
	ck_assert_int_eq(snapshot.volumes[1].read_only, YES);
}
END_TEST

START_TEST(bind_mounts_are_no_volumes)
{
	struct text text = TEXT("30 1 8:1 /srv/share /export rw - ext4 /dev/sda1 rw\n"
				"31 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
				"32 1 8:1 /home /home rw - ext4 /dev/sda1 rw\n");
	ck_assert_uint_eq(mounts_parse_mountinfo(text, &snapshot), 0);
	ck_assert_uint_eq(snapshot.volume_count, 1);
	ck_assert_str_eq(snapshot.volumes[0].mount, "/");
}
END_TEST

START_TEST(overflow_is_counted)
{
	char text[8192];
	size_t length = 0;
	for (int i = 0; i < VOLUMES_MAX + 7; i++)
		length += (size_t)snprintf(text + length, sizeof text - length,
			"%d 1 8:%d / /v%d rw - ext4 /dev/sd%d rw\n", i, i, i, i);
	length += (size_t)snprintf(
		text + length, sizeof text - length, "99 1 8:3 /x /again rw - ext4 /dev/sd3 rw\n");
	ck_assert_uint_eq(mounts_parse_mountinfo((struct text){text, length}, &snapshot), 0);
	ck_assert_uint_eq(snapshot.volume_count, VOLUMES_MAX);
	ck_assert_uint_eq(snapshot.volumes_omitted, 7);
}
END_TEST

static const struct {
	const char *text;
	unsigned bad;
} bad_lines[] = {
	{"", 0},
	{"\n\n \n", 0},
	{"garbage", 1},
	{"22 1 8:1 / /x rw shared:1", 1},
	{"22 1 8:1 / relative rw - ext4 /dev/sda1 rw", 1},
	{"22 1 8:1 / /x rw - averyveryverylongfilesystemname /dev/sda1 rw", 1},
	{"22 1 99999999999:x / /x rw - ext4 /dev/sda1 rw", 0},
	{"22 1 8:1 / /x rw - ext4 /dev/sda1", 0},
};

START_TEST(nonsense)
{
	unsigned bad = mounts_parse_mountinfo(text_of(bad_lines[_i].text), &snapshot);
	ck_assert_msg(bad == bad_lines[_i].bad, "%u for \"%s\"", bad, bad_lines[_i].text);
	ck_assert(snapshot.volume_count <= 1);
}
END_TEST

START_TEST(overlong_mount_point)
{
	char text[MOUNT_LEN + 128] = "22 1 8:1 / /";
	memset(text + strlen(text), 'x', MOUNT_LEN);
	strcat(text, " rw - ext4 /dev/sda1 rw\n");
	ck_assert_uint_eq(mounts_parse_mountinfo(text_of(text), &snapshot), 1);
	ck_assert_uint_eq(snapshot.volume_count, 0);
}
END_TEST

START_TEST(ids)
{
	char id[ID_LEN], other[ID_LEN], mount[MOUNT_LEN] = "/";
	mounts_volume_id("/", id, sizeof id);
	ck_assert_str_eq(id, "root");
	mounts_volume_id("/volume1", id, sizeof id);
	ck_assert_str_eq(id, "volume1");
	mounts_volume_id("/root", id, sizeof id);
	ck_assert_str_ne(id, "root");
	mounts_volume_id("/a/b", id, sizeof id);
	mounts_volume_id("/a-b", other, sizeof other);
	ck_assert_str_ne(id, other);
	memset(mount + 1, 'y', 200);
	mounts_volume_id(mount, id, sizeof id);
	ck_assert_uint_eq(strlen(id), ID_LEN - 1);
}
END_TEST

Suite *suite_source_mounts(void)
{
	Suite *suite = suite_create("source_mounts");
	TCase *tcase = tcase_create("parse");
	tcase_add_checked_fixture(tcase, start, NULL);
	tcase_add_test(tcase, a_readynas);
	tcase_add_test(tcase, mountinfo_with_odd_names);
	tcase_add_test(tcase, in_a_sandbox_all_mounts_are_read_only);
	tcase_add_test(tcase, bind_mounts_are_no_volumes);
	tcase_add_test(tcase, overflow_is_counted);
	tcase_add_loop_test(tcase, nonsense, 0, sizeof bad_lines / sizeof bad_lines[0]);
	tcase_add_test(tcase, overlong_mount_point);
	tcase_add_test(tcase, ids);
	suite_add_tcase(suite, tcase);
	return suite;
}
