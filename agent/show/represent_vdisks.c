/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "show/represent_vdisks.h"

#include "show/represent_image.h"
#include "show/represent_leases.h"

static uint64_t age_of(const struct view *view, uint64_t time_ms)
{
	return time_ms && view->now_ms >= time_ms ? view->now_ms - time_ms : UNKNOWN_U64;
}

static void represent_owner(const struct view *view, const struct vdisk *vdisk, struct json *json)
{
	const struct lease *lease = snapshot_find_lease(view->snapshot, vdisk);
	if (!lease) {
		json_null(json, "lease");
		return;
	}
	json_object(json, "lease");
	represent_lease(lease, view->now_ms, json);
	json_end(json);
}

void represent_vdisk(const struct view *view, const struct vdisk *vdisk, struct json *json)
{
	json_string(json, "id", vdisk->id);
	json_string(json, "share", vdisk->share);
	json_string(json, "file", vdisk->file);
	json_string(json, "volume", vdisk->volume);
	json_time(json, "changed", vdisk->changed_clock_ms);
	json_u64(json, "judged_age_ms", age_of(view, vdisk->judged_ms));
	json_bool(json, "current", vdisk->judged_stamp && vdisk->judged_stamp == vdisk->stamp);
	json_string(json, "reason", vdisk->reason);
	json_tri(json, "in_use", vdisk->in_use);
	json_list(json, "openers");
	for (uint32_t i = 0; i < vdisk->opener_count; i++)
		json_string(json, NULL, vdisk->openers[i]);
	json_end(json);
	json_u32(json, "openers_omitted", vdisk->openers_omitted);
	represent_owner(view, vdisk, json);
	json_u32(json, "extents", vdisk->extents);
	struct image image = vdisk->image;
	image.file_size_bytes = vdisk->file_bytes; /* these are newer */
	image.allocated_bytes = vdisk->allocated_bytes;
	represent_image(&image, &vdisk->content, json);
}

void represent_vdisks(const struct view *view, struct json *json)
{
	const struct snapshot *snapshot = view->snapshot;
	json_list(json, "disks");
	for (uint32_t i = 0; i < snapshot->vdisk_count; i++) {
		json_object(json, NULL);
		represent_vdisk(view, &snapshot->vdisks[i], json);
		json_end(json);
	}
	json_end(json);
	json_u32(json, "disks_omitted", snapshot->vdisks_omitted);
	json_u64(json, "age_ms", age_of(view, snapshot->vdisks_ms));
	const struct source_report *source = snapshot_find_source(snapshot, "vdisks");
	json_string(json, "reason", source ? source->error : NULL);
}
