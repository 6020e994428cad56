/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "work/obey.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/loop.h"
#include "common/text.h"
#include "work/lease_store.h"

#define ANSWER_MS 3000 /* a request waits 5 s */
#define KEEP_S (24 * 3600)
#define LEASE_S (8 * 24 * 3600) /* a weekly backup renews it */
#define AGAIN_MS 30000		/* after having made way */

void obey_init(struct obey *obey, struct jobs *jobs, const char *state_dir, bool recorded)
{
	*obey = (struct obey){.jobs = jobs,
		.state_dir = state_dir,
		.recorded = recorded,
		.watched_fd = -1,
		.keep_s = KEEP_S,
		.leases.keep_s = LEASE_S,
		.tidy_ms = UINT64_MAX};
	if (!recorded)
		leases_load(&obey->leases, state_dir);
}

void obey_begin(struct obey *obey, void (*answer)(void *arg, const struct order_answer *answer), void *arg)
{
	obey->answer = answer;
	obey->arg = arg;
	obey->watched_fd = -1; /* the loop is a new one */
	obey->waiting_id = 0;  /* and so is the server */
}

bool obey_refuse(struct order_answer *answer, enum order_status status, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(answer->fault.text, sizeof answer->fault.text, format, args);
	va_end(args);
	answer->status = status;
	return true;
}

const struct share *obey_find_share(const struct snapshot *known, uint32_t number)
{
	for (uint32_t i = 0; i < known->share_count; i++)
		if (number && known->shares[i].number == number)
			return &known->shares[i];
	return NULL;
}

/* What nobody was asked to prove for is not worth a line for each refusal: whoever may read could fill the
 * log. */
static void log_order(const struct obey *obey, const struct order *order, const struct order_answer *answer)
{
	static const char *const names[] = {[ORDER_CREATE] = "create",
		[ORDER_GROW] = "grow",
		[ORDER_DELETE] = "delete",
		[ORDER_UNDELETE] = "undelete",
		[ORDER_CANCEL] = "cancel",
		[ORDER_LEASE] = "lease",
		[ORDER_RELEASE] = "release",
		[ORDER_BREAK] = "break the lease of",
		[ORDER_PROBE] = "probe",
		[ORDER_GRANT] = "grant"};
	const char *name =
		order->kind < ARRAY_LEN(names) && names[order->kind] ? names[order->kind] : "order";
	bool done = answer->status == ORDER_DONE;
	char file[80], what[128];
	if (obey->quiet || (!done && (!*order->who || !answer->fault.text[0])))
		return;
	text_show(file, sizeof file, text_of(order->file));
	if (*file)
		snprintf(what, sizeof what, "%s %s", name, file);
	else
		snprintf(what, sizeof what, "%s %u", name, (unsigned)order->number);
	log_info("%s, by %s from %s: %s%s", what,
		*order->who	 ? order->who
		: *order->server ? order->server
				 : "nobody",
		*order->address ? order->address : "here", done ? "done" : "refused, ",
		done ? "" : answer->fault.text);
}

void obey(struct obey *obey, const struct order *order, const struct snapshot *known)
{
	struct order_answer answer = {.id = order->id};
	bool answered = true;
	unsigned row = 0;
	while (row < order_table_count && order_table[row].kind != order->kind)
		row++;
	if (row == order_table_count)
		obey_refuse(&answer, ORDER_UNSUPPORTED, "there is no such order");
	else if (obey->recorded)
		obey_refuse(&answer, ORDER_UNSUPPORTED, "this is a recorded machine: nothing is done on it");
	else if (geteuid())
		obey_refuse(&answer, ORDER_UNSUPPORTED,
			"the agent does not run as root, so it can do nothing here");
	else
		answered = order_table[row].carry_out(obey, order, known, &answer);
	if (!answered)
		return;
	log_order(obey, order, &answer);
	obey->answer(obey->arg, &answer);
}

static void refuse_as_busy(struct obey *obey, struct order_answer *answer)
{
	const struct job *job = jobs_find(obey->jobs, obey->jobs->last_number);
	answer->retry_after_s = job && job->eta_s < 3600 ? (uint32_t)job->eta_s + 1 : 10;
	obey_refuse(answer, ORDER_BUSY,
		"job %u (%s%s%s) is under way, and there is one at a time: ask again when it has ended, or "
		"cancel it",
		(unsigned)obey->jobs->last_number, obey->jobs->task.share,
		obey->jobs->task.file[0] ? "/" : "", obey->jobs->task.file);
}

bool obey_start(struct obey *obey, const struct job_task *task, struct order_answer *answer)
{
	uint64_t now_ms = clock_monotonic_ms();
	if (jobs_busy(obey->jobs) && obey->tidying) {
		jobs_cancel(obey->jobs, obey->jobs->last_number);
		answer->retry_after_s = 2;
		return obey_refuse(answer, ORDER_BUSY,
			"share %s is being looked after, which now makes way: ask again in 2 s",
			obey->jobs->task.share);
	}
	if (jobs_busy(obey->jobs)) {
		refuse_as_busy(obey, answer);
		return true;
	}
	int number = jobs_start(obey->jobs, task, now_ms, clock_wall_ms());
	if (number < 0)
		return obey_refuse(answer, ORDER_FAILED, "cannot begin the job: %s", strerror(-number));
	obey->tidying = task->kind == JOB_TIDY;
	obey->waiting_id = answer->id;
	obey->waiting_until_ms = now_ms + ANSWER_MS;
	return false;
}

