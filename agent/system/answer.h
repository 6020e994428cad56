/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What is not a file (statfs, libblkid, other programs) is asked for by a function that prints lines. It
 * runs in a disposable child, because it may hang: a child that does not answer in time is killed, or, if
 * it is stuck in the kernel, left behind. On a recorded machine the lines come from `answers/NAME` instead,
 * so both kinds of machine go through the same parser. The answer's text belongs to the struct, and takes no
 * more memory than it needs once it has ended.
 */
#ifndef NASREADY_SYSTEM_ANSWER_H
#define NASREADY_SYSTEM_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "system/root.h"

#define ANSWER_MAX 8192 /* 24 volumes at up to 300 bytes a line */

struct answer {
	pid_t pid;     /* 0: no child */
	int fd;	       /* of the child */
	bool ended;    /* the answer is whole */
	bool overflow; /* there was more than the text can hold */
	size_t length;
	size_t most; /* so long the text may be; 0: ANSWER_MAX. To be set before it is asked for */
	char *text;  /* NUL-terminated, also while incomplete; NULL: there is none yet */
};

/* An answer that was never asked for is all zero. */
/* Starts the child, or reads the recording (then it has ended at once). Negative errno; -ENOENT: not
 * recorded. */
int answer_begin(struct answer *answer, const struct root *root, const char *name,
	void (*ask)(int out, void *arg), void *arg);
/* reads on for at most `patience_ms`; true when the answer has ended */
bool answer_wait(struct answer *answer, uint32_t patience_ms);
/* the text of an answer that has ended or was dropped goes */
void answer_free(struct answer *answer);
/* Kills what still runs and forgets it; the text stays. The pid if it did not die at once (it may be stuck in
 * the kernel, and is then left behind), else 0. */
pid_t answer_drop(struct answer *answer);
/* true while a child left behind by answer_drop is still there */
bool answer_child_lives(pid_t pid);
/* once a pass: takes leave of children left behind that have died since */
void answer_reap(void);

#endif
