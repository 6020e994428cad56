/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/source_ups.h"

Suite *suite_source_ups(void);

static struct ups_target target;
static struct ups ups;
static struct fault fault;

static void start(void)
{
	ck_assert_int_eq(ups_target_parse(TEXT(""), &target, NULL), 0);
	fault.text[0] = 0;
}

/* upsd 2.8.0 with dummy-ups */
#define LIST "BEGIN LIST UPS\nUPS eaton \"Eaton 5E \\\"850i\\\"\"\nEND LIST UPS\n"
#define BYE "OK Goodbye\n"

START_TEST(on_line)
{
	ck_assert_int_eq(ups_parse(TEXT(LIST "VAR eaton ups.status \"OL\"\nVAR eaton battery.charge \"100\"\n"
					     "VAR eaton battery.runtime \"1800\"\n" BYE),
				 &target, &ups, &fault),
		0);
	ck_assert_int_eq(ups.present, YES);
	ck_assert_int_eq(ups.on_battery, NO);
	ck_assert_int_eq(ups.battery_low, NO);
	ck_assert_uint_eq(ups.charge_percent, 100);
	ck_assert_uint_eq(ups.runtime_s, 1800);
	ck_assert_str_eq(ups.name, "eaton");
	ck_assert_str_eq(ups.reason, "");
}
END_TEST

static const struct {
	const char *status;
	enum tri on_battery, battery_low;
} statuses[] = {
	{"OL CHRG", NO, NO},
	{"OL CHRG LB", NO, YES},
	{"OB DISCHRG", YES, NO},
	{"OB DISCHRG LB", YES, YES},
	{"LB OB", YES, YES},
	{"OL OB", YES, NO},
	{"OB OL", YES, NO},
	{"FSD OL", YES, YES},
	{"OL BYPASS", NO, NO},
	{"OFF", UNKNOWN, UNKNOWN},
	{"ol", UNKNOWN, UNKNOWN},
	{"WAIT", UNKNOWN, UNKNOWN},
};

START_TEST(status_words)
{
	char text[200];
	snprintf(text, sizeof text, LIST "VAR eaton ups.status \"%s\"\n", statuses[_i].status);
	ck_assert_int_eq(ups_parse(text_of(text), &target, &ups, &fault), 0);
	ck_assert_int_eq(ups.present, YES);
	ck_assert_int_eq(ups.on_battery, statuses[_i].on_battery);
	ck_assert_int_eq(ups.battery_low, statuses[_i].battery_low);
	ck_assert_int_eq(ups.reason[0] != 0, statuses[_i].on_battery == UNKNOWN);
}
END_TEST

static const struct {
	const char *charge, *runtime;
	uint32_t percent, runtime_s;
} numbers[] = {
	{"18.5", "0", 18, 0},
	{"100.0", "1234.7", 100, 1234},
	{"101", "-5", UNKNOWN_U32, UNKNOWN_U32},
	{"-1", "99999999999999999999", UNKNOWN_U32, UNKNOWN_U32},
	{"", "nan", UNKNOWN_U32, UNKNOWN_U32},
	{"1e2", "12 s", UNKNOWN_U32, UNKNOWN_U32},
};

START_TEST(charge_and_runtime)
{
	char text[300];
	snprintf(text, sizeof text,
		LIST "VAR eaton ups.status \"OL\"\nVAR eaton battery.charge \"%s\"\nVAR eaton "
		     "battery.runtime \"%s\"\n" BYE,
		numbers[_i].charge, numbers[_i].runtime);
	ck_assert_int_eq(ups_parse(text_of(text), &target, &ups, &fault), 0);
	ck_assert_uint_eq(ups.charge_percent, numbers[_i].percent);
	ck_assert_uint_eq(ups.runtime_s, numbers[_i].runtime_s);
}
END_TEST

START_TEST(some_variables_unknown_to_the_driver)
{
	ck_assert_int_eq(ups_parse(TEXT(LIST "VAR eaton ups.status \"OB\"\nERR VAR-NOT-SUPPORTED\n"
					     "VAR eaton battery.runtime \"60\"\n" BYE),
				 &target, &ups, &fault),
		0);
	ck_assert_int_eq(ups.on_battery, YES);
	ck_assert_uint_eq(ups.charge_percent, UNKNOWN_U32);
	ck_assert_uint_eq(ups.runtime_s, 60);
}
END_TEST

