/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Which proofs of HTTP Digest were accepted already. The HTTP library counts the uses of a nonce, but forgets
 * the count when it gives out the same nonce again, which it does all through one second; and it does not
 * tell a used proof from a wrong one.
 */
#ifndef NASREADY_SERVE_REPLAYS_H
#define NASREADY_SERVE_REPLAYS_H

#include <stdbool.h>

#define REPLAYS_MAX 64		/* accepted in one second: far more than any client asks */
#define REPLAYS_RESPONSE_LEN 33 /* 32 hex digits and the end */

struct replays {
	unsigned next;
	char responses[REPLAYS_MAX][REPLAYS_RESPONSE_LEN];
};

/* Does the header hold a response that was accepted before, wherever it stands? */
bool replays_has(const struct replays *replays, const char *header);
/* remembers the header's response="..."; false: it has none */
bool replays_add(struct replays *replays, const char *header);

#endif
