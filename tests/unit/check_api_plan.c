/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdio.h>

#include "tests/unit/asked.h"

Suite *suite_api_plan(void);

static struct asked nas;

static void set_up(void)
{
	asked_start(&nas);
}

static void tear_down(void)
{
	asked_end(&nas);
}

static void plan(void)
{
	asked_call(&nas, api_plan, NULL);
}

START_TEST(the_seed_without_a_volume)
{
	asked_with(&nas, "size", "5.3TiB", NULL);
	plan();
	ck_assert_uint_eq(nas.reply.status, 200);
	asked_says(&nas, "/volume", "null");
	asked_says(&nas, "/steps/0/action", "\"create\"");
	asked_says(&nas, "/steps/0/size_bytes", "2199023255552");
	asked_says(&nas, "/steps/0/predicted_s", "30.0");
	asked_says(&nas, "/steps/1/action", "\"resize\"");
	asked_says(&nas, "/steps/1/size_bytes", "4398046511104");
	asked_says(&nas, "/steps/2/size_bytes", "5827410788352");
	asked_says(&nas, "/knee_bytes", "null");
	asked_says(&nas, "/cost_s_per_tib", "15.0");
	asked_says(&nas, "/cost_source", "\"default\"");
	asked_says(&nas, "/budget_s", "30.0");
	asked_says(&nas, "/limit_bytes", "70368744177664");
	asked_says(&nas, "/available_bytes", "null");
}
END_TEST

START_TEST(past_the_knee)
{
	asked_with(&nas, "share", "backup", "size", "4.8TiB", NULL);
	plan();
	ck_assert_uint_eq(nas.reply.status, 200);
	asked_says(&nas, "/share", "\"Backup\"");
	asked_says(&nas, "/volume", "\"c\"");
	asked_says(&nas, "/knee_bytes", "5058000000000");
	asked_says(&nas, "/knee_age_s", "60");
	asked_says(&nas, "/past_knee_bytes", "219654974464");
	const char *notes = parsed_at(nas.json, "/notes");
	ck_assert_msg(strstr(notes, "Stopping at 5057999273984 bytes"), "%s", notes);
	ck_assert_msg(strstr(notes, "they take about 5 min"), "%s", notes);
	ck_assert_msg(strstr(notes, "4.80 TiB"), "%s", notes);
	ck_assert_msg(strstr(notes, "5.3 TB"), "%s", notes);
	ck_assert_msg(strstr(notes, "1 d 1 h at 470 Mbit/s"), "%s", notes);
	ck_assert_ptr_null(strstr(notes, "stay available"));
}
END_TEST

START_TEST(growing)
{
	asked_with(&nas, "volume", "/c/Backup", "size", "3TiB", "current", "2TiB", "client_timeout_s", "20",
		NULL);
	plan();
	ck_assert_uint_eq(nas.reply.status, 200);
	asked_says(&nas, "/steps/0/action", "\"resize\"");
	asked_says(&nas, "/steps/0/step_bytes", "732291923968"); /* 10 s at 15 s per TiB, in whole GiB */
	asked_says(&nas, "/current_bytes", "2199023255552");
	asked_says(&nas, "/client_timeout_s", "20");
}
END_TEST

/* what was taken since the knee was read came from before it; what came back may lie anywhere */
START_TEST(the_knee_moves)
{
	struct volume *volume = &nas.snapshot.volumes[0];
	asked_with(&nas, "volume", "c", "size", "1TiB", NULL);
	volume->free_bytes -= 1000;
	plan();
	asked_says(&nas, "/knee_bytes", "5057999999000");
	volume->free_bytes += 2000;
	plan();
	asked_says(&nas, "/knee_bytes", "5058000000000");
	volume->knee_bytes = UNKNOWN_U64;
	strcpy(volume->knee_reason, "because");
	plan();
	asked_says(&nas, "/knee_bytes", "null");
	asked_says(&nas, "/knee_reason", "\"because\"");
	ck_assert_ptr_nonnull(strstr(parsed_at(nas.json, "/notes"), "not known (because)"));
}
END_TEST

