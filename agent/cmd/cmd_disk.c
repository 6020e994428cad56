/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Creates, grows and deletes disks on this machine itself, whether an agent runs or not; both share one lock.
 */
#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/loop.h"
#include "base/state.h"
#include "cmd/look.h"
#include "cmd/settings.h"
#include "common/size.h"
#include "common/units.h"
#include "judge/outlook.h"
#include "work/listing.h"
#include "work/obey.h"

#define POLL_MS 500
#define PASS_MS 2000
#define LINE_MS 10000 /* between two lines where there is no terminal */
#define BAR_WIDTH 30

struct disk_work {
	const struct arguments *arguments;
	struct options options;
	struct wishes wishes;
	struct collector *collector;
	struct jobs jobs;
	struct obey obey;
	struct order_answer answer;
	bool answered, terminal;
	uint64_t said_ms;
};

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	(void)number;
	interrupted = 1;
}

static void on_answer(void *arg, const struct order_answer *answer)
{
	struct disk_work *work = arg;
	work->answer = *answer;
	work->answered = true;
}

static void complain(const char *text, void *arg)
{
	const struct disk_work *work = arg;
	fprintf(stderr, "nasready %s: %s\n", work->arguments->command->name, text);
}

/* -- what is wanted -- */

static const struct share *find_share(const struct disk_work *work, const char *word, const char **ret_path)
{
	const struct snapshot *known = &work->collector->snapshots[work->collector->newest];
	char name[SHARE_LEN];
	const char *slash = word ? strchr(word, '/') : NULL;
	if (!slash || !slash[1] || !text_copy(name, sizeof name, (struct text){word, (size_t)(slash - word)}))
		return NULL;
	*ret_path = slash + 1;
	return outlook_find_share(known, name);
}

static int read_id(const char *text, bool user, uint32_t *ret_id, struct fault *fault)
{
	if (!text || text_u32(text_of(text), ret_id))
		return 0;
	const struct passwd *passwd = user ? getpwnam(text) : NULL;
	const struct group *group = user ? NULL : getgrnam(text);
	if (!passwd && !group)
		return fault_set(
			fault, -EINVAL, "there is no %s \"%.40s\" here", user ? "user" : "group", text);
	*ret_id = passwd ? passwd->pw_uid : group->gr_gid;
	return 0;
}

static int read_mode(const char *text, uint32_t *ret_mode, struct fault *fault)
{
	char *end = NULL;
	unsigned long mode = text ? strtoul(text, &end, 8) : 0;
	if (!text)
		return 0;
	if (!*text || *end || mode > 0777)
		return fault_set(fault, -EINVAL, "--mode is octal, such as 0660, not \"%.20s\"", text);
	*ret_mode = (uint32_t)mode;
	return 0;
}

static int read_order(
	const struct arguments *arguments, enum job_kind kind, struct order *order, struct fault *fault)
{
	const char *sectors = argument(arguments, "sectors");
	*order = (struct order){.id = 1, .mode = ORDER_KEEP, .uid = ORDER_KEEP, .gid = ORDER_KEEP};
	snprintf(order->who, sizeof order->who, "root");
	order->flags = (argument(arguments, "dynamic") ? ORDER_DYNAMIC : 0u) |
		       (argument(arguments, "prezero") ? ORDER_PREZERO : 0u);
	if (sectors && strcmp(sectors, "512") && strcmp(sectors, "4096"))
		return fault_set(fault, -EINVAL, "--sectors is 512 or 4096, not \"%.20s\"", sectors);
	order->flags |= sectors && !strcmp(sectors, "4096") ? ORDER_SECTORS_4096 : 0u;
	int error = read_id(argument(arguments, "owner"), true, &order->uid, fault);
	if (!error)
		error = read_id(argument(arguments, "group"), false, &order->gid, fault);
	if (!error)
		error = read_mode(argument(arguments, "mode"), &order->mode, fault);
	bool sized = kind == JOB_CREATE || kind == JOB_GROW;
	if (!error && sized != (arguments->word_count == 3))
		error = fault_set(fault, -EINVAL,
			sized ? "it needs SHARE/FILE and a size, such as 5.3TiB"
			      : "it takes SHARE/FILE and nothing else");
	return error || !sized ? error : size_parse(text_of(arguments->words[2]), &order->size_bytes, fault);
}

