/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/source_volumes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/statfs.h>

#include "system/answer.h"

#define SUSPECTS_MAX \
	4 /* questions that hang at a time; more volumes than that then share the last one's fate */

#define LINE_LEN 256 /* an id and five numbers, or an error's text */

/* A question outlives its pass when it hangs, so the questions live here: one collector, one set. */
static struct {
	struct answer current;
	uint32_t asked, told; /* in this pass: by a child; at once */
	struct suspect {
		char id[ID_LEN]; /* of the volume that it hangs on; empty: free */
		struct answer answer;
	} suspects[SUSPECTS_MAX];
} questions;

_Static_assert(VOLUMES_MAX <= 32, "sets of volumes are bits of a uint32_t");

/* These answer statfs from memory (their counters, and a mount point's dentries are pinned): no child is
 * needed, and a NAS that has nothing else forks for no pass. All others may wait for a server, a program or a
 * lock. */
static bool is_prompt(const struct volume *volume)
{
	static const char *const names[] = {"ext2", "ext3", "ext4", "xfs"};
	for (unsigned i = 0; i < ARRAY_LEN(names) && volume->device[0] == '/'; i++)
		if (!strcmp(volume->fstype, names[i]))
			return true;
	return false;
}

static int write_line(const struct volume *volume, char *line, size_t size)
{
	struct statfs space;
	if (statfs(volume->mount, &space))
		return snprintf(line, size, "%s error %s\n", volume->id, strerror(errno));
	return snprintf(line, size, "%s %lu %llu %llu %llu\n", volume->id,
		(unsigned long)(space.f_frsize ? space.f_frsize : space.f_bsize),
		(unsigned long long)space.f_blocks, (unsigned long long)space.f_bfree,
		(unsigned long long)space.f_bavail);
}

void volumes_ask(int out, void *volumes_question)
{
	const struct volumes_question *question = volumes_question;
	for (uint32_t i = 0; i < question->snapshot->volume_count; i++) {
		char line[LINE_LEN];
		if (!(question->wanted & 1u << i))
			continue;
		write_line(&question->snapshot->volumes[i], line, sizeof line);
		dprintf(out, "%s", line);
	}
}

static int find_index(const struct snapshot *snapshot, struct text id)
{
	for (uint32_t i = 0; i < snapshot->volume_count; i++)
		if (text_is(id, snapshot->volumes[i].id))
			return (int)i;
	return -1;
}

static bool to_bytes(uint64_t blocks, uint64_t block_bytes, uint64_t *ret_bytes)
{
	return !__builtin_mul_overflow(blocks, block_bytes, ret_bytes) && *ret_bytes != UNKNOWN_U64;
}

static bool parse_line(struct text line, struct volume *volume)
{
	struct text word = {0}, rest = line;
	uint64_t block_bytes, blocks, free_blocks, available, size_bytes, free_bytes, available_bytes;
	if (text_word(&rest, &word) && text_is(word, "error")) {
		char reason[TEXT_LEN - 32];
		text_show(reason, sizeof reason, text_trim(rest));
		snprintf(volume->space_reason, sizeof volume->space_reason, "its space cannot be read: %s",
			reason);
		return true;
	}
	rest = line;
	if (!text_word_u64(&rest, &block_bytes) || !text_word_u64(&rest, &blocks) ||
		!text_word_u64(&rest, &free_blocks) || !text_word_u64(&rest, &available) ||
		free_blocks > blocks || !to_bytes(blocks, block_bytes, &size_bytes) ||
		!to_bytes(free_blocks, block_bytes, &free_bytes) ||
		!to_bytes(available, block_bytes, &available_bytes))
		return false;
	volume->size_bytes = size_bytes;
	volume->free_bytes = free_bytes;
	volume->available_bytes = available_bytes;
	volume->stale = NO;
	volume->space_reason[0] = 0;
	return true;
}

uint32_t volumes_parse_statfs(struct text text, struct snapshot *snapshot)
{
	uint32_t told = 0;
	struct text line, id;
	/* a line without its newline is not whole yet */
	while (memchr(text.at, '\n', text.length) && text_line(&text, &line)) {
		int index = text_word(&line, &id) ? find_index(snapshot, id) : -1;
		if (index < 0)
			continue;
		struct volume *volume = &snapshot->volumes[index];
		told |= 1u << index;
		if (parse_line(line, volume))
			volume->space_ms = snapshot->time_ms;
		else
			snprintf(volume->space_reason, sizeof volume->space_reason,
				"what statfs says of it makes no sense");
	}
	return told;
}

static uint32_t suspected(const struct snapshot *snapshot)
{
	uint32_t set = 0;
	for (unsigned i = 0; i < SUSPECTS_MAX; i++) {
		int index = find_index(snapshot, text_of(questions.suspects[i].id));
		if (questions.suspects[i].id[0] && index >= 0)
			set |= 1u << index;
	}
	return set;
}

static int ask_for(struct pass *pass, uint32_t wanted)
{
	struct volumes_question question = {pass->now, wanted};
	questions.asked = wanted;
	return answer_begin(&questions.current, pass->root, "statfs", volumes_ask, &question);
}

