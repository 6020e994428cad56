/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/source_smbstatus.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/loop.h"
#include "collect/smbstatus.h"
#include "system/answer.h"

#define EVERY_MS 30000	 /* 50 ms of CPU on a PC, perhaps a second on a small NAS */
#define GIVE_UP_MS 20000 /* it waits for locks of smbd's databases */
#define FORGET_MS 120000 /* older figures say nothing of now */
#define OUTPUT_MAX 65536 /* 500 open files */

/* outlives the pass: smbstatus takes longer than a pass may wait */
static struct {
	struct answer answer;
	bool asking, asked_before;
	uint64_t asked_ms, asked_clock_ms;
	pid_t left; /* a child that does not die */
	int result; /* of the last answer */
	struct fault fault;
} question;

static const char *const places[] = {"usr/bin/smbstatus", "usr/sbin/smbstatus", "usr/local/bin/smbstatus",
	"usr/local/sbin/smbstatus", "usr/local/samba/bin/smbstatus", "opt/samba/bin/smbstatus"};

const char *smbstatus_find(const struct root *root)
{
	for (unsigned i = 0; i < ARRAY_LEN(places); i++)
		if (root_exists(root, "%s", places[i]))
			return places[i];
	return NULL;
}

/* Opened for reading, so writing to it fails, as it should; but a closed standard error could become one of
 * Samba's databases, and its messages would go there. */
static void leave_standard_files(const struct root *root, int out)
{
	int null = root_open_device(root, "dev/null");
	if (null < 0)
		_exit(1);
	dup2(null, STDIN_FILENO);
	dup2(null, STDERR_FILENO);
	dup2(out, STDOUT_FILENO);
}

void smbstatus_ask(int out, void *smbstatus_question)
{
	const struct smbstatus_question *ask = smbstatus_question;
	char *arguments[5] = {
		"smbstatus", "-n"}; /* numbers: names of users may hang in a directory service */
	unsigned count = 2;
	if (ask->smb_conf && ask->smb_conf[0]) {
		arguments[count++] = "-s";
		arguments[count++] = (char *)ask->smb_conf;
	}
	char *environment[] = {"LC_ALL=C", "PATH=/usr/bin:/bin", NULL};
	leave_standard_files(ask->root, out);
	if (!fchdir(ask->root->fd))
		execve(ask->program, arguments, environment);
	_exit(1);
}

/* -- old figures -- */

static const struct client *find_client(const struct snapshot *snapshot, const char *address)
{
	for (uint32_t i = 0; i < snapshot->client_count; i++)
		if (!strcmp(snapshot->clients[i].address, address))
			return &snapshot->clients[i];
	return NULL;
}

static void carry_over(struct pass *pass)
{
	const struct snapshot *before = pass->before;
	struct snapshot *now = pass->now;
	if (!before)
		return;
	if (!now->smb.server[0])
		memcpy(now->smb.server, before->smb.server, sizeof now->smb.server);
	if (!before->smb.status_ms || now->time_ms - before->smb.status_ms > FORGET_MS)
		return;
	now->smb.status_ms = before->smb.status_ms;
	now->smb.sessions = before->smb.sessions;
	now->smb.open_files = before->smb.open_files;
	for (uint32_t i = 0; i < now->client_count; i++) {
		struct client *client = &now->clients[i];
		const struct client *old = find_client(before, client->address);
		if (!old || old->since_clock_ms != client->since_clock_ms)
			continue;
		client->sessions = old->sessions;
		client->tree_connects = old->tree_connects;
		client->open_files = old->open_files;
		client->open_disk_count = old->open_disk_count;
		client->open_disks_omitted = old->open_disks_omitted;
		memcpy(client->open_disks, old->open_disks, sizeof client->open_disks);
	}
}

static void give_reason(struct snapshot *now, const char *reason)
{
	if (now->smb.sessions == UNKNOWN_U32 && !now->smb.reason[0])
		text_show(now->smb.reason, sizeof now->smb.reason, text_of(reason));
}

/* -- asking -- */

/* what the last answer came to holds until the next */
static int last_result(struct pass *pass, struct fault *fault)
{
	give_reason(pass->now, question.result ? question.fault.text : "smbstatus was not asked");
	return question.result ? fault_set(fault, question.result, "%s", question.fault.text) : 0;
}