/* -- while it works -- */

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

static void show_progress(struct disk_work *work, bool force)
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

static void look_around(struct disk_work *work, uint64_t *last_ms)
{
	struct collector *collector = work->collector;
	uint64_t now_ms = clock_monotonic_ms();
	if (now_ms - *last_ms < PASS_MS)
		return;
	*last_ms = now_ms;
	const struct snapshot *now = collector_pass(collector, 0);
	jobs_give_way(&work->jobs, jobs_others_write(&collector->snapshots[!collector->newest], now));
}

static void wait_for_job(struct disk_work *work)
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

static int report(struct disk_work *work)
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

static int do_it(struct disk_work *work, enum job_kind kind)
{
	struct order order;
	struct fault fault = {""};
	const char *path = NULL;
	const struct sigaction action = {.sa_handler = on_signal};
	if (read_order(work->arguments, kind, &order, &fault))
		return cmd_wrong(work->arguments, fault.text);
	const struct share *share = find_share(work, work->arguments->words[1], &path);
	if (!share)
		return cmd_failed(work->arguments,
			"it needs SHARE/FILE, with a share that nasready knows (nasready status lists them)");
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	struct order_answer answer = {.id = order.id};
	if (obey_disk(&work->obey, kind, share, path, &order,
		    &work->collector->snapshots[work->collector->newest], &answer))
		on_answer(work, &answer);
	else
		wait_for_job(work);
	return report(work);
}

/* -- the list -- */

struct list {
	const struct share *share;
	uint64_t now_s, keep_s;
};

static void print_listed(const struct listed *listed, void *arg)
{
	const struct list *list = arg;
	struct out out = {.failed = false};
	char size[UNITS_BYTES_LEN], left[UNITS_LEN];
	uint64_t age_s = list->now_s > listed->deleted_s ? list->now_s - listed->deleted_s : 0;
	units_bytes(size, sizeof size, listed->file_bytes);
	units_duration(left, sizeof left, list->keep_s > age_s ? list->keep_s - age_s : 0);
	out_plain(&out, list->share->name);
	out_text(&out, "/");
	out_plain(&out, listed->path);
	out_print(&out, "  %s%s%s\n", size, listed->deleted_s ? ", deleted, can be had back for " : "",
		listed->deleted_s ? left : "");
	if (!out.failed)
		fputs(out.data, stdout);
	out_free(&out);
}

static int list(struct disk_work *work)
{
	const struct snapshot *known = &work->collector->snapshots[work->collector->newest];
	const char *wanted = work->arguments->word_count > 1 ? work->arguments->words[1] : NULL;
	int code =
		wanted && !outlook_find_share(known, wanted)
			? cmd_failed(work->arguments, "there is no such share (nasready status lists them)")
			: EXIT_GOOD;
	for (uint32_t i = 0; i < known->share_count; i++) {
		struct fault fault = {""};
		struct list list = {&known->shares[i], clock_wall_ms() / 1000, work->obey.keep_s};
		if (wanted && outlook_find_share(known, wanted) != list.share)
			continue;
		if (listing_walk(list.share, print_listed, &list, &fault))
			code = cmd_failed(work->arguments, fault.text);
	}
	return code;
}

/* -- the command -- */

static const struct {
	const char *word;
	enum job_kind kind;
} verbs[] = {{"create", JOB_CREATE}, {"grow", JOB_GROW}, {"delete", JOB_DELETE}, {"undelete", JOB_UNDELETE},
	{"list", JOB_NONE}};

