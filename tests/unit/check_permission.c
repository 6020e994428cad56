/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Who may, how often one may be wrong, and which proofs were used.
 */
#include "serve/permission.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "serve/attempts.h"
#include "serve/replays.h"
#include "tests/unit/parsed_json.h"

Suite *suite_permission(void);

#define NOBODY USER_NONE
#define BOTH 3

static const struct {
	enum route_access access;
	unsigned passwords; /* 1: operator's, 2: admin's */
	enum proof_state state;
	enum user user;
	unsigned status; /* 0: may */
	const char *code;
	enum challenge challenge;
} cases[] = {
	{OPEN, 0, PROOF_NONE, NOBODY, 0, NULL, CHALLENGE_NONE},
	{OPEN, BOTH, PROOF_WRONG, NOBODY, 0, NULL, CHALLENGE_NONE},
	{OPEN, BOTH, PROOF_LIMITED, NOBODY, 0, NULL, CHALLENGE_NONE},
	{OPERATOR, 0, PROOF_NONE, NOBODY, 403, "no-credentials-set", CHALLENGE_NONE},
	{OPERATOR, 0, PROOF_WRONG, NOBODY, 403, "no-credentials-set", CHALLENGE_NONE},
	{ADMIN, 1, PROOF_NONE, NOBODY, 403, "no-credentials-set", CHALLENGE_NONE},
	{ADMIN, 1, PROOF_GOOD, USER_OPERATOR, 403, "no-credentials-set", CHALLENGE_NONE},
	{OPERATOR, 1, PROOF_NONE, NOBODY, 401, "credentials-needed", CHALLENGE_ASK},
	{OPERATOR, 2, PROOF_NONE, NOBODY, 401, "credentials-needed", CHALLENGE_ASK},
	{ADMIN, BOTH, PROOF_NONE, NOBODY, 401, "credentials-needed", CHALLENGE_ASK},
	{OPERATOR, BOTH, PROOF_WRONG, NOBODY, 401, "credentials-wrong", CHALLENGE_ASK},
	{OPERATOR, BOTH, PROOF_STALE, NOBODY, 401, "credentials-stale", CHALLENGE_STALE},
	{OPERATOR, BOTH, PROOF_LIMITED, NOBODY, 429, "too-many-attempts", CHALLENGE_NONE},
	{OPERATOR, BOTH, PROOF_GOOD, USER_OPERATOR, 0, NULL, CHALLENGE_NONE},
	{OPERATOR, BOTH, PROOF_GOOD, USER_ADMIN, 0, NULL, CHALLENGE_NONE},
	{ADMIN, BOTH, PROOF_GOOD, USER_OPERATOR, 403, "admin-needed", CHALLENGE_NONE},
	{ADMIN, BOTH, PROOF_GOOD, USER_ADMIN, 0, NULL, CHALLENGE_NONE},
};

START_TEST(test_permission)
{
	const struct credentials credentials = {
		.realm = "r", .given = {cases[_i].passwords & 1, (cases[_i].passwords & 2) != 0}};
	const struct proof proof = {cases[_i].state, cases[_i].user, 7, &credentials};
	struct reply reply = {0};
	bool may = permission_check(cases[_i].access, &proof, &reply);
	ck_assert_int_eq(may, !cases[_i].status);
	ck_assert_uint_eq(reply.status, cases[_i].status);
	ck_assert_int_eq(reply.challenge, cases[_i].challenge);
	ck_assert_uint_eq(reply.retry_after_s, cases[_i].status == 429 ? 7 : 0);
	if (!may) {
		char quoted[64];
		struct json_c_object *json = parsed(reply.body.data);
		snprintf(quoted, sizeof quoted, "\"%s\"", cases[_i].code);
		ck_assert_str_eq(parsed_at(json, "/code"), quoted);
		json_object_put(json);
	}
	reply_free(&reply);
}
END_TEST

