/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "work/job.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/text.h"
#include "work/job_child.h"

#define RATE_MS 5000		   /* between two looks at the rate */
#define OTHERS_BYTES_PER_S 1000000 /* a client that writes; a browser on the page takes less */

void jobs_init(struct jobs *jobs, const struct job_row *rows, unsigned row_count)
{
	*jobs = (struct jobs){.rows = rows, .row_count = row_count, .fd = -1};
}

bool jobs_busy(const struct jobs *jobs)
{
	return jobs->pid != 0;
}

static const struct job_row *find_row(const struct jobs *jobs, enum job_kind kind)
{
	for (unsigned i = 0; i < jobs->row_count; i++)
		if (jobs->rows[i].kind == kind)
			return &jobs->rows[i];
	return NULL;
}

static struct job *current(struct jobs *jobs)
{
	return &jobs->list[jobs->count - 1];
}

static void forget_oldest(struct jobs *jobs)
{
	jobs->count--;
	memmove(jobs->list, jobs->list + 1, jobs->count * sizeof jobs->list[0]);
}

static void enter(struct jobs *jobs, const struct job_task *task, uint64_t now_ms, uint64_t clock_ms)
{
	if (jobs->count == JOBS_MAX)
		forget_oldest(jobs);
	struct job *job = &jobs->list[jobs->count++];
	*job = (struct job){
		.number = ++jobs->last_number,
		.kind = task->kind,
		.total_bytes = UNKNOWN_U64,
		.done_bytes = UNKNOWN_U64,
		.rate_bytes_per_s = UNKNOWN_U64,
		.eta_s = UNKNOWN_U64,
		.started_clock_ms = clock_ms,
		.started_ms = now_ms,
		.ended_clock_ms = UNKNOWN_U64,
	};
	memcpy(job->share, task->share, sizeof job->share);
	memcpy(job->file, task->file, sizeof job->file);
	memcpy(job->who, task->order.who, sizeof job->who);
	memcpy(job->address, task->order.address, sizeof job->address);
	jobs->rate_ms = now_ms;
	jobs->rate_bytes = 0;
	jobs->listed = false;
}

