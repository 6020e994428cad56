/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The file of passwords, and passwords. max_len: 512
 */
#include "base/credentials.h"

#include <errno.h>

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct credentials credentials, before;
	struct text rest = fuzz_text(data, size);
	struct text file = fuzz_piece(&rest);
	struct fault fault = {""};
	credentials = before;
	int result = credentials_parse(file, &credentials, &fault);
	if (result) {
		MUST(result == -EBADMSG && fault.text[0]);
		MUST(!memcmp(&credentials, &before, sizeof before));
		return 0;
	}
	MUST_END(credentials.realm);
	MUST(credentials_any(&credentials) == (credentials.realm[0] != 0));
	MUST(!strpbrk(credentials.realm, "\"\\:\r\n"));
	result = credentials_set(&credentials, USER_ADMIN, rest, &fault);
	MUST(result == -EINVAL ||
		(!result && credentials.given[USER_ADMIN] && rest.length >= PASSWORD_LEAST));
	return 0;
}
