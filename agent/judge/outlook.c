/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "judge/outlook.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/scope.h"
#include "common/text.h"
#include "common/units.h"
#include "model/file_limit.h"

#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)
#define TIB (UINT64_C(1) << 40)

#define KNEE_VALID_MS 3600000
#define KNEE_RETRY_MS 60000	   /* after a failure */
#define KNEE_MOVED_PERCENT 1	   /* of the volume */
#define HEADROOM_PERCENT 1	   /* the article left 1.9 % free: 5.3 of 5.4 TB */
#define VHDX_FIXED_BYTES (8 * MIB) /* header, log, metadata and a table each begin on a MiB of their own */
#define VHDX_TABLE_SHIFT 22	   /* 8 bytes for each block of 32 MiB */

/* -- limits -- */

uint64_t outlook_file_bytes(uint64_t size_bytes)
{
	return size_bytes + VHDX_FIXED_BYTES + (size_bytes >> VHDX_TABLE_SHIFT);
}

static void fill_limit(const struct outlook_question *question, struct capacity *capacity)
{
	const struct file_limit least = file_limit_of(question->snapshot, question->volume);
	/* the tables of the largest disk, taken as if it were as large as the file */
	uint64_t disk = least.bytes - (outlook_file_bytes(least.bytes) - least.bytes);
	bool format = disk >= PLAN_VHDX_MAX_BYTES;
	capacity->limit_bytes = format ? PLAN_VHDX_MAX_BYTES : disk / MIB * MIB;
	snprintf(capacity->limit_reason, sizeof capacity->limit_reason, "%s",
		format ? "a VHDX holds 64 TiB" : least.says);
}

/* -- the knee -- */

