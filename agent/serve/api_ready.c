/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/text.h"
#include "serve/routes.h"
#include "serve/target.h"
#include "show/represent_ready.h"

#define SHOWN_LEN 80 /* of a wrong value that an answer repeats */
#define LIST_LEN 200 /* of the names of the shares */

static const struct share *find_share(const struct snapshot *snapshot, struct text name)
{
	for (uint32_t i = 0; i < snapshot->share_count; i++) {
		const char *known = snapshot->shares[i].name;
		/* Windows does not mind the case */
		if (strlen(known) == name.length && !strncasecmp(known, name.at, name.length))
			return &snapshot->shares[i];
	}
	return NULL;
}

static void list_shares(const struct snapshot *snapshot, char into[LIST_LEN])
{
	size_t length = 0;
	into[0] = 0;
	for (uint32_t i = 0; i < snapshot->share_count; i++) {
		const char *name = snapshot->shares[i].name;
		if (length + strlen(name) + sizeof ", ..." >= LIST_LEN) {
			snprintf(into + length, LIST_LEN - length, ", ...");
			return;
		}
		length += (size_t)snprintf(into + length, LIST_LEN - length, "%s%s", i ? ", " : "", name);
	}
}

static bool is_file(struct text file)
{
	for (size_t i = 0; i < file.length; i++)
		if ((unsigned char)file.at[i] < ' ' || file.at[i] == '\\' || file.at[i] == 127)
			return false;
	return text_is_name(file);
}

/* a disk may lie in a folder of the share */
static bool is_path(struct text path)
{
	struct text name;
	bool good = path.length && path.at[path.length - 1] != '/';
	while (good && text_until(&path, '/', &name))
		good = is_file(name);
	return good;
}

/* "Backup/SRV1.vhdx". Where no share is known, or not all, a name cannot be wrong. */
static bool check_disk(const struct snapshot *snapshot, const char *disk, struct reply *reply)
{
	char shown[SHOWN_LEN], known[LIST_LEN];
	struct text rest = text_of(disk), share = {0};
	bool whole = text_until(&rest, '/', &share) && share.length && is_path(rest);
	text_show(shown, sizeof shown, text_of(disk));
	if (!whole) {
		reply_problem(reply, 400, "bad-disk", "Not a disk",
			"disk=%s is no SHARE/FILE: write the share and the name of one file in it, as in "
			"Backup/SRV1.vhdx",
			shown);
		return false;
	}
	if (!snapshot->share_count || snapshot->shares_omitted || find_share(snapshot, share))
		return true;
	list_shares(snapshot, known);
	text_show(shown, sizeof shown, share);
	reply_problem(reply, 404, "no-such-share", "No such share",
		"this NAS has no share \"%s\": its shares are %s", shown, known);
	return false;
}

static bool check_strict(const char *strict, struct reply *reply)
{
	char shown[SHOWN_LEN];
	if (!strcmp(strict, "1") || !strcmp(strict, "0"))
		return true;
	text_show(shown, sizeof shown, text_of(strict));
	reply_problem(reply, 400, "bad-strict", "Not a yes or no",
		"strict=%s is neither 1 nor 0: with 1 the HTTP status tells the answer (200, 503, 409)",
		shown);
	return false;
}

void api_ready(const struct request *request, struct reply *reply)
{
	static const unsigned statuses[] = {[VERDICT_GO] = 200, [VERDICT_WAIT] = 503, [VERDICT_NO] = 409};
	const struct view *view = request->view;
	const char *disk = request->query(request, "disk"), *server = request->query(request, "server");
	const char *strict = request->query(request, "strict");
	if ((disk && !check_disk(view->snapshot, disk, reply)) ||
		(server && !target_check_server(server, reply)) || (strict && !check_strict(strict, reply)))
		return;
	struct json json;
	unsigned status = 200;
	if (strict && *strict == '1')
		status = statuses[view->assessment->answer];
	if (status == 503)
		reply->retry_after_s = view->assessment->retry_after_s;
	json_start(&json);
	represent_ready(view, &json);
	reply_json(reply, status, &json);
}
