/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * /proc/diskstats and a cache's mode. max_len: 8192
 */
#include "collect/source_disks.h"
#include "tests/fuzz/fuzz.h"

static bool is_disk(const char *name, void *arg)
{
	(void)arg;
	size_t length = strlen(name);
	return length && (name[length - 1] < '0' || name[length - 1] > '9');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct snapshot snapshot;
	struct text text = fuzz_text(data, size);
	snapshot_reset(&snapshot);
	for (unsigned i = 0; i < 3; i++) {
		struct volume *volume = snapshot_add_volume(&snapshot);
		strcpy(volume->id, "c");
		volume->major = i == 2 ? UNKNOWN_U32 : 8;
		volume->minor = i == 2 ? UNKNOWN_U32 : i;
	}
	unsigned lines = disks_parse(text, &snapshot, is_disk, NULL);
	MUST(lines <= size && snapshot.disk_count + snapshot.disks_omitted <= lines);
	fuzz_check_snapshot(&snapshot);
	/* what has no number has no counters either */
	MUST(snapshot.volumes[2].written_bytes == UNKNOWN_U64 && !snapshot.volumes[2].block[0]);
	for (uint32_t i = 0; i < snapshot.disk_count; i++) {
		const struct disk *disk = &snapshot.disks[i];
		MUST(is_disk(disk->name, NULL) && disk->size_bytes == UNKNOWN_U64);
		MUST(disk->read_bytes == UNKNOWN_U64 || disk->read_bytes % 512 == 0);
		MUST(disk->written_bytes == UNKNOWN_U64 || disk->written_bytes % 512 == 0);
	}
	MUST(disks_parse_cache(text) <= UNKNOWN);
	return 0;
}
