/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "cmd/job_here.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/loop.h"
#include "base/state.h"
#include "cmd/look.h"
#include "common/units.h"

#define POLL_MS 500
#define PASS_MS 2000
#define LINE_MS 10000 /* between two lines where there is no terminal */
#define BAR_WIDTH 30

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	(void)number;
	interrupted = 1;
}

static void on_answer(void *arg, const struct order_answer *answer)
{
	struct job_here *work = arg;
	work->answer = *answer;
	work->answered = true;
}

static void complain(const char *text, void *arg)
{
	const struct job_here *work = arg;
	fprintf(stderr, "nasready %s: %s\n", work->arguments->command->name, text);
}

static int look_at_machine(struct job_here *work)
{
	struct root root;
	work->collector = malloc(sizeof *work->collector);
	if (!work->collector || root_open(&root, "/"))
		return cmd_failed(work->arguments, "no memory, or / cannot be opened");
	collector_init(work->collector, &root);
	work->collector->settings = work->wishes.settings;
	collector_pass(work->collector, PASS_MS);
	return EXIT_GOOD;
}

int job_here_open(struct job_here *work, const struct arguments *arguments)
{
	struct complaints complaints = {complain, work, 0};
	struct fault fault = {""};
	char id[STATE_ID_LEN];
	work->arguments = arguments;
	settings_read(arguments, &work->options, &complaints);
	if (complaints.count)
		return EXIT_ERROR;
	if (geteuid())
		return cmd_failed(arguments, "only root can do this: use sudo, or ask the agent over HTTP");
	if (wishes_read(&work->options, &work->wishes, &fault) ||
		state_install_id(work->options.state_dir, id, &fault))
		return cmd_failed(arguments, fault.text);
	if (look_at_machine(work))
		return EXIT_ERROR;
	work->terminal = isatty(STDERR_FILENO);
	jobs_init(&work->jobs, job_table, job_table_count);
	obey_init(&work->obey, &work->jobs, work->options.state_dir, false);
	work->obey.quiet = true;
	work->obey.keep_s = settings_trash_s(&work->options);
	obey_begin(&work->obey, on_answer, work);
	return EXIT_GOOD;
}

static void print_bar(const struct job *job, char *ret_line, size_t size)
{
	char done[UNITS_LEN], total[UNITS_LEN], rate[UNITS_LEN], eta[UNITS_LEN], bar[BAR_WIDTH + 1];
	uint64_t percent = job->total_bytes >= 100 ? job->done_bytes / (job->total_bytes / 100) : 100;
	percent = percent > 100 ? 100 : percent;
	memset(bar, '.', BAR_WIDTH);
	memset(bar, '#', (size_t)(percent * BAR_WIDTH / 100));
	bar[BAR_WIDTH] = 0;
	units_binary(done, sizeof done, job->done_bytes);
	units_binary(total, sizeof total, job->total_bytes);
	units_rate(rate, sizeof rate, job->rate_bytes_per_s);
	units_duration(eta, sizeof eta, job->eta_s == UNKNOWN_U64 ? 0 : job->eta_s);
	snprintf(ret_line, size, "%s [%s] %3u %% %s of %s%s%s%s%s", job->phase, bar, (unsigned)percent, done,
		total, job->rate_bytes_per_s == UNKNOWN_U64 ? "" : ", ",
		job->rate_bytes_per_s == UNKNOWN_U64 ? "" : rate, job->eta_s == UNKNOWN_U64 ? "" : ", ",
		job->eta_s == UNKNOWN_U64 ? "" : eta);
}

static void show_progress(struct job_here *work, bool force)
{
	const struct job *job = jobs_find(&work->jobs, work->jobs.last_number);
	uint64_t now_ms = clock_monotonic_ms();
	char line[320];
	if (!job || job->total_bytes == UNKNOWN_U64 || job->done_bytes == UNKNOWN_U64 ||
		(!force && now_ms - work->said_ms < (work->terminal ? POLL_MS / 2 : LINE_MS)))
		return;
	work->said_ms = now_ms;
	print_bar(job, line, sizeof line);
	fprintf(stderr, work->terminal ? "\r\033[K%s" : "%s\n", line);
}

static void look_around(struct job_here *work, uint64_t *last_ms)
{
	struct collector *collector = work->collector;
	uint64_t now_ms = clock_monotonic_ms();
	if (now_ms - *last_ms < PASS_MS)
		return;
	*last_ms = now_ms;
	const struct snapshot *now = collector_pass(collector, 0);
	jobs_give_way(&work->jobs, jobs_others_write(&collector->snapshots[!collector->newest], now));
}

static void wait_for_job(struct job_here *work)
{
	uint64_t last_ms = clock_monotonic_ms();
	work->said_ms = last_ms;
	while (jobs_busy(&work->jobs)) {
		struct pollfd wait = {.fd = work->jobs.fd, .events = POLLIN};
		if (interrupted)
			jobs_cancel(&work->jobs, work->jobs.last_number);
		poll(&wait, 1, POLL_MS);
		obey_receive(&work->obey, clock_monotonic_ms(), clock_wall_ms());
		show_progress(work, false);
		look_around(work, &last_ms);
	}
	if (work->terminal) {
		show_progress(work, true);
		fputs("\r\033[K", stderr);
	}
}

static int report(struct job_here *work)
{
	const struct job *job = jobs_find(&work->jobs, work->jobs.last_number);
	if (work->answered && work->answer.status > ORDER_JOB) {
		cmd_failed(work->arguments, work->answer.fault.text);
		return work->answer.status == ORDER_FAILED ? EXIT_ERROR : EXIT_REFUSED;
	}
	if (!job || job->state == JOB_FAILED)
		return cmd_failed(work->arguments, job && job->says[0] ? job->says : "the job was lost");
	puts(job->says);
	return job->state == JOB_DONE ? EXIT_GOOD : EXIT_WARNING;
}

int job_here_end(struct job_here *work, const struct order_answer *refusal)
{
	const struct sigaction action = {.sa_handler = on_signal};
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	if (refusal)
		on_answer(work, refusal);
	else
		wait_for_job(work);
	return report(work);
}
