/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/path_rule.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

Suite *suite_path_rule(void);

#define X10 "xxxxxxxxxx"
#define X50 X10 X10 X10 X10 X10
#define BACKUP "\\Backup 2013-02-03 200002"
#define DISK "\\01234567-89ab-cdef-0123-456789abcdef.vhdx"

static const struct {
	const char *text;
	bool good;
	uint32_t units;
} texts[] = {
	{"", true, 0},
	{"abc", true, 3},
	{"\xc3\xa4", true, 1},
	{"\xe2\x82\xac", true, 1},
	{"\xf0\x9f\x92\xbe!", true, 3}, /* a floppy disk: a pair of surrogates */
	{"\xf4\x8f\xbf\xbf", true, 2},
	{"\xff", false, 0},
	{"\x80", false, 0},
	{"a\xc3", false, 0},
	{"\xc0\xaf", false, 0},		/* overlong */
	{"\xe0\x80\xaf", false, 0},	/* overlong */
	{"\xed\xa0\x80", false, 0},	/* a surrogate */
	{"\xf4\x90\x80\x80", false, 0}, /* beyond the last */
	{"\xe2\x82", false, 0},
};

START_TEST(test_units)
{
	uint32_t units = 77;
	ck_assert_int_eq(path_rule_units(text_of(texts[_i].text), &units), texts[_i].good);
	ck_assert_uint_eq(units, texts[_i].good ? texts[_i].units : 77);
}
END_TEST

static const struct {
	const char *path;
	enum path_verdict verdict;
	uint32_t relative, full, at_root;
	bool built;
} given[] = {
	/* the seed's failing path, with a host of 15 characters, and of 8, where the rule does not explain
	 * it; then its repair */
	{"\\\\192.168.15.106\\BackupFiles\\Servers\\2012 R2\\WindowsImageBackup\\WIN-0123456789A",
		PATH_TOO_LONG, 117, 146, 101, true},
	{"\\\\192.168.15.106\\BackupFiles\\Servers\\2012 R2\\WindowsImageBackup\\SERVER01", PATH_LONG_IN_FULL,
		110, 139, 94, true},
	{"\\\\192.168.15.106\\BackupFiles\\Servers\\2012 R2\\WindowsImageBackup\\SERVER001", PATH_TOO_LONG,
		111, 140, 95, true},
	{"\\\\192.168.15.106\\BackupFiles\\WindowsImageBackup\\WIN-0123456789A", PATH_LONG_IN_FULL, 101, 130,
		101, true},
	{"\\\\192.168.15.106\\BackupFiles\\WindowsImageBackup\\WIN-0123456789A" BACKUP, PATH_LONG_IN_FULL,
		101, 130, 101, true},
	{"\\\\192.168.15.106\\BackupFiles\\WindowsImageBackup\\WIN-0123456789A" BACKUP DISK,
		PATH_LONG_IN_FULL, 101, 130, 101, false},
	/* 109, 110, 111 from the share: with \\s\b\ that is 6 more */
	{"\\\\s\\b\\" X50 X50 "xxxxxxxxx", PATH_LONG_IN_FULL, 109, 115, UINT32_MAX, false},
	{"\\\\s\\b\\" X50 X50 "xxxxxxxxxx", PATH_LONG_IN_FULL, 110, 116, UINT32_MAX, false},
	{"\\\\s\\b\\" X50 X50 "xxxxxxxxxxx", PATH_TOO_LONG, 111, 117, UINT32_MAX, false},
	/* 109, 110, 111 in full */
	{"\\\\s\\b\\" X50 X50 "xxx", PATH_FITS, 103, 109, UINT32_MAX, false},
	{"\\\\s\\b\\" X50 X50 "xxxx", PATH_FITS, 104, 110, UINT32_MAX, false},
	{"\\\\s\\b\\" X50 X50 "xxxxx", PATH_LONG_IN_FULL, 105, 111, UINT32_MAX, false},
	/* the same with letters of two and four bytes at the end */
	{"\\\\s\\b\\" X50 X50 "xxxxxxxxx\xc3\xa4", PATH_LONG_IN_FULL, 110, 116, UINT32_MAX, false},
	{"\\\\s\\b\\" X50 X50 "xxxxxxxxx\xf0\x9f\x92\xbe", PATH_TOO_LONG, 111, 117, UINT32_MAX, false},
	/* other ways to write it */
	{"//nas/Backup/folder/", PATH_FITS, 6, 19, UINT32_MAX, false},
	{"\\\\?\\UNC\\nas\\Backup\\folder", PATH_FITS, 6, 19, UINT32_MAX, false},
	{"\\\\nas\\Backup\\\\folder\\/file", PATH_FITS, 11, 24, UINT32_MAX, false},
	{"\\\\nas\\Backup\\windowsimagebackup\\SRV1", PATH_FITS, 90, 103, 90, true},
	{"\\\\nas\\Backup\\WindowsImageBackup", PATH_FITS, 18, 31, 18, false},
	{"\\\\nas\\Backup\\WindowsImageBackup\\SRV1\\Catalog", PATH_FITS, 31, 44, 31, false},
};