static uint64_t distance(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

static bool has_groups(const struct volume *volume)
{
	return !strncmp(volume->fstype, "ext", 3) && volume->block[0];
}

bool outlook_knee_is_known(const struct volume *volume, uint64_t now_ms)
{
	if (!has_groups(volume) || !volume->number)
		return true;
	uint64_t age_ms = now_ms > volume->knee_ms ? now_ms - volume->knee_ms : 0;
	if (!volume->knee_ms)
		return false;
	if (volume->knee_bytes == UNKNOWN_U64)
		return age_ms < KNEE_RETRY_MS;
	return age_ms < KNEE_VALID_MS &&
	       (volume->free_bytes == UNKNOWN_U64 || distance(volume->free_bytes, volume->knee_free_bytes) <=
							     volume->size_bytes / 100 * KNEE_MOVED_PERCENT);
}

/* What was taken since came from there, what was given back may lie anywhere. */
static uint64_t left_now(const struct volume *volume, uint64_t whole)
{
	uint64_t free = volume->free_bytes, taken = 0;
	if (whole == UNKNOWN_U64 || free == UNKNOWN_U64)
		return whole;
	if (volume->knee_free_bytes != UNKNOWN_U64 && volume->knee_free_bytes > free)
		taken = volume->knee_free_bytes - free;
	whole -= taken < whole ? taken : whole;
	return whole < free ? whole : free;
}

static void fill_whole(const struct outlook_question *question, struct capacity *capacity)
{
	const struct volume *volume = question->volume;
	const char *reason = "";
	if (!volume)
		reason = "no volume was named";
	else if (!has_groups(volume))
		reason = "only ext4 tells of its block groups";
	else if (volume->knee_bytes == UNKNOWN_U64)
		reason = volume->knee_ms ? volume->knee_reason : "its block groups have not been read yet";
	if (!*reason) {
		capacity->whole_bytes = left_now(volume, volume->knee_bytes);
		capacity->coarse_bytes = left_now(volume, volume->coarse_bytes);
		capacity->whole_age_ms =
			question->now_ms > volume->knee_ms ? question->now_ms - volume->knee_ms : 0;
	}
	snprintf(capacity->whole_reason, sizeof capacity->whole_reason, "%s", reason);
}

/* -- all of it -- */

uint64_t outlook_headroom(uint64_t volume_bytes)
{
	uint64_t percent = volume_bytes / 100 * HEADROOM_PERCENT;
	return percent > GIB ? percent : GIB;
}

static struct capacity capacity_of(const struct outlook_question *question)
{
	const struct volume *volume = question->volume;
	struct capacity capacity = {
		.size_bytes = volume ? volume->size_bytes : UNKNOWN_U64,
		.available_bytes = volume ? volume->available_bytes : UNKNOWN_U64,
		.whole_bytes = UNKNOWN_U64,
		.coarse_bytes = UNKNOWN_U64,
		.whole_age_ms = UNKNOWN_U64,
	};
	fill_limit(question, &capacity);
	fill_whole(question, &capacity);
	return capacity;
}

static uint64_t minus(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

void outlook_make(const struct outlook_question *question, struct outlook *ret_outlook)
{
	uint64_t size_bytes = question->size_bytes / MIB * MIB;
	*ret_outlook = (struct outlook){
		.question = *question,
		.capacity = capacity_of(question),
		.cost_ms_per_tib =
			question->volume ? question->volume->cost_ms_per_tib : PLAN_COST_MS_PER_TIB,
		.cost_source = question->volume ? question->volume->cost_source : COST_DEFAULT,
		.growth_bytes = minus(size_bytes, question->current_bytes),
		.left_bytes = UNKNOWN_U64,
	};
	const struct capacity *capacity = &ret_outlook->capacity;
	ret_outlook->room =
		(struct plan_room){capacity->whole_bytes, capacity->coarse_bytes, capacity->size_bytes};
	/* beyond the limit its tables are no matter, and might not fit 64 bits */
	uint64_t planned = size_bytes < capacity->limit_bytes ? size_bytes : capacity->limit_bytes;
	uint64_t tables = outlook_file_bytes(planned) - planned;
	ret_outlook->file_bytes = planned + tables;
	bool space = capacity->available_bytes != UNKNOWN_U64;
	struct plan_question plan = {
		.size_bytes = size_bytes,
		.current_bytes = question->current_bytes,
		.available_bytes = space ? minus(capacity->available_bytes, tables) : UINT64_MAX,
		.room = ret_outlook->room,
		.limit_bytes = capacity->limit_bytes,
		.cost_ms_per_tib = ret_outlook->cost_ms_per_tib,
		.client_timeout_s = question->client_timeout_s,
	};
	ret_outlook->result = plan_make(&plan, &ret_outlook->plan);
	/* no step is safe that finds no room */
	if (space && ret_outlook->plan.max_step_bytes > plan.available_bytes)
		ret_outlook->plan.max_step_bytes = plan.available_bytes / MIB * MIB;
	ret_outlook->at_once_ms =
		plan_step_ms(ret_outlook->growth_bytes, &plan.room, ret_outlook->cost_ms_per_tib);
	if (space)
		ret_outlook->left_bytes =
			minus(capacity->available_bytes, ret_outlook->growth_bytes + tables);
}

static void explain_space(const struct outlook *outlook, struct fault *ret_reason)
{
	const struct volume *volume = outlook->question.volume;
	char more[UNITS_BYTES_LEN], available[UNITS_BYTES_LEN], tables[UNITS_LEN];
	units_bytes(more, sizeof more, outlook->growth_bytes);
	units_bytes(available, sizeof available, outlook->capacity.available_bytes);
	units_binary(tables, sizeof tables, outlook->file_bytes - outlook->question.size_bytes / MIB * MIB);
	fault_set(ret_reason, 0,
		"%s has %s available, not the %s asked for and %s for the disk's tables: free space, or ask "
		"for less",
		volume ? volume->mount : "the volume", available, more, tables);
}

void outlook_explain(const struct outlook *outlook, struct fault *ret_reason)
{
	char asked[UNITS_BYTES_LEN], other[UNITS_BYTES_LEN];
	units_bytes(asked, sizeof asked, outlook->question.size_bytes);
	units_bytes(other, sizeof other,
		outlook->result == PLAN_E_LIMIT ? outlook->capacity.limit_bytes
						: outlook->question.current_bytes);
	if (outlook->result == PLAN_E_LIMIT)
		fault_set(ret_reason, 0, "%s is too large, the largest disk here has %s: %s", asked, other,
			outlook->capacity.limit_reason);
	else if (outlook->result == PLAN_E_NO_SPACE)
		explain_space(outlook, ret_reason);
	else
		fault_set(ret_reason, 0,
			"%s is not more than the %s there are: ask for more, sizes count in whole MiB", asked,
			other);
}

const struct share *outlook_find_share(const struct snapshot *snapshot, const char *name)
{
	for (uint32_t i = 0; i < snapshot->share_count; i++)
		if (!strcasecmp(snapshot->shares[i].name, name))
			return &snapshot->shares[i];
	return NULL;
}

/* true if `path` is the mount point or lies below it */
static bool holds(const char *mount, const char *path)
{
	size_t length = strlen(mount);
	return !strcmp(mount, "/") ||
	       (!strncmp(mount, path, length) && (!path[length] || path[length] == '/'));
}

const struct volume *outlook_find_volume(const struct snapshot *snapshot, const char *name)
{
	const struct volume *best = NULL;
	if (name[0] != '/')
		return snapshot_find_volume(snapshot, name);
	for (uint32_t i = 0; i < snapshot->volume_count; i++) {
		const struct volume *volume = &snapshot->volumes[i];
		if (holds(volume->mount, name) && (!best || strlen(volume->mount) > strlen(best->mount)))
			best = volume;
	}
	return best;
}
