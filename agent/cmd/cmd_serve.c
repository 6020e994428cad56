/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Starts the two processes and sees to it that both live: this one becomes the privileged one, its child
 * the server. A server that dies is started again; when the privileged one ends, the server ends.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/listen.h"
#include "base/log.h"
#include "base/options.h"
#include "base/privilege.h"
#include "base/state.h"
#include "cmd/commands.h"
#include "cmd/settings.h"
#include "common/text.h"
#include "judge/outlook.h"
#include "serve/server.h"
#include "work/worker.h"

#define RESTART_S 1 /* a server that dies at once must not spin */

struct agent {
	struct options options;
	struct access access;
	struct wishes wishes;
	struct assess_overrides overrides;
	struct root root;
	char id[STATE_ID_LEN];
	int listen_fd;
	bool begun; /* the worker has run before */
	uint32_t client_timeout_s;
};

static void print_complaint(const char *text, void *arg)
{
	(void)arg;
	fprintf(stderr, "nasready serve: %s\n", text);
}

/* every error is told; how many there were */
static unsigned read_options(const struct arguments *arguments, struct options *options)
{
	struct complaints complaints = {print_complaint, NULL, 0};
	settings_read(arguments, options, &complaints);
	settings_check(options, argument(arguments, "config"), &complaints);
	return complaints.count;
}

static int prepare(struct agent *agent, struct fault *fault)
{
	const struct options *options = &agent->options;
	char host[HOST_LEN] = "";
	gethostname(host, sizeof host - 1);
	access_start(&agent->access, host);
	text_u32(text_of(options->client_timeout_s), &agent->client_timeout_s);
	int error = access_allow(&agent->access, options->allow, fault);
	if (!error)
		error = access_add_names(&agent->access, options->names, fault);
	if (!error)
		error = assess_configure(options->severities, &agent->overrides, fault);
	if (!error)
		error = wishes_read(options, &agent->wishes, fault);
	if (error)
		return error;
	error = root_open(&agent->root, options->root);
	if (error)
		return fault_set(fault, error, "cannot open %s: %s", options->root, strerror(-error));
	agent->listen_fd = listen_open(options->listen, fault);
	return agent->listen_fd < 0 ? agent->listen_fd : 0;
}

static int serve(struct agent *agent, struct channel *channel)
{
	struct fault fault = {""};
	log_open(agent->options.log, "server");
	channel_protect(channel);
	root_close(&agent->root);
	int error = privilege_drop(agent->options.user, &fault);
	struct server_setup setup = {
		.listen_fd = agent->listen_fd,
		.channel = channel,
		.access = &agent->access,
		.agent_id = agent->id[0] ? agent->id : NULL,
		.overrides = &agent->overrides,
		.client_timeout_s = agent->client_timeout_s,
	};
	if (!error)
		error = server_run(&setup, &fault);
	if (error)
		log_error("%s", fault.text);
	return error ? EXIT_ERROR : EXIT_GOOD;
}

/* true while the server should be started again */
static bool run_once(struct agent *agent, struct worker *worker)
{
	struct channel mine, theirs;
	int error = channel_make(&mine, &theirs);
	pid_t server = error ? -1 : fork();
	if (!server) {
		channel_close(&mine);
		if (agent->begun)
			worker_forget(worker);
		_exit(serve(agent, &theirs));
	}
	if (server < 0) {
		log_error("cannot start the server: %s", strerror(error ? -error : errno));
		return false;
	}
	channel_close(&theirs);
	/* after the fork: what is written here would stay in the server's memory as well */
	if (agent->begun)
		worker_restart(worker);
	else
		worker_init(worker, &agent->root, agent->options.state_dir);
	agent->begun = true;
	worker->collector.settings = agent->wishes.settings;
	worker->obey.keep_s = settings_trash_s(&agent->options);
	error = worker_run(worker, &mine);
	channel_close(&mine);
	channel_forget_page(&mine);
	kill(server, SIGTERM);
	int status = 0;
	waitpid(server, &status, 0);
	if (error)
		log_error("the privileged process cannot run: %s", strerror(-error));
	return !error && !loop_signalled() && !(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_ERROR);
}

static int check_config(const struct arguments *arguments, unsigned errors)
{
	const char *file = argument(arguments, "config");
	if (errors)
		return EXIT_ERROR;
	printf("%s: good\n", file ? file : "the command line");
	return EXIT_GOOD;
}

static int run(const struct arguments *arguments)
{
	static struct agent agent;
	static struct worker worker;
	struct fault fault = {""};
	char url[LISTEN_SHOWN_LEN];
	unsigned errors = read_options(arguments, &agent.options);
	if (argument(arguments, "check-config"))
		return check_config(arguments, errors);
	if (errors)
		return EXIT_ERROR;
	if (prepare(&agent, &fault))
		return cmd_failed(arguments, fault.text);
	log_open(agent.options.log, "collector");
	if (state_install_id(agent.options.state_dir, agent.id, &fault))
		log_warning("%s (ignoring)", fault.text);
	listen_show(agent.listen_fd, url, sizeof url);
	log_info("nasready %s answers at %s", NASREADY_VERSION, url);
	while (run_once(&agent, &worker)) {
		log_warning("the server died: starting it again");
		sleep(RESTART_S);
	}
	return loop_signalled() ? EXIT_GOOD : EXIT_ERROR;
}

static const struct command_option options[] = {
	{"config", "FILE", "where keys are read from; the command line wins over it"},
	{"check-config", NULL, "name every error in it, with file, line and key, and end"},
	{NULL, NULL, NULL},
};

const struct subcommand command_serve = {
	.name = "serve",
	.says = "run the agent: answer over HTTP what decides a backup",
	.usage = "[--config FILE] [--KEY VALUE...]\n--check-config [--config FILE]",
	.tells = "Answers over HTTP until it is told to stop. Exit codes: 0 stopped, 3 error.",
	.options = options,
	.takes_keys = true,
	.run = run,
};