static const struct {
	const char *text;
	int result;
	const char *reason;
} troubles[] = {
	{"CONNECT Connection refused\n", SOURCE_E_ABSENT, "no upsd answers on 127.0.0.1:3493"},
	{LIST "ERR DRIVER-NOT-CONNECTED\nERR DRIVER-NOT-CONNECTED\nERR DRIVER-NOT-CONNECTED\n" BYE,
		SOURCE_E_STALE,
		"upsd has lost the UPS \"eaton\" (DRIVER-NOT-CONNECTED): look at its cable and driver"},
	{LIST "ERR DATA-STALE\nERR DATA-STALE\nERR DATA-STALE\n" BYE, SOURCE_E_STALE,
		"upsd has lost the UPS \"eaton\" (DATA-STALE): look at its cable and driver"},
	{LIST "ERR UNKNOWN-UPS\nERR UNKNOWN-UPS\nERR UNKNOWN-UPS\n" BYE, SOURCE_E_STALE,
		"upsd on 127.0.0.1:3493 knows no UPS \"eaton\": `upsc -l` lists them"},
	{"ERR ACCESS-DENIED\n", SOURCE_E_STALE, "upsd on 127.0.0.1:3493 refuses to tell: ACCESS-DENIED"},
	{"ERR \033[31m\n", SOURCE_E_STALE, "upsd on 127.0.0.1:3493 refuses to tell: ?[31m"},
	{"", SOURCE_E_STALE, "what answers on 127.0.0.1:3493 does not talk like upsd"},
	{"HTTP/1.1 400 Bad Request\r\n\r\n", SOURCE_E_STALE,
		"what answers on 127.0.0.1:3493 does not talk like upsd"},
	{"BEGIN LIST UPS\nUPS eat", SOURCE_E_STALE, "upsd on 127.0.0.1:3493 stopped in mid-sentence"},
	{LIST, SOURCE_E_STALE, "upsd on 127.0.0.1:3493 stopped in mid-sentence"},
	{LIST "VAR eaton ups.status \"OL\"", SOURCE_E_STALE,
		"upsd on 127.0.0.1:3493 stopped in mid-sentence"},
	{LIST "VAR eaton ups.status \"OL\n", SOURCE_E_STALE,
		"upsd on 127.0.0.1:3493 stopped in mid-sentence"},
	{LIST "VAR other ups.status \"OL\"\n", SOURCE_E_STALE,
		"upsd on 127.0.0.1:3493 stopped in mid-sentence"},
	{LIST "VAR eaton ups.status \" \"\n", SOURCE_E_STALE,
		"upsd on 127.0.0.1:3493 stopped in mid-sentence"},
};

START_TEST(no_status)
{
	ck_assert_int_eq(ups_parse(text_of(troubles[_i].text), &target, &ups, &fault), troubles[_i].result);
	ck_assert_int_eq(ups.present, UNKNOWN);
	ck_assert_int_eq(ups.on_battery, UNKNOWN);
	ck_assert_int_eq(ups.battery_low, UNKNOWN);
	ck_assert_uint_eq(ups.charge_percent, UNKNOWN_U32);
	ck_assert_str_eq(ups.reason, troubles[_i].reason);
	ck_assert_str_eq(fault.text, troubles[_i].reason);
}
END_TEST

START_TEST(no_ups_at_all)
{
	ck_assert_int_eq(ups_parse(TEXT("BEGIN LIST UPS\nEND LIST UPS\n" BYE), &target, &ups, &fault), 0);
	ck_assert_int_eq(ups.present, NO);
	ck_assert_int_eq(ups.on_battery, UNKNOWN);
}
END_TEST

START_TEST(the_named_one)
{
	ck_assert_int_eq(ups_target_parse(TEXT("second"), &target, NULL), 0);
	ups_parse(TEXT("BEGIN LIST UPS\nUPS first \"\"\nUPS second \"\"\nEND LIST UPS\n"
		       "VAR first ups.status \"OL\"\nVAR second ups.status \"OB\"\n"),
		&target, &ups, &fault);
	ck_assert_str_eq(ups.name, "second");
	ck_assert_int_eq(ups.on_battery, YES);
}
END_TEST

