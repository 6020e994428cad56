/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/source_shares.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collect/smb_conf.h"
#include "system/answer.h"
#include "system/tool.h"

#define GIVE_UP_MS 20000 /* testparm takes 25 ms here, 0.5 s on a slow NAS */
#define CHECK_MS 30000	 /* how often files are looked at while somebody asks */
#define AGAIN_MS 300000	 /* when testparm failed, or for the registry, whose changes no file shows */
#define FILES_MAX 16	 /* smb.conf and what it includes; firmwares have one to three */
#define DEPTH_MAX 8	 /* of includes in includes */
#define READS_MAX 64	 /* of files, the same ones again counting too */
#define FILE_MAX 65536	 /* the longest smb.conf seen has 20 KiB */

/* A question outlives its pass, so it lives here: one collector, one set. */
static struct {
	struct answer answer;
	bool asking, started;
	uint64_t since_ms, checked_ms, read_ms;
	unsigned file_count;
	char files[FILES_MAX][MOUNT_LEN]; /* that were read or looked for, below the root */
	uint64_t stamp;
	bool again;	   /* worth another try without a change of files */
	bool has_files;	   /* a smb.conf was found */
	bool has_testparm; /* it was asked too */
	bool keeps;	   /* the shares known are testparm's */
	pid_t left;	   /* a child that was killed but not yet gone */
	int result;
	struct fault fault;
} reading;

/* -- smb.conf and what it includes -- */

struct walk {
	struct pass *pass;
	unsigned reads;
	unsigned depth, left_out;  /* loops, too deep, too many, unreadable */
	unsigned chain[DEPTH_MAX]; /* indexes of the files that are being read */
};

/* the place of the path in the list of files; -1: no room */
static int file_index(const char *path)
{
	for (unsigned i = 0; i < reading.file_count; i++)
		if (!strcmp(reading.files[i], path))
			return (int)i;
	if (reading.file_count == FILES_MAX)
		return -1;
	snprintf(reading.files[reading.file_count], MOUNT_LEN, "%s", path);
	return (int)reading.file_count++;
}

static bool is_open(const struct walk *walk, unsigned index)
{
	for (unsigned i = 0; i < walk->depth; i++)
		if (walk->chain[i] == index)
			return true;
	return false;
}

/* 0, -ENOENT, or why it was not read */
static int read_file(struct smb_conf *conf, const char *path)
{
	struct walk *walk = conf->arg;
	int index = file_index(path);
	if (index < 0 || walk->reads++ >= READS_MAX || walk->depth == DEPTH_MAX ||
		is_open(walk, (unsigned)index))
		return -ELOOP;
	autofree char *text = malloc(FILE_MAX + 1);
	if (!text)
		return -ENOMEM;
	ssize_t length = root_read(walk->pass->root, text, FILE_MAX + 1, "%s", path);
	if (length < 0)
		return (int)length;
	walk->chain[walk->depth++] = (unsigned)index;
	smb_conf_parse(conf, (struct text){text, (size_t)length});
	walk->depth--;
	return 0;
}

/* A relative path counts from the folder of the file that it stands in. */
static void include_file(struct smb_conf *conf, struct text path)
{
	struct walk *walk = conf->arg;
	char full[MOUNT_LEN];
	const char *includer = reading.files[walk->chain[walk->depth - 1]], *slash = strrchr(includer, '/');
	int folder = *path.at == '/' || !slash ? 0 : (int)(slash - includer + 1);
	while (path.length && *path.at == '/')
		path = (struct text){path.at + 1, path.length - 1};
	int length = snprintf(full, sizeof full, "%.*s%.*s", folder, includer, (int)path.length, path.at);
	int error = length > 0 && (size_t)length < sizeof full ? read_file(conf, full) : -ENAMETOOLONG;
	/* Samba too goes on without a file that is not there */
	walk->left_out += error && error != -ENOENT;
}

static int judge_lines(const struct smb_conf *conf, const char *what)
{
	if (!conf->bad)
		return 0;
	return fault_set(&reading.fault, SOURCE_E_STALE, "%u lines of %s make no sense, or are too long",
		conf->bad, what);
}

static int judge_files(const struct smb_conf *conf, const struct walk *walk)
{
	struct fault *fault = &reading.fault;
	if (conf->registry)
		return fault_set(fault, SOURCE_E_STALE,
			"shares may be missing: smb.conf leads to the registry, which only testparm reads");
	if (conf->config_file)
		return fault_set(fault, SOURCE_E_STALE,
			"shares may be missing: smb.conf has `config file =`, which only testparm follows");
	if (conf->variables)
		return fault_set(fault, SOURCE_E_STALE,
			"shares may be missing: %u includes of smb.conf depend on %% variables",
			conf->variables);
	if (walk->left_out)
		return fault_set(fault, SOURCE_E_STALE,
			"%u includes of smb.conf are left out: loops, too deep, too many, or unreadable",
			walk->left_out);
	if (conf->copies)
		return fault_set(fault, SOURCE_E_STALE,
			"settings of shares may be wrong: `copy =` in smb.conf is not followed");
	return judge_lines(conf, "smb.conf");
}