START_TEST(test_given)
{
	struct path_case found;
	struct fault fault = {""};
	ck_assert_msg(!path_rule_given(text_of(given[_i].path), &found, &fault), "%s", fault.text);
	ck_assert_uint_eq(found.relative, given[_i].relative);
	ck_assert_uint_eq(found.full, given[_i].full);
	ck_assert_uint_eq(found.at_root, given[_i].at_root);
	ck_assert_int_eq(found.verdict, given[_i].verdict);
	ck_assert_int_eq(found.built, given[_i].built);
	uint32_t units = 0;
	ck_assert(path_rule_units(text_of(found.path), &units));
	ck_assert_uint_eq(units, found.full);
}
END_TEST

static const struct {
	const char *path, *says;
} wrong[] = {
	{"", "no path of a share"},
	{"\\", "no path of a share"},
	{"\\\\", "no path of a share"},
	{"C:\\Backup", "no path of a share"},
	{"nas\\Backup\\x", "no path of a share"},
	{"\\\\nas", "names no folder"},
	{"\\\\nas\\Backup", "names no folder"},
	{"\\\\nas\\Backup\\", "names no folder"},
	{"\\\\nas\\Backup\\..\\x", "\"..\" is no name"},
	{"\\\\nas\\.\\x", "\".\" is no name"},
	{"\\\\nas\\Backup\\a:b", "no name on Windows"},
	{"\\\\nas\\Backup\\a\x01z", "no name on Windows"},
	{"\\\\nas\\Backup\\a?", "no name on Windows"},
	{"\\\\nas\\Backup\\\xff", "not UTF-8"},
};

START_TEST(test_given_wrong)
{
	struct path_case found = {.relative = 77};
	struct fault fault = {""};
	ck_assert_int_eq(path_rule_given(text_of(wrong[_i].path), &found, &fault), -EINVAL);
	ck_assert_msg(strstr(fault.text, wrong[_i].says), "%s", fault.text);
	ck_assert_uint_eq(found.relative, 77);
}
END_TEST

START_TEST(test_given_endless)
{
	static char path[8000];
	struct path_case found;
	struct fault fault = {""};
	memset(path, 'x', sizeof path - 1);
	memcpy(path, "\\\\s\\b\\", 6);
	ck_assert_int_eq(path_rule_given(text_of(path), &found, &fault), -EINVAL);
	ck_assert_msg(strstr(fault.text, "far too long"), "%s", fault.text);
	for (unsigned i = 6; i < sizeof path - 1; i += 2)
		path[i] = '\\';
	ck_assert_int_eq(path_rule_given(text_of(path), &found, &fault), -EINVAL);
	ck_assert_msg(strstr(fault.text, "far too long"), "%s", fault.text);
}
END_TEST

static const struct {
	const char *server, *share, *folder, *host, *path;
	uint32_t relative, full;
} built[] = {
	/* H + 86, and P + H + 87 with P = \\nas\Backup (map 4.5) */
	{"nas", "Backup", "", "SRV1",
		"\\\\nas\\Backup\\WindowsImageBackup\\SRV1\\Backup 2026-11-26 210000\\"
		"01234567-89ab-cdef-0123-456789abcdef.vhdx",
		90, 103},
	{"", "Backup", "", "SRV1", NULL, 90, UINT32_MAX},
	{"nas", "Backup", "Servers\\2012 R2", "SRV1", NULL, 106, 119},
	{"nas", "Backup", "/Servers/2012 R2/", "SRV1", NULL, 106, 119},
	{"nas", "Backup", "Servers\\WindowsImageBackup", "SRV1", NULL, 98, 111},
	{"nas", "Backup", "", "012345678901234567890123456789012345678901234567890123456789012", NULL, 149,
		162},
	{"nas", "Backup", "", "B\xc3\x84R", NULL, 89, 102},
};

