/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/asked.h"

Suite *suite_api_allocations(void);

static struct asked nas;

static void set_up(void)
{
	asked_start(&nas);
}

static void tear_down(void)
{
	asked_end(&nas);
}

static void ask(const char *body)
{
	asked_call(&nas, api_ask_gate, body);
}

#define STEP(size) "{\"share\":\"Backup\",\"file\":\"a.vhdx\",\"size_bytes\":" size "}"

START_TEST(granted)
{
	ask("{\"share\":\"backup\",\"file\":\"a.vhdx\",\"size_bytes\":\"1TiB\",\"current_bytes\":1073741824,"
	    "\"client_timeout_s\":50}");
	ck_assert_uint_eq(nas.reply.status, 200);
	ck_assert_str_eq(nas.reply.content_type, "application/json; charset=utf-8");
	ck_assert_uint_eq(nas.reply.retry_after_s, 0);
	asked_says(&nas, "/granted", "true");
	asked_says(&nas, "/id", "1");
	asked_says(&nas, "/share", "\"Backup\"");
	asked_says(&nas, "/step_bytes", "1098437885952");
	asked_says(&nas, "/predicted_s", "14.98");
	asked_says(&nas, "/budget_s", "25.0");
	asked_says(&nas, "/knee_bytes", "5058000000000");
	asked_says(&nas, "/cost_s_per_tib", "15.0");
	asked_says(&nas, "/cost_source", "\"default\"");
}
END_TEST

START_TEST(too_large)
{
	ask(STEP("\"4.8TiB\""));
	asked_refuses(&nas, 409, "step-too-large", "at most 2.2 TB (2.00 TiB)");
	asked_says(&nas, "/granted", "false");
	asked_says(&nas, "/id", "null");
	asked_says(&nas, "/max_step_bytes", "2199023255552");
	asked_says(&nas, "/budget_s", "30.0");
	asked_says(&nas, "/plan/steps/0/size_bytes", "2199023255552");
	asked_says(&nas, "/plan/share", "\"Backup\"");
	ck_assert_uint_eq(nas.reply.retry_after_s, 0);
}
END_TEST

/* the steps of the ladder that a refusal offers are granted one after the other, once the last was seen */
START_TEST(the_ladder_is_granted)
{
	struct volume *volume = &nas.snapshot.volumes[0];
	uint64_t sizes[PLAN_STEPS_MAX], at = 0;
	unsigned count = 0;
	char body[300], path[40];
	struct json_c_object *size;
	ask("{\"share\":\"Backup\",\"file\":\"a.vhdx\",\"size_bytes\":\"4.7TiB\",\"client_timeout_s\":20}");
	asked_refuses(&nas, 409, "step-too-large", "steps of at most");
	while (snprintf(path, sizeof path, "/plan/steps/%u/size_bytes", count) &&
		!json_pointer_get(nas.json, path, &size))
		sizes[count++] = json_object_get_uint64(size);
	ck_assert_uint_gt(count, 20); /* the last 100 GB lie past the knee */
	for (unsigned i = 0; i < count; i++) {
		snprintf(body, sizeof body,
			"{\"share\":\"Backup\",\"file\":\"a.vhdx\",\"size_bytes\":%llu,\"current_bytes\":%"
			"llu,"
			"\"client_timeout_s\":20}",
			(unsigned long long)sizes[i], (unsigned long long)at);
		ask(body);
		ck_assert_msg(nas.reply.status == 200, "%s: %s", body, nas.reply.body.data);
		volume->free_bytes -= sizes[i] - at;
		volume->available_bytes = volume->free_bytes;
		at = sizes[i];
		nas.view.now_ms += 10000;
		nas.snapshot.time_ms += 10000;
	}
	ck_assert_uint_eq(at, UINT64_C(5167704440832));
}
END_TEST

START_TEST(not_settled)
{
	nas.rates.volumes[0].state = VOLUME_FREEING;
	nas.rates.volumes[0].settled = NO;
	nas.rates.volumes[0].eta_s = 90;
	nas.rates.volumes[0].rate_bytes_per_s = 1000000;
	ask(STEP("1048576"));
	asked_refuses(&nas, 503, "not-settled", "/c is still freeing space");
	ck_assert_uint_eq(nas.reply.retry_after_s, 90);
	asked_says(&nas, "/retry_after_s", "90");
	asked_says(&nas, "/state", "\"freeing\"");
	asked_says(&nas, "/settled", "false");
	asked_says(&nas, "/eta_s", "90");
}
END_TEST