static const struct {
	const char *fstype, *machine, *kernel;
	uint32_t block_bytes;
	const char *limit, *reason;
} limits[] = {
	{"ext4", "x86_64", "6.1.0", 4096, "17592172412928", "ext4 with 4 KiB"},
	{"ext4", "x86_64", "6.1.0", UNKNOWN_U32, "17592172412928", "ext4 with 4 KiB"},
	{"ext4", "x86_64", "6.1.0", 1024, "4398036025344", "ext4 with 1 KiB"},
	{"ext4", "armv5tel", "2.6.31.8.duov2", 4096, "8796082536448", "32-bit kernel holds files of 8 TiB"},
	{"ext4", "armv5tel", "4.12.9", 4096, "8796082536448", "32-bit kernel holds files of 8 TiB"},
	{"ext4", "armv7l", "4.13.0", 4096, "17592172412928", "16 TiB"},
	{"ext4", "armv7l", "nonsense", 4096, "8796082536448", "32-bit kernel holds files of 8 TiB"},
	{"ext4", "armv8l", "4.1.0", 4096, "17592172412928", "ext4"},
	{"ext4", "aarch64", "4.1.0", 4096, "17592172412928", "ext4"},
	{"ext4", "", "4.1.0", 4096, "17592172412928", "ext4"},
	{"ext3", "x86_64", "6.1.0", 4096, "2199013818368", "ext3"},
	{"xfs", "x86_64", "6.1.0", UNKNOWN_U32, "70368744177664", "VHDX"},
	{"xfs", "i686", "2.6.18", UNKNOWN_U32, "8796082536448", "32-bit"},
	{"btrfs", "x86_64", "6.1.0", UNKNOWN_U32, "70368744177664", "VHDX"},
	{"fuse.unknown", "x86_64", "6.1.0", UNKNOWN_U32, "70368744177664", "VHDX"},
	{"vfat", "x86_64", "6.1.0", UNKNOWN_U32, "4285530112", "FAT"},
};

START_TEST(what_may_be)
{
	struct volume *volume = &nas.snapshot.volumes[0];
	char beyond[32];
	strcpy(volume->fstype, limits[_i].fstype);
	strcpy(nas.snapshot.machine, limits[_i].machine);
	strcpy(nas.snapshot.kernel, limits[_i].kernel);
	volume->super.block_bytes = limits[_i].block_bytes;
	volume->available_bytes = volume->free_bytes = volume->size_bytes = 100 * TIB;
	asked_with(&nas, "share", "Backup", "size", limits[_i].limit, NULL);
	plan();
	ck_assert_msg(nas.reply.status == 200, "%s", nas.reply.body.data);
	asked_says(&nas, "/limit_bytes", limits[_i].limit);
	ck_assert_ptr_nonnull(strstr(parsed_at(nas.json, "/limit_reason"), limits[_i].reason));
	snprintf(beyond, sizeof beyond, "%llu", strtoull(limits[_i].limit, NULL, 10) + MIB);
	asked_with(&nas, "share", "Backup", "size", beyond, NULL);
	plan();
	asked_refuses(&nas, 422, "beyond-limit", limits[_i].reason);
	asked_says(&nas, "/limit_bytes", limits[_i].limit);
}
END_TEST

