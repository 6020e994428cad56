/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The subcommands: one file each, one row each in the table of main.c. They return the exit code of the
 * program: 0 good or go, 1 wait or warning, 2 no or refused, 3 error or unknown.
 */
#ifndef NASREADY_CMD_COMMANDS_H
#define NASREADY_CMD_COMMANDS_H

enum exit_code { EXIT_GOOD = 0, EXIT_WARNING = 1, EXIT_REFUSED = 2, EXIT_ERROR = 3 };

struct command_row {
	const char *name;
	int (*run)(int argc, char **argv); /* argv[0] is the subcommand */
	const char *says;
};

int cmd_serve(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_ready(int argc, char **argv);
int cmd_plan(int argc, char **argv);
int cmd_passwd(int argc, char **argv);
int cmd_answer(int argc, char **argv);
int cmd_version(int argc, char **argv);

/* says what is wrong and where help is, on stderr; returns EXIT_ERROR */
int cmd_wrong(const char *command, const char *what);

#endif
