/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Who may do what: from what a request proved to what it is answered. Knows nothing of how it is proved.
 */
#ifndef NASREADY_SERVE_PERMISSION_H
#define NASREADY_SERVE_PERMISSION_H

#include "base/credentials.h"
#include "serve/request.h"

enum proof_state {
	PROOF_NONE,    /* nothing was sent that could be one */
	PROOF_WRONG,   /* no such user, or not its password */
	PROOF_STALE,   /* made for a question that is too old, or was used before */
	PROOF_LIMITED, /* too many were wrong: not looked at */
	PROOF_GOOD,
};

struct proof {
	enum proof_state state;
	enum user user;			       /* of a good one, else USER_NONE */
	uint32_t wait_s;		       /* of PROOF_LIMITED */
	const struct credentials *credentials; /* NULL: as if nobody had a password */
};

/* who may: anybody whom the networks allow, or only who has proved to be the one or the other */
enum route_access { OPEN, OPERATOR, ADMIN };

/* false: the reply holds a 401 with its challenge, a 403 or a 429 */
bool permission_check(enum route_access access, const struct proof *proof, struct reply *reply);

#endif
