/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Names of new disks: what every Windows accepts, what Samba shows, and what the agent's own folder is not.
 */
#ifndef NASREADY_COMMON_DISK_NAME_H
#define NASREADY_COMMON_DISK_NAME_H

#include "common/fault.h"

#define DISK_NAME_HIDDEN ".nasready" /* folder of the agent's in a share */

/* One component that ends in .vhdx. -EINVAL: the fault says what is wrong with it. */
int disk_name_check(const char *name, struct fault *fault);

#endif
