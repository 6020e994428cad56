/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <string.h>

#include "common/vhdx_inspect.h"

#define ENTRIES_AT_ONCE (IMAGE_BUFFER_SIZE / VHDX_BAT_ENTRY_SIZE)
#define WINDOW_MIB (UINT64_C(8) * IMAGE_MAP_SIZE)
/* Blocks out of order are looked for overlaps a window of the file at a time, with the whole table each time:
 * so much of it is read at most. */
#define REREAD_MAX (UINT64_C(512) << 20)

struct bat {
	struct vhdx_scan *scan;
	struct vhdx_bat_layout layout;
	/* of the entry that is being looked at */
	uint64_t index, block;
	uint32_t in_chunk;
	/* what was found */
	uint64_t present, reserved, low, high, last_end, first, next;
	bool ordered, in_one_piece, partial_in_chunk;
	uint64_t window;  /* MiB; while overlaps are looked for */
	uint64_t overlap; /* offset in the file; UNKNOWN_U64: none */
	/* the first of each kind, and how many */
	struct {
		uint64_t count, offset, block;
	} beyond, inside, state;
};

static void note(
	uint64_t *count, uint64_t *offset, uint64_t *block, uint64_t offset_now, const struct bat *bat)
{
	if ((*count)++)
		return;
	*offset = offset_now;
	*block = bat->block;
}

static uint64_t entry_offset(const struct bat *bat)
{
	return bat->scan->bat.offset + bat->index * VHDX_BAT_ENTRY_SIZE;
}

static bool is_bitmap(const struct bat *bat)
{
	return bat->in_chunk == bat->layout.chunk_ratio;
}

/* The last block need not be there to its end. */
static uint64_t length_of(const struct bat *bat)
{
	const struct vhdx_metadata *metadata = &bat->scan->metadata;
	if (is_bitmap(bat))
		return VHDX_BITMAP_BYTES;
	uint64_t left = metadata->size_bytes - bat->block * metadata->block_bytes;
	return left < metadata->block_bytes ? left : metadata->block_bytes;
}

static bool lies_in_a_region(const struct vhdx_scan *scan, uint64_t offset, uint64_t length)
{
	if (offset < VHDX_SECTION_SIZE)
		return true;
	for (uint32_t i = 0; i < scan->taken_count; i++)
		if (offset < scan->taken[i].offset + scan->taken[i].length &&
			scan->taken[i].offset < offset + length)
			return true;
	return false;
}

static void take_place(struct bat *bat, uint64_t offset)
{
	uint64_t length = length_of(bat), file = bat->scan->reader->file_bytes;
	if (offset > file || length > file - offset) {
		note(&bat->beyond.count, &bat->beyond.offset, &bat->beyond.block, offset, bat);
		return;
	}
	if (lies_in_a_region(bat->scan, offset, length))
		note(&bat->inside.count, &bat->inside.offset, &bat->inside.block, offset, bat);
	bat->ordered &= offset >= bat->last_end;
	bat->last_end = offset + length;
	if (offset < bat->low)
		bat->low = offset;
	if (offset + length > bat->high)
		bat->high = offset + length;
}

/* 2.5.1.1 */
static void look_at_payload(struct bat *bat, const struct vhdx_bat_entry *entry)
{
	bool differencing = bat->scan->metadata.has_parent;
	bool partial = entry->state == VHDX_BLOCK_PARTIALLY_PRESENT;
	if (entry->state == 4 || entry->state == 5 || (partial && !differencing))
		note(&bat->state.count, &bat->state.offset, &bat->state.block, entry_offset(bat), bat);
	bat->partial_in_chunk |= partial;
	if (entry->state != VHDX_BLOCK_PRESENT && !partial) {
		bat->in_one_piece = false;
		return;
	}
	if (!bat->block)
		bat->first = bat->next = entry->offset;
	bat->in_one_piece &= entry->offset == bat->next;
	bat->next = entry->offset + bat->scan->metadata.block_bytes;
	bat->present++;
	take_place(bat, entry->offset);
}

/* 2.5.1.2 */
static void look_at_bitmap(struct bat *bat, const struct vhdx_bat_entry *entry)
{
	bool there = entry->state == VHDX_BLOCK_PRESENT;
	if ((!there && entry->state != VHDX_BLOCK_NOT_PRESENT) || (!there && bat->partial_in_chunk))
		note(&bat->state.count, &bat->state.offset, &bat->state.block, entry_offset(bat), bat);
	bat->partial_in_chunk = false;
	if (there)
		take_place(bat, entry->offset);
}

static void look(struct bat *bat, const struct vhdx_bat_entry *entry)
{
	bat->reserved += entry->reserved != 0;
	if (is_bitmap(bat))
		look_at_bitmap(bat, entry);
	else if (bat->block < bat->layout.payload_count)
		look_at_payload(bat, entry);
}

static void mark(struct bat *bat, const struct vhdx_bat_entry *entry)
{
	bool there = entry->state == VHDX_BLOCK_PRESENT || entry->state == VHDX_BLOCK_PARTIALLY_PRESENT;
	if (!there || (!is_bitmap(bat) && bat->block >= bat->layout.payload_count))
		return;
	uint64_t from = entry->offset / VHDX_MIB, to = from + (length_of(bat) + VHDX_MIB - 1) / VHDX_MIB;
	uint64_t end = bat->window + WINDOW_MIB;
	from = from > bat->window ? from : bat->window;
	to = to < end ? to : end;
	for (; from < to; from++) {
		uint64_t bit = from - bat->window;
		unsigned char *byte = &bat->scan->work->map[bit / 8], mask = (unsigned char)(1u << bit % 8);
		if (*byte & mask && bat->overlap == UNKNOWN_U64)
			bat->overlap = from * VHDX_MIB;
		*byte |= mask;
	}
}

