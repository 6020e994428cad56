/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "common/ext4_super.h"

Suite *suite_ext4_super(void);

static unsigned char bytes[EXT4_SUPER_SIZE + 1];

/* at an odd address on purpose: the device has no unaligned loads */
static unsigned char *super_bytes(void)
{
	return bytes + 1;
}

static void put32(unsigned at, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		super_bytes()[at + i] = (unsigned char)(value >> 8 * i);
}

static void start(void)
{
	memset(bytes, 0, sizeof bytes);
	super_bytes()[0x38] = 0x53;
	super_bytes()[0x39] = 0xef;
	super_bytes()[0x3a] = 1;
	put32(0x18, 2);
	put32(0x5c, 0x3c);
	put32(0xe0, 8);
}

START_TEST(an_internal_journal)
{
	struct ext4_super super;
	ck_assert_int_eq(ext4_super_parse(super_bytes(), &super), 0);
	ck_assert(super.has_journal && !super.journal_external && !super.has_errors);
	ck_assert_uint_eq(super.block_bytes, 4096);
	ck_assert_int_eq(super.default_mode, 0);
}
END_TEST

START_TEST(an_external_journal)
{
	struct ext4_super super;
	put32(0xe0, 0);
	put32(0xe4, 0x0711); /* 7:17 */
	ck_assert_int_eq(ext4_super_parse(super_bytes(), &super), 0);
	ck_assert(super.has_journal && super.journal_external);
	ck_assert_uint_eq(super.journal_major, 7);
	ck_assert_uint_eq(super.journal_minor, 17);
	put32(0xe4, 0x1200fd34); /* minor 0x12034 of major 253 */
	ck_assert_int_eq(ext4_super_parse(super_bytes(), &super), 0);
	ck_assert_uint_eq(super.journal_major, 0x0fd);
	ck_assert_uint_eq(super.journal_minor, 0x12034);
}
END_TEST

START_TEST(no_journal)
{
	struct ext4_super super;
	put32(0x5c, 0x38);
	put32(0xe0, 0);
	ck_assert_int_eq(ext4_super_parse(super_bytes(), &super), 0);
	ck_assert(!super.has_journal && !super.journal_external);
}
END_TEST

START_TEST(errors_and_mode)
{
	struct ext4_super super;
	super_bytes()[0x3a] = 3;
	put32(0x100, 0x60);
	put32(0x194, 2);
	put32(0x1cc, 1700000000);
	put32(0x1d4, 1455);
	memset(super_bytes() + 0x1e0, 'f', 32);
	ck_assert_int_eq(ext4_super_parse(super_bytes(), &super), 0);
	ck_assert(super.has_errors);
	ck_assert_int_eq(super.default_mode, 'w');
	ck_assert_uint_eq(super.error_count, 2);
	ck_assert_uint_eq(super.last_error_s, 1700000000);
	ck_assert_uint_eq(super.last_error_line, 1455);
	ck_assert_uint_eq(strlen(super.last_error_function), 32);
}
END_TEST

START_TEST(something_else)
{
	struct ext4_super super = {.block_bytes = 7};
	super_bytes()[0x38] = 0;
	ck_assert_int_eq(ext4_super_parse(super_bytes(), &super), EXT4_SUPER_E_MAGIC);
	start();
	put32(0x18, 31);
	ck_assert_int_eq(ext4_super_parse(super_bytes(), &super), EXT4_SUPER_E_MAGIC);
	memset(bytes, 0xff, sizeof bytes);
	ck_assert_int_eq(ext4_super_parse(super_bytes(), &super), EXT4_SUPER_E_MAGIC);
	ck_assert_uint_eq(super.block_bytes, 7);
}
END_TEST

Suite *suite_ext4_super(void)
{
	Suite *suite = suite_create("ext4_super");
	TCase *tcase = tcase_create("parse");
	tcase_add_checked_fixture(tcase, start, NULL);
	tcase_add_test(tcase, an_internal_journal);
	tcase_add_test(tcase, an_external_journal);
	tcase_add_test(tcase, no_journal);
	tcase_add_test(tcase, errors_and_mode);
	tcase_add_test(tcase, something_else);
	suite_add_tcase(suite, tcase);
	return suite;
}
