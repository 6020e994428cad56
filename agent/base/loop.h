/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The event loop of either process: descriptors, timers, and the signals that end it. Built on poll(), which
 * every kernel has. Callbacks run one at a time and may change anything in the loop. All memory is in the
 * struct; the loop owns no descriptor it was given.
 */
#ifndef NASREADY_BASE_LOOP_H
#define NASREADY_BASE_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#define LOOP_FDS_MAX 12
#define LOOP_TIMERS_MAX 12
#define LOOP_NEVER UINT64_MAX

struct loop {
	bool stopped;
	unsigned fd_count;
	struct {
		int fd;
		void (*call)(void *arg);
		void *arg;
	} fds[LOOP_FDS_MAX];
	struct {
		uint64_t at_ms; /* monotonic; LOOP_NEVER: off */
		void (*call)(void *arg);
		void *arg;
	} timers[LOOP_TIMERS_MAX];
	void (*hangup)(void *arg); /* NULL: SIGHUP is left as it is */
	void *hangup_arg;
};

uint64_t clock_monotonic_ms(void);
uint64_t clock_wall_ms(void); /* since 1970 */

/* SIGINT and SIGTERM stop the loop; SIGPIPE is ignored. One loop a process. Negative errno. */
int loop_init(struct loop *loop);
/* calls when the descriptor can be read or has hung up */
int loop_watch(struct loop *loop, int fd, void (*call)(void *arg), void *arg);
/* before the descriptor is closed */
void loop_unwatch(struct loop *loop, int fd);
/* `slot` is the caller's choice, below LOOP_TIMERS_MAX; each shot needs a new loop_timer. LOOP_NEVER turns it
 * off. */
void loop_timer(struct loop *loop, unsigned slot, uint64_t at_ms, void (*call)(void *arg), void *arg);
/* calls, from within loop_run, when SIGHUP comes. Negative errno. */
int loop_on_hangup(struct loop *loop, void (*call)(void *arg), void *arg);
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);
/* true once SIGINT or SIGTERM came */
bool loop_signalled(void);

#endif
