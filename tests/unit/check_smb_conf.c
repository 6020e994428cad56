/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/smb_conf.h"

Suite *suite_smb_conf(void);

static struct snapshot snapshot;
static struct smb_conf conf;

static void parse(struct text text)
{
	smb_conf_start(&conf, &snapshot);
	smb_conf_parse(&conf, text);
	smb_conf_end(&conf);
}

static void start(void)
{
	snapshot_reset(&snapshot);
}

static const struct share *find(const char *name)
{
	for (uint32_t i = 0; i < snapshot.share_count; i++)
		if (!strcmp(snapshot.shares[i].name, name))
			return &snapshot.shares[i];
	ck_abort_msg("no share \"%s\"", name);
	return NULL;
}

/* testparm -s of Samba 4.17.12, folders renamed */
static const char testparm[] = "# Global parameters\n"
			       "[global]\n"
			       "\tworkgroup = HOME\n"
			       "\tidmap config * : backend = tdb\n"
			       "\tinclude = /etc/samba/one.conf\n"
			       "\tstrict allocate = Yes\n"
			       "\tstrict sync = No\n"
			       "\n\n"
			       "[One]\n"
			       "\tinclude = /etc/samba/smb.conf.UNKNOWN\n"
			       "\tpath = /c/One\n"
			       "\tread only = No\n"
			       "\n\n"
			       "[homes]\n"
			       "\tread only = No\n"
			       "\n\n"
			       "[printers]\n"
			       "\tbrowseable = No\n"
			       "\tpath = /var/spool\n"
			       "\tprintable = Yes\n"
			       "\n\n"
			       "[print$]\n"
			       "\tpath = /x\n"
			       "\n\n"
			       "[Backup]\n"
			       "\tdfree command = /usr/sbin/nasready dfree\n"
			       "\tpath = /c/Backup/\n"
			       "\tread only = No\n"
			       "\n\n"
			       "[Media files]\n"
			       "\tguest ok = Yes\n"
			       "\tpath = /c/media\n"
			       "\tstrict allocate = No\n"
			       "\tstrict sync = Yes\n"
			       "\n\n"
			       "[off]\n"
			       "\tavailable = No\n"
			       "\tpath = /c/off\n"
			       "\n\n"
			       "[user%]\n"
			       "\tpath = /c/%U\n"
			       "\tread only = No\n";

START_TEST(what_testparm_prints)
{
	parse(TEXT(testparm));
	ck_assert_uint_eq(conf.bad, 0);
	ck_assert_uint_eq(snapshot.share_count, 4);
	ck_assert_int_eq(find("One")->strict_allocate, YES);
	ck_assert_int_eq(find("One")->strict_sync, NO);
	ck_assert_int_eq(find("One")->read_only, NO);
	ck_assert_int_eq(find("One")->dfree_command, NO);
	ck_assert_int_eq(find("Backup")->dfree_command, YES);
	ck_assert_str_eq(find("Backup")->path, "/c/Backup/");
	ck_assert_int_eq(find("Media files")->strict_allocate, NO);
	ck_assert_int_eq(find("Media files")->strict_sync, YES);
	ck_assert_int_eq(find("Media files")->read_only, YES);
	ck_assert_str_eq(find("user%")->path, "/c/%U");
	ck_assert_uint_eq(snapshot.smb.smb_port_count, 0);
}
END_TEST

/* what Samba 4.17.12 made of the same text */
START_TEST(as_a_person_writes)
{
	parse(TEXT("strict allocate = \\\r\n  yes\n[x]\npath = /c/a\\\n  b\\  \n c\nread\\\n only = no\n# "
		   "comment \\\n"
		   "guest ok = yes\n[y\\\nz]\npath = \"/c/q\"\n[n]\n[Gap  two]\npath=/c//d/\n[globals]\n"
		   "StrictSync=no\n[late]\n  DIRECTORY=/x # no comment\nwriteable = on\n;path = "
		   "/y\n[X]\nwrite ok = 0"));
	ck_assert_uint_eq(conf.bad, 0);
	ck_assert_uint_eq(snapshot.share_count, 4);
	ck_assert_str_eq(find("x")->path, "/c/a b c");
	ck_assert_int_eq(find("x")->strict_allocate, YES);
	ck_assert_int_eq(find("x")->strict_sync, UNKNOWN);
	ck_assert_int_eq(find("x")->read_only, YES);
	ck_assert_str_eq(find("yz")->path, "/c/q");
	ck_assert_str_eq(find("Gap two")->path, "/c//d/");
	ck_assert_str_eq(find("late")->path, "/x # no comment");
	ck_assert_int_eq(find("late")->strict_sync, NO);
	ck_assert_int_eq(find("late")->read_only, NO);
}
END_TEST

