/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "serve/routes.h"
#include "tests/unit/judged_machine.h"
#include "tests/unit/parsed_json.h"

static const char *query[3][2];
static struct reply reply;
static struct json_c_object *body;

static const char *query_of(const struct request *request, const char *name)
{
	(void)request;
	for (unsigned i = 0; i < ARRAY_LEN(query); i++)
		if (query[i][0] && !strcmp(query[i][0], name))
			return query[i][1];
	return NULL;
}

static void ask(const char *name, const char *value)
{
	const struct view view = {
		.snapshot = &snapshot,
		.rates = &rates,
		.now_ms = snapshot.time_ms + 420,
		.uptime_s = UNKNOWN_U64,
		.assessment = &assessment,
	};
	const struct request request = {
		.method = "GET", .path = "/v1/ready", .peer = "10.0.0.5", .view = &view, .query = query_of};
	reply_free(&reply);
	json_object_put(body);
	query[0][0] = name;
	query[0][1] = value;
	api_ready(&request, &reply);
	body = parsed(reply.body.data);
}

static void set_up(void)
{
	memset(query, 0, sizeof query);
	all_is_well();
	judge();
}

static void tear_down(void)
{
	reply_free(&reply);
	json_object_put(body);
	body = NULL;
}

START_TEST(go)
{
	ask(NULL, NULL);
	ck_assert_uint_eq(reply.status, 200);
	ck_assert_uint_eq(reply.retry_after_s, 0);
	ck_assert_str_eq(reply.content_type, "application/json; charset=utf-8");
	ck_assert_str_eq(reply.body.data, "{\"answer\":\"go\",\"retry_after_s\":null,\"findings\":[],"
					  "\"findings_omitted\":0,\"time\":\"2026-11-18T11:06:40Z\","
					  "\"age_ms\":420}\n");
}
END_TEST

START_TEST(not_yet)
{
	rates.volumes[1].state = VOLUME_FREEING;
	rates.volumes[1].eta_s = 239;
	rates.volumes[1].rate_bytes_per_s = 1000000;
	judge();
	ask(NULL, NULL);
	ck_assert_uint_eq(reply.status, 200);
	ck_assert_uint_eq(reply.retry_after_s, 0);
	ck_assert_str_eq(parsed_at(body, "/answer"), "\"wait\"");
	ck_assert_str_eq(parsed_at(body, "/retry_after_s"), "240");
	ck_assert_str_eq(parsed_at(body, "/findings"),
		"[{\"code\":\"freeing\",\"severity\":\"wait\",\"subject\":\"volume:c\","
		"\"since\":\"2026-11-18T11:06:40Z\",\"message\":\"Volume \\\"c\\\" is still giving back "
		"space, at 1.0 "
		"MB/s, about 4 min to go.\",\"remedy\":\"Wait; do not create or grow a VHDX now.\"}]");
	ask("strict", "1");
	ck_assert_uint_eq(reply.status, 503);
	ck_assert_uint_eq(reply.retry_after_s, 240);
	ck_assert_str_eq(reply.content_type, "application/json; charset=utf-8");
	ck_assert_str_eq(parsed_at(body, "/answer"), "\"wait\"");
}
END_TEST

START_TEST(no)
{
	snapshot.ups.on_battery = YES;
	rates.volumes[1].state = VOLUME_FREEING;
	judge();
	ask(NULL, NULL);
	ck_assert_uint_eq(reply.status, 200);
	ck_assert_str_eq(parsed_at(body, "/answer"), "\"no\"");
	ck_assert_str_eq(parsed_at(body, "/retry_after_s"), "null");
	ask("strict", "1");
	ck_assert_uint_eq(reply.status, 409);
	ck_assert_uint_eq(reply.retry_after_s, 0);
	ask("strict", "0");
	ck_assert_uint_eq(reply.status, 200);
}
END_TEST

