/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Reads the machine itself, whether an agent runs or not: twice, a second apart, because rates need two
 * samples.
 */
#include <unistd.h>

#include "cmd/look.h"
#include "cmd/timeline.h"

#define APART_S 1
#define WATCH_S 2

static int print(const struct arguments *arguments, const struct view *view)
{
	bool watch = argument(arguments, "watch");
	struct json json;
	struct out out = {.colours = look_has_colours()};
	if (argument(arguments, "json")) {
		json_start(&json);
		represent_status(view, &json);
		return print_json(arguments, &json, !watch);
	}
	if (watch && isatty(STDOUT_FILENO))
		out_text(&out, "\033[H\033[J"); /* to the upper left, and nothing below */
	represent_text(view, &out);
	if (watch && !isatty(STDOUT_FILENO))
		out_text(&out, "\n");
	return print_out(arguments, &out);
}

/* until nobody reads, or a signal */
static int watch(const struct arguments *arguments, struct look *look, struct collector *collector)
{
	int code = EXIT_GOOD;
	look_start(look, false);
	look_pass(look, collector);
	while (code == EXIT_GOOD) {
		sleep(WATCH_S);
		look_pass(look, collector);
		code = print(arguments, &look->view);
	}
	return code;
}

static int run(const struct arguments *arguments)
{
	static struct look look;
	int code;
	struct collector *collector = look_collector(arguments);
	if (!collector)
		return EXIT_ERROR;
	if (timeline_is(look_root(arguments))) {
		code = timeline_print(look_root(arguments), collector);
	} else if (argument(arguments, "watch")) {
		code = watch(arguments, &look, collector);
	} else {
		look_twice(&look, collector, APART_S);
		code = print(arguments, &look.view);
	}
	look_drop(collector);
	return code;
}

static const struct command_option options[] = {
	{"json", NULL, "the answer of GET /v1/status; with --watch one line for each look"},
	{"watch", NULL, "again every 2 s, until Ctrl+C"},
	{"root", "DIR", "a recorded machine (tests/record.sh), or a timeline of several"},
	{NULL, NULL, NULL},
};

const struct subcommand command_status = {
	.name = "status",
	.says = "show what the agent sees of this machine",
	.usage = "[--json] [--watch] [--root DIR]",
	.tells = "Shows what decides a backup and what the agent sees of this machine: CPU, memory, volumes "
		 "with "
		 "their journals, links, RAID, disks. Takes two samples a second apart; needs no running "
		 "agent. "
		 "As root it sees labels and superblocks, too. Exit codes: 0 shown, 3 error.",
	.options = options,
	.run = run,
};