static const struct {
	const char *word;
	enum tri said;
} words[] = {{"yes", YES}, {"TRUE", YES}, {"On", YES}, {"1", YES}, {"no", NO}, {"False", NO}, {"off", NO},
	{"0", NO}, {"maybe", UNKNOWN}, {"", UNKNOWN}, {"2", UNKNOWN}, {"yes no", UNKNOWN}};

START_TEST(booleans)
{
	char text[200];
	snprintf(text, sizeof text, "[a]\npath=/a\nstrict sync = %s\n", words[_i].word);
	parse(text_of(text));
	ck_assert_int_eq(find("a")->strict_sync, words[_i].said);
}
END_TEST

static const struct {
	const char *text;
	unsigned count;
	uint16_t ports[4];
} ports[] = {
	{"[global]\nsmb ports = 445\n", 1, {445}},
	{"[global]\nSMB PORTS = 1445, 139 8445\n", 3, {1445, 139, 8445}},
	{"[global]\nsmb ports = 1 2 3 4 5\n", 4, {1, 2, 3, 4}},
	{"[global]\nsmb ports = 0 65536 -1 x 99999999999999999999 7\n", 1, {7}},
	{"[global]\nsmb ports = 445\nsmb ports =\n", 0, {0}},
	{"[a]\nsmb ports = 445\n", 0, {0}},
};

START_TEST(smb_ports)
{
	parse(text_of(ports[_i].text));
	ck_assert_uint_eq(snapshot.smb.smb_port_count, ports[_i].count);
	for (unsigned i = 0; i < ports[_i].count; i++)
		ck_assert_uint_eq(snapshot.smb.smb_ports[i], ports[_i].ports[i]);
}
END_TEST

static const struct {
	const char *text;
	unsigned shares, bad;
} odd[] = {
	{"", 0, 0},
	{"\n\n  \n", 0, 0},
	{"[", 0, 1},
	{"[]\npath = /a", 0, 1},
	{"[a\npath = /a", 0, 1},
	{"[a]\npath", 0, 1},
	{"[a]\npath =", 0, 0},
	{"[a]\n= /a", 0, 0},
	{"[a]\npath = /a\navailable = no", 0, 0},
	{"[a]\npath = /a\n[A]\navailable = no", 0, 0},
	{"[a]\npath = /a\n[b]\npath=/b\n[A]\nread only = no", 2, 0},
	{"[a]\npath = /a\nprint ok = yes", 0, 0},
	{"[global]\npath = /a\n[b]", 1, 0},
	{"[a]\npath = /a\\", 1, 0},
	{"\\", 0, 0},
	{"[IPC$]\npath = /a\n[Homes]\npath = /b", 0, 0},
};

START_TEST(odd_texts)
{
	parse(text_of(odd[_i].text));
	ck_assert_uint_eq(snapshot.share_count, odd[_i].shares);
	ck_assert_uint_eq(conf.bad, odd[_i].bad);
}
END_TEST

START_TEST(too_long)
{
	static char text[20000];
	char *at = text + sprintf(text, "[a]\npath = /a\npath = /");
	memset(at, 'p', MOUNT_LEN);
	at += MOUNT_LEN + sprintf(at + MOUNT_LEN, "\n[");
	memset(at, 'n', SHARE_LEN);
	at += SHARE_LEN + sprintf(at + SHARE_LEN, "]\npath = /b\n[c]\npath = /c\ndfree command = x\\\n");
	memset(at, 'd', 3000);
	at += 3000;
	sprintf(at, "\n[d]\npath = /d");
	parse(text_of(text));
	ck_assert_uint_eq(conf.bad, 3);
	ck_assert_uint_eq(snapshot.share_count, 2);
	ck_assert_int_eq(find("c")->dfree_command, NO);
	ck_assert_str_eq(find("d")->path, "/d");
}
END_TEST

