/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * How much memory there is, how much of it programs could still get, and what waits to be written to the
 * disks. Kernels before 3.14 do not say what is available; then it is estimated as the first that did so
 * would have: free memory, page cache and reclaimable slab, less what the kernel keeps for itself.
 */
#ifndef NASREADY_COLLECT_SOURCE_MEMORY_H
#define NASREADY_COLLECT_SOURCE_MEMORY_H

#include "collect/source.h"
#include "common/text.h"

/* /proc/meminfo; -EBADMSG if it tells nothing that is asked for. `min_free_bytes` is vm.min_free_kbytes, for
 * the estimate; without it (UNKNOWN_U64) the estimate is too high by up to three times that figure. */
int memory_parse(struct text meminfo, uint64_t min_free_bytes, struct memory *ret_memory);

int memory_collect(struct pass *pass, struct fault *fault);

#endif
