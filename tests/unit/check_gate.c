/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "judge/gate.h"

Suite *suite_gate(void);

#define NOW_MS UINT64_C(5000000)
#define TIB (UINT64_C(1) << 40)
#define GIB (UINT64_C(1) << 30)

static struct snapshot snapshot;
static struct volume_rates rates;
static struct gate gate;
static struct gate_question question;
static struct gate_answer answer;

static void set_up(void)
{
	gate_start(&gate);
	snapshot_reset(&snapshot);
	snapshot.time_ms = NOW_MS - 100;
	snapshot.clock_ms = 1000000;
	strcpy(snapshot.machine, "x86_64");
	struct volume *volume = snapshot_add_volume(&snapshot);
	strcpy(volume->id, "c");
	strcpy(volume->mount, "/c");
	strcpy(volume->fstype, "ext4");
	strcpy(volume->block, "dm-0");
	volume->read_only = volume->stale = NO;
	volume->size_bytes = 6 * TIB;
	volume->free_bytes = volume->available_bytes = 5 * TIB;
	volume->knee_bytes = 4 * TIB;
	volume->knee_free_bytes = 5 * TIB;
	volume->knee_ms = NOW_MS - 1000;
	rates = (struct volume_rates){.state = VOLUME_IDLE, .settled = YES, .eta_s = UNKNOWN_U64};
	question = (struct gate_question){
		.of = {.snapshot = &snapshot,
			.volume = volume,
			.size_bytes = TIB,
			.client_timeout_s = 60,
			.now_ms = NOW_MS},
		.rates = &rates,
		.file = "a.vhdx",
		.asker = "192.0.2.7",
		.uptime_s = 1000,
	};
}

static enum gate_outcome ask(void)
{
	gate_ask(&gate, &question, &answer);
	size_t length = strlen(answer.reason.text);
	ck_assert_int_eq(length == 0, answer.outcome == GATE_GRANTED);
	ck_assert_msg(
		length < 3 || strcmp(answer.reason.text + length - 3, "..."), "cut: %s", answer.reason.text);
	ck_assert_int_eq(answer.id != 0, answer.outcome == GATE_GRANTED);
	return answer.outcome;
}

START_TEST(grants_what_fits)
{
	ck_assert_int_eq(ask(), GATE_GRANTED);
	ck_assert_uint_eq(answer.outlook.at_once_ms, 15000);
	ck_assert_uint_eq(answer.outlook.plan.budget_ms, 30000);
	ck_assert_uint_eq(answer.id, 1);
	ck_assert_uint_eq(answer.retry_after_s, 0);
}
END_TEST

START_TEST(the_budget_is_half_the_time_out)
{
	question.of.size_bytes = 2 * TIB;
	ck_assert_int_eq(ask(), GATE_GRANTED);
	set_up();
	question.of.size_bytes = 2 * TIB + (UINT64_C(1) << 20);
	ck_assert_int_eq(ask(), GATE_STEP_TOO_LARGE);
	ck_assert_uint_eq(answer.outlook.plan.max_step_bytes, 2 * TIB);
	ck_assert_uint_eq(answer.outlook.plan.step_count, 2);
	ck_assert_uint_eq(answer.retry_after_s, 0);
	question.of.client_timeout_s = 61;
	ck_assert_int_eq(ask(), GATE_GRANTED);
	set_up();
	question.of.client_timeout_s = 2;
	ck_assert_int_eq(ask(), GATE_STEP_TOO_LARGE);
	ck_assert_uint_eq(answer.outlook.plan.max_step_bytes, 68 * GIB);
	/* growth counts, not size */
	question.of.current_bytes = TIB - 68 * GIB;
	ck_assert_int_eq(ask(), GATE_GRANTED);
}
END_TEST

START_TEST(past_the_knee)
{
	snapshot.volumes[0].knee_bytes = TIB / 2;
	ck_assert_int_eq(ask(), GATE_STEP_TOO_LARGE);
	ck_assert_uint_eq(answer.outlook.at_once_ms, 7500 + 750000);
	question.of.size_bytes = TIB / 2;
	ck_assert_int_eq(ask(), GATE_GRANTED);
}
END_TEST

START_TEST(limits_and_space)
{
	question.of.size_bytes = 17 * TIB;
	ck_assert_int_eq(ask(), GATE_BEYOND_LIMIT);
	ck_assert_ptr_nonnull(strstr(answer.reason.text, "16 TiB"));
	question.of.size_bytes = 6 * TIB;
	ck_assert_int_eq(ask(), GATE_NO_SPACE);
	ck_assert_ptr_nonnull(strstr(answer.reason.text, "5.00 TiB"));
	/* the file has tables besides */
	question.of.size_bytes = 5 * TIB;
	ck_assert_int_eq(ask(), GATE_NO_SPACE);
	question.of.size_bytes = 5 * TIB - GIB;
	ck_assert_int_eq(ask(), GATE_STEP_TOO_LARGE);
	question.of.current_bytes = 5 * TIB - GIB;
	ck_assert_int_eq(ask(), GATE_NOTHING);
	snapshot.volumes[0].read_only = YES;
	question.of.current_bytes = 0;
	ck_assert_int_eq(ask(), GATE_READ_ONLY);
}
END_TEST