static const struct {
	const char *name, *value;
	unsigned status;
	const char *code, *detail;
} queries[] = {
	{"strict", "1", 200, NULL, NULL},
	{"strict", "0", 200, NULL, NULL},
	{"strict", "", 400, "bad-strict", "strict= is neither 1 nor 0"},
	{"strict", "yes", 400, "bad-strict", "strict=yes is neither 1 nor 0"},
	{"strict", "10", 400, "bad-strict", NULL},
	{"strict", "-1", 400, "bad-strict", NULL},
	{"disk", "Backup/SRV1.vhdx", 200, NULL, NULL},
	{"disk", "BACKUP/not there yet.vhdx", 200, NULL, NULL},
	{"disk", "Backup/..vhdx", 200, NULL, NULL},
	{"disk", "Other/SRV1.vhdx", 404, "no-such-share",
		"this NAS has no share \"Other\": its shares are Backup, media"},
	{"disk", "Backu/SRV1.vhdx", 404, "no-such-share", NULL},
	{"disk", "Backup2/SRV1.vhdx", 404, "no-such-share", NULL},
	{"disk", "", 400, "bad-disk", "disk= is no SHARE/FILE"},
	{"disk", "Backup", 400, "bad-disk", "disk=Backup is no SHARE/FILE"},
	{"disk", "Backup/", 400, "bad-disk", NULL},
	{"disk", "/SRV1.vhdx", 400, "bad-disk", NULL},
	{"disk", "Backup/.", 400, "bad-disk", NULL},
	{"disk", "Backup/..", 400, "bad-disk", NULL},
	{"disk", "Backup/../etc/passwd", 400, "bad-disk", NULL},
	{"disk", "Backup/a/", 400, "bad-disk", NULL},
	{"disk", "Backup/old/SRV0.vhd", 200, NULL, NULL},
	{"disk", "Backup//b.vhdx", 400, "bad-disk", NULL},
	{"disk", "Backup\\SRV1.vhdx", 400, "bad-disk", NULL},
	{"disk", "Backup/a\\b.vhdx", 400, "bad-disk", NULL},
	{"disk", "Backup/a\nb.vhdx", 400, "bad-disk", NULL},
	{"disk", "Backup/a\x7f.vhdx", 400, "bad-disk", NULL},
	{"server", "SRV1", 200, NULL, NULL},
	{"server", "srv-1_b.example.org", 200, NULL, NULL},
	{"server", "", 400, "bad-server", NULL},
	{"server", "SRV 1", 400, "bad-server", "server=SRV 1 is no name of a computer"},
	{"server", "SRV1/x", 400, "bad-server", NULL},
	{"server", "<b>", 400, "bad-server", NULL},
	{"server", "\xff", 400, "bad-server", NULL},
	{"other", "x", 200, NULL, NULL},
};

START_TEST(checked)
{
	char code[40];
	add_share("media", "c");
	ask(queries[_i].name, queries[_i].value);
	ck_assert_msg(reply.status == queries[_i].status, "%s=%s: %u %s", queries[_i].name, queries[_i].value,
		reply.status, reply.body.data);
	if (!queries[_i].code) {
		ck_assert_str_eq(parsed_at(body, "/answer"), "\"go\"");
		return;
	}
	ck_assert_str_eq(reply.content_type, "application/problem+json; charset=utf-8");
	snprintf(code, sizeof code, "\"%s\"", queries[_i].code);
	ck_assert_str_eq(parsed_at(body, "/code"), code);
	if (!queries[_i].detail)
		return;
	struct json_c_object *detail;
	ck_assert(!json_pointer_get(body, "/detail", &detail));
	ck_assert_msg(strstr(json_object_get_string(detail), queries[_i].detail), "%s",
		json_object_get_string(detail));
}
END_TEST

START_TEST(overlong)
{
	static char value[20000];
	static const char *const names[] = {"disk", "server", "strict"};
	memset(value, 'x', sizeof value - 1);
	for (unsigned i = 0; i < ARRAY_LEN(names); i++) {
		ask(names[i], value);
		ck_assert_uint_eq(reply.status, 400);
		ck_assert_uint_lt(reply.body.length, 600);
		ck_assert_ptr_nonnull(strstr(reply.body.data, "xxx..."));
	}
	memcpy(value, "Backup/", 7);
	ask("disk", value);
	ck_assert_uint_eq(reply.status, 400);
	value[7 + 255] = 0;
	ask("disk", value);
	ck_assert_uint_eq(reply.status, 200);
}
END_TEST

/* where not all shares are known, a name cannot be wrong */
START_TEST(unknown_shares)
{
	snapshot.shares_omitted = 1;
	ask("disk", "Other/SRV1.vhdx");
	ck_assert_uint_eq(reply.status, 200);
	snapshot.share_count = snapshot.shares_omitted = 0;
	ask("disk", "Other/SRV1.vhdx");
	ck_assert_uint_eq(reply.status, 200);
	ask("disk", "Other/../SRV1.vhdx");
	ck_assert_uint_eq(reply.status, 400);
}
END_TEST

START_TEST(many_shares)
{
	while (snapshot.share_count < SHARES_MAX)
		memset(add_share("", "c")->name, 's', SHARE_LEN - 1);
	ask("disk", "Other/SRV1.vhdx");
	ck_assert_uint_eq(reply.status, 404);
	ck_assert_uint_lt(reply.body.length, 600);
	ck_assert_ptr_nonnull(strstr(reply.body.data, "its shares are Backup, sss"));
	ck_assert_ptr_nonnull(strstr(reply.body.data, ", ...\""));
}
END_TEST

Suite *suite_api_ready(void);
Suite *suite_api_ready(void)
{
	Suite *suite = suite_create("api_ready");
	TCase *tcase = tcase_create("api_ready");
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, go);
	tcase_add_test(tcase, not_yet);
	tcase_add_test(tcase, no);
	tcase_add_loop_test(tcase, checked, 0, (int)ARRAY_LEN(queries));
	tcase_add_test(tcase, overlong);
	tcase_add_test(tcase, unknown_shares);
	tcase_add_test(tcase, many_shares);
	suite_add_tcase(suite, tcase);
	return suite;
}
