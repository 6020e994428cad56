/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <string.h>

#include "common/path_rule.h"
#include "common/units.h"
#include "judge/outlook.h"
#include "judge/rules.h"

/* Everything here is about one virtual disk: it decides only for who asks about that disk (assess.h). */
static struct raised about(const struct vdisk *vdisk)
{
	struct raised raised = {.vdisk = vdisk->number};
	raised_subject(&raised, "disk:%s/%s", vdisk->share, vdisk->file);
	return raised;
}

static bool is_judged(const struct vdisk *vdisk)
{
	return vdisk->judged_stamp != 0;
}

static bool is_vhdx(const struct vdisk *vdisk)
{
	return is_judged(vdisk) && vdisk->image.format == IMAGE_VHDX;
}

/* walks over all disks; `find` says what is wrong with one, and returns false if nothing is */
static void each(const struct situation *now, struct sink *sink,
	bool (*find)(const struct vdisk *vdisk, struct raised *raised))
{
	for (uint32_t i = 0; i < now->snapshot->vdisk_count; i++) {
		struct raised raised = about(&now->snapshot->vdisks[i]);
		if (find(&now->snapshot->vdisks[i], &raised))
			sink_add(sink, &raised);
	}
}

/* B37 */
static bool find_not_vhdx(const struct vdisk *vdisk, struct raised *raised)
{
	if (!is_judged(vdisk) || is_vhdx(vdisk))
		return false;
	raised->remedy = "Create a VHDX (New-VHD with a name that ends in .vhdx, or nasready disk create).";
	if (vdisk->image.format == IMAGE_VHD)
		raised_message(raised,
			"%s is a VHD: it ends at 2040 GiB, and does not survive a lost connection as a VHDX "
			"does.",
			vdisk->file);
	else
		raised_message(raised, "%s is no VHDX: %s.", vdisk->file,
			vdisk->image.problem_count ? vdisk->image.problems[0].message
						   : "nothing in it is known");
	return true;
}

void rule_disk_not_vhdx(const struct situation *now, struct sink *sink)
{
	each(now, sink, find_not_vhdx);
}

/* B45 */
static bool find_dynamic(const struct vdisk *vdisk, struct raised *raised)
{
	if (!is_vhdx(vdisk) || vdisk->image.type == IMAGE_FIXED || vdisk->image.type == IMAGE_TYPE_UNKNOWN)
		return false;
	raised->remedy = "For large backups use a fixed disk: nasready disk create makes one in seconds.";
	raised_message(raised,
		"%s is a %s disk: it grows while the backup is written, which costs throughput, and may find "
		"no space.",
		vdisk->file, image_type_name(vdisk->image.type));
	return true;
}

void rule_disk_dynamic(const struct situation *now, struct sink *sink)
{
	each(now, sink, find_dynamic);
}

static bool find_hollow(const struct vdisk *vdisk, struct raised *raised)
{
	char has[UNITS_LEN], wants[UNITS_LEN];
	if (!is_vhdx(vdisk) || vdisk->image.type != IMAGE_FIXED || vdisk->image.hollow != YES)
		return false;
	units_binary(has, sizeof has, vdisk->allocated_bytes);
	units_binary(wants, sizeof wants, vdisk->image.virtual_size_bytes);
	raised->remedy = "Keep as much space free as it lacks, or create it anew (nasready disk create).";
	raised_message(raised,
		"%s calls itself fixed with %s, but takes only %s: the rest must still be free when the "
		"backup comes.",
		vdisk->file, wants, has);
	return true;
}

void rule_disk_hollow(const struct situation *now, struct sink *sink)
{
	each(now, sink, find_hollow);
}

/* B27; while it is open its log may be anything */
static bool find_dirty(const struct vdisk *vdisk, struct raised *raised)
{
	if (!is_vhdx(vdisk) || vdisk->image.log != IMAGE_LOG_DIRTY || vdisk->in_use == YES)
		return false;
	raised->remedy =
		"Mount it once on its Windows server (Mount-VHD), which replays the log, and dismount it.";
	raised_message(raised,
		"%s was not closed in order: changes wait in its log, which only Windows replays.",
		vdisk->file);
	return true;
}

void rule_disk_dirty(const struct situation *now, struct sink *sink)
{
	each(now, sink, find_dirty);
}

static bool find_damaged(const struct vdisk *vdisk, struct raised *raised)
{
	const struct image *image = &vdisk->image;
	if (!is_vhdx(vdisk) || !image->damaged || vdisk->in_use == YES)
		return false;
	uint32_t worst = 0;
	while (worst + 1 < image->problem_count && !image->problems[worst].damage)
		worst++;
	raised->remedy = "Do not write to it. Let Windows try it read-only (Mount-VHD -ReadOnly), save what "
			 "is needed, "
			 "and create a new one; nasready inspect tells more.";
	raised_message(raised, "%s is damaged: %s.", vdisk->file,
		image->problem_count ? image->problems[worst].message : "its structures do not fit together");
	return true;
}

void rule_disk_damaged(const struct situation *now, struct sink *sink)
{
	each(now, sink, find_damaged);
}

