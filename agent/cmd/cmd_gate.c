/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Switches the gate in smbd on and off for a share, and tells whether it holds. What is written is ours
 * alone: the list of shares (an include file for Samba), and a drop-in for smbd.service.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/look.h"
#include "cmd/settings.h"
#include "common/units.h"
#include "enforce/gate_list.h"
#include "enforce/page_read.h"
#include "enforce/service.h"
#include "enforce/smbd.h"
#include "judge/outlook.h"
#include "work/record.h"

#define PATIENCE_MS 5000
#define TAKEN_UP_MS 3000 /* for the agent to take a change up */
#define WAIT_MS 50

struct gate_command {
	const struct arguments *arguments;
	const char *state_dir, *run_dir, *service_dir;
	bool dry;
	struct gate_list list;
	const struct snapshot *snapshot;
};

/* -- the list -- */

static int read_list(struct gate_command *command, struct fault *fault)
{
	char text[RECORD_MAX + 1];
	struct fault inner = {""};
	ssize_t length = record_read(command->state_dir, GATE_LIST_NAME, text, fault);
	if (length <= 0)
		return length == -ENOENT ? 0 : (int)length;
	int error = gate_list_read((struct text){text, (size_t)length}, &command->list, &inner);
	return error ? fault_set(fault, error, "%s/" GATE_LIST_NAME ": %s", command->state_dir, inner.text)
		     : 0;
}

static int write_list(const struct gate_command *command, struct fault *fault)
{
	char text[GATE_LIST_TEXT_MAX] = "", program[256] = "";
	ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
	bool dfree = argument(command->arguments, "dfree") && length > 0;
	if (command->list.count)
		gate_list_write(&command->list, command->state_dir, dfree ? program : NULL, text);
	if (command->dry)
		printf(command->list.count ? "would write %s/" GATE_LIST_NAME ":\n%s"
					   : "would remove %s/" GATE_LIST_NAME "\n%s",
			command->state_dir, text);
	return command->dry ? 0 : record_write(command->state_dir, GATE_LIST_NAME, text, fault);
}

/* -- what there is -- */

static bool page_has(const struct gate_page *page, const char *path)
{
	autofree char *real = realpath(path, NULL);
	for (uint32_t i = 0; real && i < page->top.head.row_count; i++)
		if (!strcmp(page->top.rows[i].root, real))
			return true;
	return false;
}

static uint32_t clients(const struct gate_command *command)
{
	uint32_t count = command->snapshot->smb.connections;
	return count == UNKNOWN_U32 ? 0 : count;
}

/* true once an agent has that share in its page, or not, as wanted */
static bool taken_up(const struct gate_command *command, const struct share *share, bool wanted)
{
	struct gate_page page;
	page_ask_to_look(command->run_dir);
	for (unsigned ms = 0; ms < TAKEN_UP_MS; ms += WAIT_MS) {
		if (page_read(command->run_dir, &page, NULL))
			return false;
		if (page_has(&page, share->path) == wanted)
			return true;
		usleep(WAIT_MS * 1000);
	}
	return false;
}

/* -- smbd -- */

static int apply_restart(const struct gate_command *command, const struct root *root, struct fault *fault)
{
	uint32_t count = clients(command);
	if (smbd_is_preloaded(root) == YES)
		return 0;
	if (count && !argument(command->arguments, "restart")) {
		printf("smbd keeps running without the object, for %u connection%s: when nobody is "
		       "connected,\n"
		       "    systemctl restart " SERVICE_UNIT "\n",
			(unsigned)count, count == 1 ? "" : "s");
		return 0;
	}
	if (command->dry)
		printf("would restart " SERVICE_UNIT "\n");
	return command->dry ? 0 : service_control("try-restart", fault);
}

static int apply_service(const struct gate_command *command, const struct root *root, struct fault *fault)
{
	char object[SERVICE_PATH_LEN], text[SERVICE_TEXT_MAX], path[SERVICE_PATH_LEN];
	int error = service_find_object(object, fault);
	if (error)
		return error;
	if (!service_has_systemd() && !argument(command->arguments, "service-dir")) {
		printf("No systemd here: have smbd started with LD_PRELOAD=%s (README, The gate in smbd).\n",
			object);
		return 0;
	}
	service_text(object, command->run_dir, text);
	service_path(command->service_dir, path);
	if (command->dry)
		printf("would write %s:\n%s", path, text);
	else if ((error = service_write(command->service_dir, text, fault)))
		return error;
	if (!service_has_systemd())
		return 0;
	error = command->dry ? 0 : service_control("daemon-reload", fault);
	return error ? error : apply_restart(command, root, fault);
}

