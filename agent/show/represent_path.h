/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * How the 110-character rule (common/path_rule.h) is told.
 */
#ifndef NASREADY_SHOW_REPRESENT_PATH_H
#define NASREADY_SHOW_REPRESENT_PATH_H

#include "common/path_rule.h"
#include "show/json.h"
#include "show/out.h"

/* members of the object that is open in `json` */
void represent_path(const struct path_case *of, struct json *json);
/* two or three lines for a terminal */
void represent_path_text(const struct path_case *of, struct out *out);

#endif
