/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The tables of commands, options and keys as lines of fields between tabs. The man page, the completion and
 * the sample configuration are made from them (packaging/generate.sh), so they cannot say anything else.
 */
#include <stdio.h>

#include "cmd/commands.h"

/* a newline in a text becomes \n */
static void print_text(const char *text)
{
	for (; *text; text++)
		if (*text == '\n')
			fputs("\\n", stdout);
		else
			putchar(*text);
}

static void print_command(const struct subcommand *command)
{
	printf("command\t%s\t%s\t", command->name, command->says);
	print_text(command->usage);
	putchar('\t');
	print_text(command->tells);
	printf("\t%s\n", command->takes_keys ? "keys" : "");
	for (const struct command_option *row = command->options; row && row->name; row++)
		printf("option\t%s\t%s\t%s\t%s\n", command->name, row->name, row->value ? row->value : "",
			row->says);
}

static int run(const struct arguments *arguments)
{
	(void)arguments;
	for (unsigned i = 0; i < commands_count; i++)
		if (commands[i]->says)
			print_command(commands[i]);
	for (unsigned i = 0; i < option_rows_count; i++)
		printf("key\t%s\t%s\t%s\t%s\n", option_rows[i].key, option_rows[i].value_name,
			option_rows[i].standard, option_rows[i].says);
	return EXIT_GOOD;
}

const struct subcommand command_words = {
	.name = "words",
	.usage = "",
	.tells = "Prints the commands, options and keys that there are, for packaging/generate.sh.",
	.run = run,
};
