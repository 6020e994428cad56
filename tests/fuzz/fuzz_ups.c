/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What NUT's server says, and how a UPS is named. max_len: 1024
 */
#include "collect/source_ups.h"
#include "tests/fuzz/fuzz.h"

static void check(const struct ups *ups, int result, const struct fault *fault)
{
	MUST(result == 0 || result == SOURCE_E_ABSENT || result == SOURCE_E_STALE);
	MUST_END(ups->name);
	MUST_END(ups->reason);
	MUST(ups->present <= UNKNOWN && ups->on_battery <= UNKNOWN && ups->battery_low <= UNKNOWN);
	MUST(ups->charge_percent == UNKNOWN_U32 || ups->charge_percent <= 100);
	if (!result) {
		MUST(ups->present == YES || (ups->present == NO && ups->reason[0]));
		return;
	}
	MUST(fault->text[0] && memchr(fault->text, 0, sizeof fault->text) && ups->reason[0]);
	MUST(ups->present == UNKNOWN);
	MUST(ups->on_battery == UNKNOWN && ups->battery_low == UNKNOWN);
	MUST(ups->charge_percent == UNKNOWN_U32 && ups->runtime_s == UNKNOWN_U32);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = fuzz_text(data, size), talk = fuzz_piece(&rest);
	struct ups_target first, named;
	struct fault fault = {""};
	struct ups ups;
	MUST(!ups_target_parse(TEXT(""), &first, &fault) && !first.name[0]);
	int result = ups_parse(talk, &first, &ups, &fault);
	check(&ups, result, &fault);
	MUST(!ups_target_parse(TEXT("ups"), &named, &fault) && !strcmp(named.name, "ups"));
	result = ups_parse(talk, &named, &ups, &fault);
	check(&ups, result, &fault);
	MUST(!strcmp(ups.name, "ups") || !ups.name[0]);
	if (!ups_target_parse(rest, &named, &fault))
		MUST(named.address.ss_family == AF_INET || named.address.ss_family == AF_INET6);
	return 0;
}
