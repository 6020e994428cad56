/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "common/ntfs_boot.h"

Suite *suite_ntfs_boot(void);

static unsigned char room[NTFS_BOOT_SIZE + 1];
static unsigned char *const bytes = room + 1;
static struct ntfs_boot boot;

static void start(void)
{
	memset(bytes, 0, NTFS_BOOT_SIZE);
	memcpy(bytes + 3, "NTFS    ", 8);
	bytes[12] = 2;
	bytes[13] = 128;
	bytes[40] = 7;
	bytes[510] = 0x55;
	bytes[511] = 0xaa;
}

START_TEST(clusters)
{
	ck_assert_int_eq(ntfs_boot_parse(bytes, &boot), 0);
	ck_assert_uint_eq(boot.sector_bytes, 512);
	ck_assert_uint_eq(boot.cluster_bytes, 65536);
	ck_assert_uint_eq(boot.sectors, 7);
	bytes[13] = 8;
	ck_assert_int_eq(ntfs_boot_parse(bytes, &boot), 0);
	ck_assert_uint_eq(boot.cluster_bytes, 4096);
	bytes[13] = 0xf4; /* 2 to the power of 12 */
	ck_assert_int_eq(ntfs_boot_parse(bytes, &boot), 0);
	ck_assert_uint_eq(boot.cluster_bytes, 2097152);
	bytes[12] = 16;
	bytes[13] = 16;
	ck_assert_int_eq(ntfs_boot_parse(bytes, &boot), 0);
	ck_assert_uint_eq(boot.cluster_bytes, 65536);
}
END_TEST

START_TEST(no_sense)
{
	static const unsigned char values[][2] = {
		{2, 0}, {2, 3}, {2, 127}, {2, 0x81}, {2, 0xf3}, {0, 8}, {3, 8}, {32, 8}, {16, 0xf4}};
	boot.cluster_bytes = 9;
	for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
		bytes[12] = values[i][0];
		bytes[13] = values[i][1];
		ck_assert_int_eq(ntfs_boot_parse(bytes, &boot), NTFS_BOOT_E_VALUE);
	}
	start();
	bytes[3] = 'n';
	ck_assert_int_eq(ntfs_boot_parse(bytes, &boot), NTFS_BOOT_E_SIGNATURE);
	start();
	bytes[511] = 0;
	ck_assert_int_eq(ntfs_boot_parse(bytes, &boot), NTFS_BOOT_E_SIGNATURE);
	ck_assert_uint_eq(boot.cluster_bytes, 9);
}
END_TEST

Suite *suite_ntfs_boot(void)
{
	Suite *suite = suite_create("ntfs_boot");
	TCase *tcase = tcase_create("parse");
	tcase_add_checked_fixture(tcase, start, NULL);
	tcase_add_test(tcase, clusters);
	tcase_add_test(tcase, no_sense);
	suite_add_tcase(suite, tcase);
	return suite;
}
