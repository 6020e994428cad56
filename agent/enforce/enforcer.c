/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "enforce/enforcer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "enforce/smbd.h"
#include "enforce/steps.h"
#include "judge/outlook.h"
#include "work/record.h"

#define SMBD_EVERY_MS 30000
#define QUIET_MS 50000 /* so long a page that holds no share stays as it is */
#define TELL_MS 100    /* what ends sooner is over before anybody could act on its beginning */

void enforcer_init(struct enforcer *enforcer, const struct enforcer_setup *setup)
{
	enforcer->setup = *setup;
	enforcer->costs.state_dir = setup->state_dir;
	enforcer->gate.ready = enforcer->gate.preloaded = UNKNOWN;
	page_file_init(&enforcer->file);
}

void enforcer_forget(struct enforcer *enforcer)
{
	page_file_close(&enforcer->file);
}

int enforcer_fd(const struct enforcer *enforcer)
{
	return enforcer->file.socket_fd;
}

/* -- what is kept on disk -- */

static void read_list(struct enforcer *enforcer)
{
	char text[RECORD_MAX + 1];
	struct fault fault;
	uint64_t stamp = record_stamp(enforcer->setup.state_dir, GATE_LIST_NAME);
	if (stamp == enforcer->list_stamp)
		return;
	enforcer->list_stamp = stamp;
	enforcer->list.count = 0;
	ssize_t length = record_read(enforcer->setup.state_dir, GATE_LIST_NAME, text, &fault);
	if (length < 0 ||
		(length && gate_list_read((struct text){text, (size_t)length}, &enforcer->list, &fault)))
		log_warning(
			"%s/" GATE_LIST_NAME ": %s; the gate is off", enforcer->setup.state_dir, fault.text);
}

/* -- the page -- */

static void keep_page(struct enforcer *enforcer, uint64_t now_ms)
{
	struct enforcement *gate = &enforcer->gate;
	struct fault fault;
	if (enforcer->file.fd >= 0 || (enforcer->tried_ms && now_ms - enforcer->tried_ms < ENFORCER_RETRY_MS))
		return;
	enforcer->tried_ms = now_ms;
	int error = page_file_open(&enforcer->file, enforcer->setup.run_dir, &fault);
	gate->ready = error ? NO : YES;
	enforcer->page.top.head.written_ms = 0;
	text_show(gate->reason, sizeof gate->reason, text_of(error ? fault.text : ""));
	if (error && enforcer->list.count)
		log_warning("%s", fault.text);
}

static uint32_t state_of(
	const struct enforcer *enforcer, const struct volume *volume, const struct volume_rates *rates)
{
	if (rates->state == VOLUME_FREEING)
		return GATE_FREEING;
	if (rates->state == VOLUME_ALLOCATING || steps_run_on(&enforcer->gate, volume->id))
		return GATE_ALLOCATING;
	return GATE_CALM;
}

static void look_ahead(const struct snapshot *now, const struct volume *volume, uint32_t client_timeout_s,
	struct outlook *ret_outlook)
{
	const struct outlook_question question = {
		.snapshot = now,
		.volume = volume,
		.size_bytes = GATE_SMALL_BYTES,
		.client_timeout_s = client_timeout_s,
		.now_ms = now->time_ms,
	};
	outlook_make(&question, ret_outlook);
}

/* The path as the descriptors of smbd will show it; asked for anew only when a share is changed. */
static const char *root_of(struct enforcer *enforcer, uint32_t at, const struct share *share)
{
	struct enforcer_root *root = &enforcer->roots[at];
	if (strcmp(root->path, share->path)) {
		autofree char *real = realpath(share->path, NULL);
		memcpy(root->path, share->path, sizeof root->path);
		snprintf(root->real, sizeof root->real, "%s",
			real && strlen(real) < sizeof root->real ? real : "");
	}
	return root->real;
}

/* each is a row of its own, for its file alone */
static void add_grants(
	struct enforcer *enforcer, const struct share *share, const struct gate_page_row *of_share)
{
	struct gate_page_top *top = &enforcer->page.top;
	for (unsigned i = 0; i < GATE_GRANTS_MAX && top->head.row_count < GATE_ROWS_MAX; i++) {
		const struct grant *grant = &enforcer->grants.open[i];
		if (!grant->path[0] || strcmp(grant->share, share->name) ||
			grant->bytes <= of_share->max_step_bytes)
			continue;
		struct gate_page_row *row = &top->rows[top->head.row_count++];
		row->root_length = (uint32_t)strlen(grant->path);
		memcpy(row->root, grant->path, row->root_length);
		row->max_step_bytes = grant->bytes;
		row->state = of_share->state;
	}
}

