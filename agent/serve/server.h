/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The unprivileged process: answers HTTP from the newest snapshot, and asks the collector for a fresh one
 * when it is older than 2 s. One event loop, no threads, no files. Sole user of libmicrohttpd.
 */
#ifndef NASREADY_SERVE_SERVER_H
#define NASREADY_SERVE_SERVER_H

#include "serve/house.h"
#include "serve/mhd_digest.h"

struct server_setup {
	int listen_fd; /* listening and non-blocking; the server owns it */
	struct channel *channel;
	const struct house *house;		    /* until the channel brings another */
	unsigned char digest_seed[DIGEST_SEED_LEN]; /* random */
	const char *agent_id;			    /* NULL: none */
};

/* Runs until told to stop (SIGTERM, SIGINT, or the collector gone). 0, or a negative errno when it could not
 * start. */
int server_run(const struct server_setup *setup, struct fault *fault);

#endif
