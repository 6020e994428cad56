/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What can be shown of a machine, and how: JSON for scripts, metrics for Prometheus, text for the terminal,
 * HTML for the browser. What is shown stands once, in the tables of represent_fields.c; JSON and metrics walk
 * the same rows.
 */
#ifndef NASREADY_SHOW_REPRESENT_H
#define NASREADY_SHOW_REPRESENT_H

#include "judge/assess.h"
#include "judge/gate.h"
#include "judge/history.h"
#include "judge/recorder.h"
#include "model/snapshot.h"
#include "show/json.h"
#include "show/out.h"

/* All of it belongs to the caller and must outlive the call. */
struct view {
	const struct snapshot *snapshot;
	const struct rates *rates;
	uint64_t now_ms;		     /* monotonic, to tell the age of the snapshot */
	const char *agent_id;		     /* of this install; NULL: none */
	uint64_t uptime_s;		     /* UNKNOWN_U64: no agent runs */
	const struct assessment *assessment; /* for the one who asks; NULL: nobody judged */
	const struct recorder *recorder;     /* NULL: no agent runs */
	const struct gate *gate;	     /* what was asked of it; NULL: no agent runs */
};

/* the answer of GET /v1/status, as members of the object that is open in `json` */
void represent_status(const struct view *view, struct json *json);
/* the few values of one moment of a timeline */
void represent_moment(const struct view *view, struct json *json);
/* the answer of GET /v1/history */
void represent_history(const struct view *view, struct out *out);
void represent_metrics(const struct view *view, struct out *out);
void represent_text(const struct view *view, struct out *out);
void represent_page(const struct view *view, struct out *out);

#endif
