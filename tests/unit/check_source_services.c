/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/source_services.h"
#include "tests/unit/recorded_root.h"

Suite *suite_source_services(void);

START_TEST(lists)
{
	struct text list = TEXT(" smbd,, Plex Media Server ,\t,rsync --daemon,"), entry;
	ck_assert(services_next(&list, &entry));
	ck_assert(text_is(entry, "smbd"));
	ck_assert(services_next(&list, &entry));
	ck_assert(text_is(entry, "Plex Media Server"));
	ck_assert(services_next(&list, &entry));
	ck_assert(text_is(entry, "rsync --daemon"));
	ck_assert(!services_next(&list, &entry));
	list = TEXT("");
	ck_assert(!services_next(&list, &entry));
}
END_TEST

static const struct {
	const char *entry, *name, *arguments;
	bool fits;
} matches[] = {
	{"smbd", "smbd", "", true},
	{"smbd", "smbd-notifyd", "", false},
	{"smbd-notifyd", "smbd", "", false},
	{"smbd", "SMBD", "", false},
	{"transmission-daemon", "transmission-da", "", true},
	{"transmission-daemon", "transmission-d", "", false},
	{"Plex Media Server", "Plex Media Serv", "", true},
	{"rsync --daemon", "rsync", "rsync\n--daemon\n--config=/etc/rsyncd.conf\n", true},
	{"rsync --daemon", "rsync", "rsync\n--daemonize\n", false},
	{"rsync --daemon", "rsync", "rsync\n-a\n/c\n", false},
	{"rsync --daemon", "rsync", "", false},
	{"rsync --daemon", "rsync --daemon", "", false},
	{" --daemon", "", "--daemon", false},
	{"", "", "", false},
};

START_TEST(matching)
{
	char arguments[200];
	strcpy(arguments, matches[_i].arguments);
	size_t length = strlen(arguments);
	for (size_t i = 0; i < length; i++)
		if (arguments[i] == '\n')
			arguments[i] = 0;
	ck_assert_int_eq(services_match(text_of(matches[_i].entry), text_of(matches[_i].name),
				 (struct text){arguments, length}),
		matches[_i].fits);
}
END_TEST

static const struct {
	const char *stat, *name; /* NULL: none */
} stats[] = {
	{"1 (init) S 0 1 1 0", "init"},
	{"4711 (a) (b)) R 1 2 3", "a) (b)"},
	{"12 (Plex Media Serv) S", "Plex Media Serv"},
	{"12 () S", NULL},
	{"12 )smbd( S", NULL},
	{"12 (smbd", NULL},
	{"", NULL},
};

START_TEST(names_in_stat)
{
	struct text name;
	ck_assert_int_eq(services_name_in_stat(text_of(stats[_i].stat), &name), stats[_i].name != NULL);
	if (stats[_i].name)
		ck_assert(text_is(name, stats[_i].name));
}
END_TEST

/* -- a recorded machine -- */

static struct recorded_root machine;
static struct snapshot before;

/* texts with NULs in them */
static void put(const char *path, const char *bytes, size_t length)
{
	recorded_put(&machine, path, "");
	autoclose int fd = openat(machine.root.fd, path, O_WRONLY);
	ck_assert_int_eq(write(fd, bytes, length), (ssize_t)length);
}

static void start(void)
{
	recorded_make(&machine);
	snapshot_reset(&before);
	machine.pass.before = &before;
}

static void stop(void)
{
	recorded_drop(&machine);
}

static int collect(void)
{
	return services_collect(&machine.pass, &machine.fault);
}

static void check_row(uint32_t index, const char *name, enum tri running, enum tri expected)
{
	ck_assert_uint_lt(index, machine.now.service_count);
	ck_assert_str_eq(machine.now.services[index].name, name);
	ck_assert_int_eq(machine.now.services[index].running, running);
	ck_assert_int_eq(machine.now.services[index].expected, expected);
}

START_TEST(by_comm)
{
	put("proc/12/comm", "smbd\n", 5);
	put("proc/13/comm", "smbd\n", 5);
	put("proc/14/comm", "rsync\n", 6);
	put("proc/14/cmdline", "rsync\0--daemon", 15);
	put("proc/15/comm", "nfsd\n", 5);
	put("proc/self/comm", "vsftpd\n", 7);
	put("proc/16/comm", "", 0);
	ck_assert_int_eq(collect(), 0);
	ck_assert_uint_eq(machine.now.service_count, 3);
	check_row(0, "smbd", YES, YES);
	check_row(1, "nfsd", YES, NO);
	check_row(2, "rsync --daemon", YES, NO);
}
END_TEST

START_TEST(by_stat)
{
	put("proc/12/stat", "12 (minidlna) S 1\n", 18);
	put("proc/13/stat", "13 (rsync) S 1\n", 15);
	put("proc/13/cmdline", "rsync\0-a", 8);
	put("proc/14/stat", "14 (cut", 7);
	ck_assert_int_eq(collect(), 0);
	ck_assert_uint_eq(machine.now.service_count, 2);
	check_row(0, "smbd", NO, YES);
	check_row(1, "minidlna", YES, NO);
}
END_TEST

START_TEST(own_lists)
{
	put("proc/12/comm", "smbd\n", 5);
	put("proc/13/comm", "afpd\n", 5);
	put("proc/14/comm", "mine\n", 5);
	machine.pass.settings.services_expected = "smbd, nmbd";
	machine.pass.settings.services_unneeded = "mine";
	ck_assert_int_eq(collect(), 0);
	ck_assert_uint_eq(machine.now.service_count, 3);
	check_row(0, "smbd", YES, YES);
	check_row(1, "nmbd", NO, YES);
	check_row(2, "mine", YES, NO);
}
END_TEST

START_TEST(overlong_lists)
{
	static char list[2000];
	for (int i = 0; i < 100; i++)
		sprintf(list + strlen(list), "s%d,", i);
	strcat(list, "a-name-that-is-longer-than-a-row-of-the-snapshot-can-hold");
	put("proc/12/comm", "smbd\n", 5);
	machine.pass.settings.services_expected = list;
	machine.pass.settings.services_unneeded = "smbd";
	ck_assert_int_eq(collect(), 0);
	ck_assert_uint_eq(machine.now.service_count, SERVICES_MAX);
	ck_assert_uint_eq(machine.now.services_omitted, 64 - SERVICES_MAX);
}
END_TEST

START_TEST(no_processes)
{
	ck_assert_int_eq(collect(), SOURCE_E_ABSENT);
	put("proc/stat", "cpu", 3);
	ck_assert_int_eq(collect(), SOURCE_E_ABSENT);
	ck_assert_str_eq(machine.fault.text, "/proc shows no process");
	ck_assert_uint_eq(machine.now.service_count, 0);
}
END_TEST

#define LOOP(tcase, test, rows) tcase_add_loop_test(tcase, test, 0, sizeof rows / sizeof rows[0])

Suite *suite_source_services(void)
{
	Suite *suite = suite_create("source_services");
	TCase *tcase = tcase_create("parse");
	tcase_add_test(tcase, lists);
	LOOP(tcase, matching, matches);
	LOOP(tcase, names_in_stat, stats);
	suite_add_tcase(suite, tcase);
	tcase = tcase_create("collect");
	tcase_add_checked_fixture(tcase, start, stop);
	tcase_add_test(tcase, by_comm);
	tcase_add_test(tcase, by_stat);
	tcase_add_test(tcase, own_lists);
	tcase_add_test(tcase, overlong_lists);
	tcase_add_test(tcase, no_processes);
	suite_add_tcase(suite, tcase);
	return suite;
}
