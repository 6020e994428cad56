/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The subcommands: one file each, which says all that there is to say of it, and one row each in the table of
 * commands.c. The command line is parsed, and help given, by that table: a command gets what was typed, found
 * in order. Man page and completion come from the same words.
 */
#ifndef NASREADY_CMD_COMMANDS_H
#define NASREADY_CMD_COMMANDS_H

#include "base/options.h"

#define COMMAND_OPTIONS_MAX 16
#define COMMAND_WORDS_MAX 8

/* what the program ends with */
enum exit_code { EXIT_GOOD = 0, EXIT_WARNING = 1, EXIT_REFUSED = 2, EXIT_ERROR = 3 };

struct command_option {
	const char *name;  /* without its dashes; a table of them ends with NULL */
	const char *value; /* how the help calls its value; NULL: it takes none */
	const char *says;
};

struct arguments;

struct subcommand {
	const char *name;
	const char *says;  /* one line for the list of commands; NULL: not listed */
	const char *usage; /* what follows the name; each line is a form of its own */
	const char *tells; /* what it does, and its exit codes; lines are broken where they are shown */
	const struct command_option *options;	       /* ends with NULL; NULL: none */
	unsigned words_max;			       /* how many words other than options it takes */
	bool takes_keys;			       /* the keys of the configuration are options, too */
	int (*run)(const struct arguments *arguments); /* returns the exit code */
};

struct arguments {
	const struct subcommand *command;
	unsigned word_count;
	const char *words[COMMAND_WORDS_MAX];
	const char *values[COMMAND_OPTIONS_MAX]; /* in the order of the command's options; NULL: not given */
	const char *keys[OPTION_ROWS_MAX];	 /* in the order of option_rows */
};

extern const struct subcommand *const commands[];
extern const unsigned commands_count;

extern const struct subcommand command_serve, command_status, command_ready, command_plan, command_answer,
	command_inspect, command_path, command_passwd, command_disk, command_probe, command_gate,
	command_dfree, command_version, command_words;

/* NULL: there is none */
const struct subcommand *command_find(const char *name);
/* finds the command, does what it says; the program's exit code */
int commands_run(int argc, char **argv);

/* Sorts out what follows the command's name, argv[0]. -EINVAL with the fault set. */
int arguments_parse(
	const struct subcommand *command, int argc, char **argv, struct arguments *ret, struct fault *fault);
/* the value that was given, "" for an option that takes none; NULL: not given. The option must be one of the
 * command's. */
const char *argument(const struct arguments *arguments, const char *option);
void arguments_help(const struct subcommand *command);

/* says what is wrong and where help is, on stderr; returns EXIT_ERROR */
int cmd_wrong(const struct arguments *arguments, const char *what);
/* says what went wrong, on stderr; returns EXIT_ERROR */
int cmd_failed(const struct arguments *arguments, const char *what);

#endif
