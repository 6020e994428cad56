/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * How a virtual disk is shown: as JSON for scripts, as text for a person.
 */
#ifndef NASREADY_SHOW_REPRESENT_IMAGE_H
#define NASREADY_SHOW_REPRESENT_IMAGE_H

#include "model/vdisk.h"
#include "show/json.h"

/* as members of the object that is open in `json` */
void represent_image(const struct image *image, const struct content *content, struct json *json);

/* "a fixed VHDX of 5.00 TiB, closed in order" */
void represent_image_line(const struct image *image, struct out *out);
/* that line behind the name, and all the rest below it */
void represent_image_text(
	const char *name, const struct image *image, const struct content *content, struct out *out);

#endif
