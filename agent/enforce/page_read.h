/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The gate page as others read it (common/gate_page.h): what holds there, or that nobody keeps it. Never in
 * the process that keeps it.
 */
#ifndef NASREADY_ENFORCE_PAGE_READ_H
#define NASREADY_ENFORCE_PAGE_READ_H

#include "common/fault.h"
#include "common/gate_page.h"

#define RUN_DIR "/run/nasready"

/* The whole page; -errno, and why: there is none, no agent holds it, the agent hangs, or it makes no sense.
 */
int page_read(const char *run_dir, struct gate_page *ret_page, struct fault *fault);
/* has the agent look at the list of shares now; nothing happens if there is no agent */
void page_ask_to_look(const char *run_dir);

#endif
