/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "common/bytes.h"
#include "common/crc32c.h"
#include "common/vhdx_bat.h"

Suite *suite_vhdx_format(void);

/* at an odd address on purpose: the device has no unaligned loads */
static unsigned char room[VHDX_METADATA_SIZE + 1];
static unsigned char *const bytes = room + 1;

START_TEST(identifier)
{
	char creator[VHDX_CREATOR_LEN] = "before";
	memset(bytes, 0xff, VHDX_IDENTIFIER_SIZE);
	ck_assert_int_eq(vhdx_identifier_decode(bytes, creator), VHDX_E_SIGNATURE);
	ck_assert_str_eq(creator, "before");
	vhdx_identifier_encode("nasready 1", bytes);
	ck_assert_mem_eq(bytes, "vhdxfilen\0a\0s\0r\0", 16);
	ck_assert_int_eq(vhdx_identifier_decode(bytes, creator), 0);
	ck_assert_str_eq(creator, "nasready 1");
	memset(bytes + 8, 0xff, 512);
	ck_assert_int_eq(vhdx_identifier_decode(bytes, creator), 0);
	ck_assert_uint_eq(strlen(creator), VHDX_CREATOR_LEN - 1);
}
END_TEST

static struct vhdx_header a_header(void)
{
	struct vhdx_header header = {.sequence = 0x0102030405060708,
		.log_version = VHDX_LOG_VERSION,
		.version = VHDX_VERSION,
		.log_length = VHDX_MIB,
		.log_offset = 0x1122334455667788};
	memset(header.file_write.bytes, 0xf1, 16);
	memset(header.data_write.bytes, 0xd2, 16);
	return header;
}

/* the offsets of 2.2.2 */
START_TEST(header_bytes)
{
	struct vhdx_header header = a_header(), read;
	vhdx_header_encode(&header, bytes);
	ck_assert_mem_eq(bytes, "head", 4);
	ck_assert_uint_eq(bytes_le32(bytes + 4), crc32c_without(bytes, 4096, 4));
	ck_assert_mem_eq(bytes + 8, "\x08\x07\x06\x05\x04\x03\x02\x01", 8);
	ck_assert_uint_eq(bytes[16], 0xf1);
	ck_assert_uint_eq(bytes[47], 0xd2);
	ck_assert_mem_eq(bytes + 64, "\0\0\1\0\0\0\x10\0\x88\x77\x66\x55\x44\x33\x22\x11", 16);
	ck_assert_int_eq(vhdx_header_decode(bytes, &read), 0);
	ck_assert_uint_eq(read.sequence, header.sequence);
	ck_assert(guid_equal(&read.file_write, &header.file_write));
	ck_assert(guid_equal(&read.data_write, &header.data_write));
	ck_assert(guid_is_zero(&read.log));
	ck_assert_uint_eq(read.version, 1);
	ck_assert_uint_eq(read.log_length, VHDX_MIB);
	ck_assert_uint_eq(read.log_offset, header.log_offset);
}
END_TEST

START_TEST(header_damaged)
{
	struct vhdx_header header = a_header(), read = {.sequence = 7};
	static const unsigned at[] = {4, 8, 63, 100, 4095};
	for (unsigned i = 0; i < sizeof at / sizeof *at; i++) {
		vhdx_header_encode(&header, bytes);
		bytes[at[i]] ^= 1;
		ck_assert_int_eq(vhdx_header_decode(bytes, &read), VHDX_E_CHECKSUM);
	}
	bytes[0] = 'H';
	ck_assert_int_eq(vhdx_header_decode(bytes, &read), VHDX_E_SIGNATURE);
	ck_assert_uint_eq(read.sequence, 7);
}
END_TEST

