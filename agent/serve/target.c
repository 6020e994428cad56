/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "serve/target.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/text.h"

#define NAMES_LEN 200 /* of what there is, in a sentence */
#define SHOWN_LEN 80  /* of a wrong name that an answer repeats */

struct names {
	char text[NAMES_LEN];
	size_t length;
	bool cut;
};

static void add_name(struct names *names, const char *name)
{
	size_t need = strlen(name) + strlen(", ");
	if (names->cut)
		return;
	names->cut = names->length + need + sizeof ", ..." > sizeof names->text;
	names->length += (size_t)snprintf(names->text + names->length, sizeof names->text - names->length,
		"%s%s", names->length ? ", " : "", names->cut ? "..." : name);
}

static bool refuse(
	struct reply *reply, const char *code, const char *what, const char *name, const struct names *names)
{
	char shown[SHOWN_LEN];
	text_show(shown, sizeof shown, text_of(name));
	reply_problem(reply, 404, code, strcmp(what, "share") ? "No such volume" : "No such share",
		names->length ? "there is no %s \"%s\" here: name one of %s"
			      : "there is no %s \"%s\": none is known here%s",
		what, shown, names->text);
	return false;
}

static bool refuse_share(const struct snapshot *snapshot, const char *name, struct reply *reply)
{
	struct names names = {"", 0, false};
	for (uint32_t i = 0; i < snapshot->share_count; i++)
		add_name(&names, snapshot->shares[i].name);
	return refuse(reply, "no-such-share", "share", name, &names);
}

static bool refuse_volume(const struct snapshot *snapshot, const char *name, struct reply *reply)
{
	struct names names = {"", 0, false};
	for (uint32_t i = 0; i < snapshot->volume_count; i++)
		add_name(&names, snapshot->volumes[i].id);
	return refuse(reply, "no-such-volume", "volume", name, &names);
}

const struct volume *target_volume(const struct snapshot *snapshot, const char *share, const char *volume)
{
	const struct share *found = share ? outlook_find_share(snapshot, share) : NULL;
	if (share)
		return found ? snapshot_find_volume(snapshot, found->volume) : NULL;
	return volume ? outlook_find_volume(snapshot, volume) : NULL;
}

bool target_needs_knee(const struct request *request, const struct volume *volume, uint64_t size_bytes,
	uint64_t current_bytes)
{
	const struct outlook_question question = {
		.snapshot = request->view->snapshot,
		.volume = volume,
		.size_bytes = size_bytes,
		.current_bytes = current_bytes,
		.client_timeout_s = request->client_timeout_s,
		.now_ms = request->view->now_ms,
	};
	struct outlook outlook;
	outlook_make(&question, &outlook);
	return !outlook.result;
}

bool target_find(const struct request *request, const char *share, const char *volume,
	struct outlook_question *question, struct reply *reply)
{
	const struct snapshot *snapshot = request->view->snapshot;
	question->snapshot = snapshot;
	question->now_ms = request->view->now_ms;
	if (share && volume) {
		reply_problem(reply, 400, "bad-target", "Share or volume",
			"name either a share or a volume, not both");
		return false;
	}
	question->share = share ? outlook_find_share(snapshot, share) : NULL;
	question->volume = target_volume(snapshot, share, volume);
	if (share && !question->share)
		return refuse_share(snapshot, share, reply);
	if (volume && !question->volume)
		return refuse_volume(snapshot, volume, reply);
	if (!share || question->volume)
		return true;
	reply_problem(reply, 404, "no-such-volume", "No such volume",
		"the share %s lies at \"%s\", which is on no volume that is known: mount it, or ask by "
		"volume",
		question->share->name, question->share->path);
	return false;
}

bool target_timeout(const struct request *request, bool given, uint64_t seconds, uint32_t *ret_timeout_s,
	struct reply *reply)
{
	bool good = !given || (seconds && seconds <= CLIENT_TIMEOUT_MAX_S);
	if (good)
		*ret_timeout_s = given ? (uint32_t)seconds : request->client_timeout_s;
	else
		reply_problem(reply, 400, "bad-timeout", "Not a time-out",
			"client_timeout_s must be a whole number of seconds from 1 to %d: Windows' own is 60",
			CLIENT_TIMEOUT_MAX_S);
	return good;
}

const struct vdisk *target_find_vdisk(const struct snapshot *snapshot, const char *name)
{
	const char *slash = strchr(name, '/');
	for (uint32_t i = 0; slash && i < snapshot->vdisk_count; i++) {
		const struct vdisk *vdisk = &snapshot->vdisks[i];
		size_t length = strlen(vdisk->share);
		/* Windows does not mind the case */
		if ((size_t)(slash - name) == length && !strncasecmp(name, vdisk->share, length) &&
			!strcasecmp(slash + 1, vdisk->file))
			return vdisk;
	}
	return NULL;
}

const struct vdisk *target_vdisk(const struct request *request, struct reply *reply)
{
	const struct snapshot *snapshot = request->view->snapshot;
	char shown[40];
	for (uint32_t i = 0; i < snapshot->vdisk_count; i++)
		if (!strcasecmp(snapshot->vdisks[i].id, request->argument))
			return &snapshot->vdisks[i];
	text_show(shown, sizeof shown, text_of(request->argument));
	reply_problem(reply, 404, "no-such-disk", "No such disk",
		"no virtual disk in the shares has the id \"%s\": GET /v1/disks lists them", shown);
	return NULL;
}

uint32_t target_disk_number(const struct snapshot *snapshot, const char *name)
{
	const struct vdisk *vdisk = target_find_vdisk(snapshot, name);
	for (uint32_t i = 0; !vdisk && i < snapshot->lease_count; i++) {
		const struct lease *lease = &snapshot->leases[i];
		size_t length = strlen(lease->share);
		if (!strncasecmp(name, lease->share, length) && name[length] == '/' &&
			!strcasecmp(name + length + 1, lease->file))
			return snapshot_lease_disk(snapshot, lease);
	}
	return vdisk ? vdisk->number : 0;
}

bool target_check_server(const char *server, struct reply *reply)
{
	char shown[SHOWN_LEN];
	size_t length = strlen(server), plain = 0;
	while (isalnum((unsigned char)server[plain]) || (server[plain] && strchr("-_.", server[plain])))
		plain++;
	if (length && length < HOST_LEN && plain == length)
		return true;
	text_show(shown, sizeof shown, text_of(server));
	reply_problem(reply, 400, "bad-server", "Not a server",
		"server=%s is no name of a computer: use letters, digits, '-', '_' and '.', at most %u of "
		"them",
		shown, HOST_LEN - 1);
	return false;
}
