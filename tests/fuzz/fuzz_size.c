/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Sizes as people write them: what is shown parses back to the same bytes. max_len: 64
 */
#include <errno.h>

#include "common/size.h"
#include "tests/fuzz/fuzz.h"

static void check_round_trip(uint64_t bytes)
{
	char shown[32];
	uint64_t back = 0;
	size_show(bytes, shown, sizeof shown);
	MUST_END(shown);
	/* the largest stands for "unknown" everywhere, so it is no size */
	MUST(bytes == UINT64_MAX || (!size_parse(text_of(shown), &back, NULL) && back == bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = fuzz_text(data, size), numbers = text;
	struct fault fault = {""};
	uint64_t bytes = 77;
	int result = size_parse(text, &bytes, &fault);
	MUST(result == 0 || result == -EINVAL || result == -ERANGE);
	if (result)
		MUST(bytes == 77 && fault.text[0] && memchr(fault.text, 0, sizeof fault.text));
	else
		check_round_trip(bytes);
	MUST(size_parse(text, &bytes, NULL) == result);
	check_round_trip(fuzz_number(&numbers));
	/* round numbers are those that are shown in short */
	check_round_trip(fuzz_number(&numbers) << fuzz_choice(&numbers, 64));
	return 0;
}
