/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/source_filesystems.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "system/answer.h"

#define GIVE_UP_MS 60000 /* a disk that spins up takes 10 to 20 s */
#define AGAIN_MS 5000	 /* and twice as long after each attempt that told nothing: 21 min in all, */
#define TRIES_MAX 9	 /* then not until it is mounted anew, so that a disk can sleep */

/* outlives the pass: a disk may have to spin up first, and volumes come and go meanwhile */
static struct {
	struct answer answer;
	uint64_t since_ms;
	bool asking;
	uint32_t count;
	struct asked {
		char id[ID_LEN];
		uint32_t major, minor, mount_id;
	} asked[VOLUMES_MAX];
	pid_t left; /* the last child that was stuck in the kernel; 0: none */
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
	volume->probe_reason[0] = 0;
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

unsigned filesystems_parse(struct text text, uint32_t asked, struct snapshot *snapshot)
{
	unsigned understood = 0;
	struct text line, id;
	while (text_line(&text, &line)) {
		if (!text_word(&line, &id))
			continue;
		for (uint32_t i = 0; i < snapshot->volume_count; i++) {
			if (!(asked & 1u << i) || !text_is(id, snapshot->volumes[i].id))
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

static void carry_over(struct pass *pass)
{
	for (uint32_t i = 0; i < pass->now->volume_count; i++) {
		struct volume *volume = &pass->now->volumes[i];
		const struct volume *old = snapshot_find_volume(pass->before, volume->id);
		if (!old || !is_same_mount(volume, old))
			continue;
		volume->probed = old->probed;
		volume->probe_tries = old->probe_tries;
		volume->probe_again_ms = old->probe_again_ms;
		memcpy(volume->label, old->label, sizeof volume->label);
		memcpy(volume->uuid, old->uuid, sizeof volume->uuid);
		memcpy(volume->probe_reason, old->probe_reason, sizeof volume->probe_reason);
		volume->super = old->super;
		volume->flex_bg = old->flex_bg;
	}
}

/* bit i: volume i is not known, and it is time to ask */
static uint32_t find_due(const struct snapshot *snapshot)
{
	uint32_t due = 0;
	bool stuck = answer_child_lives(question.left);
	for (uint32_t i = 0; i < snapshot->volume_count; i++) {
		const struct volume *volume = &snapshot->volumes[i];
		if (volume->probed != YES && snapshot->time_ms >= volume->probe_again_ms &&
			!(stuck && volume->probe_tries))
			due |= 1u << i;
	}
	return due;
}

static int begin(struct pass *pass, uint32_t wanted)
{
	struct filesystems_question ask = {pass->root, pass->now, wanted};
	int error = answer_begin(&question.answer, pass->root, "filesystems", filesystems_ask, &ask);
	if (error)
		return error;
	question.asking = true;
	question.since_ms = pass->now->time_ms;
	question.count = 0;
	for (uint32_t i = 0; i < pass->now->volume_count; i++) {
		const struct volume *volume = &pass->now->volumes[i];
		if (!(wanted & 1u << i))
			continue;
		struct asked *asked = &question.asked[question.count++];
		memcpy(asked->id, volume->id, sizeof asked->id);
		asked->major = volume->major;
		asked->minor = volume->minor;
		asked->mount_id = volume->mount_id;
	}
	return 0;
}

/* bit i: the question is about volume i, as it is mounted now */
static uint32_t find_asked(const struct snapshot *snapshot)
{
	uint32_t set = 0;
	for (uint32_t i = 0; i < snapshot->volume_count; i++) {
		const struct volume *volume = &snapshot->volumes[i];
		for (uint32_t k = 0; k < question.count; k++) {
			const struct asked *asked = &question.asked[k];
			if (!strcmp(asked->id, volume->id) && asked->major == volume->major &&
				asked->minor == volume->minor && asked->mount_id == volume->mount_id)
				set |= 1u << i;
		}
	}
	return set;
}

static void give_reason(struct snapshot *snapshot, uint32_t volumes, const char *reason)
{
	for (uint32_t i = 0; i < snapshot->volume_count; i++) {
		struct volume *volume = &snapshot->volumes[i];
		if (volumes & 1u << i && volume->probed != YES)
			snprintf(volume->probe_reason, sizeof volume->probe_reason, "%s", reason);
	}
}

/* The child goes in order: it hung or died on the first that it did not tell of. The others are asked anew at
 * once. */
static void blame_first(struct snapshot *snapshot, uint32_t asked)
{
	for (uint32_t i = 0; i < snapshot->volume_count; i++) {
		struct volume *volume = &snapshot->volumes[i];
		if (!(asked & 1u << i) || volume->probed == YES)
			continue;
		volume->probe_again_ms = snapshot->time_ms + ((uint64_t)AGAIN_MS << volume->probe_tries);
		if (++volume->probe_tries >= TRIES_MAX)
			volume->probed = YES;
		return;
	}
}

/* a line without its newline is not whole yet */
static struct text whole_lines(const struct answer *answer)
{
	size_t length = answer->length;
	while (!answer->ended && length && answer->text[length - 1] != '\n')
		length--;
	return (struct text){answer->text, length};
}

static int hear(struct pass *pass, uint32_t patience_ms, struct fault *fault)
{
	bool ended = answer_wait(&question.answer, patience_ms);
	uint32_t asked = find_asked(pass->now);
	filesystems_parse(whole_lines(&question.answer), asked, pass->now);
	if (!ended && pass->now->time_ms - question.since_ms < GIVE_UP_MS) {
		give_reason(pass->now, asked | find_due(pass->now), "the superblock is still being read");
		return fault_set(fault, SOURCE_E_STALE, "superblocks are still being read");
	}
	pid_t left = answer_drop(&question.answer);
	question.left = left ? left : question.left;
	question.asking = false;
	give_reason(pass->now, asked, ended ? "the superblock was not told" : "the device does not answer");
	blame_first(pass->now, asked);
	return ended ? 0
		     : fault_set(fault, SOURCE_E_STALE, "a device did not answer within %d s",
			       GIVE_UP_MS / 1000);
}

int filesystems_collect(struct pass *pass, struct fault *fault)
{
	int result = 0;
	carry_over(pass);
	/* what was mounted while the last question was out is asked for as soon as that has ended */
	for (unsigned round = 0; round < 2; round++) {
		uint32_t due = find_due(pass->now);
		if (!question.asking && !due)
			break;
		int error = question.asking ? 0 : begin(pass, due);
		if (error == -ENOENT)
			return fault_set(
				fault, SOURCE_E_ABSENT, "answers/filesystems is not in this recording");
		if (error)
			return fault_set(fault, error, "no child to read superblocks: %s", strerror(-error));
		result = hear(pass, round ? 0 : pass->patience_ms, fault);
		if (question.asking || pass->root->recorded)
			break;
	}
	return result;
}
