/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Long work on disks, one at a time, each in a child process of its own: a call such as fallocate() cannot be
 * called off, so nobody else may have to wait for it. This is the parent's side, in the privileged process or
 * in the command line's; the child's is in job_child.h. A new kind of job is one file job_NAME.c and one row
 * in job_table.c. While a job runs it holds the lock of the state directory, whoever started it.
 */
#ifndef NASREADY_WORK_JOB_H
#define NASREADY_WORK_JOB_H

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#include "model/order.h"
#include "model/snapshot.h"

struct job_run; /* job_child.h */

/* what a job shall do, checked as far as that goes without looking at a disk */
struct job_task {
	enum job_kind kind;
	struct order order;
	char share[SHARE_LEN];
	char dir[MOUNT_LEN];	 /* the share's folder, absolute */
	char file[JOB_FILE_LEN]; /* below it; empty: none */
	uint32_t number;	 /* of the share */
	uint64_t limit_bytes;	 /* the largest file there */
	const char *limit_says;
	uint64_t keep_s; /* for how long what was deleted can be had back */
	const char *state_dir;
};

struct job_row {
	enum job_kind kind;
	/* in the child; what it returns is how the job ended: 0, -ECANCELED, or a negative errno after
	 * job_refuse or job_says */
	int (*run)(struct job_run *run);
};

extern const struct job_row job_table[];
extern const unsigned job_table_count;

/* memory that both sides see */
struct job_control {
	atomic_uint cancel;
	atomic_uint give_way; /* others write: do not take more than half of the time */
};

enum job_news {
	JOB_NEWS_NONE,
	JOB_NEWS_ACCEPTED,
	JOB_NEWS_REFUSED,
	JOB_NEWS_PROGRESS,
	JOB_NEWS_CHUNK,
	JOB_NEWS_ENDED
};

/* from the child to its parent, through a pipe; small enough to be written whole */
struct job_message {
	enum job_news news;
	enum order_status status; /* of a refusal */
	int result;		  /* of an end */
	uint32_t retry_after_s, chunk_ms;
	uint64_t done_bytes, total_bytes, chunk_bytes;
	uint64_t next_s; /* tidy: after so many seconds there will be something to do; UNKNOWN_U64: never */
	char phase[NAME_LEN];
	char says[JOB_SAYS_LEN];
};

struct jobs {
	const struct job_row *rows;
	unsigned row_count;
	uint32_t count, last_number;
	struct job list[JOBS_MAX]; /* the one that runs is the last */
	bool listed;		   /* the one that runs was accepted, and can be seen */
	struct job_task task;	   /* of the one that runs */
	pid_t pid;		   /* 0: none runs */
	int fd;			   /* what it tells; -1: none */
	struct job_control *control;
	uint64_t rate_ms, rate_bytes; /* when and where the rate was last measured */
};

void jobs_init(struct jobs *jobs, const struct job_row *rows, unsigned row_count);
bool jobs_busy(const struct jobs *jobs);
/* Starts the child. The number of the job, or a negative errno (-EBUSY: one runs). `now`: both clocks. */
int jobs_start(struct jobs *jobs, const struct job_task *task, uint64_t now_ms, uint64_t clock_ms);
/* Takes the next message of the child in; JOB_NEWS_NONE: there is none now. After JOB_NEWS_ENDED none runs
 * any more. A child that was killed ends too, as failed. */
enum job_news jobs_receive(
	struct jobs *jobs, uint64_t now_ms, uint64_t clock_ms, struct job_message *ret_message);
/* from now on it can be seen, whether it was accepted or not */
void jobs_show(struct jobs *jobs);
/* false: there is no such job, or it has ended. It ends between two chunks. */
bool jobs_cancel(struct jobs *jobs, uint32_t number);
void jobs_give_way(struct jobs *jobs, bool others_write);
/* puts what can be seen into the snapshot */
void jobs_publish(const struct jobs *jobs, struct snapshot *snapshot);
const struct job *jobs_find(const struct jobs *jobs, uint32_t number);
/* in another process that was forked: the pipe is not its own */
void jobs_forget(struct jobs *jobs);

/* do SMB clients send so much that a job should hold back? */
bool jobs_others_write(const struct snapshot *before, const struct snapshot *now);

#endif
