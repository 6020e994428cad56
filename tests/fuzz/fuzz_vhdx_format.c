/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The structures of VHDX one by one; what was decoded is encoded and decoded again. max_len: 70000
 */
#include "common/vhdx_bat.h"
#include "common/vhdx_log.h"
#include "tests/fuzz/fuzz.h"

static unsigned char bytes[VHDX_METADATA_TABLE_SIZE + VHDX_MIB], again[VHDX_METADATA_SIZE];

static void header(void)
{
	struct vhdx_header read, other;
	struct vhdx_log_entry entry;
	char creator[VHDX_CREATOR_LEN];
	if (!vhdx_header_decode(bytes, &read)) {
		vhdx_header_encode(&read, again);
		MUST(!vhdx_header_decode(again, &other) && !memcmp(&read, &other, sizeof read));
	}
	if (!vhdx_identifier_decode(bytes, creator))
		MUST_END(creator);
	if (!vhdx_log_entry_decode(bytes, &entry))
		MUST(entry.length && entry.descriptor_count <= entry.length / 32);
}

static void regions(void)
{
	uint32_t count;
	if (!vhdx_regions_decode(bytes, &count))
		for (uint32_t i = 0; i < count; i++)
			vhdx_region_decode(bytes, i);
}

static void items(void)
{
	uint32_t count;
	struct vhdx_metadata metadata = {0};
	if (vhdx_items_decode(bytes, &count))
		return;
	for (uint32_t i = 0; i < count; i++) {
		struct vhdx_item item = vhdx_item_decode(bytes, i);
		enum vhdx_known kind = vhdx_item_known(&item.id);
		if (kind < VHDX_PARENT_LOCATOR && item.offset <= VHDX_METADATA_TABLE_SIZE)
			vhdx_metadata_take(&metadata, kind, bytes + item.offset);
	}
	if (vhdx_metadata_fault(&metadata))
		return;
	struct vhdx_bat_layout layout = vhdx_bat_layout(&metadata);
	MUST(layout.chunk_ratio && layout.payload_count && layout.bitmap_count);
	MUST(layout.entry_count >= layout.payload_count);
	MUST(vhdx_bat_payload_index(&layout, layout.payload_count - 1) < layout.entry_count);
	vhdx_metadata_encode(&metadata, again);
}

static void locator(const uint8_t *data, size_t size)
{
	unsigned char *exact = malloc(size ? size : 1);
	uint32_t count;
	char value[16];
	MUST(exact != NULL);
	if (size)
		memcpy(exact, data, size);
	if (!vhdx_locator_decode(exact, size, &count)) {
		vhdx_locator_value(exact, count, "relative_path", value, sizeof value);
		if (vhdx_locator_value(exact, count, "", value, sizeof value))
			MUST_END(value);
	}
	free(exact);
}

static void guid(const uint8_t *data, size_t size)
{
	char text[64], shown[GUID_TEXT_LEN];
	struct guid read;
	size = size < sizeof text ? size : sizeof text - 1;
	memcpy(text, data, size);
	text[size] = 0;
	if (!guid_parse(text, &read))
		return;
	guid_format(shown, &read);
	struct guid other;
	MUST(guid_parse(shown, &other) && guid_equal(&read, &other));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	memset(bytes, 0, sizeof bytes);
	if (size > 1)
		memcpy(bytes, data + 1, size - 1);
	switch (size ? data[0] % 5 : 0) {
	case 0:
		header();
		break;
	case 1:
		regions();
		break;
	case 2:
		items();
		break;
	case 3:
		locator(data + 1, size - 1);
		break;
	default:
		guid(data + 1, size - 1);
	}
	return 0;
}
