/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * From the options, which are text, to what the collector looks for.
 */
#ifndef NASREADY_CMD_SETTINGS_H
#define NASREADY_CMD_SETTINGS_H

#include "base/options.h"
#include "collect/source_connections.h"

struct wishes {
	struct port_table ports;
	struct settings settings; /* points into `ports` and into the options, which must outlive it */
};

/* -EINVAL: the fault names the key */
int wishes_read(const struct options *options, struct wishes *ret_wishes, struct fault *fault);

#endif
