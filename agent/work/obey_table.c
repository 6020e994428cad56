/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <stdio.h>
#include <string.h>

#include "common/disk_name.h"
#include "common/text.h"
#include "common/vhdx_make.h"
#include "model/file_limit.h"
#include "work/obey.h"

static bool cancel(struct obey *obey, const struct order *order, const struct snapshot *known,
	struct order_answer *answer)
{
	const struct job *job = jobs_find(obey->jobs, order->number);
	(void)known;
	answer->job = order->number;
	if (jobs_cancel(obey->jobs, order->number))
		return true;
	if (!job)
		return obey_refuse(answer, ORDER_UNKNOWN_JOB, "there is no job %u: GET /v1/jobs lists them",
			(unsigned)order->number);
	return true; /* it has ended: what was wanted is so */
}

/* -- disks -- */

static void fill_task(const struct obey *obey, const struct order *order, const struct snapshot *known,
	const struct share *share, struct job_task *task)
{
	const struct file_limit limit = file_limit_of(known, snapshot_find_volume(known, share->volume));
	*task = (struct job_task){.order = *order,
		.number = share->number,
		.limit_bytes = limit.bytes,
		.limit_says = limit.says,
		.keep_s = obey->keep_s,
		.state_dir = obey->state_dir};
	memcpy(task->share, share->name, sizeof task->share);
	memcpy(task->dir, share->path, sizeof task->dir);
	task->order.size_bytes -= order->size_bytes % VHDX_MIB;
}

static bool check_share(const struct share *share, struct order_answer *answer)
{
	if (!share)
		return !obey_refuse(answer, ORDER_UNKNOWN_SHARE, "there is no such share (any more)");
	if (share->path[0] == '/' && !strchr(share->path, '%'))
		return true;
	return !obey_refuse(answer, ORDER_UNKNOWN_SHARE,
		"the folder of share %s is not one and the same for everybody: %s", share->name, share->path);
}

static bool check_size(uint64_t bytes, struct order_answer *answer)
{
	if (bytes > VHDX_DISK_SIZE_MAX)
		return !obey_refuse(answer, ORDER_BEYOND_LIMIT, "a VHDX holds 64 TiB (%llu bytes) at most",
			(unsigned long long)VHDX_DISK_SIZE_MAX);
	return bytes >= VHDX_MAKE_SIZE_MIN ||
	       !obey_refuse(answer, ORDER_BAD_SIZE, "%llu bytes are too few: a disk has 3 MiB at least",
		       (unsigned long long)bytes);
}

static bool check_path(enum job_kind kind, const char *path, struct order_answer *answer)
{
	const char *slash = strchr(path, '/');
	struct text folder = {path, slash ? (size_t)(slash - path) : 0};
	if (kind == JOB_CREATE) {
		if (!disk_name_check(path, &answer->fault))
			return true;
		answer->status = ORDER_BAD_NAME;
		return false;
	}
	if (text_is_name(text_of(slash ? slash + 1 : path)) && (!slash || text_is_name(folder)) &&
		path[0] != '.')
		return true;
	return !obey_refuse(answer, ORDER_BAD_NAME,
		"no disk can be there: it lies in the share's folder, or in one folder of it");
}

bool obey_disk(struct obey *obey, enum job_kind kind, const struct share *share, const char *path,
	const struct order *order, const struct snapshot *known, struct order_answer *answer)
{
	struct job_task task;
	bool sized = kind == JOB_CREATE || kind == JOB_GROW;
	if (!check_share(share, answer) || !check_path(kind, path, answer) ||
		(sized && !check_size(order->size_bytes, answer)))
		return true;
	fill_task(obey, order, known, share, &task);
	task.kind = kind;
	bool leased = kind == JOB_GROW || kind == JOB_DELETE;
	if (leased && !leases_may(&obey->leases, share->name, path, order->token))
		return obey_refuse(answer, ORDER_LEASED,
			"%.60s/%.60s belongs to %s: send the token of its lease, or let admin break it "
			"(DELETE "
			"/v1/leases/%.40s/%.40s)",
			share->name, path, leases_find(&obey->leases, share->name, path)->server, share->name,
			path);
	if (!text_copy(task.file, sizeof task.file, text_of(path)))
		return obey_refuse(answer, ORDER_BAD_NAME, "the path of the disk is too long");
	return obey_start(obey, &task, answer);
}

bool obey_probe(struct obey *obey, const struct share *share, const struct order *order,
	const struct snapshot *known, struct order_answer *answer)
{
	struct job_task task;
	if (!check_share(share, answer))
		return true;
	fill_task(obey, order, known, share, &task);
	task.kind = JOB_PROBE;
	return obey_start(obey, &task, answer);
}

static bool probe(struct obey *obey, const struct order *order, const struct snapshot *known,
	struct order_answer *answer)
{
	return obey_probe(obey, obey_find_share(known, order->number), order, known, answer);
}

static bool create(struct obey *obey, const struct order *order, const struct snapshot *known,
	struct order_answer *answer)
{
	return obey_disk(
		obey, JOB_CREATE, obey_find_share(known, order->number), order->file, order, known, answer);
}

/* one that the collector has found, by the number it gave it */
static bool change_disk(struct obey *obey, enum job_kind kind, const struct order *order,
	const struct snapshot *known, struct order_answer *answer)
{
	const struct vdisk *disk = snapshot_find_vdisk(known, order->number);
	const struct share *share = NULL;
	if (!disk || !order->number)
		return obey_refuse(answer, ORDER_UNKNOWN_DISK,
			"there is no such disk any more: GET /v1/disks lists them");
	for (uint32_t i = 0; i < known->share_count; i++)
		if (!strcmp(known->shares[i].name, disk->share))
			share = &known->shares[i];
	return obey_disk(obey, kind, share, disk->file, order, known, answer);
}

static bool grow(struct obey *obey, const struct order *order, const struct snapshot *known,
	struct order_answer *answer)
{
	return change_disk(obey, JOB_GROW, order, known, answer);
}

static bool delete (struct obey *obey, const struct order *order, const struct snapshot *known,
	struct order_answer *answer)
{
	return change_disk(obey, JOB_DELETE, order, known, answer);
}

static bool undelete(struct obey *obey, const struct order *order, const struct snapshot *known,
	struct order_answer *answer)
{
	return obey_disk(
		obey, JOB_UNDELETE, obey_find_share(known, order->number), order->file, order, known, answer);
}

static bool grant(struct obey *obey, const struct order *order, const struct snapshot *known,
	struct order_answer *answer)
{
	const struct share *share = obey_find_share(known, order->number);
	if (!check_share(share, answer) || !check_path(JOB_CREATE, order->file, answer))
		return true;
	if (obey->grant)
		obey->grant(obey->arg, share, order);
	return true;
}

const struct order_row order_table[] = {
	{ORDER_CREATE, create},
	{ORDER_GROW, grow},
	{ORDER_DELETE, delete},
	{ORDER_UNDELETE, undelete},
	{ORDER_CANCEL, cancel},
	{ORDER_LEASE, lease_put},
	{ORDER_RELEASE, lease_release},
	{ORDER_BREAK, lease_break},
	{ORDER_PROBE, probe},
	{ORDER_GRANT, grant},
};
const unsigned order_table_count = ARRAY_LEN(order_table);