static int read_files(struct pass *pass)
{
	static const char *const standard[] = {"etc/samba/smb.conf", "usr/local/samba/etc/smb.conf",
		"usr/local/samba/lib/smb.conf", "usr/local/etc/smb.conf", "opt/samba/etc/smb.conf"};
	const char *chosen =
		pass->settings.smb_conf && pass->settings.smb_conf[0] ? pass->settings.smb_conf : NULL;
	struct walk walk = {.pass = pass};
	struct smb_conf conf;
	int error = -ENOENT;
	smb_conf_start(&conf, pass->now);
	conf.include = include_file;
	conf.arg = &walk;
	reading.file_count = 0;
	if (chosen)
		error = read_file(&conf, chosen + strspn(chosen, "/"));
	for (unsigned i = 0; !chosen && i < ARRAY_LEN(standard) && error == -ENOENT; i++)
		error = read_file(&conf, standard[i]);
	smb_conf_end(&conf);
	reading.has_files = !error;
	if (!error)
		return judge_files(&conf, &walk);
	if (error == -ENOENT)
		return fault_set(&reading.fault, SOURCE_E_ABSENT,
			"no testparm and no smb.conf here: Samba is not installed, or in an unusual place");
	return fault_set(&reading.fault, error, "cannot read smb.conf: %s", strerror(-error));
}

static uint64_t stamp_files(const struct root *root)
{
	uint64_t all = 0;
	for (unsigned i = 0; i < reading.file_count; i++) {
		uint64_t stamp = 1;
		root_stat_stamp(root, reading.files[i], &stamp);
		all = (all ^ stamp) * UINT64_C(1099511628211);
	}
	return all;
}

/* -- what testparm says -- */

enum said { SAID_NONSENSE, SAID_FAILURE, SAID_ALL };

/* It ends with 1 also when it only dislikes a folder; a recording need not have that last line. */
static enum said judge_testparm(struct text text)
{
	struct text line, code;
	bool global = false, failed = false;
	uint32_t number;
	while (text_line(&text, &line)) {
		global |= text_is(text_trim(line), "[global]");
		if (!text_starts(line, TESTPARM_ENDED))
			continue;
		code = line;
		text_until(&code, ':', &line);
		failed = !text_u32(text_trim(code), &number) || number >= TOOL_KILLED;
	}
	return failed ? SAID_FAILURE : global ? SAID_ALL : SAID_NONSENSE;
}

static int testparm_failed(struct pass *pass, const char *how)
{
	reading.again = true;
	if (reading.keeps)
		read_files(pass);
	reading.keeps = false;
	if (reading.has_files)
		return fault_set(&reading.fault, SOURCE_E_STALE,
			"testparm %s: shares are as smb.conf has them (run `testparm -s` to see why)", how);
	return fault_set(&reading.fault, -EPROTO, "testparm %s (run `testparm -s` to see why)", how);
}

static void take_version(struct snapshot *snapshot, struct text text)
{
	struct text line;
	while (text_line(&text, &line))
		if (smb_conf_version(text_trim(line), snapshot->smb.server, sizeof snapshot->smb.server))
			return;
}

static int take_testparm(struct pass *pass, struct text text)
{
	struct smb_conf conf;
	enum said said = judge_testparm(text);
	if (reading.answer.overflow)
		return testparm_failed(pass, "says more than 64 KiB");
	if (said != SAID_ALL)
		return testparm_failed(
			pass, said == SAID_FAILURE ? "was killed" : "prints nothing that makes sense");
	smb_conf_start(&conf, pass->now);
	smb_conf_parse(&conf, text);
	smb_conf_end(&conf);
	reading.again = conf.registry;
	reading.keeps = true;
	return judge_lines(&conf, "testparm");
}

static void apply_version(struct snapshot *snapshot)
{
	enum tri standard = smb_conf_default_sync(snapshot->smb.server);
	for (uint32_t i = 0; i < snapshot->share_count; i++)
		if (snapshot->shares[i].strict_sync == UNKNOWN)
			snapshot->shares[i].strict_sync = standard;
}

static void take_answer(struct pass *pass)
{
	struct answer *answer = &reading.answer;
	struct text text = {answer->text, answer->length};
	take_version(pass->now, text);
	if (reading.has_testparm)
		reading.result = take_testparm(pass, text);
	apply_version(pass->now);
}

static void stop_asking(void)
{
	reading.left = answer_drop(&reading.answer);
	answer_free(&reading.answer);
	reading.asking = false;
}

/* -- the source -- */