START_TEST(header_that_holds)
{
	struct vhdx_header first = a_header(), second = a_header();
	ck_assert_int_eq(vhdx_header_current(NULL, NULL), -1);
	ck_assert_int_eq(vhdx_header_current(&first, NULL), 0);
	ck_assert_int_eq(vhdx_header_current(NULL, &second), 1);
	ck_assert_int_eq(vhdx_header_current(&first, &second), 0);
	second.log_offset++;
	ck_assert_int_eq(vhdx_header_current(&first, &second), -1);
	second.sequence++;
	ck_assert_int_eq(vhdx_header_current(&first, &second), 1);
	first.sequence = UINT64_MAX;
	ck_assert_int_eq(vhdx_header_current(&first, &second), 0);
}
END_TEST

START_TEST(region_table)
{
	struct vhdx_region regions[2] = {{vhdx_region_bat, 3 * VHDX_MIB, VHDX_MIB, true},
		{vhdx_region_metadata, UINT64_C(1) << 40, 2 * VHDX_MIB, false}};
	uint32_t count = 7;
	vhdx_regions_encode(regions, 2, bytes);
	ck_assert_mem_eq(bytes, "regi", 4);
	ck_assert_mem_eq(bytes + 8, "\2\0\0\0\0\0\0\0", 8);
	ck_assert_mem_eq(bytes + 32, "\0\0\x30\0\0\0\0\0\0\0\x10\0\1\0\0\0", 16);
	ck_assert_int_eq(vhdx_regions_decode(bytes, &count), 0);
	ck_assert_uint_eq(count, 2);
	for (unsigned i = 0; i < 2; i++) {
		struct vhdx_region read = vhdx_region_decode(bytes, i);
		ck_assert(guid_equal(&read.id, &regions[i].id));
		ck_assert_uint_eq(read.offset, regions[i].offset);
		ck_assert_uint_eq(read.length, regions[i].length);
		ck_assert(read.required == regions[i].required);
	}
	bytes[65535] ^= 1;
	ck_assert_int_eq(vhdx_regions_decode(bytes, &count), VHDX_E_CHECKSUM);
	bytes_put_le32(bytes + 8, 2048);
	bytes_put_le32(bytes + 4, crc32c_without(bytes, 65536, 4));
	ck_assert_int_eq(vhdx_regions_decode(bytes, &count), VHDX_E_COUNT);
	memset(bytes, 0, 65536);
	ck_assert_int_eq(vhdx_regions_decode(bytes, &count), VHDX_E_SIGNATURE);
}
END_TEST

static struct vhdx_metadata a_disk(void)
{
	struct vhdx_metadata disk = {.block_bytes = 32 * VHDX_MIB,
		.leave_allocated = true,
		.size_bytes = UINT64_C(5) << 40,
		.logical_sector = 512,
		.physical_sector = 4096};
	memset(disk.disk_id.bytes, 0x83, 16);
	return disk;
}

START_TEST(metadata)
{
	struct vhdx_metadata disk = a_disk(), read = {0};
	uint32_t count;
	vhdx_metadata_encode(&disk, bytes);
	ck_assert_mem_eq(bytes, "metadata\0\0\5\0", 12);
	ck_assert_int_eq(vhdx_items_decode(bytes, &count), 0);
	ck_assert_uint_eq(count, 5);
	uint32_t end = VHDX_METADATA_TABLE_SIZE;
	for (uint32_t i = 0; i < count; i++) {
		struct vhdx_item item = vhdx_item_decode(bytes, i);
		enum vhdx_known kind = vhdx_item_known(&item.id);
		ck_assert_uint_eq(item.length, vhdx_item_size(kind));
		ck_assert_uint_eq(item.offset, vhdx_metadata_item_offset(kind));
		ck_assert_uint_ge(item.offset, end); /* they do not overlap */
		ck_assert(item.required && !item.user && item.virtual_disk == (kind != VHDX_FILE_PARAMETERS));
		vhdx_metadata_take(&read, kind, bytes + item.offset);
		end = item.offset + item.length;
	}
	ck_assert_uint_le(end, VHDX_METADATA_SIZE);
	ck_assert_ptr_null(vhdx_metadata_fault(&read));
	ck_assert_uint_eq(read.block_bytes, disk.block_bytes);
	ck_assert_uint_eq(read.size_bytes, disk.size_bytes);
	ck_assert(read.leave_allocated && !read.has_parent);
	ck_assert(guid_equal(&read.disk_id, &disk.disk_id));
	ck_assert_uint_eq(read.logical_sector, 512);
	ck_assert_uint_eq(read.physical_sector, 4096);
	bytes_put_le16(bytes + 10, 2048);
	ck_assert_int_eq(vhdx_items_decode(bytes, &count), VHDX_E_COUNT);
	bytes[7] = 'A';
	ck_assert_int_eq(vhdx_items_decode(bytes, &count), VHDX_E_SIGNATURE);
}
END_TEST

