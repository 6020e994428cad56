/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "work/worker.h"

#include <string.h>

#include "base/footprint.h"
#include "base/log.h"
#include "work/obey.h"

#define IDLE_MS 60000	/* nobody asks */
#define BACKUP_MS 5000	/* a pass costs a slow NAS about 2 ms: 0.04 % of a backup's time */
#define WATCH_MS 20000	/* each question brings a pass; these are for what came and went in between */
#define FAST_MS 2000	/* "settled" must be seen within 15 s of the end of an allocation */
#define NOW_MS 250	/* whatever the server asks for, passes are no closer than this */
#define KNEE_MS 50	/* between two looks at a child that reads block groups: it takes 100 ms and more */
#define PATIENCE_MS 100 /* a request waits 250 ms for a pass */
#define UNTOLD_MAX \
	10 /* quiet passes in a row of which the server hears nothing: its history then lacks nothing */

enum { TIMER_PASS, TIMER_KNEE, TIMER_OBEY };

void worker_init(struct worker *worker, const struct root *root, const char *state_dir)
{
	collector_init(&worker->collector, root);
	jobs_init(&worker->jobs, job_table, job_table_count);
	obey_init(&worker->obey, &worker->jobs, state_dir, root->recorded);
	worker->ally = NULL;
	worker_restart(worker);
}

void worker_restart(struct worker *worker)
{
	worker->pace = COMMAND_FAST; /* as the collector begins: somebody asks */
	worker->untold = UNTOLD_MAX;
	worker->server_gone = false;
	worker->channel = NULL;
	worker->ally_fd = -1;
	worker->told = (struct told){0};
}

void worker_forget(struct worker *worker)
{
	jobs_forget(&worker->jobs);
	if (worker->ally)
		worker->ally->forget(worker->ally->arg);
}

static struct snapshot *newest(struct worker *worker)
{
	return &worker->collector.snapshots[worker->collector.newest];
}

static void publish(struct worker *worker)
{
	jobs_publish(&worker->jobs, newest(worker));
	leases_publish(&worker->obey.leases, newest(worker));
	channel_publish(worker->channel, newest(worker));
}

static void tell_server(struct worker *worker, const struct snapshot *now)
{
	publish(worker);
	bool tell = worker->pace != COMMAND_IDLE || ++worker->untold >= UNTOLD_MAX ||
		    collector_is_news(&worker->told, now);
	if (!tell)
		return;
	worker->untold = 0;
	worker->told = collector_tell(now);
	channel_announce(worker->channel);
}

static uint64_t pace_ms(const struct worker *worker)
{
	const struct ally *ally = worker->ally;
	if (worker->pace == COMMAND_FAST || jobs_busy(&worker->jobs) ||
		(ally && ally->is_restless(ally->arg)))
		return FAST_MS;
	return worker->pace == COMMAND_IDLE ? IDLE_MS : worker->pace == COMMAND_WATCH ? WATCH_MS : BACKUP_MS;
}

static void on_obey(void *arg);
static void on_job(void *arg);

/* after whatever may have begun or ended a job */
static void follow_jobs(struct worker *worker)
{
	obey_settle(&worker->obey, newest(worker), clock_monotonic_ms(), clock_wall_ms());
	if (worker->obey.watched_fd != worker->jobs.fd) {
		loop_unwatch(&worker->loop, worker->obey.watched_fd);
		worker->obey.watched_fd = worker->jobs.fd;
		if (worker->jobs.fd >= 0)
			loop_watch(&worker->loop, worker->jobs.fd, on_job, worker);
	}
	loop_timer(&worker->loop, TIMER_OBEY, obey_due_ms(&worker->obey), on_obey, worker);
}

static void on_ally(void *arg);
static void on_knee(void *arg);

static void watch_ally(struct worker *worker)
{
	int fd = worker->ally->fd(worker->ally->arg);
	if (fd == worker->ally_fd)
		return;
	loop_unwatch(&worker->loop, worker->ally_fd);
	worker->ally_fd = -1;
	if (fd >= 0 && !loop_watch(&worker->loop, fd, on_ally, worker))
		worker->ally_fd = fd;
}

static void ask_ally(struct worker *worker)
{
	const struct ally *ally = worker->ally;
	struct knee *knee = &worker->collector.knee;
	if (!ally)
		return;
	ally->look(ally->arg, newest(worker));
	watch_ally(worker);
	uint32_t number = knee_is_busy(knee) ? 0 : ally->wants_knee(ally->arg, newest(worker));
	if (!number)
		return;
	knee_want(knee, number);
	on_knee(worker);
}

static void on_pass(void *arg)
{
	struct worker *worker = arg;
	worker->collector.asked = worker->pace != COMMAND_IDLE;
	const struct snapshot *now = collector_pass(&worker->collector, PATIENCE_MS);
	jobs_give_way(&worker->jobs,
		jobs_others_write(&worker->collector.snapshots[!worker->collector.newest], now));
	ask_ally(worker);
	tell_server(worker, now);
	follow_jobs(worker);
	loop_timer(&worker->loop, TIMER_PASS, now->time_ms + pace_ms(worker), on_pass, worker);
}