static void carry_over(struct pass *pass)
{
	struct snapshot *now = pass->now;
	const struct snapshot *before = pass->before;
	now->share_count = before->share_count;
	now->shares_omitted = before->shares_omitted;
	memcpy(now->shares, before->shares, now->share_count * sizeof now->shares[0]);
	memcpy(now->smb.server, before->smb.server, sizeof now->smb.server);
	memcpy(now->smb.smb_ports, before->smb.smb_ports, sizeof now->smb.smb_ports);
	now->smb.smb_port_count = before->smb.smb_port_count;
}

static bool is_due(const struct pass *pass)
{
	uint64_t now = pass->now->time_ms;
	if (pass->root->recorded || !reading.started)
		return true;
	if (!pass->asked || now - reading.checked_ms < CHECK_MS)
		return false;
	reading.checked_ms = now;
	return stamp_files(pass->root) != reading.stamp ||
	       (reading.again && now - reading.read_ms >= AGAIN_MS);
}

/* 0, -ENOENT: there is nobody to ask, or another negative errno */
static int begin_asking(struct pass *pass)
{
	struct shares_question question = {"", "", ""};
	if (!pass->root->recorded)
		shares_find_programs(pass, &question);
	reading.has_testparm = pass->root->recorded || question.testparm[0];
	if (!pass->root->recorded && !question.version[0])
		return -ENOENT;
	answer_child_lives(reading.left);
	reading.answer.most = FILE_MAX;
	return answer_begin(&reading.answer, pass->root, "testparm", shares_ask, &question);
}

static void read_anew(struct pass *pass)
{
	reading.started = true;
	reading.again = false;
	reading.read_ms = reading.checked_ms = reading.since_ms = pass->now->time_ms;
	reading.result = read_files(pass);
	reading.stamp = stamp_files(pass->root);
	if (pass->root->recorded) {
		ssize_t length = root_read(pass->root, pass->text, SYSFS_TEXT_MAX, "answers/smbd-version");
		take_version(pass->now, (struct text){pass->text, length < 0 ? 0 : (size_t)length});
	}
	int error = begin_asking(pass);
	reading.asking = !error;
	if (error)
		stop_asking();
	if (error && error != -ENOENT)
		reading.result = testparm_failed(pass, "cannot be started");
	/* no share goes missing while testparm works: it may know more than the files */
	reading.keeps &= reading.asking && reading.has_testparm && !pass->root->recorded;
	if (reading.keeps)
		carry_over(pass);
	apply_version(pass->now);
}

const char *shares_find_volume(const struct snapshot *snapshot, const char *path)
{
	const struct volume *best = NULL;
	size_t best_length = 0;
	if (*path != '/' || strchr(path, '%'))
		return NULL;
	for (uint32_t i = 0; i < snapshot->volume_count; i++) {
		const char *mount = snapshot->volumes[i].mount;
		size_t length = strlen(mount);
		bool below = !strncmp(path, mount, length) &&
			     (!path[length] || path[length] == '/' || !strcmp(mount, "/"));
		if (!below || length < best_length)
			continue;
		best = &snapshot->volumes[i];
		best_length = length;
	}
	return best ? best->id : NULL;
}

static void find_volumes(struct snapshot *snapshot)
{
	for (uint32_t i = 0; i < snapshot->share_count; i++) {
		struct share *share = &snapshot->shares[i];
		const char *id = shares_find_volume(snapshot, share->path);
		snprintf(share->volume, sizeof share->volume, "%s", id ? id : "");
		share->number = text_hash(share->name);
		share->number += !share->number; /* 0 is no number */
	}
}

static int report(struct fault *fault)
{
	if (reading.result)
		*fault = reading.fault;
	return reading.result;
}

/* true when there is nothing to wait for any more */
static bool look_at_answer(struct pass *pass, uint32_t patience_ms)
{
	if (!reading.asking)
		return true;
	if (answer_wait(&reading.answer, patience_ms))
		take_answer(pass);
	else if (pass->now->time_ms - reading.since_ms >= GIVE_UP_MS)
		reading.result = testparm_failed(pass, "does not answer within 20 s");
	else
		return false;
	stop_asking();
	return true;
}

int shares_collect(struct pass *pass, struct fault *fault)
{
	if (!pass->root->recorded)
		carry_over(pass);
	if (!reading.asking && is_due(pass))
		read_anew(pass);
	bool done = look_at_answer(pass, 0);
	find_volumes(pass->now);
	return done ? report(fault) : 0;
}

int shares_finish(struct pass *pass, struct fault *fault)
{
	if (!reading.asking)
		return report(fault);
	if (!look_at_answer(pass, pass->patience_ms))
		return fault_set(fault, SOURCE_E_STALE, "testparm is still working%s",
			reading.has_files ? ": shares are as smb.conf has them" : "");
	find_volumes(pass->now);
	return report(fault);
}