static void print_include(const struct gate_command *command, const struct share *share)
{
	if (share->strict_allocate == YES)
		return;
	printf("Share \"%s\" has strict allocate = no: smbd takes no space at once, so nothing can time out "
	       "there,\n"
	       "and the gate has nothing to refuse. To have space taken, add as the last line of smb.conf\n"
	       "    include = %s/" GATE_LIST_NAME "\n",
		share->name, command->state_dir);
}

/* -- the three words -- */

static const struct share *find_share(
	const struct gate_command *command, const char *name, struct fault *fault)
{
	const struct share *share = outlook_find_share(command->snapshot, name);
	if (!share)
		fault_set(fault, -ENOENT,
			"there is no share \"%.80s\" here that nasready knows (nasready status)", name);
	else if (!share->volume[0])
		fault_set(fault, -ENOENT,
			"the share \"%.80s\" lies at %.100s, which is on no volume that is known",
			share->name, share->path);
	return share && share->volume[0] ? share : NULL;
}

static int enable(struct gate_command *command, const struct root *root)
{
	struct fault fault = {""};
	const struct share *share = find_share(command, command->arguments->words[1], &fault);
	if (!share || gate_list_add(&command->list, share->name, &fault) || write_list(command, &fault) ||
		apply_service(command, root, &fault))
		return cmd_failed(command->arguments, fault.text);
	print_include(command, share);
	if (command->dry)
		return EXIT_GOOD;
	if (taken_up(command, share, true)) {
		printf("the gate is enabled for \"%s\", and the agent has taken it up\n", share->name);
		return EXIT_GOOD;
	}
	printf("the gate is enabled for \"%s\", but no agent has taken it up: is it running, with --run-dir "
	       "%s?\n",
		share->name, command->run_dir);
	return EXIT_WARNING;
}

static int disable(struct gate_command *command)
{
	struct fault fault = {""};
	const char *name = command->arguments->words[1];
	char path[SERVICE_PATH_LEN];
	bool removed = false;
	if (!gate_list_has(&command->list, name)) {
		printf("the gate is not enabled for \"%s\"\n", name);
		return EXIT_WARNING;
	}
	gate_list_remove(&command->list, name);
	if (write_list(command, &fault))
		return cmd_failed(command->arguments, fault.text);
	service_path(command->service_dir, path);
	if (!command->list.count && command->dry)
		printf("would remove %s\n", path);
	if (!command->list.count && !command->dry && service_remove(command->service_dir, &removed, &fault))
		return cmd_failed(command->arguments, fault.text);
	if (removed && service_has_systemd() && service_control("daemon-reload", &fault))
		return cmd_failed(command->arguments, fault.text);
	if (command->dry)
		return EXIT_GOOD;
	page_ask_to_look(command->run_dir);
	printf("the gate is disabled for \"%s\": a running smbd lets everything pass from now on%s\n", name,
		removed ? ", and starts without the object the next time" : "");
	return EXIT_GOOD;
}

static void print_refusals(const struct gate_page *page)
{
	static const char *const reasons[] = {"more than may be taken at once",
		"while space was being allocated", "while space was being freed"};
	char time[UNITS_TIME_LEN], growth[UNITS_BYTES_LEN], limit[UNITS_BYTES_LEN];
	printf("refused so far: %llu\n", (unsigned long long)page->top.head.refused);
	for (uint32_t i = 0; i < page->top.head.refusal_count; i++) {
		const struct gate_page_refusal *refusal = &page->refusals[i];
		char path[GATE_PATH_LEN];
		text_show(path, sizeof path,
			(struct text){refusal->path, strnlen(refusal->path, GATE_PATH_LEN)});
		units_time(time, sizeof time, refusal->clock_ms);
		units_bytes(growth, sizeof growth, refusal->growth_bytes);
		units_bytes(limit, sizeof limit, refusal->limit_bytes);
		printf("  %s  %s more for %s, %s (%s may be)\n", time, growth, path,
			refusal->reason < ARRAY_LEN(reasons) ? reasons[refusal->reason] : "", limit);
	}
}

/* true: smbd refuses there */
static bool print_share(const struct gate_command *command, const struct share *share,
	const struct gate_page *page, enum tri preloaded)
{
	bool enabled = gate_list_has(&command->list, share->name);
	bool kept = page && page_has(page, share->path);
	printf("%-20s %s\n", share->name,
		!enabled	   ? "off"
		: !page		   ? "enabled, but no agent keeps the page: smbd lets everything pass"
		: !kept		   ? "enabled, but the agent has not taken it up"
		: preloaded != YES ? "enabled, but the running smbd was started without the object"
		: share->strict_allocate == NO ? "on; strict allocate = no, so there is nothing to refuse"
					       : "on");
	return enabled && kept && preloaded == YES;
}