static void on_ally(void *arg)
{
	struct worker *worker = arg;
	const struct ally *ally = worker->ally;
	if (!ally->hear(ally->arg, newest(worker), clock_monotonic_ms(), clock_wall_ms()))
		return;
	worker->untold = UNTOLD_MAX;
	/* a client that tries again and again must not keep the processor busy */
	uint64_t soon_ms = newest(worker)->time_ms + NOW_MS;
	if (clock_monotonic_ms() >= soon_ms) {
		on_pass(worker);
		return;
	}
	publish(worker);
	channel_announce(worker->channel);
	loop_timer(&worker->loop, TIMER_PASS, soon_ms, on_pass, worker);
}

/* a chunk that a job allocated */
static void learn_chunk(void *arg, uint32_t share_number, uint64_t bytes, uint64_t ms)
{
	struct worker *worker = arg;
	const struct ally *ally = worker->ally;
	const struct snapshot *now = newest(worker);
	for (uint32_t i = 0; ally && i < now->share_count; i++) {
		const struct volume *volume = snapshot_find_volume(now, now->shares[i].volume);
		if (now->shares[i].number == share_number && volume)
			ally->learn(ally->arg, volume, bytes, ms * 1000, clock_wall_ms());
	}
}

static void grant_step(void *arg, const struct share *share, const struct order *order)
{
	struct worker *worker = arg;
	const struct ally *ally = worker->ally;
	if (ally)
		ally->grant(ally->arg, newest(worker), share, order, clock_monotonic_ms());
}

static void on_obey(void *arg)
{
	struct worker *worker = arg;
	follow_jobs(worker);
}

static void on_job(void *arg)
{
	struct worker *worker = arg;
	bool shown = obey_receive(&worker->obey, clock_monotonic_ms(), clock_wall_ms());
	follow_jobs(worker);
	if (!shown)
		return;
	publish(worker);
	if (worker->pace != COMMAND_IDLE || !jobs_busy(&worker->jobs))
		channel_announce(worker->channel);
}

static void on_knee(void *arg)
{
	struct worker *worker = arg;
	struct collector *collector = &worker->collector;
	uint64_t now_ms = clock_monotonic_ms();
	if (knee_step(&collector->knee, &collector->root, newest(worker), now_ms, 0)) {
		/* the gate in smbd must know it before anybody is granted a step by it */
		if (worker->ally)
			worker->ally->look(worker->ally->arg, newest(worker));
		publish(worker);
		channel_announce(worker->channel);
	}
	loop_timer(&worker->loop, TIMER_KNEE, knee_is_busy(&collector->knee) ? now_ms + KNEE_MS : LOOP_NEVER,
		on_knee, worker);
}

static void send_answer(void *arg, const struct order_answer *answer)
{
	struct worker *worker = arg;
	/* first, so that whoever is told of a job or a lease finds it */
	publish(worker);
	channel_announce(worker->channel);
	channel_answer(worker->channel, answer);
}

/* true: a pass is wanted at once */
static bool take_message(struct worker *worker, int command, const struct message *message)
{
	switch (command) {
	case COMMAND_NOW:
		return true;
	case COMMAND_IDLE:
		footprint_trim();
		worker->pace = COMMAND_IDLE;
		break;
	case COMMAND_FAST:
	case COMMAND_BACKUP:
	case COMMAND_WATCH:
		worker->pace = (enum command)command;
		break;
	case COMMAND_KNEE:
		knee_want(&worker->collector.knee, message->number);
		break;
	case COMMAND_ORDER:
		obey(&worker->obey, &message->order, newest(worker));
		/* a lease is judged with the next look */
		return message->order.kind >= ORDER_LEASE && message->order.kind <= ORDER_BREAK;
	default:
		break;
	}
	return false;
}

static void on_command(void *arg)
{
	struct worker *worker = arg;
	struct message message;
	bool now = false;
	for (int command; (command = channel_receive(worker->channel, &message));) {
		if (command < 0) {
			worker->server_gone = true;
			loop_stop(&worker->loop);
			return;
		}
		now |= take_message(worker, command, &message);
	}
	follow_jobs(worker);
	uint64_t last_ms = newest(worker)->time_ms;
	if (!now) {
		loop_timer(&worker->loop, TIMER_PASS, last_ms + pace_ms(worker), on_pass, worker);
	} else if (clock_monotonic_ms() - last_ms < NOW_MS) {
		channel_announce(worker->channel);
	} else {
		worker->untold = UNTOLD_MAX;
		on_pass(worker);
	}
	if (knee_is_busy(&worker->collector.knee))
		on_knee(worker);
}

void worker_tell_terms(struct worker *worker, const void *terms, size_t size)
{
	channel_publish_terms(worker->channel, terms, size);
	worker->untold = UNTOLD_MAX;
	on_pass(worker);
}

int worker_run(struct worker *worker, struct channel *channel)
{
	worker->channel = channel;
	worker->server_gone = false;
	obey_begin(&worker->obey, send_answer, worker);
	worker->obey.learn = learn_chunk;
	worker->obey.grant = grant_step;
	int error = loop_init(&worker->loop);
	if (!error)
		error = loop_watch(&worker->loop, channel->fd, on_command, worker);
	if (!error && worker->hangup)
		error = loop_on_hangup(&worker->loop, worker->hangup, worker->hangup_arg);
	if (error)
		return error;
	on_pass(worker);
	footprint_trim();
	loop_run(&worker->loop);
	return 0;
}
