/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>

#include "common/plan.h"

Suite *suite_plan(void);

#define TIB (UINT64_C(1) << 40)
#define GIB (UINT64_C(1) << 30)
#define MIB (UINT64_C(1) << 20)

static struct plan_question standard(uint64_t size_bytes)
{
	return (struct plan_question){
		.size_bytes = size_bytes,
		.available_bytes = UINT64_MAX,
		.room = {UINT64_MAX, UINT64_MAX, UINT64_MAX},
		.limit_bytes = UINT64_MAX,
		.cost_ms_per_tib = PLAN_COST_MS_PER_TIB,
		.client_timeout_s = PLAN_CLIENT_TIMEOUT_S,
	};
}

START_TEST(the_seed)
{
	struct plan_question question = standard(UINT64_C(5827411627212)); /* 5.3TiB */
	struct plan plan;
	ck_assert_int_eq(plan_make(&question, &plan), 0);
	ck_assert_uint_eq(plan.step_count, 3);
	ck_assert_uint_eq(plan.steps[0].size_bytes, 2 * TIB);
	ck_assert_uint_eq(plan.steps[0].predicted_ms, 30000);
	ck_assert_uint_eq(plan.steps[1].size_bytes, 4 * TIB);
	ck_assert_uint_eq(plan.steps[2].size_bytes, UINT64_C(5827411627212) / MIB * MIB);
	ck_assert_uint_eq(plan.max_step_bytes, 2 * TIB);
	ck_assert_uint_eq(plan.past_knee_bytes, 0);
}
END_TEST

START_TEST(past_the_knee)
{
	struct plan_question question = standard(5 * TIB);
	struct plan plan;
	question.room.whole_bytes = 4 * TIB + 900 * GIB;
	ck_assert_int_eq(plan_make(&question, &plan), 0);
	ck_assert_uint_eq(plan.past_knee_bytes, 124 * GIB);
	ck_assert_uint_eq(plan.past_knee_ms, 181641); /* 124/1024 TiB at 1500 s */
	for (uint32_t i = 0; i < plan.step_count; i++)
		ck_assert_uint_le(plan.steps[i].predicted_ms, plan.budget_ms);
	ck_assert_uint_eq(plan.steps[plan.step_count - 1].size_bytes, 5 * TIB);
	ck_assert_uint_eq(plan.steps[1].size_bytes, 4 * TIB);
	/* the third one may pass the knee a little: 900 GiB take 13.2 s, the other 16.8 s are 11 GiB */
	ck_assert_uint_eq(plan.steps[2].step_bytes, 911 * GIB);
}
END_TEST

START_TEST(growth_of_a_disk)
{
	struct plan_question question = standard(3 * TIB);
	struct plan plan;
	question.current_bytes = 2 * TIB;
	ck_assert_int_eq(plan_make(&question, &plan), 0);
	ck_assert_uint_eq(plan.step_count, 1);
	ck_assert_uint_eq(plan.steps[0].step_bytes, TIB);
	question.size_bytes = 2 * TIB;
	ck_assert_int_eq(plan_make(&question, &plan), PLAN_E_NOTHING);
}
END_TEST

START_TEST(refusals)
{
	struct plan_question question = standard(65 * TIB);
	struct plan plan;
	ck_assert_int_eq(plan_make(&question, &plan), PLAN_E_LIMIT);
	question = standard(9 * TIB);
	question.limit_bytes = 8 * TIB;
	ck_assert_int_eq(plan_make(&question, &plan), PLAN_E_LIMIT);
	question = standard(2 * TIB);
	question.available_bytes = TIB;
	ck_assert_int_eq(plan_make(&question, &plan), PLAN_E_NO_SPACE);
	ck_assert_uint_eq(plan.max_step_bytes, 2 * TIB);
	question = standard(0);
	ck_assert_int_eq(plan_make(&question, &plan), PLAN_E_NOTHING);
	question = standard(MIB - 1);
	ck_assert_int_eq(plan_make(&question, &plan), PLAN_E_NOTHING);
}
END_TEST

