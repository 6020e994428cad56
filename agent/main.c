/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <stdio.h>
#include <string.h>

#include "cmd/commands.h"
#include "common/scope.h"

static const struct command_row commands[] = {
	{"serve", cmd_serve, "run the agent: answer over HTTP what decides a backup"},
	{"status", cmd_status, "show what the agent sees of this machine, once"},
	{"ready", cmd_ready, "say whether a backup may run now, and why not"},
	{"plan", cmd_plan, "say in which steps to create or grow a disk"},
	{"passwd", cmd_passwd, "set the password of operator or admin"},
	{"answer", cmd_answer, "print what the agent asks file systems, for tests/record.sh"},
	{"version", cmd_version, "print the version"},
};

static int help(FILE *out, int code)
{
	fprintf(out, "nasready: may a Windows backup onto this NAS run now?\n\nusage: nasready COMMAND "
		     "[OPTION...]\n\n");
	for (unsigned i = 0; i < ARRAY_LEN(commands); i++)
		fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].says);
	fprintf(out, "\nnasready COMMAND --help tells more. Exit codes: 0 good, 1 wait or warning, 2 no, 3 "
		     "error.\n");
	return code;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return help(stderr, EXIT_ERROR);
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
		return help(stdout, EXIT_GOOD);
	if (!strcmp(argv[1], "--version"))
		return cmd_version(argc - 1, argv + 1);
	for (unsigned i = 0; i < ARRAY_LEN(commands); i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	fprintf(stderr, "nasready: there is no command \"%s\"\n", argv[1]);
	return help(stderr, EXIT_ERROR);
}
