/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "cmd/look.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_MS 2000 /* a person waits this long for a disk to answer */

void look_start(struct look *look, bool hasty)
{
	history_reset(&look->history);
	assess_start(&look->memory, hasty);
}

void look_at(struct look *look, const struct snapshot *snapshot)
{
	static const struct assess_question question = {.asker = NULL};
	history_add(&look->history, snapshot, &look->rates);
	assess_observe(&look->memory, snapshot, &look->rates);
	assess_answer(&look->memory, &question, &look->assessment);
	look->view = (struct view){
		.snapshot = snapshot,
		.rates = &look->rates,
		.now_ms = snapshot->time_ms,
		.uptime_s = UNKNOWN_U64,
		.assessment = &look->assessment,
	};
}

void look_pass(struct look *look, struct collector *collector)
{
	look_at(look, collector_pass(collector, PATIENCE_MS));
}

void look_twice(struct look *look, struct collector *collector, unsigned apart_s)
{
	look_start(look, true);
	look_pass(look, collector);
	if (collector->root.recorded)
		return;
	sleep(apart_s);
	look_pass(look, collector);
}

const char *look_root(const struct arguments *arguments)
{
	const char *root = argument(arguments, "root");
	return root ? root : "/";
}

struct collector *look_collector(const struct arguments *arguments)
{
	struct root root;
	struct fault fault;
	struct collector *collector = malloc(sizeof *collector);
	int error = collector ? root_open(&root, look_root(arguments)) : -ENOMEM;
	if (!error) {
		collector_init(collector, &root);
		return collector;
	}
	free(collector);
	fault_set(&fault, error, "cannot open %s: %s", look_root(arguments), strerror(-error));
	cmd_failed(arguments, fault.text);
	return NULL;
}

void look_drop(struct collector *collector)
{
	if (collector)
		root_close(&collector->root);
	free(collector);
}

bool look_has_colours(void)
{
	const char *unwanted = getenv("NO_COLOR"), *terminal = getenv("TERM");
	return !(unwanted && *unwanted) && terminal && strcmp(terminal, "dumb") && isatty(STDOUT_FILENO);
}

static int written(const struct arguments *arguments, const char *text)
{
	if (!text)
		return cmd_failed(arguments, "out of memory");
	if (fputs(text, stdout) < 0 || fflush(stdout))
		return cmd_failed(arguments, "cannot write to standard output");
	return EXIT_GOOD;
}

int print_out(const struct arguments *arguments, struct out *out)
{
	int code = written(arguments, out->failed ? NULL : out->data ? out->data : "");
	out_free(out);
	return code;
}

int print_json(const struct arguments *arguments, struct json *json, bool pretty)
{
	struct out out = {0};
	const char *text = json_text(json, pretty);
	out.failed = !text;
	out_print(&out, "%s\n", text ? text : "");
	json_free(json);
	return print_out(arguments, &out);
}
