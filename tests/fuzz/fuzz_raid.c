/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * /proc/mdstat. max_len: 4096
 */
#include "collect/source_raid.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct snapshot snapshot;
	snapshot_reset(&snapshot);
	int result = raid_parse_mdstat(fuzz_text(data, size), &snapshot);
	MUST(result <= 0);
	MUST(!result || (!snapshot.raid_count && !snapshot.raids_omitted));
	fuzz_check_snapshot(&snapshot);
	for (uint32_t i = 0; i < snapshot.raid_count; i++) {
		const struct raid *raid = &snapshot.raids[i];
		MUST(raid->name[0]);
		MUST(raid->sync_percent_hundredths == UNKNOWN_U32 || raid->sync[0]);
		MUST(raid->active == UNKNOWN_U32 || raid->active <= raid->members);
		MUST(raid->degraded != NO || raid->active == raid->members);
	}
	return 0;
}
