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
	{"GET", "/", 0, RECENT_MS, api_page, "the health page for the browser", NULL, OPEN},
	{"GET", "/v1", 0, 0, api_index, "this list", NULL, OPEN},
	{"GET", "/v1/status", 0, RECENT_MS, api_status, "everything that is known of this machine", NULL,
		OPEN},
	{"GET", "/v1/ready", 0, RECENT_MS, api_ready, "may a backup run now: go, wait or no", NULL, OPEN},
	{"GET", "/v1/plan", 0, RECENT_MS, api_plan, "in which steps to create or grow a disk",
		api_plan_volume, OPEN},
	{"GET", "/v1/allocations", 0, 0, api_allocations, "the last steps that were granted or refused", NULL,
		OPEN},
	{"POST", "/v1/allocations", 4096, GATE_MS, api_ask_gate, "may this step begin now", api_gate_volume,
		OPEN},
	{"POST", "/v1/paths", 4096, 0, api_paths, "will a restore find a backup at this path", NULL, OPEN},
	{"GET", "/v1/disks", 0, RECENT_MS, api_disks, "the virtual disks in the shares, judged", NULL, OPEN},
	{"GET", "/v1/disks/{id}", 0, RECENT_MS, api_disk, "one of them", NULL, OPEN},
	{"POST", "/v1/disks", 4096, 0, api_create_disk, "creates a disk on the NAS, or undeletes one", NULL,
		OPERATOR},
	{"PATCH", "/v1/disks/{id}", 4096, 0, api_grow_disk, "grows it on the NAS", NULL, OPERATOR},
	{"DELETE", "/v1/disks/{id}", 4096, 0, api_delete_disk, "deletes it, for good after a while", NULL,
		ADMIN},
	{"GET", "/v1/jobs", 0, 0, api_jobs, "what is being done to disks, and what was", NULL, OPEN},
	{"GET", "/v1/jobs/{id}", 0, 0, api_job, "one of them", NULL, OPEN},
	{"DELETE", "/v1/jobs/{id}", 0, 0, api_cancel_job,
		"cancels it at the next moment at which that is safe", NULL, OPERATOR},
	{"POST", "/v1/probes", 4096, RECENT_MS, api_probe,
		"times an allocation in a share, and learns from it", api_probe_volume, OPERATOR},
	{"GET", "/v1/leases", 0, RECENT_MS, api_leases, "which disk belongs to which server", NULL, OPEN},
	{"PUT", "/v1/leases/{share}/{file}", 4096, RECENT_MS, api_take_lease,
		"takes a disk for a server, or renews that with its token", NULL, OPEN},
	{"DELETE", "/v1/leases/{share}/{file}", 4096, RECENT_MS, api_end_lease,
		"releases it with its token; admin may without", NULL, OPEN},
	{"GET", "/v1/history", 0, 0, api_history, "the last 24 hours and the last 10 minutes", NULL, OPEN},
	{"GET", "/metrics", 0, RECENT_MS, api_metrics, "the same figures for Prometheus", NULL, OPEN},
	{"GET", "/openapi.json", 0, 0, api_openapi, "this list in full, for tools", NULL, OPEN},
	{"GET", "/assets/page.css", 0, 0, api_asset, "how the page looks", NULL, OPEN},
	{"GET", "/assets/page.js", 0, 0, api_asset, "refreshes the page, and draws its plots", NULL, OPEN},
	{"GET", "/assets/icon.svg", 0, 0, api_asset, "the page's icon", NULL, OPEN},
};
const unsigned routes_count = ARRAY_LEN(routes);

#define PATH_SHOWN 160 /* characters of a wrong path that an answer repeats */

/* one component of the path for each {…}; one slash too many at the end is tolerated, but not in "//" */
static bool path_matches(const char *pattern, const char *path,
	char ret_arguments[ROUTE_ARGUMENTS_MAX][ROUTE_ARGUMENT_LEN], unsigned *ret_count)
{
	bool root = !strcmp(pattern, "/");
	*ret_count = 0;
	while (*pattern) {
		if (*pattern != '{') {
			if (*pattern++ != *path++)
				return false;
			continue;
		}
		size_t length = strcspn(path, "/");
		if (!length || length >= ROUTE_ARGUMENT_LEN || *ret_count == ROUTE_ARGUMENTS_MAX)
			return false;
		memcpy(ret_arguments[*ret_count], path, length);
		ret_arguments[(*ret_count)++][length] = 0;
		path += length;
		pattern += strcspn(pattern, "}") + 1;
	}
	return !*path || (!root && !strcmp(path, "/"));
}

unsigned route_arguments(const struct route *route, const char *path,
	char ret_arguments[ROUTE_ARGUMENTS_MAX][ROUTE_ARGUMENT_LEN])
{
	unsigned count;
	return path_matches(route->path, path, ret_arguments, &count) ? count : 0;
}

static void add_method(struct reply *reply, const char *method)
{
	size_t length = strlen(reply->allow);
	snprintf(reply->allow + length, sizeof reply->allow - length, "%s%s", length ? ", " : "", method);
}

const struct route *route_find(const char *method, const char *path, struct reply *reply)
{
	const char *wanted = strcmp(method, "HEAD") ? method : "GET";
	char arguments[ROUTE_ARGUMENTS_MAX][ROUTE_ARGUMENT_LEN];
	unsigned count;
	reply->allow[0] = 0;
	for (unsigned i = 0; i < routes_count; i++) {
		if (!path_matches(routes[i].path, path, arguments, &count))
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