START_TEST(unknown_space)
{
	snapshot.volumes[0].available_bytes = UNKNOWN_U64;
	ck_assert_int_eq(ask(), GATE_SPACE_UNKNOWN);
	ck_assert_uint_gt(answer.retry_after_s, 0);
	set_up();
	snapshot.volumes[0].stale = YES;
	strcpy(snapshot.volumes[0].space_reason,
		"statfs does not answer: its device, server or FUSE program hangs");
	ck_assert_int_eq(ask(), GATE_SPACE_UNKNOWN);
	ck_assert_ptr_nonnull(strstr(answer.reason.text, "statfs does not answer"));
}
END_TEST

static const struct {
	enum volume_state state;
	enum tri settled;
	uint64_t eta_s, uptime_s;
	enum gate_outcome outcome;
	uint32_t retry_after_s;
	const char *says;
} movements[] = {
	{VOLUME_IDLE, YES, UNKNOWN_U64, 0, GATE_GRANTED, 0, ""},
	{VOLUME_ALLOCATING, NO, UNKNOWN_U64, 1000, GATE_NOT_SETTLED, 5, "/c is allocating"},
	{VOLUME_FREEING, NO, UNKNOWN_U64, 1000, GATE_NOT_SETTLED, 5, "/c is still freeing"},
	{VOLUME_FREEING, NO, 90, 1000, GATE_NOT_SETTLED, 90, "in 90 s"},
	{VOLUME_FREEING, NO, 1, 1000, GATE_NOT_SETTLED, 5, "in 5 s"},
	{VOLUME_FREEING, NO, 100000, 1000, GATE_NOT_SETTLED, 600, "in 600 s"},
	{VOLUME_IDLE, NO, UNKNOWN_U64, 1000, GATE_NOT_SETTLED, 5, "has not come to rest"},
	{VOLUME_IDLE, UNKNOWN, UNKNOWN_U64, 0, GATE_NOT_SETTLED, 15, "not known yet"},
	{VOLUME_IDLE, UNKNOWN, UNKNOWN_U64, 14, GATE_NOT_SETTLED, 1, "not known yet"},
	{VOLUME_IDLE, UNKNOWN, UNKNOWN_U64, 15, GATE_GRANTED, 0, ""},
	{VOLUME_STATE_UNKNOWN, UNKNOWN, UNKNOWN_U64, 3, GATE_NOT_SETTLED, 12, "not known yet"},
};

START_TEST(waits_for_rest)
{
	rates.state = movements[_i].state;
	rates.settled = movements[_i].settled;
	rates.eta_s = movements[_i].eta_s;
	question.uptime_s = movements[_i].uptime_s;
	ck_assert_int_eq(ask(), movements[_i].outcome);
	ck_assert_uint_eq(answer.retry_after_s, movements[_i].retry_after_s);
	ck_assert_msg(strstr(answer.reason.text, movements[_i].says), "%s", answer.reason.text);
}
END_TEST

/* at a later time, with a snapshot of then */
static enum gate_outcome ask_later(uint64_t ms)
{
	question.of.now_ms += ms;
	snapshot.time_ms = question.of.now_ms - 100;
	return ask();
}

START_TEST(a_second_one_waits_for_the_first)
{
	ck_assert_int_eq(ask(), GATE_GRANTED);
	ck_assert_int_eq(ask(), GATE_NOT_SETTLED);
	ck_assert_uint_eq(answer.retry_after_s, 5);
	ck_assert_ptr_nonnull(strstr(answer.reason.text, "has not been seen to begin"));
	ck_assert_int_eq(ask_later(10000), GATE_NOT_SETTLED);
	ck_assert_uint_eq(answer.retry_after_s, 5);
	ck_assert_int_eq(ask_later(19999), GATE_NOT_SETTLED);
	ck_assert_uint_eq(answer.retry_after_s, 1);
	ck_assert_int_eq(ask_later(1), GATE_GRANTED);
	ck_assert_uint_eq(answer.id, 2);
}
END_TEST

START_TEST(a_second_one_after_the_first_was_seen)
{
	struct volume *volume = &snapshot.volumes[0];
	ck_assert_int_eq(ask(), GATE_GRANTED);
	volume->free_bytes -= (64 << 20) - 1;
	ck_assert_int_eq(ask_later(2000), GATE_NOT_SETTLED);
	volume->free_bytes -= 1;
	rates.state = VOLUME_ALLOCATING;
	rates.settled = NO;
	ck_assert_int_eq(ask_later(2000), GATE_NOT_SETTLED);
	rates.state = VOLUME_IDLE;
	ck_assert_int_eq(ask_later(2000), GATE_NOT_SETTLED);
	rates.settled = YES;
	ck_assert_int_eq(ask_later(2000), GATE_GRANTED);
	/* and this is a grant of its own */
	ck_assert_int_eq(ask_later(2000), GATE_NOT_SETTLED);
}
END_TEST

