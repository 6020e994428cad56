/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * /proc/self/mountinfo and /proc/mounts. max_len: 16384
 */
#include "collect/source_mounts.h"
#include "tests/fuzz/fuzz.h"

static struct snapshot snapshot;

static void check(void)
{
	fuzz_check_snapshot(&snapshot);
	for (uint32_t i = 0; i < snapshot.volume_count; i++) {
		const struct volume *volume = &snapshot.volumes[i];
		char id[ID_LEN];
		MUST(volume->mount[0] == '/');
		MUST(volume->size_bytes == UNKNOWN_U64 && volume->probed != YES);
		mounts_volume_id(volume->mount, id, sizeof id);
		MUST(!strcmp(id, volume->id));
		MUST(snapshot_find_volume(&snapshot, id) == volume);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = fuzz_text(data, size);
	snapshot_reset(&snapshot);
	unsigned bad = mounts_parse_mountinfo(text, &snapshot);
	MUST(bad <= size + 1 && snapshot.volume_count + snapshot.volumes_omitted <= size);
	check();
	snapshot_reset(&snapshot);
	mounts_parse_mounts(text, &snapshot);
	check();
	return 0;
}
