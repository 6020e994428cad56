/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>

#include "tests/unit/asked.h"

Suite *suite_api_paths(void);

static struct asked nas;

static void set_up(void)
{
	asked_start(&nas);
}

static void tear_down(void)
{
	asked_end(&nas);
}

START_TEST(given)
{
	asked_call(&nas, api_paths,
		"{\"path\": \"\\\\\\\\nas\\\\Backup\\\\Servers\\\\2012 "
		"R2\\\\WindowsImageBackup\\\\SERVER001\"}");
	ck_assert_uint_eq(nas.reply.status, 200);
	asked_says(&nas, "/verdict", "\"too-long\"");
	asked_says(&nas, "/characters", "111");
	asked_says(&nas, "/limit_characters", "110");
	asked_says(&nas, "/full_characters", "124");
	asked_says(&nas, "/at_share_root_characters", "95");
	asked_says(&nas, "/completed", "true");
	ck_assert_ptr_nonnull(strstr(parsed_at(nas.json, "/remedy"), "--rescue"));
}
END_TEST

START_TEST(built)
{
	asked_call(&nas, api_paths, "{\"share\":\"B\\u00e4ckup\",\"host\":\"SRV1\"}");
	ck_assert_uint_eq(nas.reply.status, 200);
	asked_says(&nas, "/verdict", "\"fits\"");
	asked_says(&nas, "/characters", "90");
	asked_says(&nas, "/full_characters", "null");
	asked_says(&nas, "/remedy", "null");
	asked_call(&nas, api_paths,
		"{\"server\":\"192.168.15.106\",\"share\":\"BackupFiles\",\"folder\":\"Servers\\\\2012 "
		"R2\",\"host\":\"WIN-0123456789A\"}");
	asked_says(&nas, "/verdict", "\"too-long\"");
	asked_says(&nas, "/characters", "117");
	asked_says(&nas, "/full_characters", "146");
}
END_TEST

static const struct {
	const char *body, *code, *says;
} wrong[] = {
	{"", "bad-body", "object"},
	{"[]", "bad-body", "object"},
	{"{}", "bad-path", "either path"},
	{"{\"path\":\"\\\\\\\\nas\\\\b\\\\c\",\"host\":\"SRV1\"}", "bad-path", "either path"},
	{"{\"share\":\"Backup\"}", "bad-path", "share and host"},
	{"{\"host\":\"SRV1\",\"folder\":\"x\"}", "bad-path", "share and host"},
	{"{\"share\":\"Backup\",\"host\":\"..\"}", "bad-path", "is no name"},
	{"{\"share\":\"\",\"host\":\"SRV1\"}", "bad-path", "share must be one name"},
	{"{\"path\":\"C:\\\\Backup\"}", "bad-path", "no path of a share"},
	{"{\"path\":5}", "bad-body", "path"},
};

START_TEST(refused)
{
	asked_call(&nas, api_paths, wrong[_i].body);
	asked_refuses(&nas, 400, wrong[_i].code, wrong[_i].says);
}
END_TEST

Suite *suite_api_paths(void)
{
	Suite *suite = suite_create("api_paths");
	TCase *tcase = tcase_create("api_paths");
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, given);
	tcase_add_test(tcase, built);
	tcase_add_loop_test(tcase, refused, 0, (int)ARRAY_LEN(wrong));
	suite_add_tcase(suite, tcase);
	return suite;
}
