/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Bodies of requests: what our reader accepts, json-c accepts too, and reads the same. max_len: 512
 */
#include "common/json_read.h"

#include <errno.h>
#include <stdio.h>

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[32], shown[64];
	memset(text, 'x', sizeof text);
	uint64_t number = 77, bytes = 78;
	struct json_member members[] = {
		{.name = "share", .kind = JSON_READ_TEXT, .text = text, .text_size = sizeof text},
		{.name = "timeout", .kind = JSON_READ_NUMBER, .number = &number},
		{.name = "size", .kind = JSON_READ_SIZE, .number = &bytes},
	};
	struct fault fault = {""};
	struct text rest = fuzz_text(data, size);
	int result = json_read_object(rest, members, ARRAY_LEN(members), &fault);
	MUST(!result || (result == -EINVAL && fault.text[0]));
	MUST_END(fault.text);
	if (result)
		return 0;
	MUST(!memchr(data, 0, size));
	autofree char *body = fuzz_string(&rest);
	fuzz_check_json(body);
	MUST(members[0].given || text[0] == 'x');
	MUST(members[1].given || number == 77);
	MUST(members[2].given || bytes == 78);
	if (members[0].given) {
		MUST_END(text);
		fuzz_check_member(body, "share", text);
	}
	MUST(number <= INT64_MAX);
	snprintf(shown, sizeof shown, "%llu", (unsigned long long)number);
	if (members[1].given)
		fuzz_check_member(body, "timeout", shown);
	return 0;
}
