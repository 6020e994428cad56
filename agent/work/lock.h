/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * One job at a time on this machine, whether the agent or the command line does it.
 */
#ifndef NASREADY_WORK_LOCK_H
#define NASREADY_WORK_LOCK_H

#include "common/fault.h"

/* A descriptor that holds the lock until it is closed, or its process ends; -EAGAIN: somebody else has it;
 * other negative errno with the fault set. */
int lock_take(const char *state_dir, struct fault *fault);

#endif
