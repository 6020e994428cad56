/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>

#include "tests/unit/asked.h"

Suite *suite_api_leases(void);

#define TOKEN "0123456789abcdef0123456789abcdef"

static struct asked nas;
static struct order posted;
static const char *share, *file;
static struct proof proof;
static struct order_answer answered;
static bool is_answered;

static bool post(const struct request *request, const struct order *order)
{
	(void)request;
	posted = *order;
	return true;
}

static void set_up(void)
{
	static const struct credentials credentials = {.realm = "r", .given = {true, true}};
	asked_start(&nas);
	nas.snapshot.shares[0].number = 7;
	memset(&posted, 0, sizeof posted);
	share = "backup";
	file = "SRV1.vhdx";
	is_answered = false;
	proof = (struct proof){.user = USER_NONE, .credentials = &credentials};
}

static void tear_down(void)
{
	asked_end(&nas);
}

static void call(void (*handle)(const struct request *, struct reply *), const char *body)
{
	asked_end(&nas);
	nas.request = (struct request){
		.peer = "192.0.2.7",
		.argument = share,
		.argument2 = file,
		.body = body,
		.body_length = body ? strlen(body) : 0,
		.view = &nas.view,
		.query = asked_query,
		.post = post,
		.proof = &proof,
		.user = user_name(proof.user),
		.order_answer = is_answered ? &answered : NULL,
		.transport = &nas,
	};
	handle(&nas.request, &nas.reply);
	if (!nas.reply.pending)
		nas.json = parsed(nas.reply.body.data);
}

START_TEST(take)
{
	call(api_take_lease, "{\"server\":\"SRV1\"}");
	ck_assert(nas.reply.pending);
	ck_assert_int_eq(posted.kind, ORDER_LEASE);
	ck_assert_uint_eq(posted.number, 7);
	ck_assert_str_eq(posted.file, "SRV1.vhdx");
	ck_assert_str_eq(posted.server, "SRV1");
	ck_assert_str_eq(posted.token, "");
	ck_assert_str_eq(posted.address, "192.0.2.7");
	call(api_take_lease, "{\"token\":\"" TOKEN "\",\"server\":\"SRV1\"}");
	ck_assert_str_eq(posted.token, TOKEN);
	answered = (struct order_answer){.status = ORDER_DONE, .token = TOKEN};
	is_answered = true;
	call(api_take_lease, "{\"server\":\"SRV1\"}");
	ck_assert_uint_eq(nas.reply.status, 200);
	asked_says(&nas, "/token", "\"" TOKEN "\"");
	answered = (struct order_answer){.status = ORDER_LEASED, .fault = {"it belongs to SRV2"}};
	call(api_take_lease, "{\"server\":\"SRV1\"}");
	asked_refuses(&nas, 409, "disk-foreign-lease", "belongs to SRV2");
}
END_TEST

static const struct {
	const char *share, *file, *body;
	unsigned status;
	const char *code, *says;
} wrong[] = {
	{"Backup", "SRV1.vhdx", "", 400, "bad-body", "object"},
	{"Backup", "SRV1.vhdx", "{}", 400, "bad-body", "server"},
	{"Backup", "SRV1.vhdx", "{\"server\":\"\"}", 400, "bad-server", "no name of a computer"},
	{"Backup", "SRV1.vhdx", "{\"server\":\"S/V\"}", 400, "bad-server", "no name of a computer"},
	{"Backup", "SRV1.vhdx", "{\"server\":\"S\",\"token\":\"" TOKEN "0\"}", 400, "bad-body", "token"},
	{"Nix", "SRV1.vhdx", "{\"server\":\"S\"}", 404, "no-such-share", "Backup"},
	{"Backup", "SRV1.vhd", "{\"server\":\"S\"}", 400, "bad-file", ".vhdx"},
	{"Backup", "..", "{\"server\":\"S\"}", 400, "bad-file", ".."},
};

START_TEST(refused)
{
	share = wrong[_i].share;
	file = wrong[_i].file;
	call(api_take_lease, wrong[_i].body);
	asked_refuses(&nas, wrong[_i].status, wrong[_i].code, wrong[_i].says);
	ck_assert_int_eq(posted.kind, ORDER_NONE);
}
END_TEST

START_TEST(end)
{
	call(api_end_lease, "{\"token\":\"" TOKEN "\"}");
	ck_assert(nas.reply.pending);
	ck_assert_int_eq(posted.kind, ORDER_RELEASE);
	ck_assert_str_eq(posted.token, TOKEN);
	memset(&posted, 0, sizeof posted);
	call(api_end_lease, NULL);
	asked_refuses(&nas, 401, "credentials-needed", "only admin");
	ck_assert_int_eq(nas.reply.challenge, CHALLENGE_ASK);
	proof.state = PROOF_GOOD;
	proof.user = USER_OPERATOR;
	call(api_end_lease, NULL);
	asked_refuses(&nas, 403, "admin-needed", "operator may not");
	ck_assert_int_eq(posted.kind, ORDER_NONE);
	proof.user = USER_ADMIN;
	call(api_end_lease, "{}");
	ck_assert(nas.reply.pending);
	ck_assert_int_eq(posted.kind, ORDER_BREAK);
	ck_assert_str_eq(posted.who, "admin");
}
END_TEST

START_TEST(list)
{
	struct lease *lease = &nas.snapshot.leases[nas.snapshot.lease_count++];
	*lease = (struct lease){
		.open = UNKNOWN, .since_clock_ms = UINT64_C(1800000000000), .expires_ms = NOW_MS + 90500};
	strcpy(lease->share, "Backup");
	strcpy(lease->file, "SRV1.vhdx");
	strcpy(lease->server, "SRV1");
	strcpy(lease->address, "192.0.2.7");
	asked_call(&nas, api_leases, NULL);
	asked_says(&nas, "/leases/0/server", "\"SRV1\"");
	asked_says(&nas, "/leases/0/open", "null");
	asked_says(&nas, "/leases/0/expires_in_s", "90");
	lease->expires_ms = 1;
	asked_call(&nas, api_leases, NULL);
	asked_says(&nas, "/leases/0/expires_in_s", "0");
}
END_TEST

Suite *suite_api_leases(void)
{
	Suite *suite = suite_create("api_leases");
	TCase *tcase = tcase_create("api_leases");
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, take);
	tcase_add_loop_test(tcase, refused, 0, (int)ARRAY_LEN(wrong));
	tcase_add_test(tcase, end);
	tcase_add_test(tcase, list);
	suite_add_tcase(suite, tcase);
	return suite;
}
