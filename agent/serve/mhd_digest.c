/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "serve/mhd_digest.h"

#include <microhttpd.h>
#include <strings.h>

#define NONCE_S 300 /* a script asks, waits for a job, asks again: for so long without another round trip */
#define OPAQUE "nasready" /* the client sends it back; it has nothing to say */

enum proof_state digest_check(struct MHD_Connection *connection, const struct credentials *credentials,
	struct replays *replays, enum user *ret_user)
{
	const char *header =
		MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_AUTHORIZATION);
	*ret_user = USER_NONE;
	if (!header || strncasecmp(header, "Digest ", 7))
		return PROOF_NONE;
	if (replays_has(replays, header))
		return PROOF_STALE;
	char *name = MHD_digest_auth_get_username(connection);
	enum user user = name ? user_find(text_of(name)) : USER_NONE;
	MHD_free(name);
	if (user == USER_NONE || !credentials->given[user])
		return PROOF_WRONG;
	int result = MHD_digest_auth_check_digest2(connection, credentials->realm, user_name(user),
		credentials->ha1[user], MD5_LEN, NONCE_S, MHD_DIGEST_ALG_MD5);
	if (result == MHD_INVALID_NONCE)
		return PROOF_STALE;
	/* one that cannot be remembered could be sent again */
	if (result != MHD_YES || !replays_add(replays, header))
		return PROOF_WRONG;
	*ret_user = user;
	return PROOF_GOOD;
}

bool digest_challenge(struct MHD_Connection *connection, const struct credentials *credentials,
	struct MHD_Response *response, bool stale)
{
	return MHD_queue_auth_fail_response2(connection, credentials->realm, OPAQUE, response,
		       stale ? MHD_YES : MHD_NO, MHD_DIGEST_ALG_MD5) == MHD_YES;
}