/* every entry, in order */
static int walk(struct bat *bat, void (*each)(struct bat *bat, const struct vhdx_bat_entry *entry))
{
	struct vhdx_scan *scan = bat->scan;
	bat->index = bat->block = bat->in_chunk = 0;
	while (bat->index < bat->layout.entry_count) {
		uint64_t left = bat->layout.entry_count - bat->index;
		unsigned count = left < ENTRIES_AT_ONCE ? (unsigned)left : ENTRIES_AT_ONCE;
		int result = image_fetch(scan->reader, scan->image, entry_offset(bat), scan->work->buffer,
			(size_t)count * VHDX_BAT_ENTRY_SIZE, "the block table");
		if (result)
			return result;
		for (unsigned i = 0; i < count; i++) {
			struct vhdx_bat_entry entry =
				vhdx_bat_entry_decode(scan->work->buffer + i * VHDX_BAT_ENTRY_SIZE);
			each(bat, &entry);
			bat->block += !is_bitmap(bat);
			bat->in_chunk = is_bitmap(bat) ? 0 : bat->in_chunk + 1;
			bat->index++;
		}
	}
	return 0;
}

static int find_overlap(struct bat *bat)
{
	uint64_t from = bat->low / VHDX_MIB, to = bat->high / VHDX_MIB + 1;
	uint64_t table = bat->layout.entry_count * VHDX_BAT_ENTRY_SIZE;
	int result = 0;
	if (bat->ordered || bat->high <= bat->low)
		return 0;
	if ((to - from) / WINDOW_MIB + 1 > REREAD_MAX / table) {
		image_problem(bat->scan->image, IMAGE_NOTE, bat->scan->bat.offset, "overlaps-unchecked",
			"the disk has too many blocks out of order to look for overlaps here");
		return 0;
	}
	for (bat->window = from; bat->window < to && !result && bat->overlap == UNKNOWN_U64;
		bat->window += WINDOW_MIB) {
		memset(bat->scan->work->map, 0, sizeof bat->scan->work->map);
		result = walk(bat, mark);
	}
	return result;
}

static void report(struct bat *bat, bool damage)
{
	struct image *image = bat->scan->image;
	if (bat->state.count)
		image_problem(image, damage, bat->state.offset, "block-state",
			"%llu entries of the block table are in no state that they may have; the first is "
			"block "
			"%llu's",
			(unsigned long long)bat->state.count, (unsigned long long)bat->state.block);
	if (bat->beyond.count)
		image_problem(image, damage, bat->beyond.offset, "block-beyond-end",
			"%llu blocks reach beyond the end of the file; the first is block %llu",
			(unsigned long long)bat->beyond.count, (unsigned long long)bat->beyond.block);
	if (bat->inside.count)
		image_problem(image, damage, bat->inside.offset, "block-in-region",
			"%llu blocks lie where head, log or tables are; the first is block %llu",
			(unsigned long long)bat->inside.count, (unsigned long long)bat->inside.block);
	if (bat->overlap != UNKNOWN_U64)
		image_problem(image, damage, bat->overlap, "block-overlap",
			"two blocks share the bytes at %llu", (unsigned long long)bat->overlap);
	if (bat->reserved)
		image_problem(image, IMAGE_NOTE, bat->scan->bat.offset, "block-reserved",
			"%llu entries of the block table have reserved bits set",
			(unsigned long long)bat->reserved);
}

/* how large the disk could become without moving its block table; both limits of the format apply */
static uint64_t room_of(const struct vhdx_scan *scan, const struct vhdx_bat_layout *layout)
{
	uint64_t entries = scan->bat.length / VHDX_BAT_ENTRY_SIZE, chunk = layout->chunk_ratio + UINT64_C(1);
	uint64_t rest = scan->metadata.has_parent ? 0 : entries % chunk;
	uint64_t blocks = entries / chunk * layout->chunk_ratio + rest;
	uint64_t most = VHDX_DISK_SIZE_MAX / scan->metadata.block_bytes;
	return (blocks < most ? blocks : most) * scan->metadata.block_bytes;
}

int vhdx_inspect_bat(struct vhdx_scan *scan)
{
	struct image *image = scan->image;
	bool damage = image->log != IMAGE_LOG_DIRTY; /* else the log may mend it */
	struct bat bat = {.scan = scan,
		.layout = vhdx_bat_layout(&scan->metadata),
		.low = UINT64_MAX,
		.ordered = true,
		.in_one_piece = true,
		.overlap = UNKNOWN_U64};
	image->block_count = bat.layout.payload_count;
	image->room_bytes = room_of(scan, &bat.layout);
	if (bat.layout.entry_count > scan->bat.length / VHDX_BAT_ENTRY_SIZE) {
		image_problem(image, damage, scan->bat.offset, "block-table-short",
			"the block table has room for fewer blocks than the virtual size takes");
		return 1;
	}
	int result = walk(&bat, look);
	if (!result)
		result = find_overlap(&bat);
	if (result)
		return result;
	report(&bat, damage);
	image->present_count = bat.present;
	if (bat.in_one_piece && image->type == IMAGE_FIXED && !bat.beyond.count)
		image->payload_offset = bat.first;
	return 0;
}
