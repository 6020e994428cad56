/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The boot sector of NTFS; a shorter input ends in zeros. max_len: 512
 */
#include "common/ntfs_boot.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char *bytes = calloc(1, NTFS_BOOT_SIZE);
	struct ntfs_boot boot = {7, 7, 7};
	MUST(bytes != NULL);
	if (size)
		memcpy(bytes, data, size < NTFS_BOOT_SIZE ? size : NTFS_BOOT_SIZE);
	if (size % 4) { /* most inputs would lack the marks */
		memcpy(bytes + 3, "NTFS    ", 8);
		bytes[510] = 0x55;
		bytes[511] = 0xaa;
	}
	int result = ntfs_boot_parse(bytes, &boot);
	if (result)
		MUST((result == NTFS_BOOT_E_SIGNATURE || result == NTFS_BOOT_E_VALUE) && boot.sectors == 7);
	else
		MUST(boot.cluster_bytes >= boot.sector_bytes &&
			!(boot.cluster_bytes & (boot.cluster_bytes - 1)));
	free(bytes);
	return 0;
}