START_TEST(metadata_limits)
{
	struct vhdx_metadata disk = a_disk();
	static const uint32_t blocks[] = {0, 1, VHDX_MIB / 2, 3 * VHDX_MIB, 512 * VHDX_MIB, UINT32_MAX};
	for (unsigned i = 0; i < sizeof blocks / sizeof *blocks; i++) {
		disk.block_bytes = blocks[i];
		ck_assert_ptr_nonnull(vhdx_metadata_fault(&disk));
	}
	disk = a_disk();
	static const uint64_t sizes[] = {
		0, 1, 513, VHDX_DISK_SIZE_MAX + 1, VHDX_DISK_SIZE_MAX + 512, UINT64_MAX};
	for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		disk.size_bytes = sizes[i];
		ck_assert_ptr_nonnull(vhdx_metadata_fault(&disk));
	}
	disk.size_bytes = VHDX_DISK_SIZE_MAX;
	ck_assert_ptr_null(vhdx_metadata_fault(&disk));
	disk.logical_sector = 0;
	ck_assert_ptr_nonnull(vhdx_metadata_fault(&disk));
	disk = a_disk();
	disk.physical_sector = 1024;
	ck_assert_ptr_nonnull(vhdx_metadata_fault(&disk));
}
END_TEST

START_TEST(locator)
{
	uint32_t count = 7;
	char value[8] = "before";
	memset(bytes, 0, 128);
	guid_put(bytes, &vhdx_locator_vhdx);
	bytes_put_le16(bytes + 18, 1);
	bytes_put_le32(bytes + 20, 32);
	bytes_put_le32(bytes + 24, 40);
	bytes_put_le16(bytes + 28, 4);
	bytes_put_le16(bytes + 30, 20);
	memcpy(bytes + 32, "k\0y\0", 4);
	memcpy(bytes + 40, "a\0\xe4\0c\0d\0e\0\f\0g\0h\0i\0j\0", 20);
	ck_assert_int_eq(vhdx_locator_decode(bytes, 60, &count), 0);
	ck_assert_uint_eq(count, 1);
	ck_assert(!vhdx_locator_value(bytes, count, "kz", value, sizeof value));
	ck_assert_str_eq(value, "before");
	ck_assert(vhdx_locator_value(bytes, count, "ky", value, sizeof value));
	ck_assert_str_eq(value, "a?cde?g");
	ck_assert_int_eq(vhdx_locator_decode(bytes, 59, &count), VHDX_E_COUNT);
	ck_assert_int_eq(vhdx_locator_decode(bytes, 31, &count), VHDX_E_COUNT);
	ck_assert_int_eq(vhdx_locator_decode(bytes, 19, &count), VHDX_E_COUNT);
	bytes_put_le32(bytes + 24, UINT32_MAX);
	ck_assert_int_eq(vhdx_locator_decode(bytes, 60, &count), VHDX_E_COUNT);
	bytes[0] ^= 1;
	ck_assert_int_eq(vhdx_locator_decode(bytes, 60, &count), VHDX_E_SIGNATURE);
}
END_TEST

