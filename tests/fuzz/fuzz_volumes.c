/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Answers of statfs, and of the child that reads block groups. max_len: 2048
 */
#include "collect/source_knee.h"
#include "collect/source_volumes.h"
#include "tests/fuzz/fuzz.h"

#define COUNT 3

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const ids[COUNT] = {"root", "c", "mnt-data-1f2e"};
	static struct snapshot snapshot;
	struct text text = fuzz_text(data, size);
	snapshot_reset(&snapshot);
	for (unsigned i = 0; i < COUNT; i++)
		strcpy(snapshot_add_volume(&snapshot)->id, ids[i]);
	uint32_t told = volumes_parse_statfs(text, &snapshot);
	MUST(told < 1u << COUNT && snapshot.volume_count == COUNT);
	fuzz_check_snapshot(&snapshot);
	for (unsigned i = 0; i < COUNT; i++) {
		const struct volume *volume = &snapshot.volumes[i];
		bool known = volume->size_bytes != UNKNOWN_U64;
		MUST(known == (volume->free_bytes != UNKNOWN_U64));
		MUST(known == (volume->available_bytes != UNKNOWN_U64));
		MUST((told & 1u << i) || (!known && !volume->space_reason[0]));
		MUST(!known || volume->free_bytes <= volume->size_bytes);
	}
	knee_parse(text, &snapshot.volumes[1]);
	MUST_END(snapshot.volumes[1].knee_reason);
	MUST(snapshot.volumes[1].knee_bytes != UNKNOWN_U64 || snapshot.volumes[1].knee_reason[0]);
	return 0;
}
