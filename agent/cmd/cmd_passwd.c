/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Sets the password of one of the two users, or takes it away.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/credentials.h"
#include "base/options.h"
#include "base/state.h"
#include "cmd/commands.h"

struct passwd_options {
	struct options options;
	enum user user;
	bool remove;
};

static int help(void)
{
	puts("usage: nasready passwd USER [--remove] [--config FILE] [--credentials FILE] [--state-dir "
	     "DIR]\n\n"
	     "Sets the password of a user, as root. USER is operator, who may create and grow disks, or "
	     "admin, who may\n"
	     "also delete them and break leases. The password is asked for twice on a terminal, else it "
	     "is the first\n"
	     "line of the standard input. Until one is set, nobody may do any of that over HTTP.\n\n"
	     "  --remove            takes the user's password away\n"
	     "  --config FILE       the agent's configuration, for the two places below\n"
	     "  --credentials FILE  where passwords are kept (/etc/nasready.passwd)\n"
	     "  --state-dir DIR     where the agent keeps its id (/var/lib/nasready)");
	return EXIT_GOOD;
}

static int parse_words(int argc, char **argv, struct passwd_options *ret, struct fault *fault)
{
	int error = 0;
	for (int i = 1; i < argc && !error;) {
		if (!strcmp(argv[i], "--remove")) {
			ret->remove = true;
			i++;
		} else if (!strcmp(argv[i], "--config")) {
			i += 2;
		} else if (argv[i][0] == '-') {
			error = options_argument(&ret->options, argc, argv, &i, fault);
		} else if (ret->user == USER_NONE) {
			ret->user = user_find(text_of(argv[i]));
			if (ret->user == USER_NONE)
				error = fault_set(fault, -EINVAL,
					"the users are operator and admin, not \"%.40s\"", argv[i]);
			i++;
		} else {
			error = fault_set(fault, -EINVAL, "one user at a time");
		}
	}
	return error;
}

static int parse(int argc, char **argv, struct passwd_options *ret, struct fault *fault)
{
	int error = 0;
	options_start(&ret->options);
	ret->user = USER_NONE;
	for (int i = 1; i < argc && !error; i++)
		if (!strcmp(argv[i], "--config"))
			error = i + 1 < argc ? options_read_file(&ret->options, argv[i + 1], fault)
					     : fault_set(fault, -EINVAL, "--config needs FILE");
	if (!error)
		error = parse_words(argc, argv, ret, fault);
	if (!error && ret->user == USER_NONE)
		error = fault_set(fault, -EINVAL, "it needs a user: operator or admin");
	return error;
}

/* -- reading the password -- */

static void on_signal(int number)
{
	(void)number;
}

/* The terminal gets its echo back whatever ends the reading: a signal makes read() fail. */
static void catch_signals(void)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
	const struct sigaction action = {.sa_handler = on_signal};
	for (unsigned i = 0; i < ARRAY_LEN(numbers); i++)
		sigaction(numbers[i], &action, NULL);
}

/* the next line, without its newline; -1: none, too long, or a signal came */
static ssize_t read_line(char *into, size_t size)
{
	size_t length = 0;
	char c;
	ssize_t got;
	while ((got = read(STDIN_FILENO, &c, 1)) == 1 && c != '\n') {
		if (length == size)
			return -1;
		into[length++] = c;
	}
	if (got < 0 || (!got && !length))
		return -1;
	return length && into[length - 1] == '\r' ? (ssize_t)length - 1 : (ssize_t)length;
}

static ssize_t ask_once(const char *prompt, char *into, size_t size)
{
	struct termios usual, silent;
	if (tcgetattr(STDIN_FILENO, &usual))
		return -1;
	silent = usual;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	fputs(prompt, stderr);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
	ssize_t length = read_line(into, size);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &usual);
	fputs("\n", stderr);
	return length;
}

static int read_password(enum user user, char into[PASSWORD_LEN], size_t *ret_length, struct fault *fault)
{
	char prompt[48], again[PASSWORD_LEN];
	if (!isatty(STDIN_FILENO)) {
		ssize_t length = read_line(into, PASSWORD_LEN);
		if (length < 0)
			return fault_set(fault, -EINVAL, "the standard input has no line with a password");
		*ret_length = (size_t)length;
		return 0;
	}
	catch_signals();
	snprintf(prompt, sizeof prompt, "new password of %s: ", user_name(user));
	ssize_t length = ask_once(prompt, into, PASSWORD_LEN);
	ssize_t second = length < 0 ? -1 : ask_once("the same again: ", again, sizeof again);
	bool same = length == second && length >= 0 && !memcmp(into, again, (size_t)length);
	explicit_bzero(again, sizeof again);
	if (length < 0 || second < 0)
		return fault_set(fault, -EINTR, "no password was given: nothing has changed");
	if (!same)
		return fault_set(fault, -EINVAL, "the two passwords differ: nothing has changed");
	*ret_length = (size_t)length;
	return 0;
}

static int set(const struct passwd_options *options, struct credentials *credentials, struct fault *fault)
{
	char password[PASSWORD_LEN], id[STATE_ID_LEN];
	size_t length = 0;
	if (!credentials->realm[0]) {
		int error = state_install_id(options->options.state_dir, id, fault);
		if (error)
			return error;
		snprintf(credentials->realm, sizeof credentials->realm, "nasready %s", id);
	}
	int error = read_password(options->user, password, &length, fault);
	if (!error)
		error = credentials_set(credentials, options->user, (struct text){password, length}, fault);
	explicit_bzero(password, sizeof password);
	return error;
}

int cmd_passwd(int argc, char **argv)
{
	static struct passwd_options options;
	struct credentials credentials;
	struct fault fault = {""};
	if (argc == 2 && !strcmp(argv[1], "--help"))
		return help();
	if (parse(argc, argv, &options, &fault))
		return cmd_wrong(argv[0], fault.text);
	const char *path = options.options.credentials, *name = user_name(options.user);
	int error = credentials_read(path, &credentials, &fault);
	if (!error && options.remove && !credentials.given[options.user]) {
		fprintf(stderr, "nasready passwd: %s has no password in %s\n", name, path);
		return EXIT_WARNING;
	}
	if (!error && !options.remove)
		error = set(&options, &credentials, &fault);
	if (options.remove)
		credentials.given[options.user] = false;
	if (!error)
		error = credentials_write(path, &credentials, &fault);
	explicit_bzero(credentials.ha1, sizeof credentials.ha1);
	if (error) {
		fprintf(stderr, "nasready passwd: %s\n", fault.text);
		return EXIT_ERROR;
	}
	printf("the password of %s is %s; a running agent reads %s again on SIGHUP\n", name,
		options.remove ? "removed" : "set", path);
	return EXIT_GOOD;
}
