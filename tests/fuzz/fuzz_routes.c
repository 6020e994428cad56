/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Requests as the handlers see them: the name of a share, then for each path, query, headers and body.
 * max_len: 2048
 */
#include "serve/access.h"
#include "serve/routes.h"

#include <stdio.h>

#include "tests/fuzz/fuzz.h"

static struct snapshot snapshot;
static struct rates rates;
static struct gate gate;
static char *queries; /* "name=value" */
static size_t queries_length;

static const char *query(const struct request *request, const char *name)
{
	(void)request;
	size_t length = strlen(name);
	for (const char *at = queries; at <= queries + queries_length; at += strlen(at) + 1)
		if (!strncmp(at, name, length) && at[length] == '=')
			return at + length + 1;
	return NULL;
}

/* "a=1&b=2" */
static void split_queries(char *values)
{
	queries = values;
	queries_length = strlen(values);
	while ((values = strchr(values, '&')))
		*values++ = 0;
}

static void start(const char *name)
{
	static struct history history;
	snapshot_reset(&snapshot);
	history_reset(&history);
	gate_start(&gate);
	struct volume *volume = snapshot_add_volume(&snapshot);
	struct share *share = snapshot_add_share(&snapshot);
	strcpy(volume->id, "c");
	strcpy(volume->mount, "/c");
	strcpy(volume->fstype, "ext4");
	volume->size_bytes = UINT64_C(6) << 40;
	volume->free_bytes = volume->available_bytes = UINT64_C(5) << 40;
	volume->read_only = volume->stale = NO;
	snprintf(share->name, sizeof share->name, "%s", *name ? name : "Backup");
	strcpy(share->path, "/c/Backup");
	strcpy(share->volume, "c");
	strcpy(snapshot.host, "nas");
	snapshot.time_ms = 5000000;
	history_add(&history, &snapshot, &rates);
	rates.volumes[0] = (struct volume_rates){.state = VOLUME_IDLE, .settled = YES, .eta_s = UNKNOWN_U64};
}

static void check(const struct reply *reply)
{
	MUST(reply->status >= 200 && reply->status < 600 && reply->status != 500);
	MUST(reply->content_type && reply->body.data && !reply->body.failed);
	MUST(strlen(reply->body.data) == reply->body.length && fuzz_is_utf8(reply->body.data));
	MUST_END(reply->allow);
	if (strstr(reply->content_type, "json"))
		fuzz_check_json(reply->body.data);
	else if (!strcmp(reply->content_type, "text/plain; charset=utf-8"))
		MUST(fuzz_is_plain(reply->body.data));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct assessment assessment = {.answer = VERDICT_WAIT, .retry_after_s = 30};
	static struct access access;
	struct text rest = fuzz_text(data, size);
	autofree char *name = fuzz_string(&rest);
	start(name);
	access_start(&access, "nas");
	struct view view = {&snapshot, &rates, snapshot.time_ms + 100, "id", 600, &assessment, NULL, NULL};
	for (unsigned i = 0; i < 8 && rest.length; i++) {
		unsigned which = fuzz_choice(&rest, 2 * routes_count);
		autofree char *path = fuzz_string(&rest), *values = fuzz_string(&rest);
		autofree char *host = fuzz_string(&rest), *accept = fuzz_string(&rest),
			      *body = fuzz_string(&rest);
		const struct route *route = which < routes_count ? &routes[which] : NULL;
		struct reply reply = {0};
		struct request request = {.method = which % 2 ? "GET" : "POST",
			.path = path,
			.host = access_host_is_ours(&access, host) ? host : NULL,
			.accept = accept,
			.peer = "10.0.0.5",
			.argument = path,
			.argument2 = values,
			.body = *body ? body : NULL,
			.body_length = strlen(body),
			.view = &view,
			.gate = &gate,
			.client_timeout_s = 60,
			.query = query};
		split_queries(values);
		if (!route)
			route = route_find(request.method, path, &reply);
		if (route && route->knee)
			MUST(!route->knee(&request) || route->knee(&request) == &snapshot.volumes[0]);
		if (route)
			route->handle(&request, &reply);
		check(&reply);
		reply_free(&reply);
	}
	return 0;
}
