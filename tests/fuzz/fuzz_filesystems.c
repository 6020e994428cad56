/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Answers about file systems: labels, UUIDs, superblocks. max_len: 4096
 */
#include "collect/source_filesystems.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const ids[] = {"root", "c", "mnt-data-1f2e"};
	static struct snapshot snapshot;
	snapshot_reset(&snapshot);
	for (unsigned i = 0; i < ARRAY_LEN(ids); i++)
		strcpy(snapshot_add_volume(&snapshot)->id, ids[i]);
	unsigned lines = filesystems_parse(fuzz_text(data, size), UINT32_MAX, &snapshot);
	MUST(lines <= size && snapshot.volume_count == ARRAY_LEN(ids));
	fuzz_check_snapshot(&snapshot);
	for (unsigned i = 0; i < ARRAY_LEN(ids); i++) {
		const struct volume *volume = &snapshot.volumes[i];
		MUST(!strcmp(volume->id, ids[i]) && volume->size_bytes == UNKNOWN_U64);
		MUST(volume->journal.present == UNKNOWN);
		MUST(lines ||
			(volume->probed != YES && !volume->label[0] && volume->super.present == UNKNOWN));
	}
	return 0;
}
