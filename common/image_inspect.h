/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Judges a file with a virtual disk in it by its bytes, without changing any: VHDX ([MS-VHDX]) or VHD
 * ("Virtual Hard Disk Image Format Specification"). It never replays a log.
 */
#ifndef NASREADY_COMMON_IMAGE_INSPECT_H
#define NASREADY_COMMON_IMAGE_INSPECT_H

#include "common/image.h"

/* 0, or the negative errno of a read that failed (then `ret_image` is unknown but for a problem that says so)
 */
int image_inspect(const struct image_reader *reader, struct image_work *work, struct image *ret_image);

#endif
