/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Asking a handler without a server: a NAS with a share "Backup" on an ext4 of 5.4 TB, all quiet, and
 * questions about it. Query parameters are given as name, value, name, value, NULL.
 */
#ifndef NASREADY_TESTS_ASKED_H
#define NASREADY_TESTS_ASKED_H

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "serve/routes.h"
#include "tests/unit/parsed_json.h"

#define NOW_MS UINT64_C(5000000)
#define TIB (UINT64_C(1) << 40)
#define GIB (UINT64_C(1) << 30)
#define MIB (UINT64_C(1) << 20)

struct asked {
	struct snapshot snapshot;
	struct rates rates;
	struct gate gate;
	struct view view;
	struct request request;
	struct reply reply;
	struct json_c_object *json; /* of the reply */
	const char *query[16];
};

static inline void asked_start(struct asked *asked)
{
	memset(asked, 0, sizeof *asked);
	snapshot_reset(&asked->snapshot);
	asked->snapshot.time_ms = NOW_MS - 100;
	asked->snapshot.clock_ms = UINT64_C(1800000000000);
	strcpy(asked->snapshot.host, "nas");
	strcpy(asked->snapshot.kernel, "6.1.0-13-amd64");
	strcpy(asked->snapshot.machine, "x86_64");
	struct volume *volume = snapshot_add_volume(&asked->snapshot);
	strcpy(volume->id, "c");
	strcpy(volume->mount, "/c");
	strcpy(volume->fstype, "ext4");
	strcpy(volume->block, "dm-0");
	volume->number = 1;
	volume->read_only = volume->stale = NO;
	volume->size_bytes = UINT64_C(5400000000000);
	volume->free_bytes = volume->available_bytes = UINT64_C(5356000000000);
	volume->knee_bytes = UINT64_C(5058000000000);
	volume->knee_free_bytes = volume->free_bytes;
	volume->knee_ms = NOW_MS - 60000;
	asked->rates.volumes[0].state = VOLUME_IDLE;
	asked->rates.volumes[0].settled = YES;
	asked->rates.volumes[0].eta_s = UNKNOWN_U64;
	struct share *share = snapshot_add_share(&asked->snapshot);
	strcpy(share->name, "Backup");
	strcpy(share->path, "/c/Backup");
	strcpy(share->volume, "c");
	share = snapshot_add_share(&asked->snapshot);
	strcpy(share->name, "lost");
	strcpy(share->path, "/elsewhere");
	asked->view = (struct view){
		.snapshot = &asked->snapshot, .rates = &asked->rates, .now_ms = NOW_MS, .uptime_s = 1000};
}

static inline const char *asked_query(const struct request *request, const char *name)
{
	const struct asked *asked = request->transport;
	for (unsigned i = 0; asked->query[i]; i += 2)
		if (!strcmp(asked->query[i], name))
			return asked->query[i + 1];
	return NULL;
}

static inline void asked_end(struct asked *asked)
{
	json_object_put(asked->json);
	asked->json = NULL;
	reply_free(&asked->reply);
}

static inline void asked_call(
	struct asked *asked, void (*handle)(const struct request *, struct reply *), const char *body)
{
	asked_end(asked);
	asked->view.now_ms = asked->view.now_ms ? asked->view.now_ms : NOW_MS;
	asked->request = (struct request){
		.host = "nas:8439",
		.accept = asked->request.accept,
		.peer = "192.0.2.7",
		.body = body,
		.body_length = body ? strlen(body) : 0,
		.view = &asked->view,
		.gate = &asked->gate,
		.client_timeout_s = 60,
		.query = asked_query,
		.transport = asked,
	};
	handle(&asked->request, &asked->reply);
	ck_assert(!asked->reply.body.failed);
	if (strstr(asked->reply.content_type, "json"))
		asked->json = parsed(asked->reply.body.data);
}

static inline void asked_with(struct asked *asked, ...)
{
	va_list args;
	va_start(args, asked);
	unsigned count = 0;
	for (const char *word; count < 15 && (word = va_arg(args, const char *)); count++)
		asked->query[count] = word;
	asked->query[count] = NULL;
	va_end(args);
}

static inline void asked_says(struct asked *asked, const char *path, const char *value)
{
	ck_assert_str_eq(parsed_at(asked->json, path), value);
}

/* a problem with that status and code, whose sentence is whole and holds `detail` */
static inline void asked_refuses(struct asked *asked, unsigned status, const char *code, const char *detail)
{
	char quoted[64];
	snprintf(quoted, sizeof quoted, "\"%s\"", code);
	ck_assert_msg(asked->reply.status == status, "%u: %s", asked->reply.status, asked->reply.body.data);
	ck_assert_str_eq(asked->reply.content_type, "application/problem+json; charset=utf-8");
	asked_says(asked, "/code", quoted);
	const char *says = parsed_at(asked->json, "/detail");
	ck_assert_msg(strstr(says, detail), "%s", says);
	ck_assert_msg(!strstr(says, "...\""), "cut: %s", says);
}

#endif
