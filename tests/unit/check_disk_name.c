/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "common/disk_name.h"

Suite *suite_disk_name(void);

static const char *const good[] = {"a.vhdx", "Backup of SRV1.VHDX", "a.b.vhdx", "Sicherung-\xc3\xbc.vhdx",
	"console.vhdx", "com.vhdx", "com10.vhdx", "lpt.1.vhdx", "~a.vhdx", "a..vhdx", "a.vhd.vhdx",
	"-rf.vhdx", "com12.vhdx"};

static const struct {
	const char *name, *says;
} wrong[] = {
	{"", "must"},
	{".vhdx", "dot"},
	{"a.vhd", ".vhdx"},
	{"a.vhdx.", ".vhdx"},
	{"a.vhdx ", ".vhdx"},
	{"avhdx", ".vhdx"},
	{" a.vhdx", "blank"},
	{"..", "plain name"},
	{".", "plain name"},
	{".hidden.vhdx", "dot"},
	{".nasready", "dot"},
	{"../a.vhdx", "is a path"},
	{"a/b.vhdx", "is a path"},
	{"a\\b.vhdx", "is a path"},
	{"a:b.vhdx", "does not allow"},
	{"a?.vhdx", "does not allow"},
	{"a\n.vhdx", "does not allow"},
	{"a\x7f.vhdx", "does not allow"},
	{"a\xff.vhdx", "UTF-8"},
	{"a\xc3.vhdx", "UTF-8"},
	{"CON.vhdx", "device"},
	{"con .vhdx", "device"},
	{"nul.x.vhdx", "device"},
	{"Com1.vhdx", "device"},
	{"LPT9.vhdx", "device"},
	{"aux.vhdx", "device"},
	{"conin$.vhdx", "device"},
	{"/a.vhdx", "is a path"},
	{"a.vhdx/", "is a path"},
	{"a*.vhdx", "does not allow"},
	{"a\".vhdx", "does not allow"},
	{"\x01.vhdx", "does not allow"},
	{"vhdx", ".vhdx"},
	{"a.vmdk", ".vhdx"},
};

START_TEST(test_good)
{
	struct fault fault = {""};
	ck_assert_msg(!disk_name_check(good[_i], &fault), "%s: %s", good[_i], fault.text);
}
END_TEST

START_TEST(test_wrong)
{
	struct fault fault = {""};
	ck_assert_int_eq(disk_name_check(wrong[_i].name, &fault), -EINVAL);
	ck_assert_msg(strstr(fault.text, wrong[_i].says) || !*wrong[_i].name, "%s", fault.text);
}
END_TEST

START_TEST(test_lengths)
{
	char name[300];
	struct fault fault;
	memset(name, 'x', sizeof name);
	strcpy(name + 250, ".vhdx");
	ck_assert_int_eq(disk_name_check(name, &fault), 0);
	memset(name, 'x', sizeof name);
	strcpy(name + 251, ".vhdx");
	ck_assert_int_eq(disk_name_check(name, &fault), -EINVAL);
	ck_assert_ptr_nonnull(strstr(fault.text, "255"));
}
END_TEST

Suite *suite_disk_name(void)
{
	Suite *suite = suite_create("disk_name");
	TCase *tcase = tcase_create("disk_name");
	tcase_add_loop_test(tcase, test_good, 0, (int)ARRAY_LEN(good));
	tcase_add_loop_test(tcase, test_wrong, 0, (int)ARRAY_LEN(wrong));
	tcase_add_test(tcase, test_lengths);
	suite_add_tcase(suite, tcase);
	return suite;
}
