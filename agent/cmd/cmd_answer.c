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
#include "collect/source_shares.h"
#include "collect/source_ups.h"
#include "collect/source_vdisks.h"
#include "collect/source_volumes.h"

static void ask_statfs(const struct root *root, const struct snapshot *snapshot)
{
	(void)root;
	struct volumes_question question = {snapshot, UINT32_MAX};
	volumes_ask(STDOUT_FILENO, &question);
}

static void ask_filesystems(const struct root *root, const struct snapshot *snapshot)
{
	struct filesystems_question question = {root, snapshot, UINT32_MAX};
	filesystems_ask(STDOUT_FILENO, &question);
}

static void ask_testparm(const struct root *root, const struct snapshot *snapshot)
{
	(void)snapshot;
	struct shares_question question = {"", "", ""};
	shares_find_programs(&(struct pass){.root = root}, &question);
	shares_ask(STDOUT_FILENO, &question);
}

static void ask_ups(const struct root *root, const struct snapshot *snapshot)
{
	(void)root;
	(void)snapshot;
	struct ups_target target;
	if (!ups_target_parse(text_of(""), &target, NULL))
		ups_ask(STDOUT_FILENO, &target);
}

static void ask_vdisks(const struct root *root, const struct snapshot *snapshot)
{
	static struct snapshot none;
	struct vdisks_question question = {root, snapshot, &none, VDISKS_DEPTH, UINT32_MAX};
	vdisks_ask(STDOUT_FILENO, &question);
}

static const struct {
	const char *name;
	void (*ask)(const struct root *root, const struct snapshot *snapshot);
} answers[] = {
	{"statfs", ask_statfs},
	{"filesystems", ask_filesystems},
	{"testparm", ask_testparm},
	{"ups", ask_ups},
	{"vdisks", ask_vdisks},
};

static int run(const struct arguments *arguments)
{
	const char *what = arguments->word_count ? arguments->words[0] : "";
	unsigned wanted = 0;
	while (wanted < ARRAY_LEN(answers) && strcmp(what, answers[wanted].name))
		wanted++;
	if (wanted == ARRAY_LEN(answers))
		return cmd_wrong(arguments, "name one of statfs, filesystems, testparm, ups, vdisks");
	struct root root;
	autofree struct collector *collector = malloc(sizeof *collector);
	if (!collector || root_open(&root, "/")) {
		perror("nasready answer");
		return EXIT_ERROR;
	}
	collector_init(collector, &root);
	answers[wanted].ask(&root, collector_pass(collector, 1000));
	root_close(&root);
	return EXIT_GOOD;
}

const struct subcommand command_answer = {
	.name = "answer",
	.usage = "statfs|filesystems|testparm|ups|vdisks",
	.tells = "Prints what the agent's children say of the volumes of this machine, in the form of a "
		 "recorded "
		 "machine's answers/ folder (tests/record.sh). The second one opens and reads the devices.",
	.words_max = 1,
	.run = run,
};
