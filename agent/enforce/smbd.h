/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Does the running smbd have libnasready-gate.so loaded?
 */
#ifndef NASREADY_ENFORCE_SMBD_H
#define NASREADY_ENFORCE_SMBD_H

#include "common/tri.h"
#include "system/root.h"

/* UNKNOWN: no smbd runs, or its memory map cannot be read */
enum tri smbd_is_preloaded(const struct root *root);

#endif