START_TEST(test_built)
{
	struct path_case found;
	struct fault fault = {""};
	ck_assert_msg(!path_rule_built(text_of(built[_i].server), text_of(built[_i].share),
			      text_of(built[_i].folder), text_of(built[_i].host), &found, &fault),
		"%s", fault.text);
	ck_assert_uint_eq(found.relative, built[_i].relative);
	ck_assert_uint_eq(found.full, built[_i].full);
	ck_assert(found.built);
	if (built[_i].path)
		ck_assert_str_eq(found.path, built[_i].path);
}
END_TEST

static const struct {
	const char *server, *share, *folder, *host, *says;
} wrongly_built[] = {
	{"nas", "", "", "SRV1", "share must be one name"},
	{"nas", "Backup", "", "", "host must be one name"},
	{"n\\as", "Backup", "", "SRV1", "server must be one name"},
	{"nas", "Backup/x", "", "SRV1", "share must be one name"},
	{"nas", "Backup", "", "SRV1\\x", "host must be one name"},
	{"nas", "Backup", "..", "SRV1", "is no name"},
	{"nas", "Backup", "WindowsImageBackup\\SRV1", "SRV1", "nothing below it"},
	{"nas", "Backup", "", "0123456789012345678901234567890123456789012345678901234567890123",
		"63 at most"},
};

START_TEST(test_wrongly_built)
{
	struct path_case found;
	struct fault fault = {""};
	ck_assert_int_eq(
		path_rule_built(text_of(wrongly_built[_i].server), text_of(wrongly_built[_i].share),
			text_of(wrongly_built[_i].folder), text_of(wrongly_built[_i].host), &found, &fault),
		-EINVAL);
	ck_assert_msg(strstr(fault.text, wrongly_built[_i].says), "%s", fault.text);
}
END_TEST

START_TEST(test_file)
{
	struct path_case found;
	struct text file = TEXT("a/WindowsImageBackup/SRV1");
	ck_assert_int_eq(path_rule_file(TEXT("nas"), TEXT("Backup"), file, &found, NULL), 0);
	ck_assert_uint_eq(found.full, 38);
	ck_assert_int_eq(path_rule_file(TEXT(""), TEXT("Backup"), file, &found, NULL), 0);
	ck_assert_str_eq(found.path, "Backup\\a\\WindowsImageBackup\\SRV1");
	ck_assert_uint_eq(found.relative, 25);
	ck_assert_uint_eq(found.at_root, 23);
	ck_assert_uint_eq(found.full, UINT32_MAX);
	ck_assert(!found.built);
}
END_TEST

START_TEST(test_says)
{
	struct path_case found;
	char text[PATH_RULE_SAYS_LEN];
	path_rule_built(
		TEXT("nas"), TEXT("Backup"), TEXT("Servers\\2012 R2"), TEXT("SRV123456"), &found, NULL);
	path_rule_message(&found, text);
	ck_assert_str_eq(text,
		"111 characters counted from the share (124 with server and share), 110 fit: restoring "
		"from there over the network fails with 0x80070001.");
	ck_assert_ptr_nonnull(strstr(path_rule_remedy(&found), "--rescue"));
	path_rule_given(TEXT("\\\\s\\b\\" X50 X50 X10 "x"), &found, NULL);
	ck_assert_ptr_nonnull(strstr(path_rule_remedy(&found), "shorter names"));
	path_rule_built(TEXT(""), TEXT("Backup"), TEXT(""), TEXT("SRV1"), &found, NULL);
	path_rule_message(&found, text);
	ck_assert_str_eq(text, "90 of 110 characters, counted from the share.");
	ck_assert_ptr_null(path_rule_remedy(&found));
	ck_assert_str_eq(path_verdict_name(PATH_FITS), "fits");
	ck_assert_str_eq(path_verdict_name(PATH_LONG_IN_FULL), "note");
	ck_assert_str_eq(path_verdict_name(PATH_TOO_LONG), "too-long");
}
END_TEST

Suite *suite_path_rule(void)
{
	Suite *suite = suite_create("path_rule");
	TCase *tcase = tcase_create("path_rule");
	tcase_add_loop_test(tcase, test_units, 0, (int)ARRAY_LEN(texts));
	tcase_add_loop_test(tcase, test_given, 0, (int)ARRAY_LEN(given));
	tcase_add_loop_test(tcase, test_given_wrong, 0, (int)ARRAY_LEN(wrong));
	tcase_add_test(tcase, test_given_endless);
	tcase_add_loop_test(tcase, test_built, 0, (int)ARRAY_LEN(built));
	tcase_add_loop_test(tcase, test_wrongly_built, 0, (int)ARRAY_LEN(wrongly_built));
	tcase_add_test(tcase, test_file);
	tcase_add_test(tcase, test_says);
	suite_add_tcase(suite, tcase);
	return suite;
}
