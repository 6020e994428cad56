/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Will a restore find a backup at this path? Judges a path, the paths that wbadmin will build, or the backups
 * that lie in a share; and links a backup to where its path is short enough.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/look.h"
#include "judge/outlook.h"
#include "show/represent_path.h"
#include "work/backup_tree.h"

#define PATIENCE_MS 2000 /* a person waits this long for testparm */

struct printed {
	bool as_json;
	unsigned count, too_long;
	enum path_verdict worst;
	struct json json;
	struct out out;
};

static void print_case(const struct path_case *of, void *arg)
{
	struct printed *printed = arg;
	printed->count++;
	printed->too_long += of->verdict == PATH_TOO_LONG;
	if (of->verdict > printed->worst)
		printed->worst = of->verdict;
	if (!printed->as_json) {
		represent_path_text(of, &printed->out);
		return;
	}
	json_object(&printed->json, NULL);
	represent_path(of, &printed->json);
	json_end(&printed->json);
}

static int exit_code(int printed, enum path_verdict verdict)
{
	static const int codes[] = {
		[PATH_FITS] = EXIT_GOOD, [PATH_LONG_IN_FULL] = EXIT_WARNING, [PATH_TOO_LONG] = EXIT_REFUSED};
	return printed == EXIT_GOOD ? codes[verdict] : printed;
}

static struct text given(const struct arguments *arguments, const char *option)
{
	const char *value = argument(arguments, option);
	return text_of(value ? value : "");
}

static int judge_one(const struct arguments *arguments)
{
	struct path_case of;
	struct fault fault = {""};
	struct json json;
	struct out out = {0};
	int error = arguments->word_count
			    ? path_rule_given(text_of(arguments->words[0]), &of, &fault)
			    : path_rule_built(given(arguments, "server"), given(arguments, "share"),
				      given(arguments, "folder"), given(arguments, "host"), &of, &fault);
	if (error)
		return cmd_wrong(arguments, fault.text);
	if (argument(arguments, "json")) {
		json_start(&json);
		represent_path(&of, &json);
		return exit_code(print_json(arguments, &json, true), of.verdict);
	}
	represent_path_text(&of, &out);
	return exit_code(print_out(arguments, &out), of.verdict);
}

static int walk(const struct arguments *arguments, const struct backup_place *place, struct fault *fault)
{
	struct printed printed = {.as_json = argument(arguments, "json")};
	json_start(&printed.json);
	json_list(&printed.json, "disks");
	int error = backup_tree_walk(place, given(arguments, "server"), print_case, &printed, fault);
	if (!error && !printed.count)
		error = fault_set(fault, -ENOENT,
			"there is no backup (VHD or VHDX below a WindowsImageBackup) in %.100s",
			arguments->words[0]);
	json_end(&printed.json);
	json_string(&printed.json, "verdict", path_verdict_name(printed.worst));
	out_print(&printed.out, "%u disk%s, %u too long\n", printed.count, printed.count == 1 ? "" : "s",
		printed.too_long);
	int code = EXIT_ERROR;
	if (!error && printed.as_json)
		code = exit_code(print_json(arguments, &printed.json, true), printed.worst);
	else
		json_free(&printed.json);
	if (!error && !printed.as_json)
		code = exit_code(print_out(arguments, &printed.out), printed.worst);
	else
		out_free(&printed.out);
	return code;
}

static int link_or_undo(
	const struct arguments *arguments, const struct backup_place *place, struct fault *fault)
{
	struct backup_linked linked;
	const char *what = arguments->words[0];
	bool undo = argument(arguments, "undo");
	int error =
		undo ? backup_tree_undo(place, &linked, fault) : backup_tree_rescue(place, &linked, fault);
	if (error)
		return EXIT_REFUSED;
	if (undo) {
		printf("%s/%s is gone; the backup is where it was, in %s\n", place->share, linked.to, what);
		return EXIT_GOOD;
	}
	printf("%s/%s: %u files in %u folders linked; restore from there\n"
	       "Both names lead to the same files: let no backup run to either before you have restored, "
	       "then\n"
	       "  nasready path --undo '%s'\n",
		place->share, linked.to, (unsigned)linked.files, (unsigned)linked.folders, what);
	return EXIT_GOOD;
}