static int status(struct gate_command *command, const struct root *root)
{
	struct gate_page page;
	struct fault fault = {""};
	int error = page_read(command->run_dir, &page, &fault);
	enum tri preloaded = smbd_is_preloaded(root);
	bool good = command->list.count;
	printf("agent:   %s\nsmbd:    %s\n\n", error ? fault.text : "keeps the gate page",
		preloaded == YES  ? "has libnasready-gate.so loaded"
		: preloaded == NO ? "runs without libnasready-gate.so"
				  : "not seen running");
	for (uint32_t i = 0; i < command->snapshot->share_count; i++) {
		const struct share *share = &command->snapshot->shares[i];
		bool on = print_share(command, share, error ? NULL : &page, preloaded);
		good &= on || !gate_list_has(&command->list, share->name);
	}
	if (!error) {
		puts("");
		print_refusals(&page);
	}
	return good ? EXIT_GOOD : EXIT_WARNING;
}

static int carry_out(struct gate_command *command, struct collector *collector)
{
	const char *word = command->arguments->words[0];
	command->snapshot = collector_pass(collector, PATIENCE_MS);
	if (!strcmp(word, "status"))
		return status(command, &collector->root);
	return strcmp(word, "enable") ? disable(command) : enable(command, &collector->root);
}

static void print_complaint(const char *text, void *arg)
{
	(void)arg;
	fprintf(stderr, "nasready gate: %s\n", text);
}

static const char *or_else(const char *given, const char *standard)
{
	return given ? given : standard;
}

static int run(const struct arguments *arguments)
{
	static struct options options;
	struct wishes wishes;
	struct complaints complaints = {print_complaint, NULL, 0};
	struct fault fault = {""};
	const char *word = arguments->word_count ? arguments->words[0] : "";
	bool known = !strcmp(word, "status") || !strcmp(word, "enable") || !strcmp(word, "disable");
	if (!known || arguments->word_count != (strcmp(word, "status") ? 2 : 1))
		return cmd_wrong(arguments, "it needs status, enable SHARE or disable SHARE");
	settings_read(arguments, &options, &complaints);
	if (complaints.count)
		return EXIT_ERROR;
	struct gate_command command = {
		.arguments = arguments,
		.state_dir = options.state_dir,
		.run_dir = options.run_dir,
		.service_dir = or_else(argument(arguments, "service-dir"), SERVICE_DIR),
		.dry = argument(arguments, "dry-run"),
	};
	if (wishes_read(&options, &wishes, &fault) || read_list(&command, &fault))
		return cmd_failed(arguments, fault.text);
	struct collector *collector = look_collector(arguments);
	if (!collector)
		return EXIT_ERROR;
	collector->settings = wishes.settings;
	int code = carry_out(&command, collector);
	look_drop(collector);
	return code;
}

static const struct command_option options[] = {
	{"dry-run", NULL, "says what would be written, and writes nothing"},
	{"restart", NULL, "restarts smbd although clients are connected"},
	{"dfree", NULL, "has Samba show clients no more free space than may be allocated at once"},
	{"config", "FILE", "the agent's configuration, for the places below"},
	{"state-dir", "DIR", "where the list of shares is kept [/var/lib/nasready]"},
	{"run-dir", "DIR", "where the agent keeps the gate page [/run/nasready]"},
	{"smb-conf", "FILE", "Samba's configuration, where Samba itself does not know it"},
	{"service-dir", "DIR", "where drop-ins for smbd.service go [" SERVICE_DIR "]"},
	OPTION_ROOT,
	{NULL, NULL, NULL},
};

const struct subcommand command_gate = {
	.name = "gate",
	.says = "have smbd itself refuse allocations that are too large",
	.usage = "status [PLACES]\n(enable | disable) SHARE [--dry-run] [--restart] [--dfree] "
		 "[PLACES]\nPLACES: [--config "
		 "FILE] [--state-dir DIR] [--run-dir DIR] [--smb-conf FILE] [--service-dir DIR] [--root DIR]",
	.tells =
		"With the gate, smbd answers \"disk full\" at once to an allocation that would outlast its "
		"client, or "
		"that comes while the volume is still allocating or freeing, also when nobody asked nasready "
		"first. It is a small object (libnasready-gate.so) that smbd is started with, by a drop-in "
		"for "
		"smbd.service; smbd is restarted for it if no client is connected. Whether it refuses, the "
		"agent "
		"decides; without an agent everything passes. Changes take effect at once in an smbd that "
		"has the "
		"object.\n\n"
		"Exit codes: 0 as wished, 1 something is missing, 3 error.",
	.options = options,
	.words_max = 2,
	.run = run,
};
