/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * May a backup run now? Looks at the machine itself, whether an agent runs or not; the exit code is the
 * answer.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/look.h"
#include "cmd/timeline.h"
#include "show/represent_ready.h"

#define APART_S 2

static int print_answer(const struct arguments *arguments, const struct view *view, bool recorded)
{
	struct json json;
	struct out out = {.colours = look_has_colours()};
	if (argument(arguments, "json")) {
		json_start(&json);
		represent_ready(view, &json);
		return print_json(arguments, &json, true);
	}
	represent_ready_text(view, &out);
	out_print(&out, "\nJudged from %s: what comes and goes may be missing.\n",
		recorded ? "a single recorded moment" : "two looks 2 s apart");
	return print_out(arguments, &out);
}

static int exit_code(enum verdict answer)
{
	return answer == VERDICT_GO ? EXIT_GOOD : answer == VERDICT_WAIT ? EXIT_WARNING : EXIT_REFUSED;
}

/* -- a timeline -- */

static void add_moment(const struct view *view, uint32_t time_s, void *arg)
{
	struct json *json = arg;
	json_object(json, NULL);
	json_u32(json, "t_s", time_s);
	represent_answer_brief(view->assessment, json);
	json_end(json);
}

static void print_moment(const struct view *view, uint32_t time_s, void *arg)
{
	const struct assessment *assessment = view->assessment;
	struct out *out = arg;
	char after[16] = "";
	if (assessment->retry_after_s != UNKNOWN_U32)
		snprintf(after, sizeof after, "%u s", (unsigned)assessment->retry_after_s);
	out_print(out, "%3u:%02u:%02u  %-6s  %7s", (unsigned)time_s / 3600, (unsigned)time_s / 60 % 60,
		(unsigned)time_s % 60, verdict_name(assessment->answer), after);
	for (uint32_t i = 0; i < assessment->count; i++) {
		const struct finding *finding = &assessment->findings[i];
		out_print(out, "%s%s %s", i ? ", " : "  ", severity_name(finding->severity), finding->code);
	}
	out_text(out, "\n");
}

static int print_timeline(const struct arguments *arguments, struct collector *collector)
{
	struct json json;
	struct out out = {0};
	struct fault fault;
	const char *dir = look_root(arguments);
	bool as_json = argument(arguments, "json");
	json_start(&json);
	json_list(&json, "timeline");
	out_text(&out, "     TIME  ANSWER    RETRY  FINDINGS\n");
	int error = as_json ? timeline_play(dir, collector, add_moment, &json)
			    : timeline_play(dir, collector, print_moment, &out);
	json_end(&json);
	if (!error && as_json) {
		out_free(&out);
		return print_json(arguments, &json, true);
	}
	json_free(&json);
	if (!error)
		return print_out(arguments, &out);
	out_free(&out);
	fault_set(&fault, error, "cannot play the timeline %s: %s", dir, strerror(-error));
	return cmd_failed(arguments, fault.text);
}

static int run(const struct arguments *arguments)
{
	static struct look look;
	int code;
	struct collector *collector = look_collector(arguments);
	if (!collector)
		return EXIT_ERROR;
	if (timeline_is(look_root(arguments))) {
		code = print_timeline(arguments, collector);
	} else {
		look_twice(&look, collector, APART_S);
		code = print_answer(arguments, &look.view, collector->root.recorded);
		code = code == EXIT_GOOD ? exit_code(look.assessment.answer) : code;
	}
	look_drop(collector);
	return code;
}

static const struct command_option options[] = {
	{"json", NULL, "the answer of GET /v1/ready"},
	{"root", "DIR", "a recorded machine (tests/record.sh), or a timeline of several, moment by moment"},
	{NULL, NULL, NULL},
};

const struct subcommand command_ready = {
	.name = "ready",
	.says = "say whether a backup may run now, and why not",
	.usage = "[--json] [--root DIR]",
	.tells = "Says whether a Windows backup onto this NAS may run now, what speaks against it, and what "
		 "to do. "
		 "Takes two samples 2 s apart; needs no running agent. Exit codes: 0 go, 1 wait, 2 no, 3 "
		 "error.",
	.options = options,
	.run = run,
};