START_TEST(bat_entries)
{
	vhdx_bat_entry_encode(VHDX_BLOCK_PRESENT, 5 * (uint64_t)VHDX_MIB, bytes);
	ck_assert_mem_eq(bytes, "\6\0\x50\0\0\0\0\0", 8);
	struct vhdx_bat_entry entry = vhdx_bat_entry_decode(bytes);
	ck_assert_uint_eq(entry.state, VHDX_BLOCK_PRESENT);
	ck_assert_uint_eq(entry.offset, 5 * VHDX_MIB);
	ck_assert_uint_eq(entry.reserved, 0);
	memset(bytes, 0xff, 8);
	entry = vhdx_bat_entry_decode(bytes);
	ck_assert_uint_eq(entry.state, 7);
	ck_assert_uint_eq(entry.offset, UINT64_MAX - VHDX_MIB + 1);
	ck_assert_uint_eq(entry.reserved, (1 << 17) - 1);
}
END_TEST

START_TEST(bat_layout)
{
	struct vhdx_metadata disk = a_disk();
	struct vhdx_bat_layout layout = vhdx_bat_layout(&disk);
	ck_assert_uint_eq(layout.chunk_ratio, 128); /* 2^23 * 512 / 32 MiB */
	ck_assert_uint_eq(layout.payload_count, 163840);
	ck_assert_uint_eq(layout.bitmap_count, 1280);
	ck_assert_uint_eq(layout.entry_count, 163840 + 1279);
	ck_assert_uint_eq(vhdx_bat_region_bytes(layout.entry_count), 2 * VHDX_MIB);
	ck_assert_uint_eq(vhdx_bat_payload_index(&layout, 0), 0);
	ck_assert_uint_eq(vhdx_bat_payload_index(&layout, 127), 127);
	ck_assert_uint_eq(vhdx_bat_bitmap_index(&layout, 0), 128);
	ck_assert_uint_eq(vhdx_bat_payload_index(&layout, 128), 129);
	ck_assert_uint_eq(vhdx_bat_bitmap_index(&layout, 1), 257);
	ck_assert_uint_eq(vhdx_bat_payload_index(&layout, 163839), layout.entry_count - 1);
	disk.has_parent = true;
	disk.size_bytes += 512;
	layout = vhdx_bat_layout(&disk);
	ck_assert_uint_eq(layout.payload_count, 163841);
	ck_assert_uint_eq(layout.entry_count, UINT64_C(1281) * 129);
	disk = a_disk();
	disk.size_bytes = 512;
	ck_assert_uint_eq(vhdx_bat_layout(&disk).entry_count, 1);
	disk.size_bytes = VHDX_DISK_SIZE_MAX;
	disk.block_bytes = VHDX_BLOCK_MIN;
	disk.logical_sector = 4096;
	layout = vhdx_bat_layout(&disk);
	ck_assert_uint_eq(layout.chunk_ratio, 32768);
	ck_assert_uint_eq(layout.payload_count, 64 << 20);
	ck_assert_uint_eq(vhdx_bat_region_bytes(layout.entry_count), UINT64_C(513) * VHDX_MIB);
}
END_TEST

Suite *suite_vhdx_format(void)
{
	Suite *suite = suite_create("vhdx_format");
	TCase *tcase = tcase_create("structures");
	tcase_add_test(tcase, identifier);
	tcase_add_test(tcase, header_bytes);
	tcase_add_test(tcase, header_damaged);
	tcase_add_test(tcase, header_that_holds);
	tcase_add_test(tcase, region_table);
	tcase_add_test(tcase, metadata);
	tcase_add_test(tcase, metadata_limits);
	tcase_add_test(tcase, locator);
	tcase_add_test(tcase, bat_entries);
	tcase_add_test(tcase, bat_layout);
	suite_add_tcase(suite, tcase);
	return suite;
}
