/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "serve/permission.h"

/* -- admin may all that operator may -- */

static bool may(enum route_access access, enum user user)
{
	return access == OPEN || user == USER_ADMIN || (access == OPERATOR && user == USER_OPERATOR);
}

static bool anybody_may(enum route_access access, const struct credentials *credentials)
{
	for (unsigned i = 0; credentials && i < USER_COUNT; i++)
		if (credentials->given[i] && may(access, (enum user)i))
			return true;
	return false;
}

static void challenge(const struct proof *proof, const char *who, struct reply *reply)
{
	reply->challenge = proof->state == PROOF_STALE ? CHALLENGE_STALE : CHALLENGE_ASK;
	if (proof->state == PROOF_NONE)
		reply_problem(reply, 401, "credentials-needed", "Credentials needed",
			"only %s may do this: send the password by HTTP Digest (curl --digest --user)", who);
	else if (proof->state == PROOF_STALE)
		reply_problem(reply, 401, "credentials-stale", "Credentials out of date",
			"these credentials were sent before, or answer a question that is too old: make them "
			"anew for the question in WWW-Authenticate");
	else
		reply_problem(reply, 401, "credentials-wrong", "Wrong credentials",
			"there is no such user, or this is not the password: only %s may do this", who);
}

bool permission_check(enum route_access access, const struct proof *proof, struct reply *reply)
{
	const char *who = access == ADMIN ? "admin" : "operator or admin";
	if (may(access, proof->user))
		return true;
	if (!anybody_may(access, proof->credentials)) {
		reply_problem(reply, 403, "no-credentials-set", "No credentials set",
			"only %s may do this, and has no password yet: run `nasready passwd %s` on the NAS "
			"first",
			who, access == ADMIN ? "admin" : "operator");
	} else if (proof->state == PROOF_GOOD) {
		reply_problem(reply, 403, "admin-needed", "Only admin may", "%s may not do this: only %s may",
			user_name(proof->user), who);
	} else if (proof->state == PROOF_LIMITED) {
		reply->retry_after_s = proof->wait_s;
		reply_problem(reply, 429, "too-many-attempts", "Too many wrong passwords",
			"too many passwords from this address were wrong: try again in %u s",
			(unsigned)proof->wait_s);
	} else {
		challenge(proof, who, reply);
	}
	return false;
}
