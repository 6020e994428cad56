/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The table of contents of all that is read, in the order in which it is read: a source may use what the
 * ones above it found.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "collect/source_connections.h"
#include "collect/source_cpu.h"
#include "collect/source_disks.h"
#include "collect/source_filesystems.h"
#include "collect/source_journal.h"
#include "collect/source_links.h"
#include "collect/source_memory.h"
#include "collect/source_mounts.h"
#include "collect/source_raid.h"
#include "collect/source_services.h"
#include "collect/source_shares.h"
#include "collect/source_smbstatus.h"
#include "collect/source_ups.h"
#include "collect/source_vdisks.h"
#include "collect/source_volumes.h"
#include "collect/source_writeback.h"
#include "common/text.h"
#include "system/answer.h"

#define SLOW_MS 55000 /* while somebody asks */
#define SLOW_UNASKED_MS \
	570000 /* the tenth pass of an agent that nobody asks; who asks then gets it at once */

/* clang-format off */
const struct source sources[] = {
	{"mounts", mounts_collect, NULL},
	{"volumes", volumes_collect, volumes_finish}, /* its child works while the others read */
	{"cpu", cpu_collect, NULL},
	{"memory", memory_collect, NULL},
	{"writeback", writeback_collect, NULL},
	{"raid", raid_collect, NULL},
	{"links", links_collect, NULL},
	{"shares", shares_collect, shares_finish},    /* needs the volumes; gives connections their ports */
	{"connections", connections_collect, NULL},
	{"smbstatus", smbstatus_collect, smbstatus_finish}, /* needs the clients */
	{"services", services_collect, NULL},
	{"ups", ups_collect, ups_finish},
	{"filesystems", filesystems_collect, NULL},
	{"disks", disks_collect, NULL},               /* names the volumes' block devices, and their journals' */
	{"vdisks", vdisks_collect, vdisks_finish},    /* needs shares, clients, and what was written to the volumes */
	{"journal", journal_collect, NULL},           /* needs those names and the superblock */
};
/* clang-format on */
const unsigned sources_count = ARRAY_LEN(sources);

static uint64_t clock_us(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void set_time(struct pass *pass)
{
	if (!pass->root->recorded) {
		pass->now->time_ms = clock_us(CLOCK_MONOTONIC) / 1000;
		pass->now->clock_ms = clock_us(CLOCK_REALTIME) / 1000;
		return;
	}
	ssize_t length = root_read(pass->root, pass->text, SYSFS_TEXT_MAX, "answers/time");
	struct text rest = text_trim((struct text){pass->text, length < 0 ? 0 : (size_t)length});
	if (!text_word_u64(&rest, &pass->now->time_ms) || !text_word_u64(&rest, &pass->now->clock_ms))
		pass->now->time_ms = pass->now->clock_ms = 1;
}

/* names, sizes, limits, what a link can do: half of all files that a pass would read */
static void set_lately(struct pass *pass)
{
	uint64_t now_ms = pass->now->time_ms, slow_ms = pass->before->slow_ms;
	pass->lately = !pass->root->recorded && slow_ms &&
		       now_ms - slow_ms < (pass->asked ? SLOW_MS : SLOW_UNASKED_MS);
	pass->now->slow_ms = pass->lately ? slow_ms : now_ms;
}

static void report(struct pass *pass, struct source_report *row, int result, const struct fault *fault)
{
	row->state = result == 0		? SOURCE_OK
		     : result < 0		? SOURCE_FAILED
		     : result == SOURCE_E_STALE ? SOURCE_STALE
						: SOURCE_ABSENT;
	const struct source_report *old = snapshot_find_source(pass->before, row->name);
	row->ok_ms = result == 0 ? pass->now->time_ms : old ? old->ok_ms : 0;
	text_show(row->error, sizeof row->error, text_of(result ? fault->text : ""));
}

/* a source that failed to begin is not finished */
static void run_one(struct pass *pass, unsigned index, bool finish)
{
	const struct source *source = &sources[index];
	struct source_report *row = &pass->now->sources[index];
	int (*call)(struct pass *, struct fault *) = finish ? source->finish : source->collect;
	if (!call || (finish && row->state != SOURCE_OK))
		return;
	struct fault fault = {""};
	uint64_t start_us = clock_us(CLOCK_MONOTONIC);
	int result = call(pass, &fault);
	uint32_t took_us = (uint32_t)(clock_us(CLOCK_MONOTONIC) - start_us);
	/* the patience is for the whole pass: several slow children must not add up */
	pass->patience_ms -= took_us / 1000 < pass->patience_ms ? took_us / 1000 : pass->patience_ms;
	if (!pass->root->recorded)
		row->duration_us += took_us;
	report(pass, row, result, &fault);
}

void sources_run(struct pass *pass)
{
	answer_reap();
	snapshot_reset(pass->now);
	set_time(pass);
	set_lately(pass);
	pass->now->source_count = sources_count;
	memset(pass->now->sources, 0, sources_count * sizeof pass->now->sources[0]);
	for (unsigned i = 0; i < sources_count; i++)
		snprintf(
			pass->now->sources[i].name, sizeof pass->now->sources[i].name, "%s", sources[i].name);
	for (unsigned i = 0; i < sources_count; i++)
		run_one(pass, i, false);
	for (unsigned i = 0; i < sources_count; i++)
		run_one(pass, i, true);
}
