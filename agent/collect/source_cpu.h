/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What the processors have done since boot, the load averages, and the names of host and kernel. Parsers
 * change only the fields that their text tells; the others stay as they are (unknown after snapshot_reset).
 */
#ifndef NASREADY_COLLECT_SOURCE_CPU_H
#define NASREADY_COLLECT_SOURCE_CPU_H

#include "collect/source.h"
#include "common/text.h"

/* /proc/stat: the ticks of all processors together and their number; -EBADMSG if it tells neither */
int cpu_parse_stat(struct text stat, struct cpu *ret_cpu);
/* /proc/loadavg; -EBADMSG if none of the three loads can be read */
int cpu_parse_loadavg(struct text loadavg, struct cpu *ret_cpu);

int cpu_collect(struct pass *pass, struct fault *fault);

#endif
