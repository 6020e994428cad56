/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "collect/source_filesystems.h"

Suite *suite_source_filesystems(void);

static struct snapshot snapshot;
static struct volume *c;

static void start(void)
{
	snapshot_reset(&snapshot);
	c = snapshot_add_volume(&snapshot);
	strcpy(c->id, "c");
}

START_TEST(all_fields)
{
	ck_assert_uint_eq(
		filesystems_parse(TEXT("c TYPE=ext4 LABEL=my\\040disk UUID=0c5f BLOCK=4096 JOURNAL=external "
				       "DEVICE=7:3 MODE=writeback STATE=error ERRORS=2 ERROR_S=1700000000 "
				       "ERROR_AT=ext4_find_entry:1455\n"),
			&snapshot),
		1);
	ck_assert_int_eq(c->probed, YES);
	ck_assert_str_eq(c->label, "my disk");
	ck_assert_str_eq(c->uuid, "0c5f");
	ck_assert_int_eq(c->super.present, YES);
	ck_assert_int_eq(c->super.external, YES);
	ck_assert_uint_eq(c->super.major, 7);
	ck_assert_uint_eq(c->super.minor, 3);
	ck_assert_int_eq(c->super.mode, JOURNAL_WRITEBACK);
	ck_assert_int_eq(c->super.needs_check, YES);
	ck_assert_uint_eq(c->super.block_bytes, 4096);
	ck_assert_str_eq(c->super.last_error, "in ext4_find_entry:1455");
}
END_TEST

START_TEST(no_journal)
{
	filesystems_parse(TEXT("c TYPE=ext4 JOURNAL=none STATE=clean"), &snapshot);
	ck_assert_int_eq(c->super.present, NO);
	ck_assert_int_eq(c->super.external, NO);
	ck_assert_int_eq(c->super.needs_check, NO);
}
END_TEST

START_TEST(an_error_is_a_reason)
{
	filesystems_parse(TEXT("c error may not open /dev/sda1: Permission denied\n"), &snapshot);
	ck_assert_int_eq(c->probed, YES);
	ck_assert_str_eq(c->probe_reason, "may not open /dev/sda1: Permission denied");
	ck_assert_str_eq(c->label, "");
}
END_TEST

static const char *const useless[] = {"", "\n", "d TYPE=ext4", "   ", "cc TYPE=ext4 LABEL=x"};

START_TEST(lines_of_nobody)
{
	ck_assert_uint_eq(filesystems_parse(text_of(useless[_i]), &snapshot), 0);
	ck_assert_int_eq(c->probed, NO);
}
END_TEST

START_TEST(nonsense_in_fields)
{
	char text[4096] = "c LABEL=";
	memset(text + strlen(text), 'L', 1000);
	strcat(text, " UUID= JOURNAL BLOCK=-5 DEVICE=x:y MODE=funny STATE=odd =x ERROR_AT=");
	memset(text + strlen(text), 'e', 300);
	filesystems_parse(text_of(text), &snapshot);
	ck_assert_str_eq(c->label, "");
	ck_assert_str_eq(c->uuid, "");
	ck_assert_uint_eq(c->super.block_bytes, UNKNOWN_U32);
	ck_assert_uint_eq(c->super.major, UNKNOWN_U32);
	ck_assert_int_eq(c->super.mode, JOURNAL_UNKNOWN);
	ck_assert_int_eq(c->super.needs_check, UNKNOWN);
	ck_assert_str_eq(c->super.last_error, "");
}
END_TEST

Suite *suite_source_filesystems(void)
{
	Suite *suite = suite_create("source_filesystems");
	TCase *tcase = tcase_create("parse");
	tcase_add_checked_fixture(tcase, start, NULL);
	tcase_add_test(tcase, all_fields);
	tcase_add_test(tcase, no_journal);
	tcase_add_test(tcase, an_error_is_a_reason);
	tcase_add_loop_test(tcase, lines_of_nobody, 0, sizeof useless / sizeof useless[0]);
	tcase_add_test(tcase, nonsense_in_fields);
	suite_add_tcase(suite, tcase);
	return suite;
}
