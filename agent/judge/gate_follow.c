/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * A granted step is seen through: by what the gate in smbd tells of it, to the millisecond, else by the free
 * space of its volume, as often as that is looked at. In the end the file's own blocks tell whether it was
 * this step.
 */
#include <string.h>

#include "judge/gate.h"

#define BEGIN_MS 30000 /* a client that was granted a step begins within seconds; later it is another one */

/* -- told by smbd -- */

/* the last component is the file, and the file lies on that volume */
static bool is_of(const struct gate_step *step, const struct gate_record *record)
{
	size_t length = strlen(step->path), file = strlen(record->file);
	return length > file && step->path[length - file - 1] == '/' &&
	       !strcmp(step->path + length - file, record->file) && !strcmp(step->volume, record->volume);
}

static const struct gate_step *find_step(const struct enforcement *gate, const struct gate_record *record)
{
	for (uint32_t i = 0; i < gate->step_count; i++) {
		const struct gate_step *step = &gate->steps[i];
		if (is_of(step, record) && step->begun_ms >= record->granted_ms &&
			(record->timed_by_smbd ? step->begun_ms == record->begun_ms
					       : step->begun_ms - record->granted_ms < BEGIN_MS))
			return step;
	}
	return NULL;
}

static void take_step(struct gate_record *record, const struct gate_step *step)
{
	static const enum gate_seen seen[] = {
		[STEP_RUNNING] = GATE_SEEN_RUNNING,
		[STEP_DONE] = GATE_SEEN_DONE,
		[STEP_FAILED] = GATE_SEEN_FAILED,
		[STEP_REFUSED] = GATE_SEEN_REFUSED,
		[STEP_LOST] = GATE_SEEN_FAILED,
	};
	record->timed_by_smbd = true;
	record->begun_ms = step->begun_ms;
	record->seen = seen[step->state];
	record->closed = step->state != STEP_RUNNING;
	record->measured_ms = step->wall_ms;
	record->measured_cpu_ms = step->cpu_ms;
}

/* -- seen by the free space -- */

static void end_watch(struct gate_record *record, enum gate_seen seen)
{
	record->seen = seen;
	record->closed = true;
	if (seen == GATE_SEEN_DONE)
		record->measured_ms = record->moved_ms - record->begun_ms;
}

static void watch(struct gate_record *record, const struct snapshot *snapshot, const struct volume *volume,
	const struct volume_rates *rates)
{
	uint64_t now_ms = snapshot->time_ms, before_ms = record->looked_ms;
	uint64_t taken = record->looked_free_bytes > volume->free_bytes
				 ? record->looked_free_bytes - volume->free_bytes
				 : 0;
	bool moves = rates->state == VOLUME_ALLOCATING;
	record->looked_ms = now_ms;
	if (moves && !record->begun_ms) {
		record->begun_ms = before_ms;
		record->seen = GATE_SEEN_RUNNING;
	}
	if (moves && taken)
		record->moved_ms = now_ms;
	if (!moves && !record->begun_ms && taken >= record->step_bytes / 2)
		end_watch(record, GATE_SEEN_SHORT);
	else if (!moves && record->begun_ms)
		end_watch(record, record->moved_ms > record->begun_ms ? GATE_SEEN_DONE : GATE_SEEN_SHORT);
	else if (!record->begun_ms && now_ms - record->granted_ms >= BEGIN_MS)
		end_watch(record, GATE_SEEN_NOTHING);
	/* until it begins, space taken is summed up from the grant on */
	if (record->begun_ms)
		record->looked_free_bytes = volume->free_bytes;
}

/* -- the file's own blocks -- */

static const struct vdisk *find_file(const struct snapshot *snapshot, const char *share, const char *file)
{
	return snapshot_find_vdisk(snapshot, vdisk_number(share, file));
}

uint64_t gate_file_bytes(const struct snapshot *snapshot, const char *share, const char *file)
{
	const struct vdisk *vdisk = find_file(snapshot, share, file);
	if (vdisk)
		return vdisk->allocated_bytes;
	return share[0] && snapshot->vdisks_ms && !snapshot->vdisks_omitted ? 0 : UNKNOWN_U64;
}

/* what somebody else took at the same time, or what was over too soon for the free space to show it */
static void correct(struct gate_record *record)
{
	bool taken = record->file_taken_bytes >= record->step_bytes / 2;
	bool seen = record->seen == GATE_SEEN_DONE || record->seen == GATE_SEEN_SHORT;
	if (seen && !taken) {
		record->seen = GATE_SEEN_ELSEWHERE;
		record->measured_ms = UNKNOWN_U64;
	} else if (record->seen == GATE_SEEN_NOTHING && taken) {
		record->seen = GATE_SEEN_SHORT;
	}
}

/* A file is looked at every ten seconds at most; the last look that counts began after the step's end. */
static void follow_file(struct gate_record *record, const struct snapshot *snapshot)
{
	bool ended = record->closed && record->file_ms > record->closed_ms;
	if (ended || record->file_bytes == UNKNOWN_U64)
		return;
	const struct vdisk *vdisk = find_file(snapshot, record->share, record->file);
	if (!vdisk || vdisk->allocated_bytes == UNKNOWN_U64 || vdisk->looked_ms <= record->granted_ms ||
		vdisk->looked_ms <= record->file_ms)
		return;
	record->file_ms = vdisk->looked_ms;
	record->file_taken_bytes =
		vdisk->allocated_bytes > record->file_bytes ? vdisk->allocated_bytes - record->file_bytes : 0;
	if (record->closed && record->file_ms > record->closed_ms && !record->timed_by_smbd)
		correct(record);
}

static void follow(struct gate_record *record, const struct snapshot *snapshot, const struct rates *rates)
{
	const struct volume *volume = snapshot_find_volume(snapshot, record->volume);
	const struct gate_step *step = find_step(&snapshot->gate, record);
	if (step)
		take_step(record, step);
	else if (!record->timed_by_smbd && volume && volume->free_bytes != UNKNOWN_U64)
		watch(record, snapshot, volume, &rates->volumes[volume - snapshot->volumes]);
}

void gate_follow(struct gate *gate, const struct snapshot *snapshot, const struct rates *rates)
{
	for (uint32_t i = 0; i < gate->count; i++) {
		struct gate_record *record = &gate->records[i];
		if (record->outcome != GATE_GRANTED)
			continue;
		if (!record->closed && snapshot->time_ms > record->looked_ms)
			follow(record, snapshot, rates);
		if (record->closed && !record->closed_ms)
			record->closed_ms = snapshot->time_ms;
		follow_file(record, snapshot);
	}
}

const char *gate_seen_name(const struct gate_record *record)
{
	static const char *const names[] = {
		[GATE_SEEN_NOTHING] = "waiting",
		[GATE_SEEN_RUNNING] = "running",
		[GATE_SEEN_DONE] = "done",
		[GATE_SEEN_SHORT] = "done",
		[GATE_SEEN_FAILED] = "failed",
		[GATE_SEEN_REFUSED] = "refused",
		[GATE_SEEN_ELSEWHERE] = "unseen",
	};
	return record->closed && record->seen == GATE_SEEN_NOTHING ? "unseen" : names[record->seen];
}
