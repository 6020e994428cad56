/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * How the virtual disks in the shares are shown over HTTP.
 */
#ifndef NASREADY_SHOW_REPRESENT_VDISKS_H
#define NASREADY_SHOW_REPRESENT_VDISKS_H

#include "show/represent.h"

/* as members of the object that is open in `json` */
void represent_vdisk(const struct view *view, const struct vdisk *vdisk, struct json *json);
/* all of GET /v1/disks */
void represent_vdisks(const struct view *view, struct json *json);

#endif
