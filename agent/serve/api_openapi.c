/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * GET /openapi.json: the routes (routes.c), and what each takes and answers, which is the table here. A test
 * holds the two tables to each other.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "serve/routes.h"
#include "show/json.h"

#define PARAMETERS_MAX 6
#define RESPONSES_MAX 9

struct parameter {
	const char *name, *type, *says; /* in the query */
	bool required;
};

struct described {
	const char *method, *path;
	const char *media; /* of what it answers with 200 */
	struct parameter parameters[PARAMETERS_MAX];
	unsigned refusals[RESPONSES_MAX]; /* besides those that any route may give */
	const char *body;		  /* name of the schema; NULL: none */
};

#define JSON_MEDIA "application/json"

static const struct described described[] = {
	{.method = "GET", .path = "/", .media = "text/html", .refusals = {503}},
	{.method = "GET", .path = "/v1", .media = JSON_MEDIA},
	{.method = "GET", .path = "/v1/status", .media = JSON_MEDIA, .refusals = {503}},
	{.method = "GET",
		.path = "/v1/ready",
		.media = JSON_MEDIA,
		.parameters = {{"disk", "string", "SHARE/FILE that shall be backed up to", false},
			{"server", "string", "name of the server that asks", false},
			{"strict", "string", "1: wait is answered with 503, no with 409", false}},
		.refusals = {400, 409, 503}},
	{.method = "GET",
		.path = "/v1/plan",
		.media = JSON_MEDIA,
		.parameters = {{"size", "string", "of the disk: bytes, or with KiB, MiB, GiB or TiB", true},
			{"share", "string", "in which it lies or shall lie", false},
			{"volume", "string", "instead of a share: id of a volume, or a path on it", false},
			{"current", "string", "size that the disk has already", false},
			{"client_timeout_s", "integer", "after which the SMB client gives up", false}},
		.refusals = {400, 422, 503, 507}},
	{.method = "GET", .path = "/v1/allocations", .media = JSON_MEDIA},
	{.method = "POST",
		.path = "/v1/allocations",
		.media = JSON_MEDIA,
		.refusals = {400, 409, 413, 422, 503, 507},
		.body = "Allocation"},
	{.method = "POST", .path = "/v1/paths", .media = JSON_MEDIA, .refusals = {400, 413}, .body = "Path"},
	{.method = "GET", .path = "/v1/disks", .media = JSON_MEDIA, .refusals = {503}},
	{.method = "GET", .path = "/v1/disks/{id}", .media = JSON_MEDIA, .refusals = {404, 503}},
	{.method = "POST",
		.path = "/v1/disks",
		.media = JSON_MEDIA,
		.refusals = {400, 403, 404, 409, 413, 422, 503, 507},
		.body = "Disk"},
	{.method = "PATCH",
		.path = "/v1/disks/{id}",
		.media = JSON_MEDIA,
		.refusals = {400, 403, 404, 409, 413, 422, 503, 507},
		.body = "Growth"},
	{.method = "DELETE",
		.path = "/v1/disks/{id}",
		.media = JSON_MEDIA,
		.refusals = {400, 403, 404, 409, 413, 422, 503},
		.body = "Release"},
	{.method = "GET", .path = "/v1/jobs", .media = JSON_MEDIA},
	{.method = "GET", .path = "/v1/jobs/{id}", .media = JSON_MEDIA, .refusals = {404}},
	{.method = "DELETE", .path = "/v1/jobs/{id}", .media = JSON_MEDIA, .refusals = {403, 404, 503}},
	{.method = "POST",
		.path = "/v1/probes",
		.media = JSON_MEDIA,
		.refusals = {400, 403, 404, 409, 413, 422, 503, 507},
		.body = "Probe"},
	{.method = "GET", .path = "/v1/leases", .media = JSON_MEDIA, .refusals = {503}},
	{.method = "PUT",
		.path = "/v1/leases/{share}/{file}",
		.media = JSON_MEDIA,
		.refusals = {400, 404, 409, 413, 503, 507},
		.body = "Lease"},
	{.method = "DELETE",
		.path = "/v1/leases/{share}/{file}",
		.media = JSON_MEDIA,
		.refusals = {400, 401, 403, 404, 409, 413, 503},
		.body = "Release"},
	{.method = "GET", .path = "/v1/history", .media = JSON_MEDIA},
	{.method = "GET", .path = "/metrics", .media = "text/plain", .refusals = {503}},
	{.method = "GET", .path = "/openapi.json", .media = JSON_MEDIA},
	{.method = "GET", .path = "/assets/page.css", .media = "text/css"},
	{.method = "GET", .path = "/assets/page.js", .media = "text/javascript"},
	{.method = "GET", .path = "/assets/icon.svg", .media = "image/svg+xml"},
};

