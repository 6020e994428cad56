/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <stdio.h>

#include "cmd/look.h"

static int run(const struct arguments *arguments)
{
	struct json json;
	if (!argument(arguments, "json")) {
		printf("nasready %s (%s)\n", NASREADY_VERSION, NASREADY_TARGET);
		return EXIT_GOOD;
	}
	json_start(&json);
	json_string(&json, "version", NASREADY_VERSION);
	json_string(&json, "target", NASREADY_TARGET);
	return print_json(arguments, &json, true);
}

static const struct command_option options[] = {{"json", NULL, "the same for programs"}, {NULL, NULL, NULL}};

const struct subcommand command_version = {
	.name = "version",
	.says = "print the version",
	.usage = "[--json]",
	.tells = "Prints the version of nasready, and for which platform it was built.",
	.options = options,
	.run = run,
};