/* five at once, then one every ten seconds; others are not concerned */
START_TEST(test_attempts)
{
	struct attempts attempts = {0};
	uint64_t now_ms = 1000000;
	for (unsigned i = 0; i < 5; i++) {
		ck_assert_uint_eq(attempts_wait_s(&attempts, "192.0.2.1", now_ms), 0);
		ck_assert_int_eq(attempts_failed(&attempts, "192.0.2.1", now_ms), i == 4);
	}
	ck_assert_uint_eq(attempts_wait_s(&attempts, "192.0.2.1", now_ms), 10);
	ck_assert_uint_eq(attempts_wait_s(&attempts, "192.0.2.1", now_ms + 9001), 1);
	ck_assert_uint_eq(attempts_wait_s(&attempts, "192.0.2.2", now_ms), 0);
	ck_assert_uint_eq(attempts_wait_s(&attempts, "192.0.2.1", now_ms + 10000), 0);
	ck_assert(attempts_failed(&attempts, "192.0.2.1", now_ms + 10000));
	ck_assert_uint_eq(attempts_wait_s(&attempts, "192.0.2.1", now_ms + 10000), 10);
	ck_assert_uint_eq(attempts_wait_s(&attempts, "192.0.2.1", now_ms + 60000), 0);
	for (unsigned i = 0; i < 5; i++)
		ck_assert_int_eq(attempts_failed(&attempts, "192.0.2.1", now_ms + 80000), i == 4);
}
END_TEST

START_TEST(test_attempts_networks)
{
	struct attempts attempts = {0};
	char address[40];
	for (unsigned i = 0; i < 5; i++) {
		snprintf(address, sizeof address, "2001:db8:1:2::%x", i);
		attempts_failed(&attempts, address, 1000);
	}
	ck_assert_uint_gt(attempts_wait_s(&attempts, "2001:db8:1:2:ffff::1", 1000), 0);
	ck_assert_uint_eq(attempts_wait_s(&attempts, "2001:db8:1:3::1", 1000), 0);
	/* who is barred stays so while up to 31 others fail once each later */
	for (unsigned i = 0; i < ATTEMPTS_ADDRESSES - 1; i++) {
		snprintf(address, sizeof address, "10.0.0.%u", i + 1);
		attempts_failed(&attempts, address, 2000);
	}
	ck_assert_uint_gt(attempts_wait_s(&attempts, "2001:db8:1:2::1", 2000), 0);
	attempts_failed(&attempts, "", 2000);
	attempts_failed(&attempts, "nonsense", 2000);
	ck_assert_uint_gt(attempts_wait_s(&attempts, "2001:db8:1:2::1", 2000), 0);
}
END_TEST

START_TEST(test_replays)
{
	struct replays replays = {0};
	char header[128];
	ck_assert(!replays_has(&replays, ""));
	ck_assert(!replays_add(&replays, "Digest username=\"admin\""));
	ck_assert(!replays_add(&replays, "Digest response=\"6629fae49393a05397450978507c4ef\""));
	ck_assert(!replays_add(&replays, "Digest response=\"6629fae49393a05397450978507c4ef11\""));
	ck_assert(!replays_add(&replays, "Digest response=\"6629FAE49393A05397450978507C4EF1\""));
	ck_assert(replays_add(&replays, "Digest response=\"6629fae49393a05397450978507c4ef1\", nc=1"));
	ck_assert(replays_add(&replays, "Digest response=1629fae49393a05397450978507c4ef2"));
	ck_assert(replays_has(&replays, "Digest x=\"6629fae49393a05397450978507c4ef1\""));
	ck_assert(
		replays_has(&replays, "Digest response=\"0\",response=\"1629fae49393a05397450978507c4ef2\""));
	ck_assert(!replays_has(&replays, "Digest response=\"7629fae49393a05397450978507c4ef2\""));
	for (unsigned i = 0; i < REPLAYS_MAX - 2; i++) {
		snprintf(header, sizeof header, "response=\"%032x\"", i);
		ck_assert(replays_add(&replays, header));
	}
	ck_assert(replays_has(&replays, "6629fae49393a05397450978507c4ef1"));
	ck_assert(replays_add(&replays, "response=\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""));
	ck_assert(!replays_has(&replays, "6629fae49393a05397450978507c4ef1"));
}
END_TEST

Suite *suite_permission(void)
{
	Suite *suite = suite_create("permission");
	TCase *tcase = tcase_create("permission");
	tcase_add_loop_test(tcase, test_permission, 0, (int)ARRAY_LEN(cases));
	tcase_add_test(tcase, test_attempts);
	tcase_add_test(tcase, test_attempts_networks);
	tcase_add_test(tcase, test_replays);
	suite_add_tcase(suite, tcase);
	return suite;
}
