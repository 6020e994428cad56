/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "show/represent_gate.h"

#include <string.h>

#include "common/scope.h"
#include "show/represent_fields.h"

void represent_cost(const struct volume *volume, struct json *json)
{
	bool learned = volume && volume->cost_source == COST_LEARNED;
	json_u32(json, "cost_samples", learned ? volume->cost_samples : 0);
	json_time(json, "cost_time", learned ? volume->cost_clock_ms : UNKNOWN_U64);
}

static const char *measured_by(const struct gate_record *record)
{
	if (record->seen == GATE_SEEN_NOTHING || record->seen == GATE_SEEN_SHORT ||
		record->seen == GATE_SEEN_ELSEWHERE)
		return NULL;
	return record->timed_by_smbd ? "smbd" : "free-space";
}

/* why a granted step has no time */
static const char *unmeasured(const struct gate_record *record)
{
	static const char *const reasons[] = {
		[GATE_SEEN_NOTHING] = "it has not been seen to begin",
		[GATE_SEEN_RUNNING] = "it is still running",
		[GATE_SEEN_SHORT] = "it was over between two looks at the volume",
		[GATE_SEEN_FAILED] = "it failed",
		[GATE_SEEN_REFUSED] = "the gate in smbd refused it",
		[GATE_SEEN_ELSEWHERE] = "space was taken on the volume, but not by this file",
	};
	if (record->outcome != GATE_GRANTED || record->measured_ms != UNKNOWN_U64)
		return NULL;
	return record->seen < ARRAY_LEN(reasons) ? reasons[record->seen] : NULL;
}

void represent_record(const struct gate_record *record, struct json *json)
{
	bool granted = record->outcome == GATE_GRANTED;
	json_u64(json, "id", record->id ? record->id : UNKNOWN_U64);
	json_time(json, "time", record->clock_ms ? record->clock_ms : UNKNOWN_U64);
	json_string(json, "asker", record->asker);
	json_string(json, "share", record->share);
	json_string(json, "file", record->file);
	json_string(json, "volume", record->volume);
	json_string(json, "outcome", gate_outcome_name(record->outcome));
	json_u32(json, "times", record->times);
	json_u64(json, "size_bytes", record->size_bytes);
	json_u64(json, "current_bytes", record->current_bytes);
	json_u64(json, "step_bytes", record->step_bytes);
	json_u64(json, "max_step_bytes", record->max_step_bytes);
	json_seconds(json, "budget_s", record->budget_ms);
	json_seconds(json, "predicted_s", record->predicted_ms);
	json_string(json, "seen", granted ? gate_seen_name(record) : NULL);
	json_seconds(json, "measured_s", record->measured_ms);
	json_seconds(json, "measured_cpu_s", record->measured_cpu_ms);
	json_string(json, "measured_by", granted ? measured_by(record) : NULL);
	json_string(json, "measured_reason", unmeasured(record));
	json_u64(json, "file_taken_bytes", granted ? record->file_taken_bytes : UNKNOWN_U64);
}

static const char *step_state(enum step_state state)
{
	static const char *const names[] = {[STEP_RUNNING] = "running",
		[STEP_DONE] = "done",
		[STEP_FAILED] = "failed",
		[STEP_REFUSED] = "refused",
		[STEP_LOST] = "lost"};
	return names[state];
}

static const char *refusal(const struct gate_step *step)
{
	static const char *const names[] = {[GATE_REFUSED_STEP] = "step-too-large",
		[GATE_REFUSED_ALLOCATING] = "allocating",
		[GATE_REFUSED_FREEING] = "freeing"};
	return step->state == STEP_REFUSED ? names[step->reason] : NULL;
}

void represent_enforcement(const struct enforcement *gate, struct json *json)
{
	json_object(json, "gate");
	json_tri(json, "ready", gate->ready);
	json_string(json, "reason", gate->reason);
	json_tri(json, "preloaded", gate->preloaded);
	bool known = gate->ready != UNKNOWN;
	json_u32(json, "enabled_shares", known ? gate->enabled : UNKNOWN_U32);
	json_u64(json, "refused", known ? gate->refused : UNKNOWN_U64);
	json_list(json, "steps");
	for (uint32_t i = 0; i < gate->step_count; i++) {
		const struct gate_step *step = &gate->steps[i];
		json_object(json, NULL);
		json_time(json, "time", step->begun_clock_ms);
		json_string(json, "state", step_state(step->state));
		json_string(json, "refusal", refusal(step));
		json_string(json, "path", step->path);
		json_string(json, "volume", step->volume);
		json_u64(json, "step_bytes", step->growth_bytes);
		json_u64(json, "max_step_bytes", step->limit_bytes);
		json_seconds(json, "measured_s", step->wall_ms);
		json_seconds(json, "measured_cpu_s", step->cpu_ms);
		json_end(json);
	}
	json_end(json);
	json_end(json);
}

/* -- volumes -- */

static bool is_orphaned(const struct snapshot *snapshot)
{
	for (uint32_t i = 0; i < snapshot->client_count; i++)
		if (snapshot->clients[i].close_wait)
			return true;
	return false;
}

static const char *state_of(
	const struct snapshot *snapshot, const struct volume *volume, const struct volume_rates *rates)
{
	bool space = volume->available_bytes != UNKNOWN_U64 && volume->size_bytes != UNKNOWN_U64;
	if (rates->state == VOLUME_ALLOCATING)
		return is_orphaned(snapshot) ? "orphaned" : "allocating";
	if (rates->state == VOLUME_FREEING)
		return "freeing";
	if (rates->settled != YES)
		return rates->settled == NO ? "unsettled" : NULL;
	return space && volume->available_bytes < outlook_headroom(volume->size_bytes) ? "near-full"
										       : "settled";
}

/* of what smbd told that it is taking: the rest of it at the volume's pace */
static uint64_t eta_of(
	const struct enforcement *gate, const struct volume *volume, const struct volume_rates *rates)
{
	for (uint32_t i = 0; i < gate->step_count && rates->state == VOLUME_ALLOCATING; i++) {
		const struct gate_step *step = &gate->steps[i];
		if (step->state != STEP_RUNNING || strcmp(step->volume, volume->id) ||
			step->free_bytes == UNKNOWN_U64 || !rates->rate_bytes_per_s)
			continue;
		uint64_t taken =
			step->free_bytes > volume->free_bytes ? step->free_bytes - volume->free_bytes : 0;
		return taken < step->growth_bytes ? (step->growth_bytes - taken) / rates->rate_bytes_per_s
						  : 0;
	}
	return rates->eta_s;
}

void represent_volume_states(const struct snapshot *snapshot, const struct rates *rates, struct json *json)
{
	json_list(json, "volumes");
	for (uint32_t i = 0; i < snapshot->volume_count; i++) {
		const struct volume *volume = &snapshot->volumes[i];
		json_object(json, NULL);
		json_string(json, "id", volume->id);
		json_string(json, "state", state_of(snapshot, volume, &rates->volumes[i]));
		json_u64(json, "rate_bytes_per_s", rates->volumes[i].rate_bytes_per_s);
		json_u64(json, "eta_s", eta_of(&snapshot->gate, volume, &rates->volumes[i]));
		json_u64(json, "available_bytes", volume->available_bytes);
		json_seconds(json, "cost_s_per_tib", volume->cost_ms_per_tib);
		json_string(json, "cost_source", cost_source_name(volume->cost_source));
		json_end(json);
	}
	json_end(json);
}