START_TEST(overlong_lines)
{
	static char text[9000];
	memset(text, 'x', sizeof text - 1);
	memcpy(text, "UPS ", 4);
	ck_assert_int_eq(ups_parse(text_of(text), &target, &ups, &fault), SOURCE_E_STALE);
	text[8000] = '\n';
	memcpy(text + 8001, "END LIST UPS\n", 13);
	text[8014] = 0;
	ck_assert_int_eq(ups_parse(text_of(text), &target, &ups, &fault), 0);
	ck_assert_str_eq(ups.name, "");
}
END_TEST

static const struct {
	const char *text, *name, *server; /* server NULL: refused */
} targets[] = {
	{"", "", "127.0.0.1:3493"},
	{" eaton ", "eaton", "127.0.0.1:3493"},
	{"eaton@192.0.2.7", "eaton", "192.0.2.7:3493"},
	{"eaton@192.0.2.7:3593", "eaton", "192.0.2.7:3593"},
	{"@192.0.2.7", "", "192.0.2.7:3493"},
	{"eaton@[2001:db8::7]", "eaton", "[2001:db8::7]:3493"},
	{"eaton@[::1]:1", "eaton", "[::1]:1"},
	{"eaton@", "eaton", "127.0.0.1:3493"},
	{"eaton@nas", NULL, NULL},
	{"eaton@[192.0.2.7]", NULL, NULL},
	{"eaton@::1", NULL, NULL},
	{"eaton@192.0.2.7:0", NULL, NULL},
	{"eaton@192.0.2.7:65536", NULL, NULL},
	{"eaton@192.0.2.7:", NULL, NULL},
	{"eaton@192.0.2.7:3493x", NULL, NULL},
	{"ea ton", NULL, NULL},
	{"eaton\nGET", NULL, NULL},
	{"eaton\"@192.0.2.7", NULL, NULL},
	{"a-name-of-more-than-thirty-one-characters", NULL, NULL},
};

START_TEST(whom_to_ask)
{
	struct ups_target found = {.name = "untouched"};
	int result = ups_target_parse(text_of(targets[_i].text), &found, &fault);
	if (!targets[_i].server) {
		ck_assert_int_eq(result, -EINVAL);
		ck_assert_str_eq(found.name, "untouched");
		ck_assert(strstr(fault.text, "NAME@ADDRESS:PORT") != NULL);
		return;
	}
	ck_assert_int_eq(result, 0);
	ck_assert_str_eq(found.name, targets[_i].name);
	ck_assert_str_eq(found.server, targets[_i].server);
	ck_assert_int_eq(found.address.ss_family, targets[_i].server[0] == '[' ? AF_INET6 : AF_INET);
}
END_TEST

#define LOOP(tcase, test, rows) tcase_add_loop_test(tcase, test, 0, sizeof rows / sizeof rows[0])

/* found by fuzzing */
START_TEST(a_charge_without_a_status_is_not_kept)
{
	struct ups_target named;
	struct ups told;
	struct fault why = {""};
	ck_assert_int_eq(ups_target_parse(TEXT("eaton"), &named, NULL), 0);
	ck_assert_int_eq(ups_parse(TEXT(LIST "VAR eaton battery.charge \"98\"\n"), &named, &told, &why),
		SOURCE_E_STALE);
	ck_assert_uint_eq(told.charge_percent, UNKNOWN_U32);
	ck_assert_str_eq(told.name, "eaton");
	ck_assert_str_ne(told.reason, "");
}
END_TEST

Suite *suite_source_ups(void)
{
	Suite *suite = suite_create("source_ups");
	TCase *tcase = tcase_create("parse");
	tcase_add_checked_fixture(tcase, start, NULL);
	tcase_add_test(tcase, on_line);
	tcase_add_test(tcase, a_charge_without_a_status_is_not_kept);
	LOOP(tcase, status_words, statuses);
	LOOP(tcase, charge_and_runtime, numbers);
	tcase_add_test(tcase, some_variables_unknown_to_the_driver);
	LOOP(tcase, no_status, troubles);
	tcase_add_test(tcase, no_ups_at_all);
	tcase_add_test(tcase, the_named_one);
	tcase_add_test(tcase, overlong_lines);
	LOOP(tcase, whom_to_ask, targets);
	suite_add_tcase(suite, tcase);
	return suite;
}
