/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/source_vdisks.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collect/source_shares.h"
#include "system/answer.h"

#define EVERY_MS 10000 /* while somebody asks */
#define GIVE_UP_MS                                                                                         \
	300000		 /* a disk that was just closed is flushed: that may be all of the memory of a NAS \
			  */
#define OUTPUT_MAX 65536 /* 16 disks at up to 3 KiB, all names escaped */

/* A question outlives its pass. */
static struct {
	struct answer answer;
	bool asking, started;
	uint64_t asked_ms;
	uint64_t written[VOLUMES_MAX]; /* to each volume, when it was last looked at */
	uint32_t connections;
	char ids[VOLUMES_MAX][ID_LEN];
	int result; /* of the last answer */
	struct fault fault;
} question;

int vdisks_depth_parse(const char *text, unsigned *ret_depth, struct fault *fault)
{
	uint32_t depth;
	if (!text_u32(text_of(text), &depth) || depth > VDISKS_DEPTH_MAX)
		return fault_set(fault, -EINVAL, "write a number of levels from 0 to %d, not \"%.40s\"",
			VDISKS_DEPTH_MAX, text);
	*ret_depth = depth;
	return 0;
}

/* -- who has it open -- */

static void add_opener(struct vdisk *vdisk, const char *address)
{
	if (vdisk->opener_count == OPENERS_MAX) {
		vdisk->openers_omitted++;
		return;
	}
	memcpy(vdisk->openers[vdisk->opener_count++], address, ADDRESS_LEN);
}

bool vdisks_is_open(const struct client *client, const char *share, const char *file)
{
	char name[SHARE_LEN + JOB_FILE_LEN], shown[OPEN_DISK_LEN];
	snprintf(name, sizeof name, "%s/%s", share, file);
	text_show(shown, sizeof shown, text_of(name)); /* as smbstatus.c cuts it */
	for (uint32_t i = 0; i < client->open_disk_count; i++)
		if (!strcmp(client->open_disks[i], shown))
			return true;
	return false;
}

void vdisks_find_openers(struct snapshot *snapshot)
{
	bool told = snapshot->smb.status_ms || snapshot->smb.connections == 0;
	for (uint32_t i = 0; i < snapshot->vdisk_count; i++) {
		struct vdisk *vdisk = &snapshot->vdisks[i];
		vdisk->opener_count = vdisk->openers_omitted = 0;
		for (uint32_t j = 0; j < snapshot->client_count; j++)
			if (vdisks_is_open(&snapshot->clients[j], vdisk->share, vdisk->file))
				add_opener(vdisk, snapshot->clients[j].address);
		vdisk->in_use = vdisk->opener_count || vdisk->leased == YES ? YES : told ? NO : UNKNOWN;
	}
}

/* -- when to look -- */

static bool was_written_to(const struct snapshot *now, uint32_t index)
{
	const struct volume *volume = &now->volumes[index];
	return volume->written_bytes == UNKNOWN_U64 || volume->written_bytes != question.written[index] ||
	       strcmp(volume->id, question.ids[index]) != 0;
}

/* a bit for each share on a volume that is awake, because it is written to, or whose clients are here */
static uint32_t wanted_shares(const struct snapshot *now)
{
	uint32_t wanted = 0;
	bool clients = (now->smb.connections && now->smb.connections != UNKNOWN_U32) || question.connections;
	for (uint32_t i = 0; i < now->share_count; i++) {
		bool due = !question.started || clients;
		for (uint32_t j = 0; j < now->volume_count; j++)
			if (!strcmp(now->volumes[j].id, now->shares[i].volume))
				due |= was_written_to(now, j);
		wanted |= due ? 1u << i : 0;
	}
	return wanted;
}

static void remember(const struct snapshot *now)
{
	question.started = true;
	question.connections = now->smb.connections == UNKNOWN_U32 ? 0 : now->smb.connections;
	for (uint32_t i = 0; i < now->volume_count; i++) {
		question.written[i] = now->volumes[i].written_bytes;
		memcpy(question.ids[i], now->volumes[i].id, ID_LEN);
	}
}

/* -- the source -- */

static void stop_asking(void)
{
	answer_drop(&question.answer);
	answer_free(&question.answer);
	question.asking = false;
}

static int begin_asking(struct pass *pass, uint32_t wanted)
{
	struct vdisks_question ask = {pass->root, pass->now, pass->before, VDISKS_DEPTH, wanted};
	if (pass->settings.disk_depth)
		vdisks_depth_parse(pass->settings.disk_depth, &ask.depth, NULL);
	question.asked_ms = pass->now->time_ms;
	question.answer.most = OUTPUT_MAX;
	int error = answer_begin(&question.answer, pass->root, "vdisks", vdisks_ask, &ask);
	question.asking = !error;
	if (error)
		stop_asking();
	else
		remember(pass->now);
	return error;
}