/* "SHARE/FOLDER": the share as Samba has it, and what stands behind it */
static int find_place(const struct arguments *arguments, struct collector *collector,
	struct backup_place *ret_place, struct fault *fault)
{
	char name[SHARE_LEN];
	struct text rest = text_of(arguments->words[0]), piece = {"", 0};
	while (text_starts(rest, "/"))
		rest = (struct text){rest.at + 1, rest.length - 1};
	text_until(&rest, '/', &piece);
	collector->settings.smb_conf = argument(arguments, "smb-conf");
	const struct snapshot *snapshot = collector_pass(collector, PATIENCE_MS);
	const struct share *share =
		text_copy(name, sizeof name, piece) ? outlook_find_share(snapshot, name) : NULL;
	if (!share)
		return fault_set(fault, -ENOENT,
			"this machine has no share \"%.*s\" that nasready knows (write "
			"'\\\\server\\share\\...' for "
			"a path elsewhere)",
			(int)(piece.length < 80 ? piece.length : 80), piece.at);
	if (strchr(share->path, '%'))
		return fault_set(fault, -EINVAL, "the folder of share %s depends on who asks (%s)",
			share->name, share->path);
	*ret_place = (struct backup_place){share->name, share->path, rest};
	return 0;
}

static int on_this_machine(const struct arguments *arguments)
{
	struct fault fault = {""};
	struct backup_place place;
	struct root root;
	autofree struct collector *collector = malloc(sizeof *collector);
	bool changes = argument(arguments, "rescue") || argument(arguments, "undo");
	int code = EXIT_ERROR;
	if (!collector || root_open(&root, "/"))
		return cmd_failed(arguments, "cannot look at this machine");
	collector_init(collector, &root);
	if (!find_place(arguments, collector, &place, &fault))
		code = changes ? link_or_undo(arguments, &place, &fault) : walk(arguments, &place, &fault);
	if (fault.text[0])
		cmd_failed(arguments, fault.text);
	root_close(&root);
	return code;
}

static int run(const struct arguments *arguments)
{
	const char *what = arguments->word_count ? arguments->words[0] : NULL;
	bool rescue = argument(arguments, "rescue"), undo = argument(arguments, "undo");
	bool share = argument(arguments, "share"), host = argument(arguments, "host");
	if (what ? share || host || argument(arguments, "folder") : !share || !host)
		return cmd_wrong(arguments, "it needs either a path, or --share and --host");
	if ((rescue || undo) && (!what || rescue == undo))
		return cmd_wrong(
			arguments, "--rescue or --undo goes with SHARE/.../WindowsImageBackup/COMPUTER");
	bool unc = what && (!strncmp(what, "\\\\", 2) || !strncmp(what, "//", 2));
	return !what || (unc && !rescue && !undo) ? judge_one(arguments) : on_this_machine(arguments);
}

static const struct command_option options[] = {
	{"share", "NAME", "instead of a path: where the backup shall go"},
	{"folder", "FOLDER", "in the share, in which WindowsImageBackup shall lie"},
	{"host", "COMPUTER", "that is backed up"},
	{"server", "NAME", "by which Windows reaches this NAS, for the longer count"},
	{"rescue", NULL,
		"makes the backup of a computer appear in the share itself, by hard links: at once, and "
		"without "
		"space. Both names lead to the same files: what is written to one is in both"},
	{"undo", NULL, "takes those links away again; the backup stays where it was"},
	{"smb-conf", "FILE", "Samba's configuration, where Samba itself does not know it"},
	{"json", NULL, "for scripts; of one path, the answer of POST /v1/paths"},
	{NULL, NULL, NULL},
};

const struct subcommand command_path = {
	.name = "path",
	.says = "say whether a restore will find a backup at a path, and link it where it does",
	.usage = "'\\\\SERVER\\SHARE\\FOLDER...' [--json]\n"
		 "--share NAME --host COMPUTER [--folder FOLDER] [--server NAME] [--json]\n"
		 "SHARE[/FOLDER...] [--server NAME] [--smb-conf FILE] [--json]\n"
		 "--rescue|--undo SHARE/FOLDER.../WindowsImageBackup/COMPUTER [--smb-conf FILE]",
	.tells = "A restore over the network fails with 0x80070001 when the path of a backup's disk has more "
		 "than "
		 "110 characters, counted from the share. Says it of a path, of the one that wbadmin will "
		 "build, or "
		 "of every backup that lies in a share of this NAS; and links a backup to where it fits.\n\n"
		 "Exit codes: 0 fits, 1 fits but for the longer count, 2 too long or refused, 3 error.",
	.options = options,
	.words_max = 1,
	.run = run,
};
