/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "collect/source_disks.h"

Suite *suite_source_disks(void);

static struct snapshot snapshot;

static bool starts_with_sd(const char *name, void *arg)
{
	(void)arg;
	return !strncmp(name, "sd", 2) && strlen(name) == 3;
}

static unsigned parse(const char *text)
{
	return disks_parse(text_of(text), &snapshot, starts_with_sd, NULL);
}

static void start(void)
{
	snapshot_reset(&snapshot);
	struct volume *volume = snapshot_add_volume(&snapshot);
	strcpy(volume->id, "c");
	strcpy(volume->device, "/dev/c/c");
	volume->major = 253;
	volume->minor = 0;
	struct volume *pool = snapshot_add_volume(&snapshot);
	strcpy(pool->device, "/dev/sdb1");
	pool->major = 0;
	pool->minor = 41;
}

START_TEST(disks_and_volumes)
{
	ck_assert_uint_eq(parse("   8       0 sda 100 2 3000 4 500 6 7000 8 0 900 10\n"
				"   8      17 sdb1 1 2 3 4 5 6 70 8 9 10 11 12 13 14 15 16 17\n"
				" 253       0 dm-0 1 0 8 0 2 0 4096 0 0 0 0\n"),
		3);
	ck_assert_uint_eq(snapshot.disk_count, 1);
	ck_assert_str_eq(snapshot.disks[0].name, "sda");
	ck_assert_uint_eq(snapshot.disks[0].read_bytes, 3000 * 512);
	ck_assert_uint_eq(snapshot.disks[0].written_bytes, 7000 * 512);
	ck_assert_uint_eq(snapshot.disks[0].busy_ms, 900);
	ck_assert_str_eq(snapshot.volumes[0].block, "dm-0");
	ck_assert_uint_eq(snapshot.volumes[0].written_bytes, 4096 * 512);
	ck_assert_str_eq(snapshot.volumes[1].block, "sdb1");
	ck_assert_uint_eq(snapshot.volumes[1].written_bytes, 70 * 512);
}
END_TEST

START_TEST(device_of_an_external_journal)
{
	snapshot.volumes[0].super.external = YES;
	snapshot.volumes[0].super.major = 7;
	snapshot.volumes[0].super.minor = 3;
	parse("7 3 loop3 1 2 3 4 5 6 7 8 9 10 11\n");
	ck_assert_str_eq(snapshot.volumes[0].super.block, "loop3");
	ck_assert_str_eq(snapshot.volumes[0].block, "");
}
END_TEST

static const char *const useless[] = {
	"",
	"\n",
	"8 0 sda",
	"8 0 sda 1 2 3 4 5 6 7 8 9",
	"8 0 sda 1 2 3 4 5 6 x 8 9 10 11",
	"8 0 sda 1 2 -3 4 5 6 7 8 9 10 11",
	"8 0 ../../etc 1 2 3 4 5 6 7 8 9 10 11",
	"8 0 sda 1 2 99999999999999999999 4 5 6 7 8 9 10 11",
	"8 0 sda 1 2 18446744073709551615 4 5 6 7 8 9 10 11",
	"8 0 averyveryverylongdevicenameindeedxx 1 2 3 4 5 6 7 8 9 10 11",
};

START_TEST(nonsense_is_left_out)
{
	ck_assert_uint_eq(parse(useless[_i]), 0);
	ck_assert_uint_eq(snapshot.disk_count, 0);
}
END_TEST

START_TEST(write_cache)
{
	ck_assert_int_eq(disks_parse_cache(TEXT("write back\n")), YES);
	ck_assert_int_eq(disks_parse_cache(TEXT("write back, no read (daft)\n")), YES);
	ck_assert_int_eq(disks_parse_cache(TEXT("write through\n")), NO);
	ck_assert_int_eq(disks_parse_cache(TEXT("none\n")), NO);
	ck_assert_int_eq(disks_parse_cache(TEXT("")), UNKNOWN);
	ck_assert_int_eq(disks_parse_cache(TEXT("writ")), UNKNOWN);
}
END_TEST

Suite *suite_source_disks(void)
{
	Suite *suite = suite_create("source_disks");
	TCase *tcase = tcase_create("parse");
	tcase_add_checked_fixture(tcase, start, NULL);
	tcase_add_test(tcase, disks_and_volumes);
	tcase_add_test(tcase, device_of_an_external_journal);
	tcase_add_loop_test(tcase, nonsense_is_left_out, 0, sizeof useless / sizeof useless[0]);
	tcase_add_test(tcase, write_cache);
	suite_add_tcase(suite, tcase);
	return suite;
}