static void add_row(struct enforcer *enforcer, const struct snapshot *now, uint32_t at)
{
	struct outlook outlook;
	struct gate_page_top *top = &enforcer->page.top;
	const struct share *share = &now->shares[at];
	const struct volume *volume = snapshot_find_volume(now, share->volume);
	const char *root = root_of(enforcer, at, share);
	if (!volume || !root[0] || top->head.row_count == GATE_ROWS_MAX)
		return;
	struct gate_page_row *row = &top->rows[top->head.row_count++];
	row->root_length = (uint32_t)strlen(root);
	memcpy(row->root, root, row->root_length);
	look_ahead(now, volume, enforcer->setup.client_timeout_s, &outlook);
	row->max_step_bytes = outlook.plan.max_step_bytes;
	row->tell_bytes = plan_max_step(&outlook.room, outlook.cost_ms_per_tib, TELL_MS);
	row->state = state_of(enforcer, volume, &enforcer->rates.volumes[volume - now->volumes]);
	add_grants(enforcer, share, row);
}

static void add_refusals(struct enforcer *enforcer)
{
	struct gate_page *page = &enforcer->page;
	const struct enforcement *gate = &enforcer->gate;
	for (uint32_t i = 0; i < gate->step_count && page->top.head.refusal_count < GATE_REFUSALS_KEPT; i++) {
		const struct gate_step *step = &gate->steps[i];
		if (step->state != STEP_REFUSED)
			continue;
		struct gate_page_refusal *refusal = &page->refusals[page->top.head.refusal_count++];
		refusal->clock_ms = step->begun_clock_ms;
		refusal->growth_bytes = step->growth_bytes;
		refusal->limit_bytes = step->limit_bytes;
		refusal->pid = step->pid;
		refusal->reason = step->reason;
		memcpy(refusal->path, step->path, sizeof refusal->path);
	}
}

static bool page_may_wait(const struct enforcer *enforcer, uint64_t now_ms)
{
	const struct gate_page_head *head = &enforcer->page.top.head;
	return !enforcer->list.count && !head->row_count && head->refused == enforcer->gate.refused &&
	       head->written_ms && now_ms - head->written_ms < QUIET_MS;
}

static void write_page(struct enforcer *enforcer, const struct snapshot *now, uint64_t now_ms)
{
	struct gate_page_head *head = &enforcer->page.top.head;
	struct fault fault;
	if (enforcer->file.fd < 0 || page_may_wait(enforcer, now_ms))
		return;
	memset(&enforcer->page, 0, sizeof enforcer->page);
	grants_expire(&enforcer->grants, now_ms);
	head->magic = GATE_PAGE_MAGIC;
	head->version = GATE_PAGE_VERSION;
	head->written_ms = now_ms;
	head->refused = enforcer->gate.refused;
	for (uint32_t i = 0; i < now->share_count; i++)
		if (gate_list_has(&enforcer->list, now->shares[i].name))
			add_row(enforcer, now, i);
	add_refusals(enforcer);
	int error = page_file_write(&enforcer->file, &enforcer->page, &fault);
	if (!error)
		return;
	enforcer->gate.ready = NO;
	text_show(enforcer->gate.reason, sizeof enforcer->gate.reason, text_of(fault.text));
	log_warning("%s", fault.text);
	page_file_close(&enforcer->file);
}

/* -- each pass, and what comes between -- */

static void find_smbd(struct enforcer *enforcer, uint64_t now_ms)
{
	if (enforcer->smbd_ms && now_ms - enforcer->smbd_ms < SMBD_EVERY_MS)
		return;
	enforcer->smbd_ms = now_ms;
	enforcer->gate.preloaded = smbd_is_preloaded(enforcer->setup.root);
}

static void give_up_steps(struct enforcer *enforcer, const struct snapshot *now)
{
	for (uint32_t i = 0; i < now->volume_count; i++)
		if (enforcer->rates.volumes[i].state == VOLUME_IDLE)
			steps_give_up(&enforcer->gate, now->volumes[i].id, now->time_ms);
}

/* the page, and what the server is to know: both with what was learned by now, so that a plan and smbd agree
 */
static void show(struct enforcer *enforcer, struct snapshot *now, uint64_t now_ms)
{
	learned_tell(&enforcer->costs.learned, now);
	write_page(enforcer, now, now_ms);
	now->gate = enforcer->gate;
	bool enforced = enforcer->gate.ready == YES && enforcer->gate.preloaded == YES;
	for (uint32_t i = 0; i < now->share_count; i++) {
		bool gated = gate_list_has(&enforcer->list, now->shares[i].name);
		now->shares[i].gated = gated ? YES : NO;
		now->shares[i].gate = gated && enforced ? GATE_MODE_ENFORCE : GATE_MODE_ADVISE;
	}
}

