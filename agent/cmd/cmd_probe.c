/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Times an allocation, so that plans and the gate know what allocating costs on this volume.
 */
#include <stdio.h>
#include <string.h>

#include "base/loop.h"
#include "cmd/job_here.h"
#include "cmd/look.h"
#include "common/units.h"
#include "enforce/costs.h"
#include "judge/outlook.h"

#define KNEE_PATIENCE_MS 20000 /* a cold volume on slow disks */

static struct job_here work;
static struct costs costs;
static const struct volume *volume; /* that is probed */
static bool timed, learned;

static void learn(void *arg, uint32_t share_number, uint64_t bytes, uint64_t ms)
{
	(void)arg;
	(void)share_number;
	timed = true;
	learned = costs_learn(&costs, volume, bytes, ms * 1000, clock_wall_ms());
}

/* what it is worth now */
static void print_learned(void)
{
	struct snapshot *now = &work.collector->snapshots[work.collector->newest];
	learned_tell(&costs.learned, now);
	const struct volume *known = snapshot_find_volume(now, volume->id);
	if (!learned || !known)
		puts("nothing was learned from it: so much cannot be allocated here before the volume "
		     "becomes slow");
	else
		printf("allocating on %s is now reckoned with %u.%02u s for each TiB, learned from %u "
		       "sample%s\n",
			known->mount, (unsigned)(known->cost_ms_per_tib / 1000),
			(unsigned)(known->cost_ms_per_tib % 1000 / 10), (unsigned)known->cost_samples,
			known->cost_samples == 1 ? "" : "s");
}

static int probe(const struct share *share)
{
	struct snapshot *now = &work.collector->snapshots[work.collector->newest];
	struct order order = {.id = 1, .who = "root"};
	struct order_answer answer = {.id = order.id};
	static struct volume probed;
	volume = snapshot_find_volume(now, share->volume);
	if (!volume)
		return cmd_failed(work.arguments, "nasready does not know what volume that share is on");
	knee_want(&work.collector->knee, volume->number);
	knee_step(&work.collector->knee, &work.collector->root, now, now->time_ms, KNEE_PATIENCE_MS);
	probed = *volume; /* the passes while it works make new rows */
	volume = &probed;
	costs.state_dir = work.options.state_dir;
	costs_read(&costs);
	work.obey.learn = learn;
	bool answered = obey_probe(&work.obey, share, &order, now, &answer);
	int code = job_here_end(&work, answered ? &answer : NULL);
	if (timed && code == EXIT_GOOD)
		print_learned();
	return code == EXIT_GOOD && !learned ? EXIT_WARNING : code;
}

static int run(const struct arguments *arguments)
{
	if (arguments->word_count != 1)
		return cmd_wrong(arguments, "it needs a share");
	if (job_here_open(&work, arguments))
		return EXIT_ERROR;
	const struct share *share =
		outlook_find_share(&work.collector->snapshots[work.collector->newest], arguments->words[0]);
	int code = share ? probe(share)
			 : cmd_failed(arguments, "there is no such share (nasready status lists them)");
	look_drop(work.collector);
	return code;
}

static const struct command_option options[] = {
	{"config", "FILE", "where keys are read from; the command line wins over it"},
	{"state-dir", "DIR", "where what is learned is kept, and the lock [/var/lib/nasready]"},
	{"smb-conf", "FILE", "Samba's configuration, where Samba itself does not know it"},
	{NULL, NULL, NULL},
};

const struct subcommand command_probe = {
	.name = "probe",
	.says = "learn what allocating costs on a share's volume",
	.usage = "SHARE [--config FILE] [--state-dir DIR] [--smb-conf FILE]",
	.tells =
		"Sets 64 GiB aside in a file without a name, or 1 % of the free space if that is less, gives "
		"them back at once, and keeps how long it took, for plans and for the gate. Only while "
		"nothing "
		"else takes or frees space there; better yet while nothing else uses the disks. It wakes a "
		"disk that sleeps. A running agent takes the figure up by itself.\n\n"
		"Exit codes: 0 learned, 1 cancelled or nothing learned, 2 refused, 3 error.",
	.options = options,
	.words_max = 1,
	.run = run,
};
