/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "judge/gate.h"

#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "common/units.h"

#define PENDING_MS                                                                               \
	30000 /* a client that was granted a step begins within seconds; after this it never did \
	       */
#define MOVED_BYTES (UINT64_C(64) << 20) /* of free space: what a quiet volume does not do in that time */
#define START_S 15			 /* after which a quiet volume has been seen to be settled */
#define RETRY_S 5			 /* two samples, and half the time to settle */
#define RETRY_MAX_S 600			 /* space being freed: estimates are rough */

void gate_start(struct gate *gate)
{
	/* records past the count are never looked at, nor touched */
	gate->count = gate->newest = gate->last_id = 0;
	memset(gate->pending, 0, sizeof gate->pending);
}

/* -- what was granted before -- */

static const struct gate_pending *find_pending(const struct gate *gate, const char *volume)
{
	for (unsigned i = 0; i < VOLUMES_MAX; i++)
		if (!strcmp(gate->pending[i].volume, volume))
			return &gate->pending[i];
	return NULL;
}

/* seconds until it is given up; 0: there is none, or it was seen */
static uint32_t pending_s(const struct gate *gate, const struct gate_question *question)
{
	const struct volume *volume = question->of.volume;
	const struct gate_pending *pending = find_pending(gate, volume->id);
	if (!pending)
		return 0;
	uint64_t age_ms = question->of.now_ms - pending->granted_ms;
	uint64_t moved = pending->free_bytes > volume->free_bytes ? pending->free_bytes - volume->free_bytes
								  : volume->free_bytes - pending->free_bytes;
	uint64_t enough = pending->step_bytes / 2 < MOVED_BYTES ? pending->step_bytes / 2 : MOVED_BYTES;
	bool seen = question->of.snapshot->time_ms > pending->granted_ms && moved >= enough;
	return seen || age_ms >= PENDING_MS ? 0 : (uint32_t)((PENDING_MS - age_ms + 999) / 1000);
}

/* the slot of that volume, a free one, or the oldest */
static void remember_grant(struct gate *gate, const struct gate_question *question, uint64_t step_bytes)
{
	struct gate_pending *slot = &gate->pending[0];
	for (unsigned i = 0; i < VOLUMES_MAX; i++) {
		struct gate_pending *other = &gate->pending[i];
		if (!strcmp(other->volume, question->of.volume->id)) {
			slot = other;
			break;
		}
		if (slot->volume[0] && (!other->volume[0] || other->granted_ms < slot->granted_ms))
			slot = other;
	}
	memcpy(slot->volume, question->of.volume->id, sizeof slot->volume);
	slot->granted_ms = question->of.now_ms;
	slot->free_bytes = question->of.volume->free_bytes;
	slot->step_bytes = step_bytes;
}

/* -- the decision -- */

static enum gate_outcome refuse_unsettled(
	const struct gate_question *question, uint32_t left_s, struct gate_answer *answer)
{
	const struct volume_rates *rates = question->rates;
	const char *mount = question->of.volume->mount;
	bool moves = rates->state == VOLUME_ALLOCATING || rates->state == VOLUME_FREEING;
	answer->retry_after_s = RETRY_S;
	if (moves && rates->eta_s != UNKNOWN_U64 && rates->eta_s > RETRY_S)
		answer->retry_after_s = rates->eta_s < RETRY_MAX_S ? (uint32_t)rates->eta_s : RETRY_MAX_S;
	if (!moves && rates->settled != NO && left_s)
		answer->retry_after_s = left_s < RETRY_S || rates->settled != YES ? left_s : RETRY_S;
	if (moves)
		fault_set(&answer->reason, 0, "%s is %s space: ask again in %u s", mount,
			rates->state == VOLUME_FREEING ? "still freeing" : "allocating",
			answer->retry_after_s);
	else if (rates->settled == NO)
		fault_set(&answer->reason, 0, "%s has not come to rest yet: ask again in %u s", mount,
			answer->retry_after_s);
	else if (rates->settled == YES)
		fault_set(&answer->reason, 0,
			"a step on %s was granted and has not been seen to begin: ask again when it is done, "
			"or in %u s",
			mount, answer->retry_after_s);
	else
		fault_set(&answer->reason, 0, "whether %s is at rest is not known yet: ask again in %u s",
			mount, answer->retry_after_s);
	return GATE_NOT_SETTLED;
}

