/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/source_shares.h"
#include "tests/unit/recorded_root.h"

Suite *suite_source_shares(void);

static struct recorded_root machine;
static struct snapshot before;

static void add_volume(const char *mount)
{
	struct volume *volume = snapshot_add_volume(&machine.now);
	strcpy(volume->mount, mount);
	snprintf(volume->id, sizeof volume->id, "id%s", mount);
}

static void start(void)
{
	recorded_make(&machine);
	snapshot_reset(&before);
	machine.pass.before = &before;
	add_volume("/");
	add_volume("/c");
	add_volume("/c/deep");
}

static void stop(void)
{
	recorded_drop(&machine);
}

static void put(const char *path, const char *content)
{
	recorded_put(&machine, path, content);
}

static int collect(void)
{
	return shares_collect(&machine.pass, &machine.fault);
}

static const char *names(void)
{
	static char all[SHARES_MAX * SHARE_LEN];
	all[0] = 0;
	for (uint32_t i = 0; i < machine.now.share_count; i++)
		sprintf(all + strlen(all), "%s%s", i ? " " : "", machine.now.shares[i].name);
	return all;
}

static const struct {
	const char *path, *volume;
} paths[] = {{"/c/Backup", "id/c"}, {"/c", "id/c"}, {"/c/", "id/c"}, {"/c/deep/er", "id/c/deep"},
	{"/c/deeper", "id/c"}, {"/cc", "id/"}, {"/", "id/"}, {"/c/%U", NULL}, {"c", NULL}, {"", NULL}};

START_TEST(volume_of_a_path)
{
	const char *found = shares_find_volume(&machine.now, paths[_i].path);
	ck_assert_int_eq(found != NULL, paths[_i].volume != NULL);
	if (found)
		ck_assert_str_eq(found, paths[_i].volume);
}
END_TEST

START_TEST(testparm_with_version)
{
	put("answers/testparm",
		"Version 4.17.12-Debian\n# Global parameters\n[global]\n\tsmb ports = 1445\n\n\n"
		"[a]\n\tpath = /c/a\n\n\n[b]\n\tpath = /b\n\tstrict sync = No\n\n# testparm ended: 0\n");
	put("etc/samba/smb.conf", "[other]\npath = /o\n");
	ck_assert_int_eq(collect(), 0);
	ck_assert_int_eq(shares_finish(&machine.pass, &machine.fault), 0);
	ck_assert_str_eq(names(), "a b");
	ck_assert_str_eq(machine.now.shares[0].volume, "id/c");
	ck_assert_int_eq(machine.now.shares[0].strict_sync, YES);
	ck_assert_int_eq(machine.now.shares[1].strict_sync, NO);
	ck_assert_str_eq(machine.now.smb.server, "Samba 4.17.12");
	ck_assert_uint_eq(machine.now.smb.smb_port_count, 1);
}
END_TEST

START_TEST(version_beside_it)
{
	put("answers/testparm", "[global]\n[a]\n\tpath = /c/a\n");
	put("answers/smbd-version", "Version 3.5.6\n");
	ck_assert_int_eq(collect(), 0);
	ck_assert_int_eq(machine.now.shares[0].strict_sync, NO);
	ck_assert_str_eq(machine.now.smb.server, "Samba 3.5.6");
}
END_TEST

START_TEST(version_unknown)
{
	put("answers/testparm", "[global]\n[a]\n\tpath = /c/a\n");
	ck_assert_int_eq(collect(), 0);
	ck_assert_int_eq(machine.now.shares[0].strict_sync, UNKNOWN);
	ck_assert_str_eq(machine.now.smb.server, "");
}
END_TEST

static const struct {
	const char *text, *fault;
} nonsense[] = {
	{"", "testparm prints nothing that makes sense: shares are as smb.conf has them (run `testparm -s` "
	     "to see why)"},
	{"\x7f"
	 "ELF\x01\x02",
		"testparm prints nothing that makes sense: shares are as smb.conf has them (run `testparm "
		"-s` to see why)"},
	{"Version 4.1.0\n\n# testparm ended: 1\n", "testparm prints nothing that makes sense: shares are as "
						   "smb.conf has them (run `testparm -s` to see why)"},
	{"[global]\n[x]\npath = /x\n\n# testparm ended: 139\n",
		"testparm was killed: shares are as smb.conf has them (run `testparm -s` to see why)"},
	{"[global]\n[x]\npath = /x\n\n# testparm ended: soon\n",
		"testparm was killed: shares are as smb.conf has them (run `testparm -s` to see why)"},
};

START_TEST(testparm_fails)
{
	put("answers/testparm", nonsense[_i].text);
	put("etc/samba/smb.conf", "[mine]\npath = /c/mine\n");
	ck_assert_int_eq(collect(), SOURCE_E_STALE);
	ck_assert_str_eq(machine.fault.text, nonsense[_i].fault);
	ck_assert_uint_lt(strlen(machine.fault.text), TEXT_LEN);
	ck_assert_str_eq(names(), "mine");
}
END_TEST

START_TEST(testparm_fails_without_a_file)
{
	put("answers/testparm", "Segmentation fault");
	ck_assert_int_eq(collect(), -EPROTO);
	ck_assert_uint_eq(machine.now.share_count, 0);
}
END_TEST

