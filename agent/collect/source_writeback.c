/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/source_writeback.h"

#include <errno.h>

#define NUMBER_MAX 32 /* each file is one number */

void writeback_parse(struct text ratio, struct text bytes, struct text expire, struct memory *memory)
{
	uint64_t limit;
	uint32_t percent, centiseconds;
	if (text_u64(text_trim(bytes), &limit) && limit)
		memory->dirty_limit_bytes = limit;
	else if (text_u32(text_trim(ratio), &percent) && percent <= 100)
		memory->dirty_limit_percent = percent;
	if (text_u32(text_trim(expire), &centiseconds))
		memory->dirty_expire_s = centiseconds / 100;
}

static struct text read_one(const struct root *root, const char *name, char *buffer)
{
	ssize_t length = root_read(root, buffer, NUMBER_MAX, "proc/sys/vm/%s", name);
	return (struct text){buffer, length < 0 ? 0 : (size_t)length};
}

static void read_limits(const struct root *root, struct memory *memory)
{
	char ratio[NUMBER_MAX], bytes[NUMBER_MAX], expire[NUMBER_MAX];
	writeback_parse(read_one(root, "dirty_ratio", ratio), read_one(root, "dirty_bytes", bytes),
		read_one(root, "dirty_expire_centisecs", expire), memory);
}

int writeback_collect(struct pass *pass, struct fault *fault)
{
	struct memory *memory = &pass->now->memory;
	const struct memory *before = &pass->before->memory;
	if (pass->lately) {
		memory->dirty_limit_percent = before->dirty_limit_percent;
		memory->dirty_limit_bytes = before->dirty_limit_bytes;
		memory->dirty_expire_s = before->dirty_expire_s;
	} else {
		read_limits(pass->root, memory);
	}
	if (memory->dirty_limit_percent == UNKNOWN_U32 && memory->dirty_limit_bytes == UNKNOWN_U64 &&
		memory->dirty_expire_s == UNKNOWN_U32)
		return fault_set(fault, SOURCE_E_ABSENT,
			"/proc/sys/vm has neither dirty_ratio nor dirty_expire_centisecs");
	return 0;
}