START_TEST(a_nul_in_a_name)
{
	parse(TEXT("[a\0b]\npath = /a\n[c]\npath = /a\0b\n"));
	ck_assert_uint_eq(snapshot.share_count, 0);
	ck_assert_uint_eq(conf.bad, 2);
}
END_TEST

START_TEST(more_shares_than_fit)
{
	static char text[4000];
	char *at = text;
	for (int i = 0; i < SHARES_MAX + 3; i++)
		at += sprintf(at, "[s%d]\npath = /%d\n%s", i, i, i == 2 ? "available = no\n" : "");
	parse(text_of(text));
	ck_assert_uint_eq(snapshot.share_count, SHARES_MAX);
	ck_assert_uint_eq(snapshot.shares_omitted, 2);
	ck_assert_str_eq(snapshot.shares[2].name, "s3");
	parse(TEXT("[a]\npath=/a"));
	ck_assert_uint_eq(snapshot.share_count, 1);
	ck_assert_uint_eq(snapshot.shares_omitted, 0);
}
END_TEST

static void include(struct smb_conf *into, struct text path)
{
	ck_assert(text_is(path, "/etc/more.conf"));
	smb_conf_parse(into, TEXT("strict sync = yes\n[m]\npath = /m\n"));
}

/* an include goes on with the section that it stands in, and what follows it with its last one */
START_TEST(includes)
{
	smb_conf_start(&conf, &snapshot);
	conf.include = include;
	smb_conf_parse(&conf, TEXT("[a]\npath = /a\ninclude = smb.conf.%a\nInclude = \"/etc/more.conf\"\n"
				   "read only = no\n[b]\ninclude = registry\ncopy = a\n"));
	smb_conf_end(&conf);
	ck_assert_uint_eq(snapshot.share_count, 2);
	ck_assert_int_eq(find("a")->strict_sync, YES);
	ck_assert_int_eq(find("a")->read_only, YES);
	ck_assert_int_eq(find("m")->read_only, NO);
	ck_assert_uint_eq(conf.variables, 1);
	ck_assert(conf.registry);
	ck_assert(conf.copies);
	ck_assert(!conf.config_file);
}
END_TEST

static const struct {
	const char *line, *server;
	enum tri sync;
} versions[] = {
	{"Version 4.17.12-Debian", "Samba 4.17.12", YES},
	{"Version 4.7.0", "Samba 4.7.0", YES},
	{"Version 4.6.16", "Samba 4.6.16", NO},
	{"Version 3.6.25", "Samba 3.6.25", NO},
	{"Version 3.5.6-Netgear-1", "Samba 3.5.6", NO},
	{"Version 4.20.0rc1", "Samba 4.20.0rc1", YES},
	{"Version 10.1", "Samba 10.1", YES},
	{"Version", "", UNKNOWN},
	{"Version ", "", UNKNOWN},
	{"Version unknown", "", UNKNOWN},
	{"Version 4", "Samba 4", UNKNOWN},
	{"Version 4.1<b>", "", UNKNOWN},
	{"Version 11111111111111111111111111.2", "", UNKNOWN},
	{"version 4.17", "", UNKNOWN},
	{"", "", UNKNOWN},
};

START_TEST(version_lines)
{
	char server[NAME_LEN] = "";
	ck_assert_int_eq(smb_conf_version(text_of(versions[_i].line), server, sizeof server),
		versions[_i].server[0] != 0);
	ck_assert_str_eq(server, versions[_i].server);
	ck_assert_int_eq(smb_conf_default_sync(server), versions[_i].sync);
}
END_TEST

#define LOOP(tcase, test, rows) tcase_add_loop_test(tcase, test, 0, sizeof rows / sizeof rows[0])

Suite *suite_smb_conf(void)
{
	Suite *suite = suite_create("smb_conf");
	TCase *tcase = tcase_create("parse");
	tcase_add_checked_fixture(tcase, start, NULL);
	tcase_add_test(tcase, what_testparm_prints);
	tcase_add_test(tcase, as_a_person_writes);
	LOOP(tcase, booleans, words);
	LOOP(tcase, smb_ports, ports);
	LOOP(tcase, odd_texts, odd);
	tcase_add_test(tcase, too_long);
	tcase_add_test(tcase, a_nul_in_a_name);
	tcase_add_test(tcase, more_shares_than_fit);
	tcase_add_test(tcase, includes);
	LOOP(tcase, version_lines, versions);
	suite_add_tcase(suite, tcase);
	return suite;
}
