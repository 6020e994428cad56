/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "serve/routes.h"

#include <stdio.h>
#include <string.h>

#define RECENT_MS 2000 /* a younger snapshot is not worth another pass */
/* what began since cannot be taken back; looks closer than 500 ms say little (volume_state.c) */
#define GATE_MS 600

const struct route routes[] = {
	{"GET", "/", 0, RECENT_MS, api_page, "the health page for the browser", NULL},
	{"GET", "/v1", 0, 0, api_index, "this list", NULL},
	{"GET", "/v1/status", 0, RECENT_MS, api_status, "everything that is known of this machine", NULL},
	{"GET", "/v1/ready", 0, RECENT_MS, api_ready, "may a backup run now: go, wait or no", NULL},
	{"GET", "/v1/plan", 0, RECENT_MS, api_plan, "in which steps to create or grow a disk",
		api_plan_volume},
	{"GET", "/v1/allocations", 0, 0, api_allocations, "the last steps that were granted or refused",
		NULL},
	{"POST", "/v1/allocations", 4096, GATE_MS, api_ask_gate, "may this step begin now", api_gate_volume},
	{"POST", "/v1/paths", 4096, 0, api_paths, "will a restore find a backup at this path", NULL},
	{"GET", "/v1/history", 0, 0, api_history, "the last 24 hours and the last 10 minutes", NULL},
	{"GET", "/metrics", 0, RECENT_MS, api_metrics, "the same figures for Prometheus", NULL},
	{"GET", "/openapi.json", 0, 0, api_openapi, "this list in full, for tools", NULL},
	{"GET", "/assets/page.css", 0, 0, api_asset, "how the page looks", NULL},
	{"GET", "/assets/page.js", 0, 0, api_asset, "refreshes the page, and draws its plots", NULL},
	{"GET", "/assets/icon.svg", 0, 0, api_asset, "the page's icon", NULL},
};
const unsigned routes_count = ARRAY_LEN(routes);

#define PATH_SHOWN 160 /* characters of a wrong path that an answer repeats */

/* one slash too many at the end is tolerated, but not in "//" */
static bool path_matches(const struct route *route, const char *path)
{
	size_t length = strlen(route->path);
	if (strncmp(path, route->path, length))
		return false;
	return !path[length] || (length > 1 && !strcmp(path + length, "/"));
}

static void add_method(struct reply *reply, const char *method)
{
	size_t length = strlen(reply->allow);
	snprintf(reply->allow + length, sizeof reply->allow - length, "%s%s", length ? ", " : "", method);
}

const struct route *route_find(const char *method, const char *path, struct reply *reply)
{
	const char *wanted = strcmp(method, "HEAD") ? method : "GET";
	reply->allow[0] = 0;
	for (unsigned i = 0; i < routes_count; i++) {
		if (!path_matches(&routes[i], path))
			continue;
		if (!strcmp(wanted, routes[i].method)) {
			reply->allow[0] = 0;
			return &routes[i];
		}
		add_method(reply, routes[i].method);
		if (!strcmp(routes[i].method, "GET"))
			add_method(reply, "HEAD");
	}
	const char *more = strlen(path) > PATH_SHOWN ? "..." : "";
	if (reply->allow[0])
		reply_problem(reply, 405, "method-not-allowed", "Method not allowed",
			"%.32s cannot be used on %.*s%s: it answers %s", method, PATH_SHOWN, path, more,
			reply->allow);
	else
		reply_problem(reply, 404, "no-such-route", "No such route",
			"there is nothing at %.*s%s: GET /v1 lists what can be asked", PATH_SHOWN, path,
			more);
	return NULL;
}
