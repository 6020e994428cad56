/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * HTTP Digest (RFC 7616; MD5, qop=auth) by the HTTP library: it makes the nonces, and knows which were used.
 */
#ifndef NASREADY_SERVE_MHD_DIGEST_H
#define NASREADY_SERVE_MHD_DIGEST_H

#include "serve/permission.h"
#include "serve/replays.h"

#define DIGEST_SEED_LEN 16
#define DIGEST_NONCES 64 /* remembered: so many askers at the same time, in 9 KiB */

struct MHD_Connection;
struct MHD_Response;

/* PROOF_NONE, _WRONG, _STALE or _GOOD */
enum proof_state digest_check(struct MHD_Connection *connection, const struct credentials *credentials,
	struct replays *replays, enum user *ret_user);
/* queues the response with status 401 and the challenge */
bool digest_challenge(struct MHD_Connection *connection, const struct credentials *credentials,
	struct MHD_Response *response, bool stale);

#endif
