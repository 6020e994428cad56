/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/commands.h"
#include "common/nearest.h"
#include "show/wrap.h"

#define SAYS_AT 22 /* column of what is said of an option */

struct slot {
	const char **value; /* where it goes; NULL: there is no such option */
	const char *called; /* its value in the help; NULL: it takes none */
};

static struct slot find(const struct subcommand *command, struct arguments *arguments, struct text name)
{
	for (unsigned i = 0; command->options && command->options[i].name; i++)
		if (text_is(name, command->options[i].name))
			return (struct slot){&arguments->values[i], command->options[i].value};
	for (unsigned i = 0; command->takes_keys && i < option_rows_count; i++)
		if (text_is(name, option_rows[i].key))
			return (struct slot){&arguments->keys[i], option_rows[i].value_name};
	return (struct slot){NULL, NULL};
}

static int no_such_option(const struct subcommand *command, struct text name, struct fault *fault)
{
	struct nearest nearest;
	int shown = name.length < 40 ? (int)name.length : 40;
	nearest_start(&nearest, name);
	for (unsigned i = 0; command->options && command->options[i].name; i++)
		nearest_offer(&nearest, command->options[i].name);
	for (unsigned i = 0; command->takes_keys && i < option_rows_count; i++)
		nearest_offer(&nearest, option_rows[i].key);
	if (!nearest.best)
		return fault_set(fault, -EINVAL, "there is no option --%.*s", shown, name.at);
	return fault_set(fault, -EINVAL, "there is no option --%.*s: did you mean --%s?", shown, name.at,
		nearest.best);
}

/* "--name", "--name value" or "--name=value" at argv[*index]; moves the index to the last word it took */
static int take_option(struct arguments *arguments, int argc, char **argv, int *index, struct fault *fault)
{
	struct text rest = text_of(argv[*index] + 2), name;
	const char *joined = strchr(argv[*index], '=');
	text_until(&rest, '=', &name);
	struct slot slot = find(arguments->command, arguments, name);
	if (!slot.value)
		return no_such_option(arguments->command, name, fault);
	if (!slot.called && joined)
		return fault_set(fault, -EINVAL, "--%.*s takes no value", (int)name.length, name.at);
	if (slot.called && !joined && *index + 1 >= argc)
		return fault_set(fault, -EINVAL, "--%.*s needs %s", (int)name.length, name.at, slot.called);
	*slot.value = !slot.called ? "" : joined ? joined + 1 : argv[++*index];
	return 0;
}

static int take_word(struct arguments *arguments, const char *word, struct fault *fault)
{
	const struct subcommand *command = arguments->command;
	if (arguments->word_count >= command->words_max)
		return fault_set(fault, -EINVAL, "\"%.60s\" is one word too many", word);
	arguments->words[arguments->word_count++] = word;
	return 0;
}

int arguments_parse(
	const struct subcommand *command, int argc, char **argv, struct arguments *ret, struct fault *fault)
{
	bool words_only = false;
	int error = 0;
	*ret = (struct arguments){.command = command};
	for (int i = 1; i < argc && !error; i++) {
		if (words_only)
			error = take_word(ret, argv[i], fault);
		else if (!strcmp(argv[i], "--"))
			words_only = true;
		else if (!strncmp(argv[i], "--", 2))
			error = take_option(ret, argc, argv, &i, fault);
		else if (argv[i][0] == '-' && argv[i][1])
			error = fault_set(fault, -EINVAL,
				"\"%.40s\" is no option: they begin with two dashes", argv[i]);
		else
			error = take_word(ret, argv[i], fault);
	}
	return error;
}

const char *argument(const struct arguments *arguments, const char *option)
{
	const struct subcommand *command = arguments->command;
	for (unsigned i = 0; command->options && command->options[i].name; i++)
		if (!strcmp(option, command->options[i].name))
			return arguments->values[i];
	abort(); /* asked for an option that the command does not have */
}

/* -- help -- */

static void print_option(
	const char *name, const char *value, const char *says, const char *standard, struct out *out)
{
	char left[80], right[400];
	int length = snprintf(left, sizeof left, "  --%s%s%s", name, value ? " " : "", value ? value : "");
	snprintf(right, sizeof right, *standard ? "%s [%s]" : "%s%s", says, standard);
	bool own_line = length + 2 > SAYS_AT;
	out_print(out, own_line ? "%s\n" : "%s", left);
	wrap_text(right, SAYS_AT, own_line ? 0 : (unsigned)length, out);
}

static void print_usage(const struct subcommand *command, struct out *out)
{
	struct text rest = text_of(command->usage), form;
	const char *lead = "usage:";
	for (; text_line(&rest, &form); lead = "      ") {
		char line[400];
		snprintf(line, sizeof line, "%s%s%.*s", command->name, form.length ? " " : "",
			(int)form.length, form.at);
		out_print(out, "%s nasready ", lead);
		wrap_text(line, 16, 16, out);
	}
	if (!*command->usage)
		out_print(out, "%s nasready %s\n", lead, command->name);
}

void arguments_help(const struct subcommand *command)
{
	struct out out = {0};
	print_usage(command, &out);
	out_text(&out, "\n");
	wrap_text(command->tells, 0, 0, &out);
	if (command->options)
		out_text(&out, "\n");
	for (unsigned i = 0; command->options && command->options[i].name; i++)
		print_option(command->options[i].name, command->options[i].value, command->options[i].says,
			"", &out);
	if (command->takes_keys)
		out_text(&out,
			"\nKeys of the configuration, as options here or as `key = value` in FILE:\n\n");
	for (unsigned i = 0; command->takes_keys && i < option_rows_count; i++)
		print_option(option_rows[i].key, option_rows[i].value_name, option_rows[i].says,
			option_rows[i].standard, &out);
	if (!out.failed)
		fputs(out.data, stdout);
	out_free(&out);
}
