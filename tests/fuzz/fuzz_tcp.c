/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Tables of TCP connections: /proc/net/tcp, and the kernel's datagrams. max_len: 2048
 */
#include <errno.h>

#include "collect/source_connections.h"
#include "tests/fuzz/fuzz.h"

static void each(const struct tcp_connection *connection, void *arg)
{
	char address[ADDRESS_LEN];
	connections_show_address(connection, address);
	MUST_END(address);
	MUST(address[0] && strspn(address, "0123456789abcdef:.") == strlen(address));
	++*(size_t *)arg;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = fuzz_text(data, size);
	size_t count = 0;
	int result = connections_parse_proc(text, each, &count);
	MUST(result == 0 || result == -EBADMSG);
	MUST(count <= size / 20);
	count = 0;
	result = tcp_diag_parse(text.at, size, each, &count);
	MUST(result <= 1 && count <= size / 16);
	/* the same at an odd address: a packed buffer has no alignment */
	autofree char *odd = malloc(size + 1);
	size_t again = 0;
	MUST(odd != NULL);
	if (size)
		memcpy(odd + 1, data, size);
	MUST(tcp_diag_parse(odd + 1, size, each, &again) == result && again == count);
	return 0;
}