START_TEST(odd_clients)
{
	struct plan_question question = standard(5 * TIB);
	struct plan plan;
	question.client_timeout_s = 2;
	ck_assert_int_eq(plan_make(&question, &plan), 0);
	ck_assert_uint_eq(plan.max_step_bytes, 68 * GIB); /* 1 s at 15 s/TiB is 68.3 GiB */
	ck_assert_uint_eq(plan.step_count + plan.steps_omitted, 76);
	question.client_timeout_s = 0;
	question.room.whole_bytes = 0;
	ck_assert_int_eq(plan_make(&question, &plan), 0);
	ck_assert_uint_eq(plan.step_count, PLAN_STEPS_MAX);
	ck_assert_uint_eq(plan.steps_omitted, 5 * 1024 * 1024 - PLAN_STEPS_MAX);
	question.room.whole_bytes = UINT64_MAX;
	question.size_bytes = PLAN_VHDX_MAX_BYTES;
	ck_assert_int_eq(plan_make(&question, &plan), 0); /* 67 million steps */
	ck_assert_uint_eq(plan.steps_omitted, PLAN_VHDX_MAX_BYTES / MIB - PLAN_STEPS_MAX);
	ck_assert_uint_eq(plan.predicted_ms, PLAN_VHDX_MAX_BYTES / MIB);
	question.size_bytes = 5 * TIB;
	question.client_timeout_s = 4000000000u;
	question.cost_ms_per_tib = UINT32_MAX;
	question.room.whole_bytes = TIB;
	ck_assert_int_eq(plan_make(&question, &plan), 0);
	question.cost_ms_per_tib = 0;
	ck_assert_int_eq(plan_make(&question, &plan), 0);
	ck_assert_uint_eq(plan.step_count, 1);
}
END_TEST

/* steps that are left out count as if each had been walked */
START_TEST(many_steps)
{
	struct plan_question question = standard(60 * TIB + 5 * MIB);
	struct plan plan, walked = {0};
	question.client_timeout_s = 3;
	question.room = (struct plan_room){
		40 * TIB + 7 * GIB + 3 * MIB, 50 * TIB + 3 * GIB + MIB, 9 * TIB /* 2457 times */};
	ck_assert_int_eq(plan_make(&question, &plan), 0);
	struct plan_room room = question.room;
	for (uint64_t at = 0, step; at < question.size_bytes; at += step) {
		step = plan_max_step(&room, PLAN_COST_MS_PER_TIB, plan.budget_ms);
		step = step < question.size_bytes - at ? step : question.size_bytes - at;
		walked.step_count++;
		walked.predicted_ms += plan_step_ms(step, &room, PLAN_COST_MS_PER_TIB);
		room.whole_bytes -= step < room.whole_bytes ? step : room.whole_bytes;
		room.coarse_bytes -= step < room.coarse_bytes ? step : room.coarse_bytes;
	}
	ck_assert_uint_eq(plan.step_count + plan.steps_omitted, walked.step_count);
	ck_assert_uint_eq(plan.predicted_ms, walked.predicted_ms);
}
END_TEST

START_TEST(the_largest_step_is_within_its_budget)
{
	for (uint64_t whole = 0; whole < 6 * TIB; whole += 97 * GIB)
		for (uint64_t budget = 500; budget < 120000; budget = budget * 3 / 2) {
			const struct plan_room room = {
				whole, _i ? whole + 70 * GIB : UINT64_MAX, _i == 2 ? 7 * TIB : UINT64_MAX};
			uint64_t step = plan_max_step(&room, PLAN_COST_MS_PER_TIB, budget);
			ck_assert_uint_le(plan_step_ms(step, &room, PLAN_COST_MS_PER_TIB), budget);
			ck_assert_uint_gt(plan_step_ms(step + GIB, &room, PLAN_COST_MS_PER_TIB), budget);
		}
}
END_TEST

/* as measured on 5.4 TiB (c = 0.7 s/TiB): 60 s/TiB past the knee, 1100 where pieces of 8 MiB have run out */
START_TEST(where_large_pieces_run_out)
{
	struct plan_room room = {0, 16 * GIB, UINT64_C(5937362789376)};
	ck_assert_uint_eq(plan_step_ms(16 * GIB, &room, 700), 1094);
	ck_assert_uint_eq(plan_step_ms(24 * GIB, &room, 700), 1094 + 8061);
	room.coarse_bytes = UINT64_MAX; /* not known */
	ck_assert_uint_eq(plan_step_ms(24 * GIB, &room, 700), 1641);
	room.coarse_bytes = 0;
	room.volume_bytes = UINT64_C(270564456448); /* 252 GiB: 2,016 groups */
	ck_assert_uint_eq(plan_step_ms(16 * GIB, &room, 700), 1094);
}
END_TEST

Suite *suite_plan(void)
{
	Suite *suite = suite_create("plan");
	TCase *tcase = tcase_create("plan");
	tcase_add_test(tcase, the_seed);
	tcase_add_test(tcase, past_the_knee);
	tcase_add_test(tcase, growth_of_a_disk);
	tcase_add_test(tcase, refusals);
	tcase_add_test(tcase, odd_clients);
	tcase_add_test(tcase, many_steps);
	tcase_add_loop_test(tcase, the_largest_step_is_within_its_budget, 0, 3);
	tcase_add_test(tcase, where_large_pieces_run_out);
	suite_add_tcase(suite, tcase);
	return suite;
}
