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
#include "base/state.h"
#include "cmd/settings.h"

static void print_complaint(const char *text, void *arg)
{
	(void)arg;
	fprintf(stderr, "nasready passwd: %s\n", text);
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

static int set(
	const struct options *options, enum user user, struct credentials *credentials, struct fault *fault)
{
	char password[PASSWORD_LEN], id[STATE_ID_LEN];
	size_t length = 0;
	if (!credentials->realm[0]) {
		int error = state_install_id(options->state_dir, id, fault);
		if (error)
			return error;
		snprintf(credentials->realm, sizeof credentials->realm, "nasready %s", id);
	}
	int error = read_password(user, password, &length, fault);
	if (!error)
		error = credentials_set(credentials, user, (struct text){password, length}, fault);
	explicit_bzero(password, sizeof password);
	return error;
}

static int change(const struct arguments *arguments, const struct options *options, enum user user)
{
	struct credentials credentials;
	struct fault fault = {""};
	const char *path = options->credentials, *name = user_name(user);
	bool remove = argument(arguments, "remove");
	int error = credentials_read(path, &credentials, &fault);
	if (!error && remove && !credentials.given[user]) {
		fprintf(stderr, "nasready passwd: %s has no password in %s\n", name, path);
		return EXIT_WARNING;
	}
	if (!error && !remove)
		error = set(options, user, &credentials, &fault);
	if (remove)
		credentials.given[user] = false;
	if (!error)
		error = credentials_write(path, &credentials, &fault);
	explicit_bzero(credentials.ha1, sizeof credentials.ha1);
	if (error)
		return cmd_failed(arguments, fault.text);
	printf("the password of %s is %s; a running agent reads %s again on SIGHUP\n", name,
		remove ? "removed" : "set", path);
	return EXIT_GOOD;
}

static int run(const struct arguments *arguments)
{
	static struct options options;
	struct complaints complaints = {print_complaint, NULL, 0};
	struct fault fault;
	if (!arguments->word_count)
		return cmd_wrong(arguments, "it needs a user: operator or admin");
	enum user user = user_find(text_of(arguments->words[0]));
	if (user == USER_NONE) {
		fault_set(&fault, 0, "the users are operator and admin, not \"%.40s\"", arguments->words[0]);
		return cmd_wrong(arguments, fault.text);
	}
	settings_read(arguments, &options, &complaints);
	return complaints.count ? EXIT_ERROR : change(arguments, &options, user);
}

static const struct command_option options[] = {
	{"remove", NULL, "takes the user's password away"},
	{"config", "FILE", "the agent's configuration, for the two places below"},
	{"credentials", "FILE", "where passwords are kept [/etc/nasready.passwd]"},
	{"state-dir", "DIR", "where the agent keeps its id [/var/lib/nasready]"},
	{NULL, NULL, NULL},
};

const struct subcommand command_passwd = {
	.name = "passwd",
	.says = "set the password of those who may change disks",
	.usage = "USER [--remove] [--config FILE] [--credentials FILE] [--state-dir DIR]",
	.tells = "Sets the password of a user, as root. USER is operator, who may create and grow disks, or "
		 "admin, "
		 "who may also delete them and break leases. The password is asked for twice on a terminal, "
		 "else it "
		 "is the first line of the standard input. Until one is set, nobody may do any of that over "
		 "HTTP.\n\n"
		 "Exit codes: 0 set or removed, 1 there was none to remove, 3 error.",
	.options = options,
	.words_max = 1,
	.run = run,
};
