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

#include "base/credentials.h"
#include "base/listen.h"
#include "base/log.h"
#include "base/options.h"
#include "base/privilege.h"
#include "base/state.h"
#include "cmd/commands.h"
#include "cmd/settings.h"
#include "common/text.h"
#include "enforce/enforcer.h"
#include "judge/outlook.h"
#include "serve/server.h"
#include "work/worker.h"

#define RESTART_S 1 /* a server that dies at once must not spin */

struct agent {
	const struct arguments *arguments;
	struct options options;
	struct wishes wishes;
	struct house house;
	struct worker *worker;
	struct root root;
	char id[STATE_ID_LEN];
	int listen_fd;
	bool begun; /* the worker has run before */
};

static void print_complaint(const char *text, void *arg)
{
	(void)arg;
	fprintf(stderr, "nasready serve: %s\n", text);
}

static void log_complaint(const char *text, void *arg)
{
	(void)arg;
	log_error("%s", text);
}

/* every error is told; how many there were */
static unsigned read_options(
	const struct arguments *arguments, struct options *options, void (*tell)(const char *text, void *arg))
{
	struct complaints complaints = {tell, NULL, 0};
	settings_read(arguments, options, &complaints);
	settings_check(options, argument(arguments, "config"), &complaints);
	return complaints.count;
}

/* what may change while the agent runs */
static int apply(struct agent *agent, struct fault *fault)
{
	const struct options *options = &agent->options;
	char host[HOST_LEN] = "";
	gethostname(host, sizeof host - 1);
	access_start(&agent->house.access, host);
	text_u32(text_of(options->client_timeout_s), &agent->house.client_timeout_s);
	int error = access_allow(&agent->house.access, options->allow, fault);
	if (!error)
		error = access_add_names(&agent->house.access, options->names, fault);
	if (!error)
		error = assess_configure(options->severities, &agent->house.overrides, fault);
	if (!error)
		error = wishes_read(options, &agent->wishes, fault);
	return error;
}

/* -- the gate, as the worker sees it -- */

static struct enforcer enforcer;

static void gate_look(void *arg, struct snapshot *now)
{
	enforcer_look(arg, now);
}

static int gate_fd(void *arg)
{
	return enforcer_fd(arg);
}

static bool gate_hear(void *arg, struct snapshot *newest, uint64_t now_ms, uint64_t clock_ms)
{
	return enforcer_hear(arg, newest, now_ms, clock_ms);
}

static bool gate_is_restless(void *arg)
{
	return enforcer_is_restless(arg);
}

static uint32_t gate_wants_knee(void *arg, const struct snapshot *now)
{
	return enforcer_wants_knee(arg, now);
}

static void gate_learn(void *arg, const struct volume *volume, uint64_t bytes, uint64_t us, uint64_t clock_ms)
{
	enforcer_learn(arg, volume, bytes, us, clock_ms);
}

static void gate_grant(void *arg, const struct snapshot *newest, const struct share *share,
	const struct order *order, uint64_t now_ms)
{
	enforcer_grant(arg, newest, share, order, now_ms);
}

static void gate_forget(void *arg)
{
	enforcer_forget(arg);
}

static const struct ally gate_ally = {&enforcer, gate_look, gate_fd, gate_hear, gate_is_restless,
	gate_wants_knee, gate_learn, gate_grant, gate_forget};

static void set_worker(struct agent *agent)
{
	agent->worker->collector.settings = agent->wishes.settings;
	agent->worker->obey.keep_s = settings_trash_s(&agent->options);
	agent->worker->obey.leases.keep_s = settings_lease_s(&agent->options);
	enforcer.setup.client_timeout_s = agent->house.client_timeout_s;
}

/* the keys that the start alone decides on stay as they were */
static void keep_fixed(const struct options *old, struct options *fresh)
{
	static const char *const fixed[] = {"listen", "user", "state-dir", "run-dir", "root", "log"};
	for (unsigned i = 0; i < option_rows_count; i++) {
		const struct option_row *row = &option_rows[i];
		bool is_fixed = false;
		for (unsigned k = 0; k < ARRAY_LEN(fixed); k++)
			is_fixed |= !strcmp(fixed[k], row->key);
		if (!is_fixed || !strcmp(options_get(old, row), options_get(fresh, row)))
			continue;
		log_warning("%s takes effect when the agent is started again", row->key);
		options_set(fresh, row, text_of(options_get(old, row)), NULL);
	}
}

/* what cannot be read lets nobody in */
static void read_credentials(struct agent *agent)
{
	struct fault fault;
	if (credentials_read(agent->options.credentials, &agent->house.credentials, &fault))
		log_error("nobody may change anything: %s", fault.text);
}

/* SIGHUP: all of the new configuration, or with any error all of the old */
static void reload(void *arg)
{
	static struct options fresh;
	struct agent *agent = arg;
	struct fault fault;
	unsigned errors = read_options(agent->arguments, &fresh, log_complaint);
	if (errors) {
		log_error("the configuration stays as it was: %u error%s in the new one", errors,
			errors > 1 ? "s" : "");
		return;
	}
	keep_fixed(&agent->options, &fresh);
	agent->options = fresh;
	if (apply(agent, &fault))
		log_error("%s", fault.text);
	read_credentials(agent);
	set_worker(agent);
	worker_tell_terms(agent->worker, &agent->house, sizeof agent->house);
	log_info("read the configuration again");
}

static int prepare(struct agent *agent, struct fault *fault)
{
	const struct options *options = &agent->options;
	int error = apply(agent, fault);
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
	signal(SIGHUP, SIG_IGN); /* its parent brings what is new */
	channel_protect(channel);
	root_close(&agent->root);
	struct server_setup setup = {
		.listen_fd = agent->listen_fd,
		.channel = channel,
		.house = &agent->house,
		.agent_id = agent->id[0] ? agent->id : NULL,
	};
	int error = state_random(setup.digest_seed, sizeof setup.digest_seed, &fault);
	if (!error)
		error = privilege_drop(agent->options.user, &fault);
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
	worker->ally = &gate_ally;
	set_worker(agent);
	worker->hangup = reload;
	worker->hangup_arg = agent;
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
	agent.arguments = arguments;
	agent.worker = &worker;
	unsigned errors = read_options(arguments, &agent.options, print_complaint);
	if (argument(arguments, "check-config"))
		return check_config(arguments, errors);
	if (errors)
		return EXIT_ERROR;
	if (prepare(&agent, &fault))
		return cmd_failed(arguments, fault.text);
	log_open(agent.options.log, "collector");
	if (state_install_id(agent.options.state_dir, agent.id, &fault))
		log_warning("%s (ignoring)", fault.text);
	read_credentials(&agent);
	const struct enforcer_setup gate = {
		agent.options.run_dir, agent.options.state_dir, agent.house.client_timeout_s, &agent.root};
	enforcer_init(&enforcer, &gate);
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
	.tells = "Answers over HTTP until it is told to stop. On SIGHUP it reads FILE again; whoever is "
		 "connected notices nothing, and with an error in it everything stays as it was. Exit codes: "
		 "0 "
		 "stopped, 3 error.",
	.options = options,
	.takes_keys = true,
	.run = run,
};
