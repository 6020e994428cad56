/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "collect/source_journal.h"

Suite *suite_source_journal(void);

static const struct {
	const char *text;
	bool good;
	uint64_t transactions;
} infos[] = {
	{"2 transactions (2 requested), each up to 8192 blocks\naverage: \n  0ms waiting for transaction\n",
		true, 2},
	{"48213 transaction, each upto 8192 blocks\naverage: \n  0ms waiting for transaction\n", true, 48213},
	{"18446744073709551615 transactions", true, UINT64_MAX},
	{"", false, 0},
	{"\n5 transactions", false, 0},
	{"transactions 5", false, 0},
	{"-3 transactions", false, 0},
	{"99999999999999999999999 transactions", false, 0},
};

START_TEST(transactions_of_both_formats)
{
	uint64_t transactions = 7;
	int error = journal_parse_info(text_of(infos[_i].text), &transactions);
	ck_assert_int_eq(!error, infos[_i].good);
	ck_assert_uint_eq(transactions, infos[_i].good ? infos[_i].transactions : 7);
}
END_TEST

START_TEST(options_of_ext4)
{
	struct journal journal = {.commit_s = UNKNOWN_U32};
	journal_parse_options(TEXT("rw\nbarrier\ndata=writeback\ncommit=30\nstripe=0\n"), &journal);
	ck_assert_int_eq(journal.mode, JOURNAL_WRITEBACK);
	ck_assert_uint_eq(journal.commit_s, 30);
}
END_TEST

START_TEST(odd_options)
{
	struct journal journal = {.commit_s = UNKNOWN_U32};
	journal_parse_options(TEXT("commit=-1\ncommit\ndata=\n=\ncommit=99999999999"), &journal);
	ck_assert_int_eq(journal.mode, JOURNAL_UNKNOWN);
	ck_assert_uint_eq(journal.commit_s, UNKNOWN_U32);
}
END_TEST

Suite *suite_source_journal(void)
{
	Suite *suite = suite_create("source_journal");
	TCase *tcase = tcase_create("parse");
	tcase_add_loop_test(tcase, transactions_of_both_formats, 0, sizeof infos / sizeof infos[0]);
	tcase_add_test(tcase, options_of_ext4);
	tcase_add_test(tcase, odd_options);
	suite_add_tcase(suite, tcase);
	return suite;
}
