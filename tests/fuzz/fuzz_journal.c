/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * jbd2's statistics and ext4's options. max_len: 2048
 */
#include "collect/source_journal.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct snapshot snapshot;
	struct text text = fuzz_text(data, size);
	uint64_t transactions = 77;
	if (journal_parse_info(text, &transactions))
		MUST(transactions == 77);
	else
		MUST(size > 0);
	snapshot_reset(&snapshot);
	struct volume *volume = snapshot_add_volume(&snapshot);
	strcpy(volume->id, "c");
	struct journal before = volume->journal;
	journal_parse_options(text, &volume->journal);
	fuzz_check_snapshot(&snapshot);
	MUST(volume->journal.transactions == UNKNOWN_U64);
	if (!text_trim(text).length)
		MUST(!memcmp(&before, &volume->journal, sizeof before));
	return 0;
}
