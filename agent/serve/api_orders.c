/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What handlers share that have something done by the privileged process: sending the order, and making an
 * answer of what came back.
 */
#include <stdio.h>
#include <string.h>

#include "serve/routes.h"

static const struct {
	unsigned status;
	const char *code, *title;
} outcomes[ORDER_STATUS_COUNT] = {
	[ORDER_DONE] = {200, "done", "Done"},
	[ORDER_JOB] = {202, "job", "A job now"},
	[ORDER_BUSY] = {409, "job-running", "A job is running"},
	[ORDER_UNKNOWN_SHARE] = {404, "no-such-share", "No such share"},
	[ORDER_UNKNOWN_DISK] = {404, "no-such-disk", "No such disk"},
	[ORDER_UNKNOWN_JOB] = {404, "no-such-job", "No such job"},
	[ORDER_BAD_NAME] = {422, "bad-name", "Not a name for a disk"},
	[ORDER_BAD_SIZE] = {422, "bad-size", "Not a size for a disk"},
	[ORDER_EXISTS] = {409, "disk-exists", "There is a file of that name"},
	[ORDER_IN_USE] = {409, "disk-in-use", "The disk is open"},
	[ORDER_LEASED] = {409, "disk-foreign-lease", "The disk belongs to another server"},
	[ORDER_DIRTY] = {409, "disk-dirty", "The disk was not closed cleanly"},
	[ORDER_DAMAGED] = {409, "disk-damaged", "The disk is damaged"},
	[ORDER_NO_ROOM] = {422, "no-room-to-grow", "The disk's table has no room"},
	[ORDER_NO_SPACE] = {507, "no-space", "No space"},
	[ORDER_BEYOND_LIMIT] = {422, "beyond-limit", "Beyond the limit"},
	[ORDER_READ_ONLY] = {422, "volume-read-only", "Volume is read-only"},
	[ORDER_UNSUPPORTED] = {422, "not-supported", "Not possible here"},
	[ORDER_TOO_MANY] = {507, "too-many-leases", "Too many leases"},
	[ORDER_NO_LEASE] = {404, "no-such-lease", "No such lease"},
	[ORDER_FORBIDDEN] = {403, "not-allowed", "Not allowed"},
	[ORDER_FAILED] = {500, "failed", "It failed"},
};

void request_order(const struct request *request, struct order *order, struct reply *reply)
{
	snprintf(order->who, sizeof order->who, "%s", request->user ? request->user : "");
	snprintf(order->address, sizeof order->address, "%s", request->peer ? request->peer : "");
	reply->pending = request->post && request->post(request, order);
	if (reply->pending)
		return;
	reply->retry_after_s = 5;
	reply_problem(reply, 503, "too-many-orders", "Too many orders",
		"so many orders are under way that this one found no room: ask again in 5 s");
}

void reply_order(const struct order_answer *answer, struct reply *reply)
{
	char location[32];
	struct json json;
	unsigned row = answer->status < ORDER_STATUS_COUNT ? answer->status : ORDER_FAILED;
	if (answer->status > ORDER_JOB) {
		reply->retry_after_s = answer->retry_after_s;
		reply_problem(reply, outcomes[row].status, outcomes[row].code, outcomes[row].title, "%s",
			answer->fault.text);
		return;
	}
	json_start(&json);
	if (answer->job) {
		snprintf(location, sizeof location, "/v1/jobs/%u", (unsigned)answer->job);
		json_u32(&json, "job", answer->job);
		json_string(&json, "location", location);
	}
	if (answer->token[0])
		json_string(&json, "token", answer->token);
	reply_json(reply, outcomes[row].status, &json);
}
