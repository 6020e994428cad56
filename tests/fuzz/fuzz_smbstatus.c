/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What smbstatus prints. max_len: 8192
 */
#include "collect/smbstatus.h"

#include <errno.h>

#include "tests/fuzz/fuzz.h"

static struct snapshot machine;

static void check(struct text text)
{
	static struct smbstatus status;
	static struct snapshot snapshot;
	memset(&status, 0xff, sizeof status);
	int result = smbstatus_parse(text, &machine, &status);
	MUST(!result || result == -EBADMSG);
	if (result)
		return;
	MUST_END(status.server);
	MUST(status.client_count <= CLIENTS_MAX);
	MUST(status.kept_sessions <= SMBSTATUS_SESSIONS_MAX && status.kept_trees <= SMBSTATUS_TREES_MAX);
	MUST(status.sessions <= text.length && status.open_files <= text.length);
	for (uint32_t i = 0; i < status.client_count; i++) {
		struct text address = text_of(status.clients[i].address);
		char again[ADDRESS_LEN];
		MUST_END(status.clients[i].address);
		MUST(smbstatus_address(address, again) && text_is(address, again));
	}
	snapshot_reset(&snapshot);
	strcpy(snapshot_add_client(&snapshot)->address, "10.0.0.5");
	smbstatus_apply(&status, 1000, &snapshot);
	MUST(snapshot.client_count == 1);
	fuzz_check_snapshot(&snapshot);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = fuzz_text(data, size);
	char address[ADDRESS_LEN];
	if (!machine.share_count) {
		snapshot_reset(&machine);
		struct share *share = snapshot_add_share(&machine);
		strcpy(share->name, "Backup");
		strcpy(share->path, "/c/Backup");
	}
	check(text);
	if (smbstatus_address(text, address))
		MUST(memchr(address, 0, sizeof address) && address[0]);
	return 0;
}