static void carry_over(struct pass *pass)
{
	pass->now->vdisk_count = pass->before->vdisk_count;
	pass->now->vdisks_omitted = pass->before->vdisks_omitted;
	pass->now->vdisks_ms = pass->before->vdisks_ms;
	memcpy(pass->now->vdisks, pass->before->vdisks,
		pass->before->vdisk_count * sizeof pass->now->vdisks[0]);
}

/* the volumes that were not looked at keep their disks */
static void keep_others(struct pass *pass, uint32_t wanted)
{
	for (uint32_t i = 0; i < pass->before->vdisk_count; i++) {
		const struct vdisk *old = &pass->before->vdisks[i];
		for (uint32_t j = 0; j < pass->now->share_count; j++) {
			if (wanted & 1u << j || strcmp(pass->now->shares[j].name, old->share) != 0)
				continue;
			struct vdisk *vdisk = snapshot_add_vdisk(pass->now);
			if (vdisk)
				*vdisk = *old;
		}
	}
}

static void take_answer(struct pass *pass, uint32_t wanted)
{
	struct snapshot *now = pass->now;
	struct text text = {question.answer.text, question.answer.length};
	struct fault left_out = {""};
	now->vdisk_count = now->vdisks_omitted = 0;
	now->vdisks_ms = now->time_ms;
	bool whole = vdisks_parse(text, pass->before, now, &left_out);
	for (uint32_t i = 0; i < now->vdisk_count; i++)
		now->vdisks[i].looked_ms = question.asked_ms;
	keep_others(pass, wanted);
	for (uint32_t i = 0; i < now->vdisk_count; i++) {
		struct vdisk *vdisk = &now->vdisks[i];
		for (uint32_t j = 0; j < now->share_count; j++)
			if (!strcmp(now->shares[j].name, vdisk->share))
				memcpy(vdisk->volume, now->shares[j].volume, sizeof vdisk->volume);
		if (vdisk->judged_stamp == vdisk->stamp && !vdisk->judged_ms)
			vdisk->judged_ms = now->time_ms;
	}
	question.result = 0;
	if (!whole)
		question.result = fault_set(&question.fault, SOURCE_E_STALE,
			"the search for virtual disks broke off: some may be missing");
	else if (left_out.text[0])
		question.result = fault_set(&question.fault, SOURCE_E_STALE, "%s", left_out.text);
}

static int report(struct fault *fault)
{
	if (question.result)
		*fault = question.fault;
	return question.result;
}

static uint32_t asked_shares;

static int look_at_answer(struct pass *pass, uint32_t patience_ms, struct fault *fault)
{
	if (!question.asking)
		return report(fault);
	if (answer_wait(&question.answer, patience_ms)) {
		take_answer(pass, asked_shares);
	} else if (pass->now->time_ms - question.asked_ms >= GIVE_UP_MS) {
		question.result = fault_set(&question.fault, SOURCE_E_STALE,
			"the search for virtual disks did not end within %d s", GIVE_UP_MS / 1000);
	} else {
		return pass->now->time_ms - question.asked_ms < EVERY_MS
			       ? report(fault)
			       : fault_set(fault, SOURCE_E_STALE,
					 "virtual disks are still being looked at (a large one may have to "
					 "be "
					 "written to the disk first)");
	}
	stop_asking();
	return report(fault);
}

int vdisks_collect(struct pass *pass, struct fault *fault)
{
	carry_over(pass);
	bool due = pass->root->recorded ||
		   (pass->asked && (!question.started || pass->now->time_ms - question.asked_ms >= EVERY_MS));
	asked_shares = due && !question.asking ? wanted_shares(pass->now) : asked_shares;
	if (question.asking || !due || (!asked_shares && !pass->root->recorded))
		return report(fault);
	int error = begin_asking(pass, asked_shares);
	if (error == -ENOENT)
		return fault_set(fault, SOURCE_E_ABSENT, "answers/vdisks is not in this recording");
	if (error)
		return fault_set(fault, error, "no child to look for virtual disks: %s", strerror(-error));
	return 0;
}

int vdisks_finish(struct pass *pass, struct fault *fault)
{
	int result = look_at_answer(pass, pass->patience_ms, fault);
	vdisks_find_openers(pass->now);
	return result;
}
