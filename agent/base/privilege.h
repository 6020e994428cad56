/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Giving up root for good, in the process that talks to the network. Call it after everything that needs root
 * (the listening socket, the channel) is open. A static build with musl looks the user up in /etc/passwd
 * alone: a user that only NIS or LDAP knows is not found.
 */
#ifndef NASREADY_BASE_PRIVILEGE_H
#define NASREADY_BASE_PRIVILEGE_H

#include "common/fault.h"

/* As root: becomes `user` without supplementary groups, proves that there is no way back, forbids core dumps,
 * and dies with its parent. As anybody else: only forbids new privileges. Negative errno and a sentence; the
 * process must end then, as it may be half-way. */
int privilege_drop(const char *user, struct fault *fault);

/* is there such a user, and without the rights of root? Negative errno and a sentence. Nobody but root needs
 * one. */
int privilege_check(const char *user, struct fault *fault);

#endif
