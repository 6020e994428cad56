/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "collect/collector.h"
#include "collect/source_filesystems.h"
#include "collect/source_volumes.h"

static int help(void)
{
	puts("usage: nasready answer statfs|filesystems\n\n"
	     "Prints what the agent's children say of the volumes of this machine, in the form of a "
	     "recorded\n"
	     "machine's answers/ folder. The second one opens and reads the devices.");
	return EXIT_GOOD;
}

int cmd_answer(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--help"))
		return help();
	bool statfs = argc == 2 && !strcmp(argv[1], "statfs");
	if (!statfs && (argc != 2 || strcmp(argv[1], "filesystems")))
		return cmd_wrong(argv[0], "name one of statfs, filesystems");
	struct root root;
	autofree struct collector *collector = malloc(sizeof *collector);
	if (!collector || root_open(&root, "/")) {
		perror("nasready answer");
		return EXIT_ERROR;
	}
	collector_init(collector, &root);
	const struct snapshot *snapshot = collector_pass(collector, 1000);
	struct volumes_question volumes = {snapshot, UINT32_MAX};
	struct filesystems_question filesystems = {&root, snapshot, UINT32_MAX};
	if (statfs)
		volumes_ask(STDOUT_FILENO, &volumes);
	else
		filesystems_ask(STDOUT_FILENO, &filesystems);
	root_close(&root);
	return EXIT_GOOD;
}