static int choose(struct disk_work *work)
{
	for (unsigned i = 0; i < ARRAY_LEN(verbs); i++)
		if (work->arguments->word_count && !strcmp(verbs[i].word, work->arguments->words[0]))
			return verbs[i].kind == JOB_NONE ? list(work) : do_it(work, verbs[i].kind);
	return cmd_wrong(work->arguments, "it needs create, grow, delete, undelete or list");
}

static int run(const struct arguments *arguments)
{
	static struct disk_work work;
	struct complaints complaints = {complain, &work, 0};
	struct fault fault = {""};
	char id[STATE_ID_LEN];
	work.arguments = arguments;
	settings_read(arguments, &work.options, &complaints);
	if (complaints.count)
		return EXIT_ERROR;
	if (geteuid())
		return cmd_failed(arguments, "only root can do this: use sudo, or ask the agent over HTTP");
	if (wishes_read(&work.options, &work.wishes, &fault) ||
		state_install_id(work.options.state_dir, id, &fault))
		return cmd_failed(arguments, fault.text);
	struct root root;
	work.collector = malloc(sizeof *work.collector);
	if (!work.collector || root_open(&root, "/"))
		return cmd_failed(arguments, "no memory, or / cannot be opened");
	collector_init(work.collector, &root);
	work.collector->settings = work.wishes.settings;
	collector_pass(work.collector, PASS_MS);
	work.terminal = isatty(STDERR_FILENO);
	jobs_init(&work.jobs, job_table, job_table_count);
	obey_init(&work.obey, &work.jobs, work.options.state_dir, false);
	work.obey.quiet = true;
	work.obey.keep_s = settings_trash_s(&work.options);
	obey_begin(&work.obey, on_answer, &work);
	int code = choose(&work);
	look_drop(work.collector);
	return code;
}

static const struct command_option options[] = {
	{"dynamic", NULL, "create: takes space only as it is written to; fixed otherwise"},
	{"prezero", NULL, "create: write zeros before the disk can be seen, at idle priority"},
	{"sectors", "BYTES", "create: logical sectors of 512 or 4096 bytes [512]"},
	{"owner", "USER", "create: whom the file belongs to [as the share's folder]"},
	{"group", "GROUP", "create: the file's group [as the share's folder]"},
	{"mode", "MODE", "create: its permissions, octal [as the share's folder]"},
	{"trash-hours", "HOURS", "delete: for how long it can be had back [24]"},
	{"config", "FILE", "where keys are read from; the command line wins over it"},
	{"state-dir", "DIR", "where the lock is that the agent and this command share [/var/lib/nasready]"},
	{"smb-conf", "FILE", "Samba's configuration, where Samba itself does not know it"},
	{NULL, NULL, NULL},
};

const struct subcommand command_disk = {
	.name = "disk",
	.says = "create, grow and delete disks on the NAS itself",
	.usage = "create SHARE/FILE SIZE [--dynamic] [--prezero] [--sectors BYTES] [--owner USER] [--group "
		 "GROUP] "
		 "[--mode MODE]\ngrow SHARE/FILE SIZE\ndelete SHARE/FILE [--trash-hours HOURS]\nundelete "
		 "SHARE/FILE\nlist [SHARE]\n... [--config FILE] [--state-dir DIR] [--smb-conf FILE]",
	.tells = "Makes a VHDX in seconds where Windows takes a day, or makes a fixed one larger while no "
		 "server has it "
		 "open; both are complete or have not happened, whatever interrupts them. A deleted disk can "
		 "be had back "
		 "until its time is over. SIZE is in bytes, or with KiB, MiB, GiB or TiB, as in 5.3TiB. "
		 "Creating disks on "
		 "the NAS is experimental: no Windows has seen one yet.\n\n"
		 "Exit codes: 0 done, 1 cancelled, 2 refused, 3 error.",
	.options = options,
	.words_max = 3,
	.run = run,
};