static void answer_waiting(struct obey *obey, enum order_status status, const struct job_message *message)
{
	struct order_answer answer = {
		.id = obey->waiting_id, .status = status, .job = obey->jobs->last_number};
	if (!obey->waiting_id)
		return;
	if (message && status != ORDER_JOB) {
		answer.job = 0;
		answer.retry_after_s = message->retry_after_s;
		snprintf(answer.fault.text, sizeof answer.fault.text, "%s", message->says);
		log_order(obey, &obey->jobs->task.order, &answer);
	}
	obey->waiting_id = 0;
	obey->answer(obey->arg, &answer);
}

static void log_end(const struct obey *obey, const struct job_message *message)
{
	const struct job_task *task = &obey->jobs->task;
	if (message->says[0] && !obey->quiet)
		log_line(message->result ? LOG_LEVEL_WARNING : LOG_LEVEL_INFO, "job %u on %s%s%s: %s",
			(unsigned)obey->jobs->last_number, task->share, task->file[0] ? "/" : "", task->file,
			message->says);
}

/* a share that was looked after: not again before `next_s` */
static void end_tidying(struct obey *obey, const struct job_message *message, uint64_t now_ms)
{
	bool made_way = obey->tidying && message->result;
	obey->tidying = false;
	if (message->next_s == UNKNOWN_U64 && !made_way)
		return;
	uint64_t due_ms = now_ms + (made_way ? AGAIN_MS : message->next_s * 1000 + 1000);
	if (due_ms < obey->tidy_ms)
		obey->tidy_ms = due_ms;
}

bool obey_receive(struct obey *obey, uint64_t now_ms, uint64_t clock_ms)
{
	struct job_message message;
	bool changed = false;
	for (enum job_news news;
		(news = jobs_receive(obey->jobs, now_ms, clock_ms, &message)) != JOB_NEWS_NONE;) {
		changed = true;
		enum job_kind kind = obey->jobs->task.kind;
		bool allocates = kind == JOB_CREATE || kind == JOB_GROW || kind == JOB_PROBE;
		if (news == JOB_NEWS_CHUNK && allocates && obey->learn)
			obey->learn(
				obey->arg, obey->jobs->task.number, message.chunk_bytes, message.chunk_ms);
		if (news == JOB_NEWS_ACCEPTED)
			answer_waiting(obey, ORDER_JOB, &message);
		if (news == JOB_NEWS_REFUSED)
			answer_waiting(obey, message.status, &message);
		if (news == JOB_NEWS_ENDED) {
			answer_waiting(obey, message.result ? ORDER_FAILED : ORDER_JOB, &message);
			log_end(obey, &message);
			end_tidying(obey, &message, now_ms);
		}
	}
	return changed;
}

static bool was_tidied(const struct obey *obey, uint32_t number)
{
	for (uint32_t i = 0; i < obey->tidy_count; i++)
		if (obey->tidy_done[i] == number)
			return true;
	return false;
}

static void tidy(struct obey *obey, const struct share *share, uint64_t now_ms, uint64_t clock_ms)
{
	struct job_task task = {.kind = JOB_TIDY,
		.number = share->number,
		.keep_s = obey->keep_s,
		.state_dir = obey->state_dir};
	memcpy(task.share, share->name, sizeof task.share);
	memcpy(task.dir, share->path, sizeof task.dir);
	obey->tidy_done[obey->tidy_count++] = share->number;
	obey->tidying = jobs_start(obey->jobs, &task, now_ms, clock_ms) > 0;
}

/* After the agent began, each share once; then when something that was deleted has been kept long enough. */
static void tidy_next(struct obey *obey, const struct snapshot *known, uint64_t now_ms, uint64_t clock_ms)
{
	bool possible = false;
	for (unsigned i = 0; i < obey->jobs->row_count; i++)
		possible |= obey->jobs->rows[i].kind == JOB_TIDY;
	if (jobs_busy(obey->jobs) || obey->recorded || geteuid() || !possible)
		return;
	if (obey->tidy_ms <= now_ms) {
		obey->tidy_ms = UINT64_MAX;
		obey->tidy_count = 0;
	}
	for (uint32_t i = 0; i < known->share_count && obey->tidy_count < SHARES_MAX; i++) {
		const struct share *share = &known->shares[i];
		if (was_tidied(obey, share->number) || share->path[0] != '/' || strchr(share->path, '%'))
			continue;
		tidy(obey, share, now_ms, clock_ms);
		return;
	}
}

void obey_settle(struct obey *obey, const struct snapshot *known, uint64_t now_ms, uint64_t clock_ms)
{
	if (obey->waiting_id && obey->waiting_until_ms <= now_ms && jobs_busy(obey->jobs)) {
		jobs_show(obey->jobs);
		answer_waiting(obey, ORDER_JOB, NULL);
	}
	leases_end_old(&obey->leases, obey->state_dir, known, now_ms);
	tidy_next(obey, known, now_ms, clock_ms);
}

uint64_t obey_due_ms(const struct obey *obey)
{
	if (obey->waiting_id && obey->waiting_until_ms < obey->tidy_ms)
		return obey->waiting_until_ms;
	return jobs_busy(obey->jobs) ? UINT64_MAX : obey->tidy_ms;
}