static const struct parameter lease[] = {
	{"server", "string", "name of the server that the disk shall belong to", true},
	{"token", "string", "that the first request was answered with, to renew", false},
};

static const struct parameter release[] = {
	{"token", "string", "of the lease; admin may leave it out", false},
};

static const struct parameter path[] = {
	{"path", "string", "\\\\server\\share\\folder, as it is; what wbadmin adds below is added", false},
	{"server", "string", "instead of a path: name of this NAS in it", false},
	{"share", "string", "name of the share", false},
	{"folder", "string", "in the share, in which WindowsImageBackup lies or shall lie", false},
	{"host", "string", "name of the computer that is backed up", false},
};

static const struct parameter allocation[] = {
	{"share", "string", "name of the share", true},
	{"file", "string", "name of the disk's file in it, ends in .vhdx", true},
	{"size_bytes", "integer", "size that the disk shall have; also a string such as 5.3TiB", true},
	{"current_bytes", "integer", "size that it has, 0 if it does not exist yet", false},
	{"client_timeout_s", "integer", "after which the SMB client gives up", false},
};

static const struct parameter disk[] = {
	{"share", "string", "name of the share", true},
	{"file", "string", "name of the disk's file in it, ends in .vhdx", true},
	{"size_bytes", "integer", "of the new disk; also a string such as 5.3TiB", false},
	{"type", "string", "fixed (so if nothing is given) or dynamic", false},
	{"sector_bytes", "integer", "logical sectors: 512 (so if nothing is given) or 4096", false},
	{"mode", "string", "of the file, octal; as the share's folder if nothing is given", false},
	{"prezero", "boolean", "write zeros before the disk can be seen", false},
	{"undelete", "boolean", "instead of a size: bring back what was deleted", false},
};

static const struct parameter growth[] = {
	{"size_bytes", "integer", "size that the disk shall have; also a string such as 5.3TiB", true},
	{"token", "string", "of the disk's lease, if it has one", false},
};

static const struct parameter probe[] = {
	{"share", "string", "name of the share", true},
};

static const struct {
	const char *name;
	const struct parameter *members;
	unsigned count;
} schemas[] = {
	{"Allocation", allocation, ARRAY_LEN(allocation)},
	{"Path", path, ARRAY_LEN(path)},
	{"Lease", lease, ARRAY_LEN(lease)},
	{"Release", release, ARRAY_LEN(release)},
	{"Disk", disk, ARRAY_LEN(disk)},
	{"Growth", growth, ARRAY_LEN(growth)},
	{"Probe", probe, ARRAY_LEN(probe)},
};

static const struct {
	unsigned status;
	const char *says;
} refusals[] = {
	{400, "the question is wrong"},
	{401, "credentials are needed, see WWW-Authenticate"},
	{403, "who asks may not"},
	{404, "there is none of that name or number"},
	{409, "not like this: the step is too large, or (strict) the answer is no"},
	{413, "the body is too large"},
	{422, "beyond what the file system, the kernel or VHDX can hold, or the volume is read-only"},
	{503, "not now: see Retry-After"},
	{507, "more than is available"},
};

static const char *says_of(unsigned status)
{
	for (unsigned i = 0; i < ARRAY_LEN(refusals); i++)
		if (refusals[i].status == status)
			return refusals[i].says;
	return "refused";
}

unsigned api_openapi_rows(void)
{
	return ARRAY_LEN(described);
}

static const struct described *find(const struct route *route)
{
	for (unsigned i = 0; i < ARRAY_LEN(described); i++)
		if (!strcmp(described[i].method, route->method) && !strcmp(described[i].path, route->path))
			return &described[i];
	return NULL;
}

static void add_response(struct json *json, const char *status, const char *says, const char *media)
{
	json_object(json, status);
	json_string(json, "description", says);
	json_object(json, "content");
	json_object(json, media);
	json_end(json);
	json_end(json);
	json_end(json);
}

static void add_responses(struct json *json, const struct described *row)
{
	char status[12];
	json_object(json, "responses");
	add_response(json, "200", "the answer", row->media);
	for (unsigned i = 0; i < RESPONSES_MAX && row->refusals[i]; i++) {
		snprintf(status, sizeof status, "%u", row->refusals[i]);
		add_response(json, status, says_of(row->refusals[i]), "application/problem+json");
	}
	add_response(
		json, "default", "who asks may not, or there is no such route", "application/problem+json");
	json_end(json);
}

