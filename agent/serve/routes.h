/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The table of everything that can be asked over HTTP. The walk over it decides 404, 405 and 413; a handler
 * only chooses data.
 */
#ifndef NASREADY_SERVE_ROUTES_H
#define NASREADY_SERVE_ROUTES_H

#include "serve/permission.h"

#define ROUTE_ARGUMENTS_MAX 2
#define ROUTE_ARGUMENT_LEN 256 /* one component of a path and the end */

struct route {
	const char *method, *path; /* "{name}" in the path stands for any one component */
	size_t body_max;	   /* bytes; 0: a body is refused */
	uint32_t fresh_ms;	   /* wants a snapshot no older than this; 0: any */
	void (*handle)(const struct request *request, struct reply *reply);
	const char *says; /* one line for GET /v1 */
	/* the volume of which the handler wants to know the knee; NULL: none */
	const struct volume *(*knee)(const struct request *request);
	enum route_access access;
};

extern const struct route routes[];
extern const unsigned routes_count;

/* The route for the request. NULL: `reply` holds the problem (404 or 405; HEAD counts as GET). */
const struct route *route_find(const char *method, const char *path, struct reply *reply);
/* What stands for each {…} of the route's path; how many. */
unsigned route_arguments(const struct route *route, const char *path,
	char ret_arguments[ROUTE_ARGUMENTS_MAX][ROUTE_ARGUMENT_LEN]);

/* handlers */
void api_page(const struct request *request, struct reply *reply);
void api_index(const struct request *request, struct reply *reply);
void api_ready(const struct request *request, struct reply *reply);
void api_status(const struct request *request, struct reply *reply);
void api_history(const struct request *request, struct reply *reply);
void api_metrics(const struct request *request, struct reply *reply);
void api_plan(const struct request *request, struct reply *reply);
void api_ask_gate(const struct request *request, struct reply *reply);
void api_allocations(const struct request *request, struct reply *reply);
void api_paths(const struct request *request, struct reply *reply);
void api_create_disk(const struct request *request, struct reply *reply);
void api_grow_disk(const struct request *request, struct reply *reply);
void api_delete_disk(const struct request *request, struct reply *reply);
void api_disks(const struct request *request, struct reply *reply);
void api_disk(const struct request *request, struct reply *reply);
void api_jobs(const struct request *request, struct reply *reply);
void api_job(const struct request *request, struct reply *reply);
void api_cancel_job(const struct request *request, struct reply *reply);
void api_probe(const struct request *request, struct reply *reply);
void api_leases(const struct request *request, struct reply *reply);
void api_take_lease(const struct request *request, struct reply *reply);
void api_end_lease(const struct request *request, struct reply *reply);
void api_asset(const struct request *request, struct reply *reply);
void api_openapi(const struct request *request, struct reply *reply);

/* rows of the table that describes the routes: one for each, or a test fails */
unsigned api_openapi_rows(void);

/* what the headers of those names say */
bool asset_is_known(const char *if_none_match, const char *etag);

/* for route.knee */
const struct volume *api_plan_volume(const struct request *request);
const struct volume *api_gate_volume(const struct request *request);
const struct volume *api_probe_volume(const struct request *request);

#endif
