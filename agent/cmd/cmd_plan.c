/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * In which steps to create or grow a disk. Looks at the machine itself, whether an agent runs or not; without
 * share or volume it needs no machine at all.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/commands.h"
#include "collect/collector.h"
#include "common/size.h"
#include "show/represent_plan.h"

#define PATIENCE_MS 2000       /* a person waits this long for a disk to answer */
#define KNEE_PATIENCE_MS 20000 /* a cold volume on slow disks */

struct plan_options {
	const char *size, *current, *share, *volume, *timeout, *root;
	bool json;
	struct outlook_question question;
};

static int help(void)
{
	puts("usage: nasready plan SIZE [--share NAME | --volume PATH] [--current SIZE] [--client-timeout "
	     "S]\n"
	     "                     [--json] [--root DIR]\n\n"
	     "Says in which steps to create a fixed VHDX of that size, or to grow one, so that no step "
	     "outlasts "
	     "the\n"
	     "SMB client. Without share or volume: with default figures, for a volume that is large enough.\n"
	     "SIZE is in bytes, or with KiB, MiB, GiB or TiB, as in 5.3TiB. Exit codes: 0 a plan, 2 refused, "
	     "3 "
	     "error.\n\n"
	     "  --share NAME        where the disk lies or shall lie\n"
	     "  --volume PATH       the same by a path on the volume, or by the volume's id\n"
	     "  --current SIZE      size that the disk has already\n"
	     "  --client-timeout S  after which the SMB client gives up (60)\n"
	     "  --json              the answer of GET /v1/plan\n"
	     "  --root DIR          a recorded machine (tests/record.sh)");
	return EXIT_GOOD;
}

static int take_option(int argc, char **argv, int *index, struct plan_options *options, struct fault *fault)
{
	const struct {
		const char *name, **value;
	} known[] = {
		{"--share", &options->share},
		{"--volume", &options->volume},
		{"--current", &options->current},
		{"--client-timeout", &options->timeout},
		{"--root", &options->root},
	};
	const char *argument = argv[*index];
	for (unsigned i = 0; i < ARRAY_LEN(known); i++) {
		if (strcmp(argument, known[i].name))
			continue;
		if (*index + 1 >= argc)
			return fault_set(fault, -EINVAL, "%s needs a value", argument);
		*known[i].value = argv[++*index];
		return 0;
	}
	if (!strcmp(argument, "--json"))
		options->json = true;
	else if (argument[0] == '-' || options->size)
		return fault_set(fault, -EINVAL, "it does not know \"%.60s\"", argument);
	else
		options->size = argument;
	return 0;
}

static int parse(int argc, char **argv, struct plan_options *options, struct fault *fault)
{
	struct outlook_question *question = &options->question;
	int error = 0;
	for (int i = 1; i < argc && !error; i++)
		error = take_option(argc, argv, &i, options, fault);
	if (!error && !options->size)
		error = fault_set(fault, -EINVAL, "it needs a size, such as 5.3TiB");
	if (!error && options->share && options->volume)
		error = fault_set(fault, -EINVAL, "name either a share or a volume");
	if (!error)
		error = size_parse(text_of(options->size), &question->size_bytes, fault);
	if (!error && options->current)
		error = size_parse(text_of(options->current), &question->current_bytes, fault);
	question->client_timeout_s = PLAN_CLIENT_TIMEOUT_S;
	if (!error && options->timeout &&
		(!text_u32(text_of(options->timeout), &question->client_timeout_s) ||
			!question->client_timeout_s || question->client_timeout_s > CLIENT_TIMEOUT_MAX_S))
		error = fault_set(fault, -EINVAL, "--client-timeout is a number of seconds from 1 to %d",
			CLIENT_TIMEOUT_MAX_S);
	return error;
}

/* the volume, and its knee; -ENOENT and the fault if there is none */
static int look(struct collector *collector, struct plan_options *options, struct fault *fault)
{
	struct outlook_question *question = &options->question;
	const struct snapshot *snapshot = collector_pass(collector, PATIENCE_MS);
	question->snapshot = snapshot;
	question->now_ms = snapshot->time_ms;
	if (options->share) {
		question->share = outlook_find_share(snapshot, options->share);
		if (!question->share)
			return fault_set(fault, -ENOENT,
				"this machine has no share \"%.80s\" that nasready knows", options->share);
		question->volume = snapshot_find_volume(snapshot, question->share->volume);
	} else if (options->volume) {
		question->volume = outlook_find_volume(snapshot, options->volume);
	}
	if (!question->volume)
		return fault_set(fault, -ENOENT,
			"\"%.80s\" is on no volume that nasready knows (nasready status lists them)",
			options->share ? question->share->path : options->volume);
	knee_want(&collector->knee, question->volume->number);
	knee_step(&collector->knee, &collector->root, &collector->snapshots[collector->newest],
		snapshot->time_ms, KNEE_PATIENCE_MS);
	return 0;
}

static int print_json(const struct outlook *outlook)
{
	struct json json;
	json_start(&json);
	represent_plan(outlook, &json);
	const char *text = json_text(&json, true);
	if (text)
		puts(text);
	json_free(&json);
	return text ? EXIT_GOOD : EXIT_ERROR;
}

static int print_text(const struct outlook *outlook)
{
	struct out out = {0};
	represent_plan_text(
		outlook, outlook->question.snapshot ? outlook->question.snapshot->host : NULL, &out);
	bool failed = out.failed;
	if (!failed)
		fputs(out.data, stdout);
	out_free(&out);
	return failed ? EXIT_ERROR : EXIT_GOOD;
}

static int print(const struct plan_options *options)
{
	struct outlook outlook;
	struct fault reason = {""};
	outlook_make(&options->question, &outlook);
	if (!outlook.result)
		return options->json ? print_json(&outlook) : print_text(&outlook);
	outlook_explain(&outlook, &reason);
	fprintf(stderr, "nasready plan: %s\n", reason.text);
	return EXIT_REFUSED;
}

int cmd_plan(int argc, char **argv)
{
	struct plan_options options = {.root = "/"};
	struct fault fault = {""};
	struct root root;
	if (argc == 2 && !strcmp(argv[1], "--help"))
		return help();
	if (parse(argc, argv, &options, &fault))
		return cmd_wrong(argv[0], fault.text);
	if (!options.share && !options.volume)
		return print(&options);
	autofree struct collector *collector = malloc(sizeof *collector);
	int error = collector ? root_open(&root, options.root) : -ENOMEM;
	if (error) {
		fprintf(stderr, "nasready plan: cannot open %s: %s\n", options.root, strerror(-error));
		return EXIT_ERROR;
	}
	collector_init(collector, &root);
	error = look(collector, &options, &fault);
	if (error)
		fprintf(stderr, "nasready plan: %s\n", fault.text);
	int code = error ? EXIT_ERROR : print(&options);
	root_close(&root);
	return code;
}