static void add_parameter(struct json *json, const char *name, const char *in, bool required,
	const char *says, const char *type)
{
	json_object(json, NULL);
	json_string(json, "name", name);
	json_string(json, "in", in);
	json_bool(json, "required", required);
	json_string(json, "description", says);
	json_object(json, "schema");
	json_string(json, "type", type);
	json_end(json);
	json_end(json);
}

/* the {…} of the path */
static void add_path_parameters(struct json *json, const char *pattern)
{
	char name[32];
	while ((pattern = strchr(pattern, '{'))) {
		size_t length = strcspn(++pattern, "}");
		snprintf(name, sizeof name, "%.*s", (int)length, pattern);
		add_parameter(json, name, "path", true, "as a list or an answer tells it", "string");
	}
}

static void add_parameters(struct json *json, const struct described *row)
{
	json_list(json, "parameters");
	add_path_parameters(json, row->path);
	for (unsigned i = 0; i < PARAMETERS_MAX && row->parameters[i].name; i++) {
		const struct parameter *parameter = &row->parameters[i];
		add_parameter(json, parameter->name, "query", parameter->required, parameter->says,
			parameter->type);
	}
	json_end(json);
}

static void add_body(struct json *json, const char *schema)
{
	char reference[64];
	snprintf(reference, sizeof reference, "#/components/schemas/%s", schema);
	json_object(json, "requestBody");
	json_bool(json, "required", true);
	json_object(json, "content");
	json_object(json, JSON_MEDIA);
	json_object(json, "schema");
	json_string(json, "$ref", reference);
	json_end(json);
	json_end(json);
	json_end(json);
	json_end(json);
}

/* a route without a row shows itself in the document by having no responses, which the test finds */
static void add_operation(struct json *json, const struct route *route)
{
	const struct described *row = find(route);
	char method[8];
	size_t length = 0;
	for (; route->method[length] && length < sizeof method - 1; length++)
		method[length] = (char)tolower((unsigned char)route->method[length]);
	method[length] = 0;
	json_object(json, method);
	json_string(json, "summary", route->says);
	if (row) {
		add_parameters(json, row);
		if (row->body)
			add_body(json, row->body);
		add_responses(json, row);
	}
	json_end(json);
}

static void add_paths(struct json *json)
{
	json_object(json, "paths");
	for (unsigned i = 0; i < routes_count; i++) {
		unsigned first = 0;
		while (strcmp(routes[first].path, routes[i].path))
			first++;
		if (first < i)
			continue;
		json_object(json, routes[i].path);
		for (unsigned other = i; other < routes_count; other++)
			if (!strcmp(routes[other].path, routes[i].path))
				add_operation(json, &routes[other]);
		json_end(json);
	}
	json_end(json);
}

static void add_schema(struct json *json, const char *name, const struct parameter *members, unsigned count)
{
	bool any = false;
	json_object(json, name);
	json_string(json, "type", "object");
	json_bool(json, "additionalProperties", false);
	for (unsigned i = 0; i < count; i++)
		any |= members[i].required;
	/* an empty list of required members is none in OpenAPI 3.0 */
	if (any)
		json_list(json, "required");
	for (unsigned i = 0; i < count; i++)
		if (members[i].required)
			json_string(json, NULL, members[i].name);
	if (any)
		json_end(json);
	json_object(json, "properties");
	for (unsigned i = 0; i < count; i++) {
		json_object(json, members[i].name);
		json_string(json, "type", members[i].type);
		json_string(json, "description", members[i].says);
		json_end(json);
	}
	json_end(json);
	json_end(json);
}

static void add_schemas(struct json *json)
{
	json_object(json, "components");
	json_object(json, "schemas");
	for (unsigned i = 0; i < ARRAY_LEN(schemas); i++)
		add_schema(json, schemas[i].name, schemas[i].members, schemas[i].count);
	json_end(json);
	json_end(json);
}

void api_openapi(const struct request *request, struct reply *reply)
{
	(void)request;
	struct json json;
	json_start(&json);
	json_string(&json, "openapi", "3.0.3");
	json_object(&json, "info");
	json_string(&json, "title", "nasready");
	json_string(&json, "version", NASREADY_VERSION);
	json_end(&json);
	add_paths(&json);
	add_schemas(&json);
	reply_json(reply, 200, &json);
}
