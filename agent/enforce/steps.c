/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "enforce/steps.h"

#include <string.h>

#include "common/text.h"

#define LOST_MS 20000 /* an allocation stands still for a second at most; to see that takes some samples */

/* the innermost share's volume */
static const struct volume *volume_of(const struct snapshot *snapshot, const char *path)
{
	const struct volume *best = NULL;
	size_t longest = 0;
	for (uint32_t i = 0; i < snapshot->volume_count; i++) {
		const struct volume *volume = &snapshot->volumes[i];
		size_t length = strlen(volume->mount);
		bool root = length == 1;
		if (strncmp(volume->mount, path, length) || (!root && path[length] != '/') ||
			length < longest)
			continue;
		longest = length;
		best = volume;
	}
	return best;
}

/* the row that goes: the oldest that does not run */
static uint32_t oldest(const struct enforcement *gate)
{
	if (gate->step_count < GATE_STEPS_MAX)
		return gate->step_count;
	for (uint32_t i = GATE_STEPS_MAX; i-- > 0;)
		if (gate->steps[i].state != STEP_RUNNING)
			return i;
	return GATE_STEPS_MAX - 1;
}

static struct gate_step *add(struct enforcement *gate)
{
	uint32_t last = oldest(gate);
	gate->step_count += gate->step_count < GATE_STEPS_MAX;
	memmove(&gate->steps[1], &gate->steps[0], last * sizeof gate->steps[0]);
	return &gate->steps[0];
}

/* A client that tries again and again must not push out what others did. */
static struct gate_step *find_refused(
	struct enforcement *gate, const struct gate_message *message, const char *path)
{
	for (uint32_t i = 0; i < gate->step_count && message->kind == GATE_MESSAGE_REFUSED; i++)
		if (gate->steps[i].state == STEP_REFUSED &&
			gate->steps[i].growth_bytes == message->growth_bytes &&
			!strcmp(gate->steps[i].path, path))
			return &gate->steps[i];
	return NULL;
}

static struct gate_step *find_running(struct enforcement *gate, uint32_t pid, const char *path)
{
	for (uint32_t i = 0; i < gate->step_count; i++)
		if (gate->steps[i].state == STEP_RUNNING && gate->steps[i].pid == pid &&
			!strcmp(gate->steps[i].path, path))
			return &gate->steps[i];
	return NULL;
}

static struct gate_step *begin(struct enforcement *gate, const struct gate_message *message, uint32_t pid,
	const struct steps_now *now)
{
	const struct volume *volume = volume_of(now->snapshot, message->path);
	struct gate_step *step = add(gate);
	*step = (struct gate_step){
		.state = STEP_RUNNING,
		.reason = (enum gate_refusal_reason)message->reason,
		.pid = pid,
		.begun_ms = now->now_ms,
		.begun_clock_ms = now->clock_ms,
		.growth_bytes = message->growth_bytes,
		.limit_bytes = message->limit_bytes,
		.free_bytes = volume ? volume->free_bytes : UNKNOWN_U64,
		.wall_ms = UNKNOWN_U64,
		.cpu_ms = UNKNOWN_U64,
	};
	if (volume)
		memcpy(step->volume, volume->id, sizeof step->volume);
	text_show(step->path, sizeof step->path, text_of(message->path));
	return step;
}

/* a short one is told of at its end alone, or its begin was missed */
static void begun_before(struct gate_step *step, const struct gate_message *message)
{
	uint64_t wall_ms = message->kind == GATE_MESSAGE_ENDED ? message->wall_us / 1000 : 0;
	step->begun_ms -= wall_ms < step->begun_ms ? wall_ms : step->begun_ms;
	step->begun_clock_ms -= wall_ms < step->begun_clock_ms ? wall_ms : step->begun_clock_ms;
}

const struct gate_step *steps_take(struct enforcement *gate, const struct gate_message *message, uint32_t pid,
	const struct steps_now *now)
{
	char path[GATE_PATH_LEN];
	text_show(path, sizeof path, text_of(message->path));
	struct gate_step *step = message->kind == GATE_MESSAGE_ENDED ? find_running(gate, pid, path)
								     : find_refused(gate, message, path);
	if (!step) {
		step = begin(gate, message, pid, now);
		begun_before(step, message);
	}
	if (message->kind == GATE_MESSAGE_REFUSED) {
		step->state = STEP_REFUSED;
		step->reason = (enum gate_refusal_reason)message->reason;
		step->limit_bytes = message->limit_bytes;
		step->begun_ms = now->now_ms;
		step->begun_clock_ms = now->clock_ms;
		gate->refused++;
	}
	if (message->kind != GATE_MESSAGE_ENDED)
		return step;
	step->state = message->error ? STEP_FAILED : STEP_DONE;
	step->wall_ms = message->wall_us / 1000;
	step->cpu_ms = message->cpu_us / 1000;
	return step;
}

bool steps_run_on(const struct enforcement *gate, const char *volume)
{
	for (uint32_t i = 0; i < gate->step_count; i++)
		if (gate->steps[i].state == STEP_RUNNING && !strcmp(gate->steps[i].volume, volume))
			return true;
	return false;
}

bool steps_run(const struct enforcement *gate)
{
	for (uint32_t i = 0; i < gate->step_count; i++)
		if (gate->steps[i].state == STEP_RUNNING)
			return true;
	return false;
}

void steps_give_up(struct enforcement *gate, const char *volume, uint64_t now_ms)
{
	for (uint32_t i = 0; i < gate->step_count; i++) {
		struct gate_step *step = &gate->steps[i];
		if (step->state == STEP_RUNNING && !strcmp(step->volume, volume) &&
			now_ms - step->begun_ms >= LOST_MS)
			step->state = STEP_LOST;
	}
}