START_TEST(two_in_a_row)
{
	ask(STEP("1048576"));
	ck_assert_uint_eq(nas.reply.status, 200);
	ask(STEP("2097152"));
	asked_refuses(&nas, 503, "not-settled", "was granted");
	ck_assert_uint_eq(nas.reply.retry_after_s, 5);
}
END_TEST

START_TEST(the_order_of_reasons)
{
	struct volume *volume = &nas.snapshot.volumes[0];
	nas.rates.volumes[0].settled = NO;
	ask(STEP("\"20TiB\""));
	asked_refuses(&nas, 422, "beyond-limit", "16 TiB");
	asked_says(&nas, "/limit_bytes", "17592172412928");
	ask(STEP("\"5.3TiB\""));
	asked_refuses(&nas, 507, "no-space", "(4.87 TiB) available");
	asked_says(&nas, "/available_bytes", "5356000000000");
	ask(STEP("\"4.8TiB\""));
	asked_refuses(&nas, 503, "not-settled", "come to rest");
	volume->read_only = YES;
	ask(STEP("\"4.8TiB\""));
	asked_refuses(&nas, 422, "volume-read-only", "/c is mounted read-only");
	volume->read_only = NO;
	volume->stale = YES;
	ask(STEP("\"4.8TiB\""));
	asked_refuses(&nas, 503, "space-unknown", "not known");
	ck_assert_uint_gt(nas.reply.retry_after_s, 0);
	ask("{\"share\":\"x\",\"file\":\"a.vhdx\",\"size_bytes\":1}");
	asked_refuses(&nas, 404, "no-such-share", "name one of Backup, lost");
}
END_TEST

static const struct {
	const char *body;
	unsigned status;
	const char *code, *detail;
} bad[] = {
	{NULL, 400, "bad-body", "must be one JSON object"},
	{"", 400, "bad-body", "must be one JSON object"},
	{"{\"share\":\"Backup\",\"file\":\"a.vhdx\",\"size_by", 400, "bad-body", "no JSON object"},
	{"{\"share\":\"Backup\",\"file\":\"a.vhdx\"}", 400, "bad-body", "size_bytes is missing"},
	{"{\"share\":\"Backup\",\"size_bytes\":1}", 400, "bad-body", "file is missing"},
	{"{\"file\":\"a.vhdx\",\"size_bytes\":1}", 400, "bad-body", "share is missing"},
	{"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", 400, "bad-body", "must be one JSON object"},
	{"{\"share\":{\"share\":{\"share\":{}}}}", 400, "bad-body", "share must be a string"},
	{STEP("-1"), 400, "bad-body", "not -1"},
	{STEP("1.5"), 400, "bad-body", "not 1.5"},
	{STEP("1e30"), 400, "bad-body", "whole number"},
	{STEP("9223372036854775808"), 400, "bad-body", "2^63 - 1"},
	{STEP("null"), 400, "bad-body", "size_bytes must be"},
	{STEP("true"), 400, "bad-body", "size_bytes must be"},
	{STEP("\"5.3TB\""), 400, "bad-body",
		"5300000000000 bytes on the disk's label, 5827411627212 in PowerShell"},
	{STEP("\"5.3XB\""), 400, "bad-body", "5.3XB"},
	{STEP("0"), 400, "bad-size", "not more than"},
	{STEP("1048575"), 400, "bad-size", "whole MiB"},
	{STEP("9223372036854775807"), 422, "beyond-limit", "too large"},
	{STEP("1,\"disk\":1"), 400, "bad-body",
		"no member \\\"disk\\\" here: it takes share, file, size_bytes, "
		"current_bytes, client_timeout_s"},
	{STEP("1,\"file\":\"b.vhdx\""), 400, "bad-body", "file comes twice"},
	{STEP("1048576,\"client_timeout_s\":0"), 400, "bad-timeout", "1 to 86400"},
	{STEP("1048576,\"client_timeout_s\":86401"), 400, "bad-timeout", "1 to 86400"},
	{STEP("1048576,\"client_timeout_s\":4294967356"), 400, "bad-timeout", "1 to 86400"},
	{STEP("1048576,\"client_timeout_s\":1.5"), 400, "bad-body", "client_timeout_s must be"},
	{STEP("1048576,\"current_bytes\":1048576"), 400, "bad-size", "not more than"},
	{STEP("1048576,\"current_bytes\":9223372036854775807"), 400, "bad-size", "not more than"},
	{"{\"share\":\"Bac\\u0000kup\",\"file\":\"a.vhdx\",\"size_bytes\":1}", 400, "bad-body",
		"without NUL"},
	{"{\"share\":\"Backup\",\"file\":\"a\\u0000.vhdx\",\"size_bytes\":1}", 400, "bad-body",
		"without NUL"},
	{"{\"share\":\"Backup\",\"file\":\"../a.vhdx\",\"size_bytes\":1}", 400, "bad-file", "is a path"},
	{"{\"share\":\"Backup\",\"file\":\"a/b.vhdx\",\"size_bytes\":1}", 400, "bad-file", "is a path"},
	{"{\"share\":\"Backup\",\"file\":\"a\\\\b.vhdx\",\"size_bytes\":1}", 400, "bad-file", "is a path"},
	{"{\"share\":\"Backup\",\"file\":\"..\",\"size_bytes\":1}", 400, "bad-file", "no plain name"},
	{"{\"share\":\"Backup\",\"file\":\"\",\"size_bytes\":1}", 400, "bad-file", "no plain name"},
	{"{\"share\":\"Backup\",\"file\":\"a.vhd\",\"size_bytes\":1}", 400, "bad-file", "must end in .vhdx"},
	{"{\"share\":\"Backup\",\"file\":\"nul.vhdx\",\"size_bytes\":1}", 400, "bad-file",
		"name of a device on Windows"},
	{"{\"share\":\"nope\",\"file\":\"a.vhdx\",\"size_bytes\":1}", 404, "no-such-share", "\\\"nope\\\""},
	{"{\"share\":\"\",\"file\":\"a.vhdx\",\"size_bytes\":1}", 404, "no-such-share", "Backup"},
	{"{\"share\":\"lost\",\"file\":\"a.vhdx\",\"size_bytes\":1}", 404, "no-such-volume", "/elsewhere"},
};

