/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Who may ask: peers, Host and Origin headers, lists of networks and names. max_len: 512
 */
#include "serve/access.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <strings.h>

#include "tests/fuzz/fuzz.h"

static bool is_address(const char *peer)
{
	unsigned char bytes[16];
	char plain[128];
	snprintf(plain, sizeof plain, "%s", peer);
	/* a scope belongs to a link-local address */
	plain[strcspn(plain, "%")] = 0;
	return inet_pton(AF_INET, plain, bytes) == 1 || inet_pton(AF_INET6, plain, bytes) == 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct access access;
	struct text rest = fuzz_text(data, size);
	struct fault fault = {""};
	autofree char *allow = fuzz_string(&rest), *names = fuzz_string(&rest), *peer = fuzz_string(&rest);
	autofree char *host = fuzz_string(&rest), *origin = fuzz_string(&rest), *own = fuzz_string(&rest);
	access_start(&access, own);
	MUST(access.network_count == 8 && access_may_read(&access, "127.0.0.1"));
	MUST(!access_may_read(&access, "8.8.8.8") && !access_may_read(&access, "2001:4860::8888"));
	int result = access_allow(&access, allow, &fault);
	MUST(!result || (result == -EINVAL && fault.text[0]));
	result = access_add_names(&access, names, &fault);
	MUST(!result || (result == -EINVAL && fault.text[0]));
	MUST(access.network_count <= ACCESS_NETWORKS_MAX && access.name_count <= ACCESS_NAMES_MAX);
	for (unsigned i = 0; i < access.network_count; i++)
		MUST(access.networks[i].bits <= 128);
	for (unsigned i = 0; i < access.name_count; i++)
		MUST_END(access.names[i]);
	MUST(!access_may_read(&access, peer) || is_address(peer));
	if (access_host_is_ours(&access, host))
		MUST(!strpbrk(text_trim(text_of(host)).length ? host : "/", "/\\@<>\"'?#"));
	if (access_origin_matches(origin, host))
		MUST(!strncasecmp(origin, "http", 4) && host[0] && !access_origin_matches("null", host));
	return 0;
}