/* seconds for which to wait; 0: it may go on */
static uint32_t unsettled_s(const struct gate *gate, const struct gate_question *question)
{
	const struct volume_rates *rates = question->rates;
	uint32_t granted_s = pending_s(gate, question);
	if (rates->state == VOLUME_ALLOCATING || rates->state == VOLUME_FREEING || rates->settled == NO)
		return RETRY_S;
	if (rates->settled == YES || question->uptime_s >= START_S)
		return granted_s;
	return (uint32_t)(START_S - question->uptime_s);
}

static enum gate_outcome refuse_step(const struct outlook *outlook, struct gate_answer *answer)
{
	char step[UNITS_BYTES_LEN], most[UNITS_BYTES_LEN], takes[UNITS_LEN];
	units_bytes(step, sizeof step, outlook->growth_bytes);
	units_bytes(most, sizeof most, outlook->plan.max_step_bytes);
	units_duration(takes, sizeof takes, outlook->at_once_ms / 1000);
	fault_set(&answer->reason, 0,
		"a step of %s would take about %s, and half of the client's %u s may be used: take steps of "
		"at most "
		"%s, as in `plan`",
		step, takes, outlook->question.client_timeout_s, most);
	return GATE_STEP_TOO_LARGE;
}

static enum gate_outcome decide(
	const struct gate *gate, const struct gate_question *question, struct gate_answer *answer)
{
	const struct volume *volume = question->of.volume;
	const struct outlook *outlook = &answer->outlook;
	if (outlook->result)
		outlook_explain(outlook, &answer->reason);
	if (outlook->result == PLAN_E_NOTHING)
		return GATE_NOTHING;
	if (outlook->result == PLAN_E_LIMIT)
		return GATE_BEYOND_LIMIT;
	if (volume->read_only == YES) {
		fault_set(&answer->reason, 0,
			"%s is mounted read-only: find out why, then mount it for writing", volume->mount);
		return GATE_READ_ONLY;
	}
	if (volume->available_bytes == UNKNOWN_U64 || volume->stale == YES) {
		answer->retry_after_s = RETRY_S;
		fault_set(&answer->reason, 0, "the free space of %s is not known now (%s): ask again in %d s",
			volume->mount, volume->space_reason[0] ? volume->space_reason : "it was not told",
			RETRY_S);
		return GATE_SPACE_UNKNOWN;
	}
	if (outlook->result == PLAN_E_NO_SPACE)
		return GATE_NO_SPACE;
	uint32_t left_s = unsettled_s(gate, question);
	if (left_s)
		return refuse_unsettled(question, left_s, answer);
	return outlook->at_once_ms > outlook->plan.budget_ms ? refuse_step(outlook, answer) : GATE_GRANTED;
}

/* -- the memory -- */