START_TEST(bad_bodies)
{
	ask(bad[_i].body);
	asked_refuses(&nas, bad[_i].status, bad[_i].code, bad[_i].detail);
	/* what was no question is not remembered as a refusal */
	bool decided = bad[_i].status == 422 || !strcmp(bad[_i].code, "bad-size");
	ck_assert_int_eq(gate_record_at(&nas.gate, 0) != NULL, decided);
	ck_assert_uint_eq(nas.gate.last_id, 0);
}
END_TEST

START_TEST(whose_knee)
{
	ask(STEP("1048576"));
	ck_assert_ptr_eq(api_gate_volume(&nas.request), &nas.snapshot.volumes[0]);
	ask(STEP("\"20TiB\"")); /* too large and no space: whatever the knee */
	ck_assert_ptr_null(api_gate_volume(&nas.request));
	ask(STEP("\"6.5TiB\""));
	ck_assert_ptr_null(api_gate_volume(&nas.request));
	nas.request.body = "{\"share\":\"Backup\"";
	nas.request.body_length = strlen(nas.request.body);
	ck_assert_ptr_null(api_gate_volume(&nas.request));
	nas.request.body = NULL;
	nas.request.body_length = 0;
	ck_assert_ptr_null(api_gate_volume(&nas.request));
}
END_TEST

START_TEST(the_list)
{
	asked_call(&nas, api_allocations, NULL);
	asked_says(&nas, "/allocations", "[]");
	ask(STEP("\"20TiB\""));
	ask(STEP("\"1TiB\""));
	ask(STEP("\"2TiB\""));
	ask(STEP("\"2TiB\""));
	asked_call(&nas, api_allocations, NULL);
	ck_assert_uint_eq(nas.reply.status, 200);
	asked_says(&nas, "/allocations/0/outcome", "\"not-settled\"");
	asked_says(&nas, "/allocations/0/times", "2");
	asked_says(&nas, "/allocations/0/id", "null");
	asked_says(&nas, "/allocations/1/outcome", "\"granted\"");
	asked_says(&nas, "/allocations/1/id", "1");
	asked_says(&nas, "/allocations/1/asker", "\"192.0.2.7\"");
	asked_says(&nas, "/allocations/1/share", "\"Backup\"");
	asked_says(&nas, "/allocations/1/file", "\"a.vhdx\"");
	asked_says(&nas, "/allocations/1/time", "\"2027-01-15T08:00:00Z\"");
	asked_says(&nas, "/allocations/1/predicted_s", "15.0");
	asked_says(&nas, "/allocations/1/measured_s", "null");
	asked_says(&nas, "/allocations/1/file_taken_bytes", "null");
	asked_says(&nas, "/allocations/2/outcome", "\"beyond-limit\"");
	ck_assert_int_eq(json_pointer_get(nas.json, "/allocations/3", NULL), -1);
}
END_TEST

