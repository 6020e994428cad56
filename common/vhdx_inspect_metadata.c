/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <string.h>

#include "common/vhdx_inspect.h"

/* While the log waits to be replayed, what it would mend is no damage. */
static bool is_damage(const struct vhdx_scan *scan)
{
	return scan->image->log != IMAGE_LOG_DIRTY;
}

static const char *const names[VHDX_KNOWN_COUNT] = {"file parameters", "virtual disk size", "virtual disk id",
	"logical sector size", "physical sector size", "parent locator"};

struct items {
	uint32_t seen; /* a bit for each kind */
	struct vhdx_item known[VHDX_KNOWN_COUNT];
};

/* 2.6.1.2: behind the table, inside the region */
static bool fits(const struct vhdx_scan *scan, const struct vhdx_item *item)
{
	if (!item->length && !item->offset)
		return true;
	return item->length && item->length <= VHDX_METADATA_ITEM_SIZE_MAX &&
	       item->offset >= VHDX_METADATA_TABLE_SIZE && item->offset <= scan->metadata_region.length &&
	       item->length <= scan->metadata_region.length - item->offset;
}

static bool take_item(struct vhdx_scan *scan, const struct vhdx_item *item, struct items *items)
{
	uint64_t offset = scan->metadata_region.offset + item->offset;
	enum vhdx_known kind = item->user ? VHDX_KNOWN_COUNT : vhdx_item_known(&item->id);
	const char *name = kind < VHDX_KNOWN_COUNT ? names[kind] : "an item of unknown kind";
	if (!fits(scan, item)) {
		image_problem(scan->image, is_damage(scan), offset, "metadata-bad",
			"%s does not lie inside the metadata region", name);
		return false;
	}
	if (kind == VHDX_KNOWN_COUNT) {
		if (item->required)
			image_problem(scan->image, is_damage(scan), offset, "metadata-unknown",
				"the file needs metadata of a kind that nobody but its writer knows");
		return true;
	}
	if (items->seen & 1u << kind ||
		(kind != VHDX_PARENT_LOCATOR && item->length != vhdx_item_size(kind))) {
		image_problem(scan->image, is_damage(scan), offset, "metadata-bad", "%s %s", name,
			items->seen & 1u << kind ? "is there twice" : "has a wrong length");
		return false;
	}
	items->seen |= 1u << kind;
	items->known[kind] = *item;
	return true;
}

static int read_table(struct vhdx_scan *scan, struct items *items)
{
	uint64_t region = scan->metadata_region.offset;
	uint32_t count;
	int result = image_fetch(scan->reader, scan->image, region, scan->work->buffer,
		VHDX_METADATA_TABLE_SIZE, "the metadata table");
	if (result)
		return result;
	if (vhdx_items_decode(scan->work->buffer, &count)) {
		image_problem(scan->image, is_damage(scan), region, "metadata-damaged",
			"the metadata table does not begin with its signature, or claims too many entries");
		return 1;
	}
	for (uint32_t i = 0; i < count; i++) {
		struct vhdx_item item = vhdx_item_decode(scan->work->buffer, i);
		if (!take_item(scan, &item, items))
			return 1;
	}
	return 0;
}

static int read_values(struct vhdx_scan *scan, const struct items *items)
{
	for (unsigned kind = 0; kind < VHDX_PARENT_LOCATOR; kind++) {
		uint64_t offset = scan->metadata_region.offset + items->known[kind].offset;
		if (!(items->seen & 1u << kind) || !items->known[kind].length) {
			image_problem(scan->image, is_damage(scan), scan->metadata_region.offset,
				"metadata-missing", "the metadata name no %s", names[kind]);
			return 1;
		}
		int result = image_fetch(scan->reader, scan->image, offset, scan->work->buffer,
			items->known[kind].length, names[kind]);
		if (result)
			return result;
		vhdx_metadata_take(&scan->metadata, kind, scan->work->buffer);
	}
	return 0;
}

static int read_parent(struct vhdx_scan *scan, const struct vhdx_item *item)
{
	uint64_t offset = scan->metadata_region.offset + item->offset;
	unsigned char *bytes = scan->work->map; /* longer than the longest locator that Windows writes */
	uint32_t count;
	char *parent = scan->image->parent;
	const char *const keys[] = {"absolute_win32_path", "relative_path", "volume_path"};
	if (!item->length || item->length > sizeof scan->work->map) {
		image_problem(scan->image, is_damage(scan), offset, "parent-missing",
			"it is a differencing disk, but does not name its parent");
		return 0;
	}
	int result =
		image_fetch(scan->reader, scan->image, offset, bytes, item->length, "the parent locator");
	if (result)
		return result;
	if (vhdx_locator_decode(bytes, item->length, &count)) {
		image_problem(scan->image, is_damage(scan), offset, "parent-damaged",
			"the name of its parent is damaged, or of an unknown kind");
		return 0;
	}
	for (unsigned i = 0; i < ARRAY_LEN(keys) && !*parent; i++)
		vhdx_locator_value(bytes, count, keys[i], parent, sizeof scan->image->parent);
	return 0;
}

static void tell(const struct vhdx_scan *scan, struct image *image)
{
	const struct vhdx_metadata *metadata = &scan->metadata;
	image->type = metadata->has_parent	  ? IMAGE_DIFFERENCING
		      : metadata->leave_allocated ? IMAGE_FIXED
						  : IMAGE_DYNAMIC;
	image->virtual_size_bytes = metadata->size_bytes;
	image->block_bytes = metadata->block_bytes;
	image->logical_sector_bytes = metadata->logical_sector;
	image->physical_sector_bytes = metadata->physical_sector;
	image->disk_id = metadata->disk_id;
	image->has_ids = true;
}

int vhdx_inspect_metadata(struct vhdx_scan *scan)
{
	struct items items = {0};
	int result = read_table(scan, &items);
	if (!result)
		result = read_values(scan, &items);
	if (result)
		return result;
	const char *fault = vhdx_metadata_fault(&scan->metadata);
	if (fault) {
		image_problem(scan->image, is_damage(scan),
			scan->metadata_region.offset + items.known[VHDX_FILE_PARAMETERS].offset,
			"metadata-bad", "%s", fault);
		return 1;
	}
	tell(scan, scan->image);
	if (scan->metadata.has_parent)
		return read_parent(scan, &items.known[VHDX_PARENT_LOCATOR]);
	return 0;
}
