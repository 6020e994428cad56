/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <stdio.h>

#include "cmd/commands.h"

int cmd_version(int argc, char **argv)
{
	if (argc > 1)
		return cmd_wrong(argv[0], "it takes no options");
	printf("nasready %s (%s)\n", NASREADY_VERSION, NASREADY_TARGET);
	return EXIT_GOOD;
}

int cmd_wrong(const char *command, const char *what)
{
	fprintf(stderr, "nasready %s: %s (nasready %s --help)\n", command, what, command);
	return EXIT_ERROR;
}
