/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * May a backup run now? Looks at the machine itself, whether an agent runs or not; the exit code is the
 * answer.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/commands.h"
#include "cmd/look.h"
#include "cmd/timeline.h"
#include "show/represent_ready.h"

#define APART_S 2

struct ready_options {
	bool json;
	const char *root;
};

static int help(void)
{
	puts("usage: nasready ready [--json] [--root DIR]\n\n"
	     "Says whether a Windows backup onto this NAS may run now, what speaks against it, and what to "
	     "do.\n"
	     "Takes two samples 2 s apart; needs no running agent. Exit codes: 0 go, 1 wait, 2 no, 3 "
	     "error.\n\n"
	     "  --json      the answer of GET /v1/ready\n"
	     "  --root DIR  a recorded machine (tests/record.sh), or a timeline of several, moment by "
	     "moment");
	return EXIT_GOOD;
}

static int parse(int argc, char **argv, struct ready_options *ret)
{
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--json"))
			ret->json = true;
		else if (!strcmp(argv[i], "--root") && i + 1 < argc)
			ret->root = argv[++i];
		else
			return -EINVAL;
	}
	return 0;
}

static int print_json(struct json *json)
{
	const char *text = json_text(json, true);
	if (text)
		puts(text);
	json_free(json);
	return text ? 0 : -ENOMEM;
}

static int print_out(struct out *out)
{
	bool failed = out->failed;
	if (!failed)
		fputs(out->data, stdout);
	out_free(out);
	return failed ? -ENOMEM : 0;
}

static int print_answer(const struct view *view, bool recorded, bool as_json)
{
	struct json json;
	struct out out = {0};
	if (as_json) {
		json_start(&json);
		represent_ready(view, &json);
		return print_json(&json);
	}
	represent_ready_text(view, &out);
	out_print(&out, "\nJudged from %s: what comes and goes may be missing.\n",
		recorded ? "a single recorded moment" : "two looks 2 s apart");
	return print_out(&out);
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

static int print_timeline(const struct ready_options *options, struct collector *collector)
{
	struct json json;
	struct out out = {0};
	int error;
	if (options->json) {
		json_start(&json);
		json_list(&json, "timeline");
		error = timeline_play(options->root, collector, add_moment, &json);
		json_end(&json);
		error = error ? error : print_json(&json);
	} else {
		out_text(&out, "     TIME  ANSWER    RETRY  FINDINGS\n");
		error = timeline_play(options->root, collector, print_moment, &out);
		error = error ? error : print_out(&out);
	}
	if (!error)
		return EXIT_GOOD;
	fprintf(stderr, "nasready ready: cannot play the timeline %s: %s\n", options->root, strerror(-error));
	return EXIT_ERROR;
}

int cmd_ready(int argc, char **argv)
{
	static struct look look;
	struct ready_options options = {.root = "/"};
	if (argc == 2 && !strcmp(argv[1], "--help"))
		return help();
	if (parse(argc, argv, &options))
		return cmd_wrong(argv[0], "it knows --json and --root DIR");
	autofree struct collector *collector = malloc(sizeof *collector);
	if (!collector)
		return EXIT_ERROR;
	if (timeline_is(options.root))
		return print_timeline(&options, collector);
	struct root root;
	int error = root_open(&root, options.root);
	if (error) {
		fprintf(stderr, "nasready ready: cannot open %s: %s\n", options.root, strerror(-error));
		return EXIT_ERROR;
	}
	collector_init(collector, &root);
	look_twice(&look, collector, APART_S);
	error = print_answer(&look.view, root.recorded, options.json);
	root_close(&root);
	return error ? EXIT_ERROR : exit_code(look.assessment.answer);
}
