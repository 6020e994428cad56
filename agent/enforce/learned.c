/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "enforce/learned.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define FIRST_LINE "nasready costs 1"

static const char *key_of(const struct volume *volume)
{
	return volume->uuid[0] ? volume->uuid : volume->id;
}

static struct cost *find(const struct learned *learned, const char *key)
{
	for (uint32_t i = 0; i < learned->count; i++)
		if (!strcmp(learned->volumes[i].key, key))
			return (struct cost *)&learned->volumes[i].cost;
	return NULL;
}

/* its row comes first, whether it was there or not */
static struct cost *bring_forward(struct learned *learned, const char *key)
{
	uint32_t at = 0;
	struct cost cost = {0};
	while (at < learned->count && strcmp(learned->volumes[at].key, key))
		at++;
	if (at < learned->count)
		cost = learned->volumes[at].cost;
	else if (learned->count < LEARNED_VOLUMES_MAX)
		learned->count++;
	else
		at--;
	memmove(&learned->volumes[1], &learned->volumes[0], at * sizeof learned->volumes[0]);
	snprintf(learned->volumes[0].key, LEARNED_KEY_LEN, "%s", key);
	learned->volumes[0].cost = cost;
	return &learned->volumes[0].cost;
}

bool learned_add(
	struct learned *learned, const struct volume *volume, uint64_t bytes, uint64_t us, uint64_t clock_ms)
{
	struct cost probe = {0};
	bool past = volume->knee_bytes != UNKNOWN_U64 && bytes > volume->knee_bytes;
	if (past || !cost_add(&probe, bytes, us, clock_ms))
		return false;
	return cost_add(bring_forward(learned, key_of(volume)), bytes, us, clock_ms);
}

void learned_tell(const struct learned *learned, struct snapshot *now)
{
	for (uint32_t i = 0; i < now->volume_count; i++) {
		struct volume *volume = &now->volumes[i];
		const struct cost *cost = find(learned, key_of(volume));
		if (!cost || !cost->count)
			continue;
		volume->cost_ms_per_tib = cost_ms_per_tib(cost);
		volume->cost_source = COST_LEARNED;
		volume->cost_samples = cost->count;
		volume->cost_clock_ms = cost->samples[0].clock_ms;
	}
}

void learned_write(const struct learned *learned, char ret_text[LEARNED_TEXT_MAX])
{
	char line[COST_TEXT_LEN];
	size_t at = (size_t)snprintf(ret_text, LEARNED_TEXT_MAX, FIRST_LINE "\n");
	for (uint32_t i = 0; i < learned->count; i++)
		if (cost_write(&learned->volumes[i].cost, line, sizeof line))
			at += (size_t)snprintf(ret_text + at, LEARNED_TEXT_MAX - at, "%s %s\n",
				learned->volumes[i].key, line);
}

int learned_read(struct learned *learned, struct text text, struct fault *fault)
{
	struct text line, key;
	*learned = (struct learned){.count = 0};
	if (!text_line(&text, &line) || !text_is(line, FIRST_LINE))
		return fault_set(fault, -EBADMSG, "it does not begin with \"" FIRST_LINE "\"");
	for (unsigned number = 2; text_line(&text, &line); number++) {
		uint32_t at = learned->count;
		if (at < LEARNED_VOLUMES_MAX && text_word(&line, &key) &&
			text_copy(learned->volumes[at].key, LEARNED_KEY_LEN, key) &&
			cost_read(line, &learned->volumes[at].cost)) {
			learned->count++;
			continue;
		}
		*learned = (struct learned){.count = 0};
		return fault_set(fault, -EBADMSG, "its line %u makes no sense", number);
	}
	return 0;
}
