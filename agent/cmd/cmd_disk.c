/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Creates, grows and deletes disks on this machine itself, whether an agent runs or not; both share one lock.
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "base/loop.h"
#include "cmd/job_here.h"
#include "cmd/look.h"
#include "common/size.h"
#include "common/units.h"
#include "judge/outlook.h"
#include "work/listing.h"
#include "work/obey.h"

/* -- what is wanted -- */

static const struct share *find_share(const struct job_here *work, const char *word, const char **ret_path)
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

/* -- the order -- */

static int do_it(struct job_here *work, enum job_kind kind)
{
	struct order order;
	struct fault fault = {""};
	const char *path = NULL;
	if (read_order(work->arguments, kind, &order, &fault))
		return cmd_wrong(work->arguments, fault.text);
	const struct share *share = find_share(work, work->arguments->words[1], &path);
	if (!share)
		return cmd_failed(work->arguments,
			"it needs SHARE/FILE, with a share that nasready knows (nasready status lists them)");
	struct order_answer answer = {.id = order.id};
	bool answered = obey_disk(&work->obey, kind, share, path, &order,
		&work->collector->snapshots[work->collector->newest], &answer);
	return job_here_end(work, answered ? &answer : NULL);
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

static int list(struct job_here *work)
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

static int choose(struct job_here *work)
{
	for (unsigned i = 0; i < ARRAY_LEN(verbs); i++)
		if (work->arguments->word_count && !strcmp(verbs[i].word, work->arguments->words[0]))
			return verbs[i].kind == JOB_NONE ? list(work) : do_it(work, verbs[i].kind);
	return cmd_wrong(work->arguments, "it needs create, grow, delete, undelete or list");
}

static int run(const struct arguments *arguments)
{
	static struct job_here work;
	if (job_here_open(&work, arguments))
		return EXIT_ERROR;
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