void enforcer_look(struct enforcer *enforcer, struct snapshot *now)
{
	if (enforcer->setup.root->recorded)
		return;
	read_list(enforcer);
	costs_read(&enforcer->costs);
	keep_page(enforcer, now->time_ms);
	enforcer->gate.enabled = enforcer->list.count;
	if (enforcer->list.count) {
		find_smbd(enforcer, now->time_ms);
		history_add(&enforcer->history, now, &enforcer->rates);
		give_up_steps(enforcer, now);
	}
	show(enforcer, now, now->time_ms);
}

/* What others' use of the processor added is not the volume's cost. */
static uint64_t busy_us(const struct gate_message *message)
{
	uint64_t waited = message->wait_ns / 1000, busy = 0;
	if (message->wall_us > waited)
		busy = message->wall_us - waited;
	return busy > message->cpu_us ? busy : message->cpu_us;
}

/* A step that is over tells what allocating costs, unless nobody knows what others' use of the processor
 * added. */
static void learn(struct enforcer *enforcer, const struct gate_step *step, const struct gate_message *message,
	const struct snapshot *newest, uint64_t clock_ms)
{
	const struct volume *volume = snapshot_find_volume(newest, step->volume);
	if (step->state == STEP_DONE && message->kind == GATE_MESSAGE_ENDED &&
		message->wait_ns != GATE_WAIT_UNKNOWN && volume)
		enforcer_learn(enforcer, volume, step->growth_bytes, busy_us(message), clock_ms);
}

void enforcer_learn(struct enforcer *enforcer, const struct volume *volume, uint64_t bytes, uint64_t us,
	uint64_t clock_ms)
{
	costs_learn(&enforcer->costs, volume, bytes, us, clock_ms);
}

bool enforcer_hear(struct enforcer *enforcer, struct snapshot *newest, uint64_t now_ms, uint64_t clock_ms)
{
	const struct steps_now now = {now_ms, clock_ms, newest};
	struct gate_message message;
	bool heard = false;
	struct ucred sender;
	while (enforcer->file.socket_fd >= 0 && page_file_hear(&enforcer->file, &message, &sender)) {
		if (sender.uid)
			continue;
		heard = true;
		if (message.kind == GATE_MESSAGE_LOOK)
			continue;
		grants_close(&enforcer->grants, message.path);
		const struct gate_step *step =
			steps_take(&enforcer->gate, &message, (uint32_t)sender.pid, &now);
		learn(enforcer, step, &message, newest, clock_ms);
		enforcer->gate.preloaded = YES;
	}
	if (!heard)
		return false;
	read_list(enforcer);
	show(enforcer, newest, now_ms);
	return true;
}

void enforcer_grant(struct enforcer *enforcer, const struct snapshot *newest, const struct share *share,
	const struct order *order, uint64_t now_ms)
{
	struct grant grant = {.until_ms = now_ms + GRANT_OPEN_MS};
	const struct volume *volume = snapshot_find_volume(newest, share->volume);
	const char *root = root_of(enforcer, (uint32_t)(share - newest->shares), share);
	struct outlook outlook;
	size_t length = strlen(root), file = strlen(order->file);
	if (!volume || !length || length + 1 + file >= sizeof grant.path)
		return;
	memcpy(grant.path, root, length);
	grant.path[length] = '/';
	memcpy(grant.path + length + (length > 1), order->file, file);
	look_ahead(newest, volume, order->timeout_s, &outlook);
	const uint64_t most = outlook.plan.max_step_bytes;
	grant.bytes = order->size_bytes < most ? order->size_bytes : most;
	memcpy(grant.volume, volume->id, sizeof grant.volume);
	memcpy(grant.share, share->name, sizeof grant.share);
	grants_add(&enforcer->grants, &grant);
	write_page(enforcer, newest, now_ms);
}

bool enforcer_is_restless(const struct enforcer *enforcer)
{
	return enforcer->list.count && (steps_run(&enforcer->gate) || grants_any(&enforcer->grants) ||
					       history_is_restless(&enforcer->history));
}

/* Of a volume that is being written to the disks turn: its block groups may be read. */
static bool is_awake(const struct enforcer *enforcer, const struct volume *volume, uint32_t at)
{
	const struct volume_rates *rates = &enforcer->rates.volumes[at];
	return steps_run_on(&enforcer->gate, volume->id) ||
	       (rates->write_bytes_per_s != UNKNOWN_U64 && rates->write_bytes_per_s);
}

uint32_t enforcer_wants_knee(const struct enforcer *enforcer, const struct snapshot *now)
{
	for (uint32_t i = 0; i < now->share_count && enforcer->list.count; i++) {
		const struct volume *volume = snapshot_find_volume(now, now->shares[i].volume);
		if (!volume || now->shares[i].gated != YES)
			continue;
		uint32_t at = (uint32_t)(volume - now->volumes);
		if (enforcer->rates.volumes[at].state == VOLUME_IDLE && is_awake(enforcer, volume, at) &&
			!outlook_knee_is_known(volume, now->time_ms))
			return volume->number;
	}
	return 0;
}