static int begin(struct pass *pass, struct fault *fault)
{
	struct smbstatus_question ask = {.root = pass->root, .smb_conf = pass->settings.smb_conf};
	if (!pass->root->recorded) {
		if (answer_child_lives(question.left))
			return fault_set(fault, SOURCE_E_STALE, "an earlier smbstatus hangs in the kernel");
		question.left = 0;
		ask.program = smbstatus_find(pass->root);
		if (!ask.program)
			return fault_set(fault, SOURCE_E_ABSENT, "smbstatus is not installed");
		if (geteuid())
			return fault_set(
				fault, -EPERM, "smbstatus works only as root: run the agent as root");
	}
	question.answer.most = OUTPUT_MAX;
	int error = answer_begin(&question.answer, pass->root, "smbstatus", smbstatus_ask, &ask);
	if (error == -ENOENT)
		return fault_set(fault, SOURCE_E_ABSENT, "answers/smbstatus is not in this recording");
	if (error == -EFBIG)
		return fault_set(
			fault, SOURCE_E_STALE, "answers/smbstatus is longer than %d bytes", OUTPUT_MAX);
	if (error)
		return fault_set(fault, error, "no child to run smbstatus: %s", strerror(-error));
	question.asking = true;
	question.asked_clock_ms = pass->now->clock_ms;
	return 0;
}

static bool is_due(const struct pass *pass)
{
	if (pass->root->recorded)
		return true;
	return pass->asked && (!question.asked_before || pass->now->time_ms - question.asked_ms >= EVERY_MS);
}

int smbstatus_collect(struct pass *pass, struct fault *fault)
{
	struct smb *smb = &pass->now->smb;
	if (question.asking && !pass->root->recorded) {
		carry_over(pass);
		return 0;
	}
	/* it is the dearest of all questions, and without a connection its answer is known */
	if (smb->connections == 0 && !pass->now->client_count && !pass->root->recorded) {
		smb->sessions = smb->open_files = 0;
		if (!smb->server[0])
			memcpy(smb->server, pass->before->smb.server, sizeof smb->server);
		smb->status_ms = pass->now->time_ms;
		return 0;
	}
	carry_over(pass);
	if (!is_due(pass))
		return last_result(pass, fault);
	question.asked_before = true;
	question.asked_ms = pass->now->time_ms;
	question.result = begin(pass, &question.fault);
	return question.result ? last_result(pass, fault) : 0;
}

static bool is_nothing_but_blanks(struct text text)
{
	return !text_trim(text).length;
}

/* the answer has ended */
static int judge(struct pass *pass, struct fault *fault)
{
	static struct smbstatus status;
	struct text text = {question.answer.text, question.answer.length};
	if (question.answer.overflow)
		return fault_set(fault, SOURCE_E_STALE,
			"smbstatus printed more than %d bytes: too many open files to count", OUTPUT_MAX);
	if (is_nothing_but_blanks(text))
		return fault_set(fault, -EBADMSG, "smbstatus printed nothing: does it work by hand?");
	int error = smbstatus_parse(text, pass->now, &status);
	if (error)
		return fault_set(fault, error, "what smbstatus printed makes no sense, or is cut");
	smbstatus_apply(&status, question.asked_clock_ms, pass->now);
	pass->now->smb.status_ms = pass->now->time_ms;
	return 0;
}

static int give_up(struct pass *pass, struct fault *fault)
{
	if (pass->now->time_ms - question.asked_ms < GIVE_UP_MS) {
		give_reason(pass->now, "smbstatus is still at work");
		if (pass->now->smb.status_ms)
			return 0;
		return fault_set(fault, SOURCE_E_STALE, "smbstatus is still at work");
	}
	question.left = answer_drop(&question.answer);
	question.asking = false;
	question.result = fault_set(
		&question.fault, SOURCE_E_STALE, "smbstatus did not answer within %d s", GIVE_UP_MS / 1000);
	return last_result(pass, fault);
}

int smbstatus_finish(struct pass *pass, struct fault *fault)
{
	if (!question.asking)
		return 0;
	if (!answer_wait(&question.answer, pass->patience_ms))
		return give_up(pass, fault);
	question.asking = false;
	question.result = judge(pass, &question.fault);
	return last_result(pass, fault);
}
