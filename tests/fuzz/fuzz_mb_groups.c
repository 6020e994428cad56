/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Block groups: whatever the pieces are, the sum is the same, and never more than is free. max_len: 4096
 */
#include "common/mb_groups.h"
#include "tests/fuzz/fuzz.h"

static int sum(struct text text, size_t piece, const struct mb_volume *volume, struct mb_room *ret_room,
	struct mb_groups *groups)
{
	mb_groups_start(groups);
	for (size_t at = 0; at < text.length; at += piece) {
		size_t left = text.length - at;
		mb_groups_take(groups, text.at + at, left < piece ? left : piece);
	}
	return mb_groups_finish(groups, volume, ret_room);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct mb_groups groups, again;
	struct text rest = fuzz_text(data, size);
	struct mb_volume volume = {
		.flex_bg = (enum mb_flex)fuzz_choice(&rest, 3),
		.block_bytes = fuzz_choice(&rest, 2) ? 4096 : (uint32_t)fuzz_number(&rest),
		.free_bytes = fuzz_choice(&rest, 2) ? 0 : fuzz_number(&rest),
	};
	size_t piece = fuzz_choice(&rest, 200) + 1;
	struct mb_room room = {77, 77}, cut = room;
	int result = sum(rest, rest.length + 1, &volume, &room, &groups);
	MUST(result == 0 || (result == MB_GROUPS_E_FORM && room.whole_bytes == 77));
	MUST(sum(rest, piece, &volume, &cut, &again) == result && cut.whole_bytes == room.whole_bytes &&
		cut.coarse_bytes == room.coarse_bytes && room.whole_bytes <= room.coarse_bytes);
	MUST(groups.groups == again.groups && groups.unread == again.unread && groups.free == again.free);
	MUST(groups.groups <= rest.length && (result || groups.groups > 0));
	MUST(groups.length <= sizeof groups.line);
	return 0;
}
