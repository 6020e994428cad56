/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The 110-character rule: paths given, and paths built from server, share, folder and host. max_len: 2048
 */
#include "common/path_rule.h"

#include <errno.h>

#include "tests/fuzz/fuzz.h"

static void check_case(int result, const struct path_case *of, const struct fault *fault)
{
	char says[PATH_RULE_SAYS_LEN];
	uint32_t units;
	if (result) {
		MUST(result == -EINVAL && fault->text[0] && of->relative == 77);
		return;
	}
	MUST_END(of->path);
	MUST(path_rule_units(text_of(of->path), &units));
	MUST(!of->has_server || of->full == units);
	MUST(of->relative < units && of->at_root >= 18);
	MUST((of->verdict == PATH_TOO_LONG) == (of->relative > PATH_RULE_MOST));
	MUST((path_rule_remedy(of) != NULL) == (of->verdict == PATH_TOO_LONG));
	path_rule_message(of, says);
	MUST_END(says);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = fuzz_text(data, size);
	struct text server = fuzz_piece(&rest), share = fuzz_piece(&rest), folder = fuzz_piece(&rest);
	static struct path_case of, again;
	struct fault fault = {""};
	of.relative = 77;
	int result = path_rule_built(server, share, folder, rest, &of, &fault);
	check_case(result, &of, &fault);
	/* what was built is judged alike when it is given */
	if (!result && of.has_server) {
		MUST(!path_rule_given(text_of(of.path), &again, &fault));
		MUST(of.relative == again.relative && of.full == again.full && of.verdict == again.verdict);
	}
	of.relative = 77;
	check_case(path_rule_given(fuzz_text(data, size), &of, &fault), &of, &fault);
	return 0;
}