static const struct {
	const char *name, *value;
	unsigned status;
	const char *code, *detail;
} bad[] = {
	{"size", NULL, 400, "bad-size", "size is missing"},
	{"size", "", 400, "bad-size", "no size"},
	{"size", "5.3TB", 400, "bad-size", "5827411627212 in PowerShell"},
	{"size", "5.3XB", 400, "bad-size", "5.3XB"},
	{"size", "-1", 400, "bad-size", "no size"},
	{"size", "1.5", 400, "bad-size", "no size"},
	{"size", "18446744073709551616", 400, "bad-size", "does not fit"},
	{"size", "0", 400, "bad-size", "is not more than"},
	{"size", "1048575", 400, "bad-size", "whole MiB"},
	{"size", "18446744073709551614", 422, "beyond-limit", "too large"},
	{"size", "9223372036854775808", 422, "beyond-limit", "too large"},
	{"size", "5.3TiB", 507, "no-space", "/c has 5.4 TB (4.87 TiB) available"},
	{"current", "x", 400, "bad-size", "current"},
	{"current", "1TiB", 400, "bad-size", "not more than"},
	{"current", "2TiB", 400, "bad-size", "not more than"},
	{"current", "18446744073709551614", 400, "bad-size", "not more than"},
	{"client_timeout_s", "0", 400, "bad-timeout", "1 to 86400"},
	{"client_timeout_s", "-1", 400, "bad-timeout", "1 to 86400"},
	{"client_timeout_s", "86401", 400, "bad-timeout", "1 to 86400"},
	{"client_timeout_s", "4294967297", 400, "bad-timeout", "1 to 86400"},
	{"client_timeout_s", "60s", 400, "bad-timeout", "1 to 86400"},
	{"share", "nope", 404, "no-such-share", "name one of Backup, lost"},
	{"share", "", 404, "no-such-share", "name one of Backup, lost"},
	{"share", "lost", 404, "no-such-volume", "/elsewhere"},
	{"volume", "c", 400, "bad-target", "not both"},
};

START_TEST(bad_questions)
{
	const char *size = strcmp(bad[_i].name, "size") ? "1TiB" : bad[_i].value;
	const char *share = strcmp(bad[_i].name, "share") ? "Backup" : bad[_i].value;
	asked_with(&nas, "share", share, bad[_i].name, bad[_i].value, "size", size, NULL);
	if (!bad[_i].value)
		asked_with(&nas, "share", share, NULL);
	plan();
	asked_refuses(&nas, bad[_i].status, bad[_i].code, bad[_i].detail);
}
END_TEST

START_TEST(no_such_volume)
{
	asked_with(&nas, "size", "1TiB", "volume", "d", NULL);
	plan();
	asked_refuses(&nas, 404, "no-such-volume", "name one of c");
	asked_with(&nas, "size", "1TiB", "volume", "/cc", NULL);
	plan();
	asked_refuses(&nas, 404, "no-such-volume", "/cc");
	nas.snapshot.share_count = 0;
	asked_with(&nas, "size", "1TiB", "share", "x", NULL);
	plan();
	asked_refuses(&nas, 404, "no-such-share", "none is known");
}
END_TEST

START_TEST(many_names)
{
	for (unsigned i = 2; i < SHARES_MAX; i++) {
		struct share *share = snapshot_add_share(&nas.snapshot);
		memset(share->name, 'a', SHARE_LEN - 1);
	}
	asked_with(&nas, "size", "1TiB", "share", "x", NULL);
	plan();
	ck_assert_ptr_nonnull(strstr(parsed_at(nas.json, "/detail"), "Backup, lost, aaaa"));
	ck_assert_ptr_nonnull(strstr(parsed_at(nas.json, "/detail"), "a, ...\""));
}
END_TEST

START_TEST(powershell)
{
	asked_with(&nas, "size", "4.5TiB", "share", "Backup", NULL);
	nas.request.accept = "text/plain";
	plan();
	ck_assert_str_eq(nas.reply.content_type, "text/plain; charset=utf-8");
	const char *text = nas.reply.body.data;
	ck_assert_msg(strstr(text, "\nNew-VHD -Path '\\\\nas\\Backup\\Backup.vhdx' -Fixed -SizeBytes "
				   "2199023255552  # 2.00 TiB"),
		"%s", text);
	ck_assert_msg(
		strstr(text, "\nResize-VHD -Path '\\\\nas\\Backup\\Backup.vhdx' -SizeBytes 4398046511104  #"),
		"%s", text);
	ck_assert_msg(strstr(text, "-SizeBytes 4947802324992  #"), "%s", text);
	for (const char *line = text; *line; line = strchr(line, '\n') + 1)
		ck_assert_msg(
			*line == '#' || !strncmp(line, "New-VHD ", 8) || !strncmp(line, "Resize-VHD ", 11),
			"%s", line);
}
END_TEST

