/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/source_filesystems.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collect/answer.h"

#define GIVE_UP_MS 60000 /* a disk that spins up takes 10 to 20 s */

/* outlives the pass: a disk may have to spin up first */
static struct {
	struct answer answer;
	uint64_t since_ms;
	bool asking;
} question;

static void parse_super(struct text key, struct text value, struct journal *super)
{
	uint32_t number;
	struct text major;
	if (text_is(key, "JOURNAL")) {
		super->present = text_is(value, "none") ? NO : YES;
		super->external = text_is(value, "external") ? YES : NO;
	} else if (text_is(key, "DEVICE") && text_until(&value, ':', &major)) {
		text_u32(major, &super->major);
		text_u32(value, &super->minor);
	} else if (text_is(key, "MODE")) {
		super->mode = text_is(value, "ordered")	    ? JOURNAL_ORDERED
			      : text_is(value, "writeback") ? JOURNAL_WRITEBACK
			      : text_is(value, "data")	    ? JOURNAL_DATA
							    : JOURNAL_UNKNOWN;
	} else if (text_is(key, "STATE")) {
		super->needs_check = text_is(value, "error") ? YES : text_is(value, "clean") ? NO : UNKNOWN;
	} else if (text_is(key, "BLOCK") && text_u32(value, &number)) {
		super->block_bytes = number;
	} else if (text_is(key, "ERROR_AT")) {
		char place[48];
		if (text_unescape(place, sizeof place, value))
			snprintf(super->last_error, sizeof super->last_error, "in %s", place);
	}
}

static void parse_line(struct text line, struct volume *volume)
{
	struct text pair, key, rest = line;
	volume->probed = YES;
	if (text_word(&rest, &pair) && text_is(pair, "error")) {
		text_show(volume->probe_reason, sizeof volume->probe_reason, text_trim(rest));
		return;
	}
	while (text_word(&line, &pair)) {
		if (!text_until(&pair, '=', &key))
			continue;
		if (text_is(key, "LABEL"))
			text_unescape(volume->label, sizeof volume->label, pair);
		else if (text_is(key, "UUID"))
			text_unescape(volume->uuid, sizeof volume->uuid, pair);
		else if (text_is(key, "FLEX"))
			volume->flex_bg = text_is(pair, "yes") ? YES : text_is(pair, "no") ? NO : UNKNOWN;
		else
			parse_super(key, pair, &volume->super);
	}
}

unsigned filesystems_parse(struct text text, struct snapshot *snapshot)
{
	unsigned understood = 0;
	struct text line, id;
	while (text_line(&text, &line)) {
		if (!text_word(&line, &id))
			continue;
		for (uint32_t i = 0; i < snapshot->volume_count; i++) {
			if (!text_is(id, snapshot->volumes[i].id))
				continue;
			parse_line(line, &snapshot->volumes[i]);
			understood++;
		}
	}
	return understood;
}

static bool is_same_mount(const struct volume *a, const struct volume *b)
{
	return a->major == b->major && a->minor == b->minor && a->mount_id == b->mount_id &&
	       !strcmp(a->device, b->device) && !strcmp(a->fstype, b->fstype) && !strcmp(a->mount, b->mount);
}

/* what the last pass knew; bit i of the result: volume i is new */
static uint32_t carry_over(struct pass *pass)
{
	uint32_t unknown = 0;
	for (uint32_t i = 0; i < pass->now->volume_count; i++) {
		struct volume *volume = &pass->now->volumes[i];
		const struct volume *old = snapshot_find_volume(pass->before, volume->id);
		if (!old || old->probed != YES || !is_same_mount(volume, old)) {
			unknown |= 1u << i;
			continue;
		}
		volume->probed = YES;
		memcpy(volume->label, old->label, sizeof volume->label);
		memcpy(volume->uuid, old->uuid, sizeof volume->uuid);
		memcpy(volume->probe_reason, old->probe_reason, sizeof volume->probe_reason);
		volume->super = old->super;
		volume->flex_bg = old->flex_bg;
	}
	return unknown;
}

static void give_reason(struct snapshot *snapshot, uint32_t unknown, enum tri probed, const char *reason)
{
	for (uint32_t i = 0; i < snapshot->volume_count; i++) {
		struct volume *volume = &snapshot->volumes[i];
		if (!(unknown & 1u << i) || volume->probed == YES)
			continue;
		volume->probed = probed;
		snprintf(volume->probe_reason, sizeof volume->probe_reason, "%s", reason);
	}
}

int filesystems_collect(struct pass *pass, struct fault *fault)
{
	uint32_t unknown = carry_over(pass);
	if (unknown && !question.asking) {
		struct filesystems_question ask = {pass->root, pass->now, unknown};
		int error = answer_begin(&question.answer, pass->root, "filesystems", filesystems_ask, &ask);
		if (error == -ENOENT)
			return fault_set(
				fault, SOURCE_E_ABSENT, "answers/filesystems is not in this recording");
		if (error)
			return fault_set(fault, error, "no child to read superblocks: %s", strerror(-error));
		question.asking = true;
		question.since_ms = pass->now->time_ms;
	}
	if (!question.asking)
		return 0;
	bool ended = answer_wait(&question.answer, pass->patience_ms);
	filesystems_parse((struct text){question.answer.text, question.answer.length}, pass->now);
	if (!ended && pass->now->time_ms - question.since_ms < GIVE_UP_MS) {
		give_reason(pass->now, unknown, NO, "the superblock is still being read");
		return fault_set(fault, SOURCE_E_STALE, "superblocks are still being read");
	}
	answer_drop(&question.answer);
	question.asking = false;
	give_reason(pass->now, unknown, YES,
		ended ? "the superblock was not told" : "the device does not answer");
	return ended ? 0
		     : fault_set(fault, SOURCE_E_STALE, "a device did not answer within %d s",
			       GIVE_UP_MS / 1000);
}
