/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * A plan (judge/outlook.h) as JSON for scripts, as text for a person, and as lines for PowerShell.
 */
#ifndef NASREADY_SHOW_REPRESENT_PLAN_H
#define NASREADY_SHOW_REPRESENT_PLAN_H

#include "judge/gate.h"
#include "show/json.h"
#include "show/out.h"

/* members of the object that is open in `json` */
void represent_plan(const struct outlook *outlook, struct json *json);
/* `host`: by what name Windows reaches this NAS; an address in brackets is made fit for a UNC path */
void represent_plan_text(const struct outlook *outlook, const char *host, struct out *out);
void represent_plan_powershell(const struct outlook *outlook, const char *host, struct out *out);

/* what the gate says of a step: members of the open object */
void represent_grant(const struct gate_answer *answer, struct json *json);

/* calls `each` with every sentence a person should know beside the figures */
void plan_notes(const struct outlook *outlook, void (*each)(const char *note, void *arg), void *arg);

#endif