/* whatever the share is called, nothing leaves the quotes or the line */
START_TEST(powershell_is_quoted)
{
	strcpy(nas.snapshot.shares[0].name, "it's \xe2\x80\x99"
					    "a\nb; c");
	strcpy(nas.snapshot.host, "local");
	asked_with(&nas, "size", "1TiB", "share",
		"it's \xe2\x80\x99"
		"a\nb; c",
		NULL);
	nas.request.accept = "text/plain, */*";
	plan();
	ck_assert_msg(strstr(nas.reply.body.data, "'\\\\nas\\it''s \xe2\x80\x99\xe2\x80\x99"
						  "a?b; c\\Backup.vhdx' -Fixed"),
		"%s", nas.reply.body.data);
}
END_TEST

START_TEST(json_is_preferred)
{
	asked_with(&nas, "size", "1TiB", NULL);
	nas.request.accept = "text/html, application/json, text/plain";
	plan();
	ck_assert_str_eq(nas.reply.content_type, "application/json; charset=utf-8");
}
END_TEST

START_TEST(whose_knee)
{
	const struct volume *volume = &nas.snapshot.volumes[0];
	asked_with(&nas, "size", "1TiB", "share", "BACKUP", NULL);
	plan();
	ck_assert_ptr_eq(api_plan_volume(&nas.request), volume);
	asked_with(&nas, "size", "1TiB", "volume", "/c/x", NULL);
	ck_assert_ptr_eq(api_plan_volume(&nas.request), volume);
	asked_with(&nas, "size", "20TiB", "volume", "c", NULL); /* no, whatever the knee */
	ck_assert_ptr_null(api_plan_volume(&nas.request));
	asked_with(&nas, "volume", "c", NULL);
	ck_assert_ptr_null(api_plan_volume(&nas.request));
	asked_with(&nas, "size", "1TiB", "volume", "d", NULL);
	ck_assert_ptr_null(api_plan_volume(&nas.request));
	asked_with(&nas, "size", "1TiB", "share", "lost", NULL);
	ck_assert_ptr_null(api_plan_volume(&nas.request));
	asked_with(&nas, NULL);
	ck_assert_ptr_null(api_plan_volume(&nas.request));
}
END_TEST

START_TEST(when_a_knee_is_known)
{
	struct volume *volume = &nas.snapshot.volumes[0];
	ck_assert(outlook_knee_is_known(volume, NOW_MS));
	ck_assert(!outlook_knee_is_known(volume, volume->knee_ms + 3600000));
	volume->free_bytes -= UINT64_C(54000000001); /* more than 1 % of the volume */
	ck_assert(!outlook_knee_is_known(volume, NOW_MS));
	volume->free_bytes += 2;
	ck_assert(outlook_knee_is_known(volume, NOW_MS));
	volume->knee_bytes = UNKNOWN_U64;
	ck_assert(outlook_knee_is_known(volume, volume->knee_ms + 59999));
	ck_assert(!outlook_knee_is_known(volume, volume->knee_ms + 60000));
	volume->knee_ms = 0;
	ck_assert(!outlook_knee_is_known(volume, NOW_MS));
	strcpy(volume->fstype, "xfs");
	ck_assert(outlook_knee_is_known(volume, NOW_MS));
}
END_TEST

Suite *suite_api_plan(void)
{
	Suite *suite = suite_create("api_plan");
	TCase *tcase = tcase_create("api_plan");
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, the_seed_without_a_volume);
	tcase_add_test(tcase, past_the_knee);
	tcase_add_test(tcase, growing);
	tcase_add_test(tcase, the_knee_moves);
	tcase_add_loop_test(tcase, what_may_be, 0, (int)ARRAY_LEN(limits));
	tcase_add_loop_test(tcase, bad_questions, 0, (int)ARRAY_LEN(bad));
	tcase_add_test(tcase, no_such_volume);
	tcase_add_test(tcase, many_names);
	tcase_add_test(tcase, powershell);
	tcase_add_test(tcase, powershell_is_quoted);
	tcase_add_test(tcase, json_is_preferred);
	tcase_add_test(tcase, whose_knee);
	tcase_add_test(tcase, when_a_knee_is_known);
	suite_add_tcase(suite, tcase);
	return suite;
}