/* B30: the asker's own opening is none (assess.h); two openers are one too many whoever asks */
static bool find_in_use(const struct vdisk *vdisk, struct raised *raised)
{
	uint32_t openers = vdisk->opener_count + vdisk->openers_omitted;
	if (vdisk->in_use != YES)
		return false;
	raised->remedy =
		"Let its backup end, and dismount it there (Dismount-VHD): one VHDX belongs to one server.";
	if (openers == 1)
		memcpy(raised->address, vdisk->openers[0], sizeof raised->address);
	if (!openers)
		raised_message(raised, "An SMB client has %s open.", vdisk->file);
	else if (openers == 1)
		raised_message(raised, "%s has %s open.", vdisk->openers[0], vdisk->file);
	else
		raised_message(raised, "%s and %s%s have %s open at the same time: that destroys it.",
			vdisk->openers[0], vdisk->openers[1], openers > 2 ? " and more" : "", vdisk->file);
	return true;
}

void rule_disk_in_use(const struct situation *now, struct sink *sink)
{
	each(now, sink, find_in_use);
}

#define CLUSTER_WANTED 65536 /* B15 */

static bool find_clusters(const struct vdisk *vdisk, struct raised *raised)
{
	const struct content *content = &vdisk->content;
	char size[UNITS_LEN];
	for (uint32_t i = 0; i < content->partition_count; i++) {
		uint32_t cluster = content->partitions[i].cluster_bytes;
		if (!is_vhdx(vdisk) || cluster == UNKNOWN_U32 || cluster == CLUSTER_WANTED)
			continue;
		units_binary(size, sizeof size, cluster);
		raised->remedy =
			"Before the first backup format it with Format-Volume -AllocationUnitSize 65536.";
		raised_message(raised, "NTFS in %s has clusters of %s; a backup disk wants 64 KiB.",
			vdisk->file, size);
		return true;
	}
	return false;
}

void rule_disk_clusters(const struct situation *now, struct sink *sink)
{
	each(now, sink, find_clusters);
}

/* B31: a dynamic disk may promise more than its file can ever hold here */
void rule_disk_beyond_limit(const struct situation *now, struct sink *sink)
{
	for (uint32_t i = 0; i < now->snapshot->vdisk_count; i++) {
		const struct vdisk *vdisk = &now->snapshot->vdisks[i];
		struct outlook outlook;
		const struct outlook_question question = {
			.snapshot = now->snapshot,
			.volume = snapshot_find_volume(now->snapshot, vdisk->volume),
			.size_bytes = vdisk->image.virtual_size_bytes,
		};
		if (!is_judged(vdisk) || question.size_bytes == UNKNOWN_U64 || !question.volume)
			continue;
		outlook_make(&question, &outlook);
		if (outlook.result != PLAN_E_LIMIT)
			continue;
		char size[UNITS_LEN], most[UNITS_LEN];
		struct raised raised = about(vdisk);
		units_binary(size, sizeof size, question.size_bytes);
		units_binary(most, sizeof most, outlook.capacity.limit_bytes);
		raised.remedy = "Shrink its partition and the disk (Resize-VHD) before it is that full.";
		raised_message(&raised, "%s has %s, but no disk here can take more than %s: %s.", vdisk->file,
			size, most, outlook.capacity.limit_reason);
		sink_add(sink, &raised);
	}
}

/* B30; also of a disk that does not exist yet. Not for the owner (assess.h). */
void rule_disk_foreign_lease(const struct situation *now, struct sink *sink)
{
	for (uint32_t i = 0; i < now->snapshot->lease_count; i++) {
		const struct lease *lease = &now->snapshot->leases[i];
		struct raised raised = {.vdisk = snapshot_lease_disk(now->snapshot, lease),
			.remedy = "Back up to a disk of its own. If that server is gone for good, admin may "
				  "break the "
				  "lease (DELETE /v1/leases/SHARE/FILE)."};
		memcpy(raised.owner, lease->server, sizeof raised.owner);
		raised_subject(&raised, "disk:%s/%s", lease->share, lease->file);
		raised_message(&raised, "%s belongs to %s: a VHDX is never shared between servers.",
			lease->file, lease->server);
		sink_add(sink, &raised);
	}
}

/* A4: a backup that lies in the share itself, as it is written to a UNC path. Its disk is no target of the
 * next backup, so it is a matter of its own. */
void rule_path_too_long(const struct situation *now, struct sink *sink)
{
	for (uint32_t i = 0; i < now->snapshot->vdisk_count; i++) {
		const struct vdisk *vdisk = &now->snapshot->vdisks[i];
		struct path_case of;
		struct text none = {"", 0};
		if (path_rule_file(none, text_of(vdisk->share), text_of(vdisk->file), &of, NULL) ||
			of.verdict != PATH_TOO_LONG || of.at_root == UNKNOWN_U32)
			continue;
		struct raised raised = {
			.remedy = "Make it appear in the share itself: nasready path --rescue."};
		raised_subject(&raised, "disk:%s", vdisk->id); /* the path would not fit */
		raised_message(&raised,
			"The path of %s has %u characters, counted from the share, and %d fit: restoring it "
			"over the "
			"network fails with 0x80070001.",
			vdisk->file, (unsigned)of.relative, PATH_RULE_MOST);
		sink_add(sink, &raised);
	}
}
