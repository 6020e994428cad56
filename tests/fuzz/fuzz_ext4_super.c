/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The superblock of ext2/3/4; a shorter input ends in zeros. max_len: 1024
 */
#include "common/ext4_super.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char *bytes = calloc(1, EXT4_SUPER_SIZE);
	struct ext4_super super, before;
	memset(&before, 0x5a, sizeof before);
	super = before;
	MUST(bytes != NULL);
	if (size)
		memcpy(bytes, data, size < EXT4_SUPER_SIZE ? size : EXT4_SUPER_SIZE);
	/* most inputs would lack the magic number */
	if (size % 4) {
		bytes[0x38] = 0x53;
		bytes[0x39] = 0xef;
	}
	int result = ext4_super_parse(bytes, &super);
	if (result)
		MUST(result == EXT4_SUPER_E_MAGIC && !memcmp(&super, &before, sizeof super));
	else {
		MUST_END(super.last_error_function);
		MUST(super.default_mode == 0 || strchr("jow", super.default_mode));
		MUST((super.block_bytes & (super.block_bytes - 1)) == 0);
		MUST(!super.journal_external || super.has_journal);
	}
	free(bytes);
	return 0;
}
