/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The command line: what is understood, and what is said of what is not.
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/commands.h"
#include "cmd/settings.h"

Suite *suite_commands(void);

static struct arguments arguments;
static struct fault fault;

/* `line`: words with single blanks between them, the command first */
static int parse(const char *line)
{
	static char copy[400];
	char *argv[20];
	int argc = 0;
	strcpy(copy, line);
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	const struct subcommand *command = command_find(argv[0]);
	ck_assert_ptr_nonnull(command);
	fault.text[0] = 0;
	return arguments_parse(command, argc, argv, &arguments, &fault);
}

START_TEST(options_and_words)
{
	ck_assert_int_eq(parse("plan --share Backup 5TiB --current=1TiB --json"), 0);
	ck_assert_str_eq(argument(&arguments, "share"), "Backup");
	ck_assert_str_eq(argument(&arguments, "current"), "1TiB");
	ck_assert_str_eq(argument(&arguments, "json"), "");
	ck_assert_ptr_null(argument(&arguments, "volume"));
	ck_assert_uint_eq(arguments.word_count, 1);
	ck_assert_str_eq(arguments.words[0], "5TiB");
	ck_assert_int_eq(parse("plan -- --share"), 0);
	ck_assert_str_eq(arguments.words[0], "--share");
}
END_TEST

START_TEST(keys_are_options_of_serve)
{
	ck_assert_int_eq(parse("serve --listen [::]:1 --check-config --allow="), 0);
	ck_assert_str_eq(arguments.keys[0], "[::]:1");
	ck_assert_str_eq(arguments.keys[1], "");
	ck_assert_ptr_null(arguments.keys[2]);
	ck_assert_ptr_nonnull(argument(&arguments, "check-config"));
}
END_TEST

static const struct {
	const char *line, *says;
} wrong[] = {
	{"status --jsno", "there is no option --jsno: did you mean --json?"},
	{"status --listen x", "there is no option --listen"},
	{"serve --lsten x", "there is no option --lsten: did you mean --listen?"},
	{"status --json=1", "--json takes no value"},
	{"status --root", "--root needs DIR"},
	{"status now", "\"now\" is one word too many"},
	{"status -j", "\"-j\" is no option: they begin with two dashes"},
	{"plan 1TiB 2TiB", "\"2TiB\" is one word too many"},
	{"status --=x", "there is no option --"},
};

START_TEST(what_is_wrong)
{
	ck_assert_int_eq(parse(wrong[_i].line), -EINVAL);
	ck_assert_str_eq(fault.text, wrong[_i].says);
}
END_TEST

START_TEST(the_tables_are_whole)
{
	for (unsigned i = 0; i < commands_count; i++) {
		const struct subcommand *command = commands[i];
		unsigned count = 0;
		ck_assert_ptr_eq(command_find(command->name), command);
		ck_assert_msg(command->run && command->usage && command->tells, "%s", command->name);
		for (; command->options && command->options[count].name; count++) {
			ck_assert_ptr_nonnull(command->options[count].says);
			ck_assert_msg(strstr(command->usage, command->options[count].name), "%s: --%s",
				command->name, command->options[count].name);
		}
		ck_assert_uint_le(count, COMMAND_OPTIONS_MAX);
	}
}
END_TEST

/* -- what the keys mean -- */

static char told[8][512];

static void remember(const char *text, void *arg)
{
	unsigned *count = arg;
	if (*count < 8)
		strncpy(told[(*count)++], text, sizeof told[0] - 1);
}

START_TEST(every_wrong_value_is_told)
{
	static struct options options;
	unsigned count = 0;
	struct complaints complaints = {remember, &count, 0};
	options_start(&options);
	options_parse(&options,
		"listen = here\nallow = 10.1\nseverities = x\nssh-ports = 0\nlog = "
		"paper\n\nclient-timeout-s=1h",
		"f", &complaints);
	settings_check(&options, "f", &complaints);
	ck_assert_uint_eq(complaints.count, 6);
	static const char *const begins[] = {"f:1: listen: ", "f:2: allow: ", "f:3: severities: ",
		"f:7: client-timeout-s: ", "f:5: log: ", "f:4: ssh-ports: "};
	for (unsigned i = 0; i < 6; i++)
		ck_assert_msg(!strncmp(told[i], begins[i], strlen(begins[i])), "%s", told[i]);
}
END_TEST

START_TEST(too_many_ports_together)
{
	static struct options options;
	unsigned count = 0;
	struct complaints complaints = {remember, &count, 0};
	options_start(&options);
	for (unsigned i = 1; i <= PORTS_MAX; i++)
		snprintf(options.other_ports + strlen(options.other_ports), 8, "%u,", i);
	settings_check(&options, NULL, &complaints);
	ck_assert_uint_eq(complaints.count, 1);
}
END_TEST

START_TEST(the_standard_is_good)
{
	static struct options options;
	unsigned count = 0;
	struct complaints complaints = {remember, &count, 0};
	options_start(&options);
	settings_check(&options, NULL, &complaints);
	ck_assert_uint_eq(complaints.count, 0);
}
END_TEST

Suite *suite_commands(void)
{
	Suite *suite = suite_create("commands");
	TCase *tcase = tcase_create("commands");
	tcase_add_test(tcase, options_and_words);
	tcase_add_test(tcase, keys_are_options_of_serve);
	tcase_add_loop_test(tcase, what_is_wrong, 0, sizeof wrong / sizeof wrong[0]);
	tcase_add_test(tcase, the_tables_are_whole);
	tcase_add_test(tcase, every_wrong_value_is_told);
	tcase_add_test(tcase, too_many_ports_together);
	tcase_add_test(tcase, the_standard_is_good);
	suite_add_tcase(suite, tcase);
	return suite;
}
