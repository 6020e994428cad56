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

static uint64_t minus(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

static uint64_t sum(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* how many times c the space past V costs */
static uint64_t crumbs_factor(const struct plan_room *room)
{
	uint64_t groups = room->volume_bytes == UINT64_MAX ? 0 : room->volume_bytes / PLAN_GROUP_BYTES;
	uint64_t factor = groups / PLAN_GROUPS_PER_FACTOR;
	return factor > PLAN_PAST_KNEE_FACTOR ? factor : PLAN_PAST_KNEE_FACTOR;
}

uint64_t plan_step_ms(uint64_t step_bytes, const struct plan_room *room, uint32_t cost_ms_per_tib)
{
	uint64_t cost = cost_ms_per_tib, before = smaller(step_bytes, room->whole_bytes);
	uint64_t crumbs = minus(step_bytes - before, minus(room->coarse_bytes, room->whole_bytes));
	return sum(part_ms(before, cost),
		sum(part_ms(step_bytes - before - crumbs, cost * PLAN_PAST_KNEE_FACTOR),
			part_ms(crumbs, cost * crumbs_factor(room))));
}

static uint64_t affordable(uint64_t budget_ms, uint64_t cost_ms_per_tib)
{
	uint64_t mib;
	if (!cost_ms_per_tib || __builtin_mul_overflow(budget_ms, MIB_PER_TIB, &mib))
		return PLAN_VHDX_MAX_BYTES;
	return smaller(mib / cost_ms_per_tib, PLAN_VHDX_MAX_BYTES / MIB) * MIB;
}

uint64_t plan_max_step(const struct plan_room *room, uint32_t cost_ms_per_tib, uint64_t budget_ms)
{
	const uint64_t parts[] = {
		room->whole_bytes, minus(room->coarse_bytes, room->whole_bytes), UINT64_MAX};
	const uint64_t factors[] = {1, PLAN_PAST_KNEE_FACTOR, crumbs_factor(room)};
	uint64_t step = 0;
	for (unsigned i = 0; i < 3; i++) {
		uint64_t cost = cost_ms_per_tib * factors[i], part = affordable(budget_ms, cost);
		if (part <= parts[i]) {
			step += part;
			break;
		}
		step += smaller(parts[i], PLAN_VHDX_MAX_BYTES);
		budget_ms = minus(budget_ms, part_ms(parts[i], cost));
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

/* How many steps of this size follow on each other, up to where the next costs another amount (0: nowhere);
 * 0 for the few of which each is different. */
static uint64_t alike(uint64_t step, uint64_t edge, uint64_t rest)
{
	if (edge && edge != UINT64_MAX && rest > edge)
		rest = edge;
	/* the last before the edge may reach over it */
	uint64_t last = edge && edge != UINT64_MAX ? 1 : 0;
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

static void take_room(struct plan_room *room, uint64_t step)
{
	if (room->whole_bytes != UINT64_MAX)
		room->whole_bytes = minus(room->whole_bytes, step);
	if (room->coarse_bytes != UINT64_MAX)
		room->coarse_bytes = minus(room->coarse_bytes, step);
}

static void walk(const struct plan_question *question, uint64_t size_bytes, struct plan *plan)
{
	struct plan_room room = question->room;
	uint64_t at = question->current_bytes;
	while (at < size_bytes) {
		uint64_t step = plan_max_step(&room, question->cost_ms_per_tib, plan->budget_ms);
		step = smaller(step ? step : MIB, size_bytes - at);
		uint64_t step_ms = plan_step_ms(step, &room, question->cost_ms_per_tib), count = 0;
		if (plan->step_count == PLAN_STEPS_MAX)
			count = alike(step, room.whole_bytes ? room.whole_bytes : room.coarse_bytes,
				size_bytes - at);
		if (count)
			omit_steps(plan, count, step_ms); /* no need to walk a million of them */
		else
			add_step(plan, at + step, step, step_ms);
		step *= count ? count : 1;
		at += step;
		take_room(&room, step);
	}
}

int plan_make(const struct plan_question *question, struct plan *ret_plan)
{
	uint64_t size_bytes = question->size_bytes / MIB * MIB;
	*ret_plan = (struct plan){.budget_ms = (uint64_t)question->client_timeout_s * 1000 / 2};
	ret_plan->max_step_bytes =
		plan_max_step(&question->room, question->cost_ms_per_tib, ret_plan->budget_ms);
	if (size_bytes > PLAN_VHDX_MAX_BYTES || size_bytes > question->limit_bytes)
		return PLAN_E_LIMIT;
	if (size_bytes <= question->current_bytes)
		return PLAN_E_NOTHING;
	uint64_t growth = size_bytes - question->current_bytes;
	if (growth > question->available_bytes)
		return PLAN_E_NO_SPACE;
	walk(question, size_bytes, ret_plan);
	ret_plan->past_knee_bytes = minus(growth, question->room.whole_bytes);
	ret_plan->past_knee_ms = minus(plan_step_ms(growth, &question->room, question->cost_ms_per_tib),
		part_ms(growth - ret_plan->past_knee_bytes, question->cost_ms_per_tib));
	return 0;
}
