/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What a job does with, in its own process. A job first looks whether it may do what it was asked to (then it
 * says job_accept, or job_refuse and returns), then works in chunks of about a second, and asks job_go_on
 * between them.
 */
#ifndef NASREADY_WORK_JOB_CHILD_H
#define NASREADY_WORK_JOB_CHILD_H

#include "work/job.h"

struct job_run {
	const struct job_task *task;
	struct job_control *control;
	int out;
	struct job_message message; /* the state that is told: phase, bytes, says */
	uint64_t chunk_bytes;	    /* how much the next chunk shall take */
	uint64_t chunk_began_ms, chunk_began_busy_ms;
};

/* the process; never returns */
_Noreturn void job_child(const struct job_row *row, const struct job_task *task, struct job_control *control,
	int out, pid_t parent);

void job_accept(struct job_run *run);
/* before job_accept: why not; returns a negative errno for `return job_refuse(...)` */
int job_refuse(struct job_run *run, enum order_status status, const char *format, ...) FORMAT(3, 4);
/* the sentence that stays with the job; returns `code` */
int job_says(struct job_run *run, int code, const char *format, ...) FORMAT(3, 4);
void job_phase(struct job_run *run, const char *phase);
void job_progress(struct job_run *run, uint64_t done_bytes, uint64_t total_bytes);

/* A chunk begins: its size. job_chunk_done tells what it took of a processor and the disks (base/busy.h), and
 * waits as long again while others write. false: the job is cancelled. */
uint64_t job_chunk(struct job_run *run, uint64_t left_bytes);
bool job_chunk_done(struct job_run *run, uint64_t bytes);
/* the same for space that was given back, which says nothing of what taking it costs */
bool job_free_done(struct job_run *run, uint64_t bytes);
/* a sample that was timed by the job itself, with busy_ms */
void job_timed(struct job_run *run, uint64_t bytes, uint64_t ms);
/* a pause as long as others need it, without a chunk to time */
void job_rest(struct job_run *run);
/* whoever else wants the disk gets it first, where the kernel can do that */
void job_idle_io(void);
bool job_cancelled(const struct job_run *run);
/* pure: the size of the next chunk, after one of `bytes` took `ms` */
uint64_t job_next_chunk(uint64_t bytes, uint64_t ms, bool give_way);

#endif
