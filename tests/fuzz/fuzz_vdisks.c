/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What the child that looks for virtual disks prints, and /proc/locks; two parts, the first taken twice.
 * max_len: 8192
 */
#include "collect/source_vdisks.h"
#include "system/image_file.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct snapshot none, first, second;
	struct text rest = fuzz_text(data, size), answer = fuzz_piece(&rest);
	struct fault fault = {""};
	struct stat file = {.st_ino = 4711};
	unsigned depth = 0;
	snapshot_reset(&none);
	snapshot_reset(&first);
	snapshot_reset(&second);
	vdisks_parse(answer, &none, &first, &fault);
	vdisks_find_openers(&first);
	fuzz_check_snapshot(&first);
	vdisks_parse(answer, &first, &second, &fault);
	fuzz_check_snapshot(&second);
	MUST_END(fault.text);
	MUST(first.vdisk_count <= VDISKS_MAX);
	for (uint32_t i = 0; i < first.vdisk_count; i++) {
		const struct vdisk *vdisk = &first.vdisks[i];
		MUST_END(vdisk->share);
		MUST_END(vdisk->file);
		MUST_END(vdisk->reason);
		MUST(vdisk->image.problem_count <= IMAGE_PROBLEMS_MAX);
		MUST(vdisk->content.partition_count <= PARTITIONS_MAX);
		image_type_name(vdisk->image.type);
		image_log_name(vdisk->image.log);
		MUST(vdisk->image.clean <= UNKNOWN && vdisk->image.hollow <= UNKNOWN);
		MUST(vdisk->number == vdisk_number(vdisk->share, vdisk->file));
	}
	char *locks = fuzz_string(&rest);
	image_file_find_lease(locks, &file);
	if (!vdisks_depth_parse(locks, &depth, &fault))
		MUST(depth <= VDISKS_DEPTH_MAX);
	free(locks);
	return 0;
}
