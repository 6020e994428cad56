/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Ladders of steps, for any numbers: the steps add up, and none before the knee outlasts the client. max_len:
 * 80
 */
#include "common/plan.h"
#include "tests/fuzz/fuzz.h"

#define MIB (UINT64_C(1) << 20)

static void check_steps(const struct plan_question *question, const struct plan *plan)
{
	struct plan_room room = question->room;
	uint64_t at = question->current_bytes, ms = 0;
	for (uint32_t i = 0; i < plan->step_count; i++) {
		const struct plan_step *step = &plan->steps[i];
		MUST(step->step_bytes > 0 && step->size_bytes == at + step->step_bytes);
		MUST(step->predicted_ms == plan_step_ms(step->step_bytes, &room, question->cost_ms_per_tib));
		/* a MiB is the least that can be done */
		MUST(step->predicted_ms <= plan->budget_ms || step->step_bytes <= MIB);
		at = step->size_bytes;
		if (room.whole_bytes != UINT64_MAX)
			room.whole_bytes -=
				step->step_bytes < room.whole_bytes ? step->step_bytes : room.whole_bytes;
		if (room.coarse_bytes != UINT64_MAX)
			room.coarse_bytes -=
				step->step_bytes < room.coarse_bytes ? step->step_bytes : room.coarse_bytes;
		if (__builtin_add_overflow(ms, step->predicted_ms, &ms))
			ms = UINT64_MAX;
	}
	MUST(plan->step_count && at <= question->size_bytes);
	MUST(plan->steps_omitted ? plan->predicted_ms >= ms && plan->step_count == PLAN_STEPS_MAX
				 : plan->predicted_ms == ms && at == question->size_bytes / MIB * MIB);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = fuzz_text(data, size);
	struct plan_question question = {
		.size_bytes = fuzz_number(&rest),
		.current_bytes = fuzz_number(&rest),
		.available_bytes = fuzz_number(&rest),
		.room = {fuzz_number(&rest), fuzz_number(&rest), fuzz_number(&rest)},
		.limit_bytes = fuzz_number(&rest),
		.cost_ms_per_tib = (uint32_t)fuzz_number(&rest),
		.client_timeout_s = (uint32_t)fuzz_number(&rest),
	};
	static struct plan plan;
	int result = plan_make(&question, &plan);
	uint64_t growth = question.size_bytes / MIB * MIB - question.current_bytes;
	MUST(plan.budget_ms == (uint64_t)question.client_timeout_s * 500);
	MUST(!plan.max_step_bytes || plan_step_ms(plan.max_step_bytes, &question.room,
					     question.cost_ms_per_tib) <= plan.budget_ms);
	if (result) {
		MUST(result > 0 && result <= PLAN_E_NO_SPACE && !plan.step_count && !plan.predicted_ms);
		return 0;
	}
	MUST(growth <= question.available_bytes && question.size_bytes / MIB * MIB <= question.limit_bytes);
	MUST(plan.past_knee_bytes ==
		(growth > question.room.whole_bytes ? growth - question.room.whole_bytes : 0));
	check_steps(&question, &plan);
	return 0;
}