static struct gate_record record_of(const struct gate_question *question, const struct gate_answer *answer)
{
	const struct outlook *outlook = &answer->outlook;
	const struct snapshot *snapshot = question->of.snapshot;
	struct gate_record record = {
		.outcome = answer->outcome,
		.id = answer->id,
		.times = 1,
		.clock_ms = snapshot->clock_ms + (question->of.now_ms > snapshot->time_ms
								 ? question->of.now_ms - snapshot->time_ms
								 : 0),
		.size_bytes = question->of.size_bytes,
		.current_bytes = question->of.current_bytes,
		.step_bytes = outlook->growth_bytes,
		.predicted_ms = outlook->at_once_ms,
		.budget_ms = outlook->plan.budget_ms,
		.max_step_bytes = outlook->plan.max_step_bytes,
		.granted_ms = question->of.now_ms,
		.looked_ms = snapshot->time_ms,
		.looked_free_bytes = question->of.volume->free_bytes,
		.measured_ms = UNKNOWN_U64,
		.measured_cpu_ms = UNKNOWN_U64,
		.file_taken_bytes = UNKNOWN_U64,
	};
	text_show(record.asker, sizeof record.asker, text_of(question->asker));
	text_show(record.file, sizeof record.file, text_of(question->file));
	text_show(record.share, sizeof record.share,
		text_of(question->of.share ? question->of.share->name : ""));
	memcpy(record.volume, question->of.volume->id, sizeof record.volume);
	/* the last look at the file may be older than its last step */
	record.file_bytes = gate_file_bytes(snapshot, record.share, record.file);
	if (record.file_bytes < record.current_bytes)
		record.file_bytes = record.current_bytes;
	return record;
}

static bool is_repeated(const struct gate_record *a, const struct gate_record *b)
{
	return a->outcome == b->outcome && a->outcome != GATE_GRANTED && a->size_bytes == b->size_bytes &&
	       a->current_bytes == b->current_bytes && !strcmp(a->asker, b->asker) &&
	       !strcmp(a->share, b->share) && !strcmp(a->file, b->file) && !strcmp(a->volume, b->volume);
}

/* A client that asks every few seconds until it may must not push everything else out. */
static void remember(struct gate *gate, const struct gate_record *record)
{
	struct gate_record *newest = &gate->records[gate->newest];
	if (gate->count && is_repeated(newest, record)) {
		newest->times++;
		return;
	}
	gate->newest = gate->count ? (gate->newest + 1) % GATE_RECORDS_MAX : 0;
	gate->count += gate->count < GATE_RECORDS_MAX;
	gate->records[gate->newest] = *record;
}

void gate_ask(struct gate *gate, const struct gate_question *question, struct gate_answer *ret_answer)
{
	memset(ret_answer, 0, sizeof *ret_answer);
	outlook_make(&question->of, &ret_answer->outlook);
	ret_answer->outcome = decide(gate, question, ret_answer);
	if (ret_answer->outcome == GATE_GRANTED) {
		ret_answer->id = ++gate->last_id;
		remember_grant(gate, question, ret_answer->outlook.growth_bytes);
	}
	const struct gate_record record = record_of(question, ret_answer);
	remember(gate, &record);
}

bool gate_recall(
	const struct gate *gate, const struct gate_question *question, struct gate_answer *ret_answer)
{
	const struct gate_record *record;
	const char *share = question->of.share ? question->of.share->name : "";
	for (uint32_t age = 0; (record = gate_record_at(gate, age)); age++) {
		if (record->outcome != GATE_GRANTED || record->size_bytes != question->of.size_bytes ||
			strcmp(record->file, question->file) || strcmp(record->share, share))
			continue;
		memset(ret_answer, 0, sizeof *ret_answer);
		outlook_make(&question->of, &ret_answer->outlook);
		ret_answer->outcome = GATE_GRANTED;
		ret_answer->id = record->id;
		return true;
	}
	return false;
}

const struct gate_record *gate_record_at(const struct gate *gate, uint32_t age)
{
	if (age >= gate->count)
		return NULL;
	return &gate->records[(gate->newest + GATE_RECORDS_MAX - age) % GATE_RECORDS_MAX];
}

const char *gate_outcome_name(enum gate_outcome outcome)
{
	static const char *const names[] = {
		[GATE_GRANTED] = "granted",
		[GATE_NOTHING] = "bad-size",
		[GATE_BEYOND_LIMIT] = "beyond-limit",
		[GATE_READ_ONLY] = "volume-read-only",
		[GATE_SPACE_UNKNOWN] = "space-unknown",
		[GATE_NO_SPACE] = "no-space",
		[GATE_NOT_SETTLED] = "not-settled",
		[GATE_STEP_TOO_LARGE] = "step-too-large",
	};
	return names[outcome];
}
