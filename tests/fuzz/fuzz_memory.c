/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * /proc/meminfo, and the three files of writeback. max_len: 4096
 */
#include "collect/source_memory.h"
#include "collect/source_writeback.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct snapshot empty;
	struct text rest = fuzz_text(data, size), ratio, bytes;
	snapshot_reset(&empty);
	struct memory memory = empty.memory;
	uint64_t min_free = size % 2 ? UNKNOWN_U64 : UINT64_C(1) << (size % 64);
	if (memory_parse(rest, min_free, &memory))
		MUST(!memcmp(&memory, &empty.memory, sizeof memory));
	MUST(memory.available_estimated <= UNKNOWN);
	MUST((memory.available_bytes == UNKNOWN_U64) == (memory.available_estimated == UNKNOWN));
	/* what is told is told in KiB */
	MUST(memory.total_bytes == UNKNOWN_U64 || memory.total_bytes % 1024 == 0);
	MUST(memory.swap_used_bytes == UNKNOWN_U64 || memory.swap_used_bytes % 1024 == 0);
	MUST(memory.dirty_limit_bytes == UNKNOWN_U64);
	memory = empty.memory;
	ratio = fuzz_piece(&rest);
	bytes = fuzz_piece(&rest);
	writeback_parse(ratio, bytes, rest, &memory);
	MUST(memory.total_bytes == UNKNOWN_U64 && memory.dirty_bytes == UNKNOWN_U64);
	MUST(memory.dirty_limit_bytes == UNKNOWN_U64 || memory.dirty_limit_percent == UNKNOWN_U32);
	return 0;
}
