/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * For Samba's `dfree command`: a share that shows its clients no more free space than can be allocated at
 * once. Runs for each question of a client, as that client's user: reads the gate page, and nothing else.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "cmd/commands.h"
#include "enforce/page_read.h"

/* UINT64_MAX: nothing limits it */
static uint64_t safe_step(const char *dir, const char *run_dir)
{
	struct gate_page page;
	autofree char *real = realpath(dir, NULL);
	if (!real || page_read(run_dir, &page, NULL))
		return UINT64_MAX;
	size_t length = strlen(real);
	char path[PATH_MAX + 2];
	snprintf(path, sizeof path, "%s/", length > 1 ? real : "");
	const struct gate_page_row *row = gate_page_find(&page.top, path);
	return row ? row->max_step_bytes : UINT64_MAX;
}

static int run(const struct arguments *arguments)
{
	const char *dir = arguments->words[0], *run_dir = argument(arguments, "run-dir");
	struct fault fault;
	struct statvfs space;
	if (!arguments->word_count)
		return cmd_wrong(arguments, "it needs a folder");
	if (statvfs(dir, &space)) {
		fault_set(&fault, 0, "cannot look at %.100s: %s", dir, strerror(errno));
		return cmd_failed(arguments, fault.text);
	}
	uint64_t block = space.f_frsize ? space.f_frsize : space.f_bsize;
	uint64_t total = (uint64_t)space.f_blocks * block, available = (uint64_t)space.f_bavail * block;
	uint64_t step = safe_step(dir, run_dir ? run_dir : RUN_DIR);
	printf("%llu %llu 1024\n", (unsigned long long)(total / 1024),
		(unsigned long long)((available < step ? available : step) / 1024));
	return EXIT_GOOD;
}

static const struct command_option options[] = {
	{"run-dir", "DIR", "where the agent keeps the gate page [/run/nasready]"},
	{NULL, NULL, NULL},
};

const struct subcommand command_dfree = {
	.name = "dfree",
	.says = "for Samba's `dfree command`: what may be allocated at once",
	.usage = "FOLDER [--run-dir DIR]",
	.tells = "Prints \"TOTAL AVAILABLE 1024\" of the folder's file system, as Samba's `dfree command` "
		 "wants it; "
		 "where a share has the gate (nasready gate enable), no more available than may be allocated "
		 "at "
		 "once. Without an agent, and elsewhere, the real figures. It costs a process for each "
		 "question "
		 "of a client and hides real free space: off unless you set it (nasready gate enable "
		 "--dfree). "
		 "Exit codes: 0 good, 3 error.",
	.options = options,
	.words_max = 1,
	.run = run,
};
