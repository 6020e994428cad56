/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/mb_groups.h"

#include <string.h>

#include "common/text.h"

#define BLOCK_BYTES_DEFAULT 4096
#define BLOCK_BYTES_LEAST 1024
#define BLOCK_BYTES_MOST 65536
#define CHUNK_BYTES (UINT64_C(8) << 20) /* smaller ones lay past the knee when it was measured */
#define CLUSTER_SHIFT_MAX 15		/* a cluster is at most 512 MiB, 2^15 blocks are enough for any */

void mb_groups_start(struct mb_groups *groups)
{
	memset(groups, 0, sizeof *groups);
}

/* "#0    : 26917 1     5851  [" */
static bool take_head(struct text *rest, uint64_t *ret_free, uint64_t *ret_fragments, uint64_t *ret_first)
{
	struct text name, bracket;
	uint64_t group;
	if (!text_starts(*rest, "#") || !text_until(rest, ':', &name))
		return false;
	name = text_trim((struct text){name.at + 1, name.length - 1});
	return text_u64(name, &group) && text_word_u64(rest, ret_free) &&
	       text_word_u64(rest, ret_fragments) && text_word_u64(rest, ret_first) &&
	       text_word(rest, &bracket) && text_is(bracket, "[");
}

/* false: it has no end, or the kernel says that the bitmap is broken */
static bool take_chunks(struct text rest, uint64_t chunks[MB_GROUPS_ORDERS])
{
	struct text word;
	for (unsigned order = 0; text_word(&rest, &word); order++) {
		if (text_is(word, "]"))
			return !text_starts(text_trim(rest), "Block bitmap corrupted");
		uint64_t count;
		if (!text_u64(word, &count) || count > UINT32_MAX)
			return false;
		if (order < MB_GROUPS_ORDERS)
			chunks[order] = count;
	}
	return false;
}

static void count_group(struct mb_groups *groups, uint64_t free, uint64_t fragments, uint64_t first)
{
	groups->groups++;
	groups->free += free;
	if (!free) {
		if (first > groups->full_clusters)
			groups->full_clusters = first;
		return;
	}
	groups->free_starts += !first;
	if (first || fragments != 1 || free < groups->run_clusters)
		return;
	groups->runs = free == groups->run_clusters ? groups->runs + 1 : 1;
	groups->run_clusters = free;
}

static void take_line(struct mb_groups *groups)
{
	struct text line = {groups->line, groups->length};
	uint64_t free, fragments, first, chunks[MB_GROUPS_ORDERS] = {0};
	if (!line.length || text_starts(line, "#group"))
		return;
	if (groups->overlong || !take_head(&line, &free, &fragments, &first) || !take_chunks(line, chunks) ||
		free > UINT32_MAX || first > UINT32_MAX) {
		groups->unread++;
		return;
	}
	count_group(groups, free, fragments, first);
	for (unsigned order = 0; order < MB_GROUPS_ORDERS; order++)
		groups->chunks[order] += chunks[order];
}

static void end_line(struct mb_groups *groups)
{
	take_line(groups);
	groups->length = 0;
	groups->overlong = false;
}

void mb_groups_take(struct mb_groups *groups, const char *bytes, size_t length)
{
	while (length) {
		const char *end = memchr(bytes, '\n', length);
		size_t piece = end ? (size_t)(end - bytes) : length,
		       room = MB_GROUPS_LINE_MAX - groups->length;
		groups->overlong |= piece > room;
		memcpy(groups->line + groups->length, bytes, piece < room ? piece : room);
		groups->length += piece < room ? piece : room;
		if (!end)
			return;
		end_line(groups);
		bytes += piece + 1;
		length -= piece + 1;
	}
}

/* With bigalloc the unit is a cluster of several blocks, of which the file says nothing. Groups that were not
 * read would make clusters look larger than they are. */
static uint64_t cluster_bytes(const struct mb_groups *groups, uint64_t block_bytes, uint64_t free_bytes)
{
	unsigned shift = 0;
	while (groups->free && !groups->unread && shift < CLUSTER_SHIFT_MAX &&
		(free_bytes / groups->free) * 2 > 3 * (block_bytes << shift))
		shift++;
	return block_bytes << shift;
}

static uint64_t sum_of_chunks(const struct mb_groups *groups, uint64_t block_bytes, uint64_t unit_bytes)
{
	unsigned most = 1, order = 0; /* the largest chunk has twice as many clusters as a block has bytes */
	uint64_t sum = 0;
	while (UINT64_C(1) << most <= block_bytes)
		most++;
	while (order < most && unit_bytes << order < CHUNK_BYTES)
		order++;
	for (; order < MB_GROUPS_ORDERS; order++)
		sum += groups->chunks[order] << order;
	return sum;
}

static uint64_t in_bytes(const struct mb_groups *groups, uint64_t clusters, uint64_t unit)
{
	uint64_t bytes;
	if (clusters > groups->free)
		clusters = groups->free; /* the numbers contradict each other */
	return __builtin_mul_overflow(clusters, unit, &bytes) ? UINT64_MAX - 1 : bytes;
}

int mb_groups_finish(struct mb_groups *groups, const struct mb_volume *volume, struct mb_room *ret_room)
{
	uint64_t block = volume->block_bytes;
	if (groups->length)
		end_line(groups);
	if (!groups->groups)
		return MB_GROUPS_E_FORM;
	if (block < BLOCK_BYTES_LEAST || block > BLOCK_BYTES_MOST)
		block = BLOCK_BYTES_DEFAULT;
	uint64_t unit = cluster_bytes(groups, block, volume->free_bytes);
	uint64_t coarse = sum_of_chunks(groups, block, unit), whole = 0;
	if (volume->flex_bg == MB_FLEX_NO || (volume->flex_bg == MB_FLEX_UNKNOWN && !groups->free_starts))
		whole = coarse;
	else if (groups->runs && groups->run_clusters >= groups->full_clusters)
		whole = groups->runs * groups->run_clusters;
	ret_room->whole_bytes = in_bytes(groups, whole, unit);
	ret_room->coarse_bytes = in_bytes(groups, whole > coarse ? whole : coarse, unit);
	return 0;
}