/* -- what the gate in smbd must be told -- */

#define PATIENT                                                              \
	"{\"share\":\"Backup\",\"file\":\"a.vhdx\",\"size_bytes\":\"3TiB\"," \
	"\"client_timeout_s\":120}"

static struct order posted;
static unsigned posts;

static bool post(const struct request *request, const struct order *order)
{
	(void)request;
	posted = *order;
	posts++;
	return true;
}

/* `answer` NULL: as a client asks first */
static void ask_with_post(const char *body, const struct order_answer *answer)
{
	struct request request = nas.request;
	request.post = post;
	request.order_answer = answer;
	request.body = body;
	request.body_length = strlen(body);
	reply_free(&nas.reply);
	nas.reply = (struct reply){.pending = false};
	api_ask_gate(&request, &nas.reply);
}

START_TEST(smbd_is_told)
{
	const struct order_answer done = {.status = ORDER_DONE};
	posts = 0;
	nas.snapshot.shares[0].gated = YES;
	nas.snapshot.shares[0].number = 7;
	ask(STEP("1048576")); /* nobody can be told */
	ck_assert_uint_eq(nas.reply.status, 200);
	nas.view.now_ms += 60000;
	ask_with_post(PATIENT, NULL);
	ck_assert(nas.reply.pending);
	ck_assert_uint_eq(posts, 1);
	ck_assert_int_eq(posted.kind, ORDER_GRANT);
	ck_assert_uint_eq(posted.number, 7);
	ck_assert_uint_eq(posted.size_bytes, 3 * TIB);
	ck_assert_uint_eq(posted.timeout_s, 120);
	ck_assert_str_eq(posted.file, "a.vhdx");
	ask_with_post(PATIENT, &done);
	ck_assert(!nas.reply.pending);
	ck_assert_uint_eq(nas.reply.status, 200);
	ck_assert_ptr_nonnull(strstr(nas.reply.body.data, "\"id\":2"));
	ck_assert_uint_eq(posts, 1);
	ck_assert_uint_eq(nas.gate.count, 2);
}
END_TEST

START_TEST(smbd_need_not_be_told)
{
	posts = 0;
	nas.snapshot.shares[0].gated = YES;
	ask(STEP("\"20TiB\""));
	ask_with_post(STEP("\"1TiB\""), NULL); /* the configured time-out */
	ck_assert_uint_eq(nas.reply.status, 200);
	nas.view.now_ms += 60000;
	nas.snapshot.shares[0].gated = NO;
	ask_with_post(PATIENT, NULL);
	ck_assert_uint_eq(nas.reply.status, 200);
	nas.snapshot.shares[0].gated = YES;
	ask_with_post(PATIENT, NULL); /* refused: the last one has not begun */
	ck_assert_uint_eq(nas.reply.status, 503);
	ck_assert_uint_eq(posts, 0);
}
END_TEST

Suite *suite_api_allocations(void)
{
	Suite *suite = suite_create("api_allocations");
	TCase *tcase = tcase_create("api_allocations");
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, granted);
	tcase_add_test(tcase, too_large);
	tcase_add_test(tcase, the_ladder_is_granted);
	tcase_add_test(tcase, not_settled);
	tcase_add_test(tcase, two_in_a_row);
	tcase_add_test(tcase, the_order_of_reasons);
	tcase_add_loop_test(tcase, bad_bodies, 0, (int)ARRAY_LEN(bad));
	tcase_add_test(tcase, whose_knee);
	tcase_add_test(tcase, the_list);
	tcase_add_test(tcase, smbd_is_told);
	tcase_add_test(tcase, smbd_need_not_be_told);
	suite_add_tcase(suite, tcase);
	return suite;
}
