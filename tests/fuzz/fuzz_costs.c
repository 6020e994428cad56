/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The record of what allocating costs, as somebody may have changed it: what is read is within its limits, is
 * written back the same, and can be learned on. max_len: 4096
 */
#include <errno.h>
#include <stdio.h>

#include "enforce/learned.h"
#include "tests/fuzz/fuzz.h"

static void check_cost(const struct cost *cost)
{
	char line[COST_TEXT_LEN];
	struct cost back = {.count = 77};
	MUST(cost->count <= COST_SAMPLES_MAX);
	MUST(cost_write(cost, line, sizeof line));
	MUST(cost_read(text_of(line), &back) && back.count == cost->count);
	for (uint32_t i = 0; i < cost->count; i++)
		MUST(back.samples[i].clock_ms == cost->samples[i].clock_ms &&
			back.samples[i].us_per_gib == cost->samples[i].us_per_gib);
	uint32_t ms = cost_ms_per_tib(cost);
	MUST(ms && (ms == UINT32_MAX) == !cost->count);
}

static void learn(struct learned *learned, struct text numbers)
{
	static struct volume volume;
	snprintf(volume.uuid, sizeof volume.uuid, "%s", learned->count ? learned->volumes[0].key : "new");
	volume.knee_bytes = UNKNOWN_U64;
	for (unsigned i = 0; i < 12; i++) {
		uint64_t bytes = fuzz_number(&numbers), us = fuzz_number(&numbers);
		bool taken = learned_add(learned, &volume, bytes, us, i);
		MUST(!taken || learned->volumes[0].cost.count);
		MUST(learned->count <= LEARNED_VOLUMES_MAX);
	}
	for (uint32_t i = 0; i < learned->count; i++)
		check_cost(&learned->volumes[i].cost);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct learned learned, back;
	char record[LEARNED_TEXT_MAX];
	struct text text = fuzz_text(data, size), numbers = text, line = fuzz_piece(&numbers);
	struct fault fault = {""};
	struct cost cost = {.count = 77};
	if (cost_read(line, &cost))
		check_cost(&cost);
	else
		MUST(cost.count == 77);
	int result = learned_read(&learned, text, &fault);
	MUST(result == 0 || (result == -EBADMSG && fault.text[0] && !learned.count));
	MUST_END(fault.text);
	learn(&learned, numbers);
	learned_write(&learned, record);
	MUST_END(record);
	MUST(!learned_read(&back, text_of(record), &fault) && back.count == learned.count);
	return 0;
}
