/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Reads the machine itself, whether an agent runs or not: twice, a second apart, because rates need two
 * samples.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "cmd/look.h"
#include "cmd/timeline.h"
#include "collect/collector.h"
#include "show/represent.h"

#define APART_S 1

struct status_options {
	bool json;
	const char *root;
};

static int help(void)
{
	puts("usage: nasready status [--json] [--root DIR]\n\n"
	     "Shows what the agent sees of this machine: CPU, memory, volumes with their journals, links, "
	     "RAID, disks.\n"
	     "Takes two samples a second apart; needs no running agent. As root it sees labels and "
	     "superblocks, too.\n\n"
	     "  --json      the answer of GET /v1/status\n"
	     "  --root DIR  a recorded machine (tests/record.sh), or a timeline of several");
	return EXIT_GOOD;
}

static int parse(int argc, char **argv, struct status_options *ret)
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

static int print_json(const struct view *view)
{
	struct json json;
	json_start(&json);
	represent_status(view, &json);
	const char *text = json_text(&json, true);
	if (text)
		puts(text);
	json_free(&json);
	return text ? EXIT_GOOD : EXIT_ERROR;
}

static int print_text(const struct view *view)
{
	struct out out = {0};
	represent_text(view, &out);
	bool failed = out.failed;
	if (!failed)
		fputs(out.data, stdout);
	out_free(&out);
	return failed ? EXIT_ERROR : EXIT_GOOD;
}

int cmd_status(int argc, char **argv)
{
	static struct look look;
	struct status_options options = {.root = "/"};
	if (argc == 2 && !strcmp(argv[1], "--help"))
		return help();
	if (parse(argc, argv, &options))
		return cmd_wrong(argv[0], "it knows --json and --root DIR");
	autofree struct collector *collector = malloc(sizeof *collector);
	if (!collector)
		return EXIT_ERROR;
	if (timeline_is(options.root))
		return timeline_print(options.root, collector);
	struct root root;
	int error = root_open(&root, options.root);
	if (error) {
		fprintf(stderr, "nasready status: cannot open %s: %s\n", options.root, strerror(-error));
		return EXIT_ERROR;
	}
	collector_init(collector, &root);
	look_twice(&look, collector, APART_S);
	int code = options.json ? print_json(&look.view) : print_text(&look.view);
	root_close(&root);
	return code;
}
