/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What a rule says when it finds something. `remedy` and `eta_s` are constants or come from the rule's row;
 * all else is copied, so that nothing here points into a snapshot.
 */
#ifndef NASREADY_JUDGE_FINDING_H
#define NASREADY_JUDGE_FINDING_H

#include <stdbool.h>
#include <stdint.h>

#include "common/limits.h"
#include "common/scope.h"

#define SUBJECT_LEN 96	/* "share:" and a share's name */
#define MESSAGE_LEN 320 /* one sentence of three lines, with names of 80 to 128 bytes in it */

enum severity { SEVERITY_OFF, SEVERITY_INFO, SEVERITY_WARN, SEVERITY_WAIT, SEVERITY_BLOCK };

struct raised {
	enum severity severity;	   /* the rule's own unless the rule says otherwise */
	bool minor;		   /* about something that no backup uses: a warning at most */
	uint32_t eta_s;		   /* when to ask again; 0: the rule's own */
	uint64_t held_ms;	   /* for so long before this snapshot it has held already */
	char owner[HOST_LEN];	   /* the server that this is no finding for; empty: none */
	uint32_t vdisk;		   /* number of the virtual disk that it is about; 0: of none */
	char address[ADDRESS_LEN]; /* of the culprit that an asker may be; empty: none */
	const char *remedy;	   /* a literal */
	char subject[SUBJECT_LEN];
	char message[MESSAGE_LEN];
};

void raised_subject(struct raised *raised, const char *format, ...) FORMAT(2, 3);
/* cut with a mark if overlong */
void raised_message(struct raised *raised, const char *format, ...) FORMAT(2, 3);

/* "off", "info", "warn", "wait", "block" */
const char *severity_name(enum severity severity);
/* false if it is none */
bool severity_parse(const char *name, enum severity *ret_severity);

#endif
