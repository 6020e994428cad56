/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Does the running smbd have libnasready-gate.so loaded?
 */
#ifndef NASREADY_ENFORCE_SMBD_H
#define NASREADY_ENFORCE_SMBD_H

#include <stdbool.h>
#include <sys/socket.h>

#include "collect/root.h"
#include "common/text.h"
#include "common/tri.h"

/* UNKNOWN: no smbd runs, or its memory map cannot be read */
enum tri smbd_is_preloaded(const struct root *root);
/* A process that root started as smbd: it works as its client's user, but could become root again, and nobody
 * else's process of that name could. `status`: its /proc/PID/status. Pure. */
bool smbd_is_genuine(struct text status);
bool smbd_sent(const struct root *root, const struct ucred *sender);

#endif