/* its exit code is 1 too when a folder of Samba's is missing */
START_TEST(testparm_only_complains)
{
	put("answers/testparm", "[global]\n[x]\npath = /x\n\n# testparm ended: 1\n");
	ck_assert_int_eq(collect(), 0);
	ck_assert_str_eq(names(), "x");
}
END_TEST

START_TEST(nothing_at_all)
{
	ck_assert_int_eq(collect(), SOURCE_E_ABSENT);
	ck_assert_uint_eq(machine.now.share_count, 0);
	ck_assert_uint_lt(strlen(machine.fault.text), TEXT_LEN);
}
END_TEST

START_TEST(files_with_includes)
{
	put("etc/samba/smb.conf",
		"[global]\nstrict allocate = yes\ninclude = shares/one.conf\n[last]\npath=/l\n"
		"include = /etc/absent.conf\n");
	put("etc/samba/shares/one.conf", "[one]\npath = /c/one\ninclude = two.conf\n");
	put("etc/samba/shares/two.conf", "include = /etc/frontview/three.conf\n");
	put("etc/frontview/three.conf", "[three]\npath = /c/three\n");
	ck_assert_int_eq(collect(), 0);
	ck_assert_str_eq(names(), "one three last");
	ck_assert_int_eq(machine.now.shares[1].strict_allocate, YES);
	ck_assert_str_eq(machine.now.shares[1].volume, "id/c");
}
END_TEST

START_TEST(another_file)
{
	put("etc/samba/smb.conf", "[a]\npath = /a\n");
	put("opt/own.conf", "[own]\npath = /own\n");
	machine.pass.settings.smb_conf = "/opt/own.conf";
	ck_assert_int_eq(collect(), 0);
	ck_assert_str_eq(names(), "own");
	machine.pass.settings.smb_conf = "/opt/absent.conf";
	ck_assert_int_eq(collect(), SOURCE_E_ABSENT);
}
END_TEST

static const struct {
	const char *text, *fault;
} partly[] = {
	{"include = smb.conf.%a\ninclude=/etc/%m.conf\n",
		"shares may be missing: 2 includes of smb.conf depend on % variables"},
	{"include = smb.conf\n",
		"1 includes of smb.conf are left out: loops, too deep, too many, or unreadable"},
	{"include = ../../../etc/passwd\n",
		"1 includes of smb.conf are left out: loops, too deep, too many, or unreadable"},
	{"include = /etc/samba\n",
		"1 includes of smb.conf are left out: loops, too deep, too many, or unreadable"},
	{"include = loop1.conf\n",
		"1 includes of smb.conf are left out: loops, too deep, too many, or unreadable"},
	{"include = registry\n",
		"shares may be missing: smb.conf leads to the registry, which only testparm reads"},
	{"config backend = registry\n",
		"shares may be missing: smb.conf leads to the registry, which only testparm reads"},
	{"config file = /etc/%m\n",
		"shares may be missing: smb.conf has `config file =`, which only testparm follows"},
	{"[b]\ncopy = mine\npath = /b\navailable = no",
		"settings of shares may be wrong: `copy =` in smb.conf is not followed"},
	{"what is this\n", "1 lines of smb.conf make no sense, or are too long"},
};

START_TEST(files_not_wholly_read)
{
	char text[400];
	snprintf(text, sizeof text, "[mine]\npath = /c/mine\n[global]\n%s", partly[_i].text);
	put("etc/samba/smb.conf", text);
	put("etc/samba/loop1.conf", "include = loop2.conf\n");
	put("etc/samba/loop2.conf", "include = loop1.conf\n");
	ck_assert_int_eq(collect(), SOURCE_E_STALE);
	ck_assert_str_eq(machine.fault.text, partly[_i].fault);
	ck_assert_uint_lt(strlen(machine.fault.text), TEXT_LEN);
	ck_assert_str_eq(names(), "mine");
}
END_TEST

START_TEST(includes_without_end)
{
	char path[64], text[2000];
	for (int i = 0; i < 20; i++) {
		text[0] = 0;
		for (int j = 0; j < 20; j++)
			sprintf(text + strlen(text), "include = f%d.conf\n", j);
		snprintf(path, sizeof path, "etc/samba/f%d.conf", i);
		put(path, text);
	}
	put("etc/samba/smb.conf", "include = f0.conf\n[mine]\npath = /c/mine\n");
	ck_assert_int_eq(collect(), SOURCE_E_STALE);
	ck_assert_str_eq(names(), "mine");
}
END_TEST

#define LOOP(tcase, test, rows) tcase_add_loop_test(tcase, test, 0, sizeof rows / sizeof rows[0])

Suite *suite_source_shares(void)
{
	Suite *suite = suite_create("source_shares");
	TCase *tcase = tcase_create("collect");
	tcase_add_checked_fixture(tcase, start, stop);
	LOOP(tcase, volume_of_a_path, paths);
	tcase_add_test(tcase, testparm_with_version);
	tcase_add_test(tcase, version_beside_it);
	tcase_add_test(tcase, version_unknown);
	LOOP(tcase, testparm_fails, nonsense);
	tcase_add_test(tcase, testparm_fails_without_a_file);
	tcase_add_test(tcase, testparm_only_complains);
	tcase_add_test(tcase, nothing_at_all);
	tcase_add_test(tcase, files_with_includes);
	tcase_add_test(tcase, another_file);
	LOOP(tcase, files_not_wholly_read, partly);
	tcase_add_test(tcase, includes_without_end);
	suite_add_tcase(suite, tcase);
	return suite;
}
