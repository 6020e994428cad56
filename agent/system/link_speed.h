/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Speed and duplex of a link by ethtool's request to its driver, for kernels whose sysfs has neither (before
 * 2.6.33). It asks this machine, never a recording.
 */
#ifndef NASREADY_SYSTEM_LINK_SPEED_H
#define NASREADY_SYSTEM_LINK_SPEED_H

#include <stdint.h>

#include "model/snapshot.h"

/* 0, with UNKNOWN_* for what the driver does not know; negative errno if it cannot be asked */
int link_speed_ask(const char *name, uint32_t *ret_speed_mbps, enum tri *ret_full_duplex);

#endif