/* a snapshot from before the grant says nothing of it */
START_TEST(an_old_snapshot_shows_nothing)
{
	ck_assert_int_eq(ask(), GATE_GRANTED);
	snapshot.volumes[0].free_bytes -= TIB;
	ck_assert_int_eq(ask(), GATE_NOT_SETTLED);
	snapshot.time_ms = NOW_MS + 1;
	question.of.now_ms = NOW_MS + 2;
	ck_assert_int_eq(ask(), GATE_GRANTED);
}
END_TEST

START_TEST(small_steps_are_seen_too)
{
	question.of.size_bytes = 10 << 20;
	ck_assert_int_eq(ask(), GATE_GRANTED);
	snapshot.volumes[0].free_bytes -= 5 << 20;
	ck_assert_int_eq(ask_later(2000), GATE_GRANTED);
}
END_TEST

START_TEST(each_volume_by_itself)
{
	struct volume *volume = NULL;
	ck_assert_int_eq(ask(), GATE_GRANTED);
	for (unsigned i = 1; i < VOLUMES_MAX; i++) {
		volume = snapshot_add_volume(&snapshot);
		*volume = snapshot.volumes[0];
		snprintf(volume->id, sizeof volume->id, "v%u", i);
		question.of.volume = volume;
		ck_assert_int_eq(ask(), GATE_GRANTED);
		ck_assert_int_eq(ask(), GATE_NOT_SETTLED);
	}
	question.of.volume = &snapshot.volumes[0];
	ck_assert_int_eq(ask(), GATE_NOT_SETTLED);
	/* one that is not there any more loses its place first */
	strcpy(volume->id, "new");
	question.of.volume = volume;
	ck_assert_int_eq(ask(), GATE_GRANTED);
	ck_assert_int_eq(ask(), GATE_NOT_SETTLED);
}
END_TEST

START_TEST(remembers_the_last)
{
	ck_assert_ptr_null(gate_record_at(&gate, 0));
	for (unsigned i = 0; i < 40; i++) {
		question.of.size_bytes = (17 + i) * TIB;
		ask();
	}
	ck_assert_uint_eq(gate_record_at(&gate, 0)->size_bytes, 56 * TIB);
	ck_assert_uint_eq(gate_record_at(&gate, 31)->size_bytes, 25 * TIB);
	ck_assert_ptr_null(gate_record_at(&gate, 32));
	ck_assert_str_eq(gate_outcome_name(gate_record_at(&gate, 0)->outcome), "beyond-limit");
	ck_assert_str_eq(gate_record_at(&gate, 0)->asker, "192.0.2.7");
	ck_assert_uint_eq(gate_record_at(&gate, 0)->clock_ms, 1000100);
}
END_TEST

/* who asks again and again fills one line */
START_TEST(repeated_refusals_are_one)
{
	ck_assert_int_eq(ask(), GATE_GRANTED);
	for (unsigned i = 0; i < 100; i++)
		ck_assert_int_eq(ask(), GATE_NOT_SETTLED);
	ck_assert_uint_eq(gate_record_at(&gate, 0)->times, 100);
	ck_assert_int_eq(gate_record_at(&gate, 1)->outcome, GATE_GRANTED);
	ck_assert_ptr_null(gate_record_at(&gate, 2));
	question.asker = "192.0.2.8";
	ck_assert_int_eq(ask(), GATE_NOT_SETTLED);
	ck_assert_uint_eq(gate_record_at(&gate, 0)->times, 1);
	ck_assert_uint_eq(gate_record_at(&gate, 1)->times, 100);
}
END_TEST

Suite *suite_gate(void)
{
	Suite *suite = suite_create("gate");
	TCase *tcase = tcase_create("gate");
	tcase_add_checked_fixture(tcase, set_up, NULL);
	tcase_add_test(tcase, grants_what_fits);
	tcase_add_test(tcase, the_budget_is_half_the_time_out);
	tcase_add_test(tcase, past_the_knee);
	tcase_add_test(tcase, limits_and_space);
	tcase_add_test(tcase, unknown_space);
	tcase_add_loop_test(tcase, waits_for_rest, 0, (int)ARRAY_LEN(movements));
	tcase_add_test(tcase, a_second_one_waits_for_the_first);
	tcase_add_test(tcase, a_second_one_after_the_first_was_seen);
	tcase_add_test(tcase, an_old_snapshot_shows_nothing);
	tcase_add_test(tcase, small_steps_are_seen_too);
	tcase_add_test(tcase, each_volume_by_itself);
	tcase_add_test(tcase, remembers_the_last);
	tcase_add_test(tcase, repeated_refusals_are_one);
	suite_add_tcase(suite, tcase);
	return suite;
}
