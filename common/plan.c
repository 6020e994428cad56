/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/plan.h"

#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)
#define MIB_PER_TIB (UINT64_C(1) << 20)

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* a MiB of a growth costs cost / 2^20 ms; rounded up, and sums that overflow stay at the top */
static uint64_t part_ms(uint64_t bytes, uint64_t cost_ms_per_tib)
{
	uint64_t mib = bytes / MIB + (bytes % MIB ? 1 : 0), ms;
	if (__builtin_mul_overflow(mib, cost_ms_per_tib, &ms))
		return UINT64_MAX;
	return ms / MIB_PER_TIB + (ms % MIB_PER_TIB ? 1 : 0);
}

uint64_t plan_step_ms(uint64_t step_bytes, uint64_t whole_bytes, uint32_t cost_ms_per_tib)
{
	uint64_t before = smaller(step_bytes, whole_bytes), sum;
	uint64_t steep = (uint64_t)cost_ms_per_tib * PLAN_PAST_KNEE_FACTOR;
	if (__builtin_add_overflow(
		    part_ms(before, cost_ms_per_tib), part_ms(step_bytes - before, steep), &sum))
		return UINT64_MAX;
	return sum;
}

static uint64_t affordable(uint64_t budget_ms, uint64_t cost_ms_per_tib)
{
	uint64_t mib;
	if (!cost_ms_per_tib || __builtin_mul_overflow(budget_ms, MIB_PER_TIB, &mib))
		return PLAN_VHDX_MAX_BYTES;
	return smaller(mib / cost_ms_per_tib, PLAN_VHDX_MAX_BYTES / MIB) * MIB;
}

uint64_t plan_max_step(uint64_t whole_bytes, uint32_t cost_ms_per_tib, uint64_t budget_ms)
{
	uint64_t step = affordable(budget_ms, cost_ms_per_tib);
	if (step > whole_bytes) {
		uint64_t left_ms = budget_ms - smaller(budget_ms, part_ms(whole_bytes, cost_ms_per_tib));
		step = smaller(PLAN_VHDX_MAX_BYTES, whole_bytes) +
		       affordable(left_ms, (uint64_t)cost_ms_per_tib * PLAN_PAST_KNEE_FACTOR);
	}
	return step >= GIB ? step / GIB * GIB : step / MIB * MIB;
}

static void add_step(struct plan *plan, uint64_t size_bytes, uint64_t step_bytes, uint64_t predicted_ms)
{
	plan->predicted_ms += smaller(predicted_ms, UINT64_MAX - plan->predicted_ms);
	if (plan->step_count == PLAN_STEPS_MAX)
		plan->steps_omitted++;
	else
		plan->steps[plan->step_count++] = (struct plan_step){size_bytes, step_bytes, predicted_ms};
}

/* How many steps of this size follow on each other; 0 for the few of which each is different. */
static uint64_t alike(uint64_t step, uint64_t whole, uint64_t rest)
{
	if (whole && whole != UINT64_MAX && rest > whole)
		rest = whole;
	/* the last before the knee may reach over it */
	uint64_t last = whole && whole != UINT64_MAX ? 1 : 0;
	return rest / step > last ? rest / step - last : 0;
}

static void omit_steps(struct plan *plan, uint64_t count, uint64_t each_ms)
{
	uint64_t ms;
	if (__builtin_mul_overflow(count, each_ms, &ms))
		ms = UINT64_MAX;
	plan->predicted_ms += smaller(ms, UINT64_MAX - plan->predicted_ms);
	plan->steps_omitted += (uint32_t)count;
}

static void walk(const struct plan_question *question, uint64_t size_bytes, struct plan *plan)
{
	uint64_t at = question->current_bytes, whole = question->whole_bytes;
	while (at < size_bytes) {
		uint64_t step = plan_max_step(whole, question->cost_ms_per_tib, plan->budget_ms);
		step = smaller(step ? step : MIB, size_bytes - at);
		uint64_t step_ms = plan_step_ms(step, whole, question->cost_ms_per_tib);
		uint64_t count = plan->step_count == PLAN_STEPS_MAX ? alike(step, whole, size_bytes - at) : 0;
		if (count)
			omit_steps(plan, count, step_ms); /* no need to walk a million of them */
		else
			add_step(plan, at + step, step, step_ms);
		step *= count ? count : 1;
		at += step;
		if (whole != UINT64_MAX)
			whole -= smaller(whole, step);
	}
}

int plan_make(const struct plan_question *question, struct plan *ret_plan)
{
	uint64_t size_bytes = question->size_bytes / MIB * MIB;
	*ret_plan = (struct plan){.budget_ms = (uint64_t)question->client_timeout_s * 1000 / 2};
	ret_plan->max_step_bytes =
		plan_max_step(question->whole_bytes, question->cost_ms_per_tib, ret_plan->budget_ms);
	if (size_bytes > PLAN_VHDX_MAX_BYTES || size_bytes > question->limit_bytes)
		return PLAN_E_LIMIT;
	if (size_bytes <= question->current_bytes)
		return PLAN_E_NOTHING;
	uint64_t growth = size_bytes - question->current_bytes;
	if (growth > question->available_bytes)
		return PLAN_E_NO_SPACE;
	walk(question, size_bytes, ret_plan);
	if (growth > question->whole_bytes)
		ret_plan->past_knee_bytes = growth - question->whole_bytes;
	ret_plan->past_knee_ms = part_ms(
		ret_plan->past_knee_bytes, (uint64_t)question->cost_ms_per_tib * PLAN_PAST_KNEE_FACTOR);
	return 0;
}
