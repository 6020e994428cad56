/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * How "may a backup run now?" is answered: as JSON for scripts, as text for a person.
 */
#ifndef NASREADY_SHOW_REPRESENT_READY_H
#define NASREADY_SHOW_REPRESENT_READY_H

#include "show/represent.h"

/* -- as members of the object that is open in `json` -- */

/* all of GET /v1/ready */
void represent_ready(const struct view *view, struct json *json);
/* answer, retry_after_s and findings; NULL: nobody judged, all unknown */
void represent_answer(const struct assessment *assessment, struct json *json);
/* answer, retry_after_s, and of the findings only their codes */
void represent_answer_brief(const struct assessment *assessment, struct json *json);
/* time and age of the snapshot */
void represent_time(const struct view *view, struct json *json);

/* -- for a terminal -- */

/* one line */
void represent_answer_text(const struct assessment *assessment, struct out *out);
/* that line and, after an empty one each, the findings with their remedies */
void represent_ready_text(const struct view *view, struct out *out);

#endif