/* bit i: volume i was asked here and now */
static uint32_t ask_prompt_ones(struct snapshot *snapshot)
{
	uint32_t told = 0;
	for (uint32_t i = 0; i < snapshot->volume_count; i++) {
		char line[LINE_LEN];
		if (!is_prompt(&snapshot->volumes[i]))
			continue;
		write_line(&snapshot->volumes[i], line, sizeof line);
		told |= volumes_parse_statfs(text_of(line), snapshot);
	}
	return told;
}

int volumes_collect(struct pass *pass, struct fault *fault)
{
	uint32_t all = pass->now->volume_count >= 32 ? UINT32_MAX : (1u << pass->now->volume_count) - 1;
	questions.told = pass->root->recorded ? 0 : ask_prompt_ones(pass->now);
	questions.asked = all & ~questions.told & ~suspected(pass->now);
	if (!all)
		return fault_set(fault, SOURCE_E_ABSENT, "no mounted volume is known");
	int error = questions.asked ? ask_for(pass, questions.asked) : 0;
	if (error == -ENOENT)
		return fault_set(fault, SOURCE_E_ABSENT, "answers/statfs is not in this recording");
	return error ? fault_set(fault, error, "no child to ask for free space: %s", strerror(-error)) : 0;
}

/* The volume on which the current child hangs gets that child for itself; the rest will be asked for anew. */
static bool set_aside(struct pass *pass, uint32_t missing)
{
	const struct volume *culprit = &pass->now->volumes[__builtin_ctz(missing)];
	for (unsigned i = 0; i < SUSPECTS_MAX; i++) {
		struct suspect *suspect = &questions.suspects[i];
		if (suspect->id[0])
			continue;
		memcpy(suspect->id, culprit->id, sizeof suspect->id);
		suspect->answer = questions.current;
		questions.current = (struct answer){0};
		return true;
	}
	answer_drop(&questions.current);
	return false;
}

static uint32_t wait_for_current(struct pass *pass)
{
	uint32_t told = questions.told;
	for (unsigned round = 0; questions.asked && round < SUSPECTS_MAX; round++) {
		struct answer *current = &questions.current;
		bool ended = answer_wait(current, pass->patience_ms);
		uint32_t news =
			volumes_parse_statfs((struct text){current->text, current->length}, pass->now);
		uint32_t missing = questions.asked & ~news;
		told |= news;
		if (ended || !missing || !set_aside(pass, missing))
			break;
		missing &= missing - 1;
		if (!missing || ask_for(pass, missing))
			break;
	}
	return told;
}

/* What the child says of the volume it hung on. Its other lines are older than what others have said since.
 */
static uint32_t take_own_line(const struct suspect *suspect, struct snapshot *snapshot)
{
	struct text rest = {suspect->answer.text, suspect->answer.length}, line, id;
	while (memchr(rest.at, '\n', rest.length) && text_line(&rest, &line)) {
		struct text words = line;
		if (text_word(&words, &id) && text_is(id, suspect->id))
			return volumes_parse_statfs((struct text){line.at, line.length + 1}, snapshot);
	}
	return 0;
}

static uint32_t look_at_suspects(struct pass *pass)
{
	uint32_t told = 0;
	for (unsigned i = 0; i < SUSPECTS_MAX; i++) {
		struct suspect *suspect = &questions.suspects[i];
		if (!suspect->id[0])
			continue;
		bool ended = answer_wait(&suspect->answer, 0);
		uint32_t own = take_own_line(suspect, pass->now);
		bool gone = find_index(pass->now, text_of(suspect->id)) < 0;
		told |= own;
		/* it may hang on the next volume by now, which has a child of its own */
		if (ended || own || gone) {
			answer_drop(&suspect->answer);
			answer_free(&suspect->answer);
			suspect->id[0] = 0;
		}
	}
	return told;
}

static void keep_old_figures(struct pass *pass, struct volume *volume)
{
	const struct volume *old = snapshot_find_volume(pass->before, volume->id);
	volume->stale = YES;
	if (old) {
		volume->space_ms = old->space_ms;
		volume->size_bytes = old->size_bytes;
		volume->free_bytes = old->free_bytes;
		volume->available_bytes = old->available_bytes;
	}
	snprintf(volume->space_reason, sizeof volume->space_reason,
		"statfs does not answer: its device, server or FUSE program hangs");
}

int volumes_finish(struct pass *pass, struct fault *fault)
{
	uint32_t told = wait_for_current(pass) | look_at_suspects(pass);
	unsigned missing = 0;
	const char *name = NULL;
	for (uint32_t i = 0; i < pass->now->volume_count; i++) {
		if (told & 1u << i)
			continue;
		keep_old_figures(pass, &pass->now->volumes[i]);
		name = missing++ ? name : pass->now->volumes[i].mount;
	}
	if (missing)
		return fault_set(fault, SOURCE_E_STALE, "%s%s: statfs does not answer", name,
			missing > 1 ? " and others" : "");
	return 0;
}
