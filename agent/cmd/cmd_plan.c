/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * In which steps to create or grow a disk. Looks at the machine itself, whether an agent runs or not; without
 * share or volume it needs no machine at all.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/look.h"
#include "common/size.h"
#include "show/represent_plan.h"

#define PATIENCE_MS 2000       /* a person waits this long for a disk to answer */
#define KNEE_PATIENCE_MS 20000 /* a cold volume on slow disks */

static int parse(const struct arguments *arguments, struct outlook_question *question, struct fault *fault)
{
	const char *current = argument(arguments, "current"),
		   *timeout = argument(arguments, "client-timeout");
	if (!arguments->word_count)
		return fault_set(fault, -EINVAL, "it needs a size, such as 5.3TiB");
	if (argument(arguments, "share") && argument(arguments, "volume"))
		return fault_set(fault, -EINVAL, "name either a share or a volume");
	int error = size_parse(text_of(arguments->words[0]), &question->size_bytes, fault);
	if (!error && current)
		error = size_parse(text_of(current), &question->current_bytes, fault);
	question->client_timeout_s = PLAN_CLIENT_TIMEOUT_S;
	if (!error && timeout &&
		(!text_u32(text_of(timeout), &question->client_timeout_s) || !question->client_timeout_s ||
			question->client_timeout_s > CLIENT_TIMEOUT_MAX_S))
		error = fault_set(fault, -EINVAL, "--client-timeout is a number of seconds from 1 to %d",
			CLIENT_TIMEOUT_MAX_S);
	return error;
}

/* the volume, and its knee; -ENOENT and the fault if there is none */
static int look(const struct arguments *arguments, struct collector *collector,
	struct outlook_question *question, struct fault *fault)
{
	const char *share = argument(arguments, "share"), *volume = argument(arguments, "volume");
	const struct snapshot *snapshot = collector_pass(collector, PATIENCE_MS);
	question->snapshot = snapshot;
	question->now_ms = snapshot->time_ms;
	if (share) {
		question->share = outlook_find_share(snapshot, share);
		if (!question->share)
			return fault_set(fault, -ENOENT,
				"this machine has no share \"%.80s\" that nasready knows", share);
		question->volume = snapshot_find_volume(snapshot, question->share->volume);
	} else if (volume) {
		question->volume = outlook_find_volume(snapshot, volume);
	}
	if (!question->volume)
		return fault_set(fault, -ENOENT,
			"\"%.80s\" is on no volume that nasready knows (nasready status lists them)",
			share ? question->share->path : volume);
	knee_want(&collector->knee, question->volume->number);
	knee_step(&collector->knee, &collector->root, &collector->snapshots[collector->newest],
		snapshot->time_ms, KNEE_PATIENCE_MS);
	return 0;
}

static int print(const struct arguments *arguments, const struct outlook_question *question)
{
	struct outlook outlook;
	struct fault reason = {""};
	struct json json;
	struct out out = {.colours = look_has_colours()};
	outlook_make(question, &outlook);
	if (outlook.result) {
		outlook_explain(&outlook, &reason);
		cmd_failed(arguments, reason.text);
		return EXIT_REFUSED;
	}
	if (argument(arguments, "json")) {
		json_start(&json);
		represent_plan(&outlook, &json);
		return print_json(arguments, &json, true);
	}
	represent_plan_text(&outlook, question->snapshot ? question->snapshot->host : NULL, &out);
	return print_out(arguments, &out);
}

static int run(const struct arguments *arguments)
{
	struct outlook_question question = {0};
	struct fault fault = {""};
	if (parse(arguments, &question, &fault))
		return cmd_wrong(arguments, fault.text);
	if (!argument(arguments, "share") && !argument(arguments, "volume"))
		return print(arguments, &question);
	struct collector *collector = look_collector(arguments);
	if (!collector)
		return EXIT_ERROR;
	int code = look(arguments, collector, &question, &fault) ? cmd_failed(arguments, fault.text)
								 : print(arguments, &question);
	look_drop(collector);
	return code;
}

static const struct command_option options[] = {
	{"share", "NAME", "where the disk lies or shall lie"},
	{"volume", "PATH", "the same by a path on the volume, or by the volume's id"},
	{"current", "SIZE", "size that the disk has already"},
	{"client-timeout", "S", "after which the SMB client gives up [60]"},
	{"json", NULL, "the answer of GET /v1/plan"},
	OPTION_ROOT,
	{NULL, NULL, NULL},
};

const struct subcommand command_plan = {
	.name = "plan",
	.says = "say in which steps to create or grow a disk",
	.usage = "SIZE [--share NAME | --volume PATH] [--current SIZE] [--client-timeout S] [--json] [--root "
		 "DIR]",
	.tells = "Says in which steps to create a fixed VHDX of that size, or to grow one, so that no step "
		 "outlasts "
		 "the SMB client. Without share or volume: with default figures, for a volume that is large "
		 "enough. "
		 "SIZE is in bytes, or with KiB, MiB, GiB or TiB, as in 5.3TiB. Exit codes: 0 a plan, 2 "
		 "refused, 3 "
		 "error.",
	.options = options,
	.words_max = 1,
	.run = run,
};
