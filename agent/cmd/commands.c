/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "cmd/commands.h"

#include <stdio.h>
#include <string.h>

#include "common/nearest.h"

/* in the order in which the list shows them */
const struct subcommand *const commands[] = {
	&command_ready,
	&command_status,
	&command_plan,
	&command_path,
	&command_inspect,
	&command_disk,
	&command_probe,
	&command_serve,
	&command_passwd,
	&command_gate,
	&command_dfree,
	&command_version,
	&command_answer,
	&command_words,
};
const unsigned commands_count = ARRAY_LEN(commands);

static int help(FILE *out, int code)
{
	fprintf(out, "nasready: may a Windows backup onto this NAS run now?\n\nusage: nasready COMMAND "
		     "[OPTION...]\n\n");
	for (unsigned i = 0; i < commands_count; i++)
		if (commands[i]->says)
			fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->says);
	fprintf(out, "\nnasready COMMAND --help tells more. Exit codes: 0 good, 1 wait or warning, 2 no, 3 "
		     "error.\n");
	return code;
}

const struct subcommand *command_find(const char *name)
{
	for (unsigned i = 0; i < commands_count; i++)
		if (!strcmp(name, commands[i]->name))
			return commands[i];
	return NULL;
}

static int no_such_command(const char *name)
{
	struct nearest nearest;
	nearest_start(&nearest, text_of(name));
	for (unsigned i = 0; i < commands_count; i++)
		if (commands[i]->says)
			nearest_offer(&nearest, commands[i]->name);
	fprintf(stderr, "nasready: there is no command \"%.60s\"", name);
	if (nearest.best)
		fprintf(stderr, ": did you mean %s?\n", nearest.best);
	else
		fputs(" (nasready --help lists them)\n", stderr);
	return EXIT_ERROR;
}

static bool asks_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
			return true;
	return false;
}

static int run(const struct subcommand *command, int argc, char **argv)
{
	struct arguments arguments;
	struct fault fault = {""};
	if (asks_help(argc, argv)) {
		arguments_help(command);
		return EXIT_GOOD;
	}
	if (arguments_parse(command, argc, argv, &arguments, &fault))
		return cmd_wrong(&arguments, fault.text);
	return command->run(&arguments);
}

int commands_run(int argc, char **argv)
{
	if (argc < 2)
		return help(stderr, EXIT_ERROR);
	bool asked = !strcmp(argv[1], "help");
	const char *name = asked && argc > 2 ? argv[2] : argv[1];
	const struct subcommand *command = command_find(strcmp(name, "--version") ? name : "version");
	if (command && asked)
		arguments_help(command);
	else if (command)
		return run(command, argc - 1, argv + 1);
	else if (strcmp(name, "--help") && strcmp(name, "-h") && strcmp(name, "help"))
		return no_such_command(name);
	else
		return help(stdout, EXIT_GOOD);
	return EXIT_GOOD;
}

int cmd_failed(const struct arguments *arguments, const char *what)
{
	fprintf(stderr, "nasready %s: %s\n", arguments->command->name, what);
	return EXIT_ERROR;
}

int cmd_wrong(const struct arguments *arguments, const char *what)
{
	const char *name = arguments->command->name;
	fprintf(stderr, "nasready %s: %s (nasready %s --help)\n", name, what, name);
	return EXIT_ERROR;
}
