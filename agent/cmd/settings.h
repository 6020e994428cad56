/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * From the options, which are text, to what they mean; and whether they mean anything.
 */
#ifndef NASREADY_CMD_SETTINGS_H
#define NASREADY_CMD_SETTINGS_H

#include "cmd/commands.h"
#include "collect/source_connections.h"

struct wishes {
	struct port_table ports;
	struct settings settings; /* points into `ports` and into the options, which must outlive it */
};

/* what the collector looks for. -EINVAL: the fault names the key */
int wishes_read(const struct options *options, struct wishes *ret_wishes, struct fault *fault);

/* The file of --config, and what wins over it: the arguments, as keys or as options called like one. Every
 * line or value that cannot be read is told. */
void settings_read(
	const struct arguments *arguments, struct options *ret_options, struct complaints *complaints);
/* Tells of each value that means nothing, with its line of `file` (NULL: there is none), or as an option. */
void settings_check(const struct options *options, const char *file, struct complaints *complaints);

/* for how long deleted disks can be had back, in seconds; of options that settings_check found right */
uint64_t settings_trash_s(const struct options *options);
uint64_t settings_lease_s(const struct options *options);

#endif