int jobs_start(struct jobs *jobs, const struct job_task *task, uint64_t now_ms, uint64_t clock_ms)
{
	const struct job_row *row = find_row(jobs, task->kind);
	int ends[2];
	if (jobs->pid)
		return -EBUSY;
	if (!row)
		return -ENOSYS;
	if (!jobs->control) {
		void *page = mmap(NULL, sizeof *jobs->control, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (page == MAP_FAILED)
			return -errno;
		jobs->control = page;
	}
	atomic_store(&jobs->control->cancel, 0);
	atomic_store(&jobs->control->give_way, 0);
	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	jobs->task = *task;
	pid_t parent = getpid(), pid = fork();
	if (!pid)
		job_child(row, &jobs->task, jobs->control, ends[1], parent);
	int error = pid < 0 ? -errno : 0;
	close(ends[1]);
	if (error) {
		close(ends[0]);
		return error;
	}
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	jobs->pid = pid;
	jobs->fd = ends[0];
	enter(jobs, task, now_ms, clock_ms);
	return (int)jobs->last_number;
}

static void take_progress(struct jobs *jobs, const struct job_message *message, uint64_t now_ms)
{
	struct job *job = current(jobs);
	job->done_bytes = message->done_bytes;
	job->total_bytes = message->total_bytes;
	memcpy(job->phase, message->phase, sizeof job->phase);
	if (job->done_bytes == UNKNOWN_U64 || job->done_bytes < jobs->rate_bytes) {
		jobs->rate_ms = now_ms;
		jobs->rate_bytes = job->done_bytes == UNKNOWN_U64 ? 0 : job->done_bytes;
		return;
	}
	uint64_t elapsed_ms = now_ms - jobs->rate_ms;
	bool due = elapsed_ms >= (job->rate_bytes_per_s == UNKNOWN_U64 ? RATE_MS / 10 : RATE_MS);
	if (due) {
		job->rate_bytes_per_s = (job->done_bytes - jobs->rate_bytes) / elapsed_ms * 1000;
		jobs->rate_ms = now_ms;
		jobs->rate_bytes = job->done_bytes;
	}
	bool rated = job->rate_bytes_per_s && job->rate_bytes_per_s != UNKNOWN_U64;
	job->eta_s = rated && job->total_bytes >= job->done_bytes
			     ? (job->total_bytes - job->done_bytes) / job->rate_bytes_per_s
			     : UNKNOWN_U64;
}

static void end_job(struct jobs *jobs, int result, const char *says, uint64_t clock_ms)
{
	struct job *job = current(jobs);
	job->state = !result ? JOB_DONE : result == -ECANCELED ? JOB_CANCELLED : JOB_FAILED;
	job->ended_clock_ms = clock_ms;
	job->cancelling = 0;
	job->rate_bytes_per_s = job->eta_s = UNKNOWN_U64;
	job->phase[0] = 0;
	if (*says)
		text_show(job->says, sizeof job->says, text_of(says));
	if (!jobs->listed)
		jobs->count--;
	jobs->listed = true;
}

static void wait_for_child(struct jobs *jobs, int *ret_status)
{
	close(jobs->fd);
	jobs->fd = -1;
	while (waitpid(jobs->pid, ret_status, 0) < 0 && errno == EINTR)
		;
	jobs->pid = 0;
}

static void child_died(struct jobs *jobs, uint64_t clock_ms, struct job_message *ret_message)
{
	int status = 0;
	wait_for_child(jobs, &status);
	*ret_message = (struct job_message){.news = JOB_NEWS_ENDED, .result = -EIO, .next_s = 0};
	snprintf(ret_message->says, sizeof ret_message->says,
		"the job's process was ended from outside (%s %d): what it left is finished or undone by the "
		"next "
		"one",
		WIFSIGNALED(status) ? "signal" : "exit code",
		WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	jobs->listed = true;
	end_job(jobs, -EIO, ret_message->says, clock_ms);
}

enum job_news jobs_receive(
	struct jobs *jobs, uint64_t now_ms, uint64_t clock_ms, struct job_message *ret_message)
{
	if (!jobs->pid)
		return JOB_NEWS_NONE;
	ssize_t count = read(jobs->fd, ret_message, sizeof *ret_message);
	if (count < 0 && (errno == EAGAIN || errno == EINTR))
		return JOB_NEWS_NONE;
	if (count != (ssize_t)sizeof *ret_message) {
		child_died(jobs, clock_ms, ret_message);
		return JOB_NEWS_ENDED;
	}
	ret_message->phase[sizeof ret_message->phase - 1] = 0;
	ret_message->says[sizeof ret_message->says - 1] = 0;
	if (ret_message->news == JOB_NEWS_ACCEPTED)
		jobs_show(jobs);
	else if (ret_message->news == JOB_NEWS_PROGRESS)
		take_progress(jobs, ret_message, now_ms);
	else if (ret_message->news == JOB_NEWS_REFUSED)
		text_show(current(jobs)->says, sizeof current(jobs)->says, text_of(ret_message->says));
	else if (ret_message->news == JOB_NEWS_ENDED) {
		int status;
		wait_for_child(jobs, &status);
		end_job(jobs, ret_message->result, ret_message->says, clock_ms);
	}
	return ret_message->news;
}

void jobs_show(struct jobs *jobs)
{
	jobs->listed = true;
}

bool jobs_cancel(struct jobs *jobs, uint32_t number)
{
	if (!jobs->pid || current(jobs)->number != number)
		return false;
	current(jobs)->cancelling = 1;
	atomic_store(&jobs->control->cancel, 1);
	return true;
}

void jobs_give_way(struct jobs *jobs, bool others_write)
{
	if (jobs->pid)
		atomic_store(&jobs->control->give_way, others_write);
}

void jobs_publish(const struct jobs *jobs, struct snapshot *snapshot)
{
	snapshot->job_count = jobs->count - (jobs->pid && !jobs->listed);
	memcpy(snapshot->jobs, jobs->list, snapshot->job_count * sizeof jobs->list[0]);
}

const struct job *jobs_find(const struct jobs *jobs, uint32_t number)
{
	for (uint32_t i = 0; i < jobs->count; i++)
		if (jobs->list[i].number == number)
			return &jobs->list[i];
	return NULL;
}

void jobs_forget(struct jobs *jobs)
{
	if (jobs->fd >= 0)
		close(jobs->fd);
	jobs->fd = -1;
	jobs->pid = 0;
}

bool jobs_others_write(const struct snapshot *before, const struct snapshot *now)
{
	uint64_t received = 0, elapsed_ms = now->time_ms - before->time_ms;
	if (!before->time_ms || !elapsed_ms || now->time_ms < before->time_ms)
		return false;
	for (uint32_t i = 0; i < now->link_count && i < before->link_count; i++) {
		uint64_t old = before->links[i].rx_bytes, new = now->links[i].rx_bytes;
		if (!strcmp(before->links[i].name, now->links[i].name) && old != UNKNOWN_U64 &&
			new != UNKNOWN_U64 &&new > old)
			received += new - old;
	}
	return received / elapsed_ms * 1000 > OTHERS_BYTES_PER_S;
}
