/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>

#include "common/vhdx_make.h"

Suite *suite_vhdx_make(void);

#define MIB UINT64_C(1048576)
#define GIB (1024 * MIB)
#define TIB (1024 * GIB)

static struct vhdx_bat_entry entry_at(const struct vhdx_make *make, uint64_t index)
{
	unsigned char bytes[VHDX_BAT_ENTRY_SIZE];
	vhdx_make_entries(&make->metadata, 0, make->payload_offset, index, 1, bytes);
	return vhdx_bat_entry_decode(bytes);
}

/* every block once, one behind the other, up to the file's end; nothing where bitmaps would be */
START_TEST(test_entries)
{
	static const struct {
		uint64_t size;
		uint32_t sector;
	} disks[] = {{3 * MIB, 512}, {32 * MIB, 512}, {33 * MIB, 512}, {130 * 32 * MIB, 512},
		{100 * GIB, 512}, {100 * GIB, 4096}};
	struct vhdx_make make;
	vhdx_make_plan(disks[_i].size, VHDX_DISK_SIZE_MAX, disks[_i].sector, true, &make);
	ck_assert_uint_eq(make.payload_offset % MIB, 0);
	uint64_t next = make.payload_offset;
	for (uint64_t index = 0; index < make.layout.entry_count + 5; index++) {
		struct vhdx_bat_entry entry = entry_at(&make, index);
		bool bitmap = index % (make.layout.chunk_ratio + 1) == make.layout.chunk_ratio;
		if (bitmap || next == make.file_bytes) {
			ck_assert_uint_eq(entry.state, VHDX_BLOCK_NOT_PRESENT);
			ck_assert_uint_eq(entry.offset, 0);
			continue;
		}
		ck_assert_uint_eq(entry.state, VHDX_BLOCK_PRESENT);
		ck_assert_uint_eq(entry.offset, next);
		next += VHDX_MAKE_BLOCK;
	}
	ck_assert_uint_eq(next, make.file_bytes);
	ck_assert_uint_ge(next - make.payload_offset, disks[_i].size);
}
END_TEST

/* what the table's room says is what the largest disk takes */
START_TEST(test_room)
{
	struct vhdx_make small, large, tight;
	vhdx_make_plan(TIB, 64 * TIB, 512, true, &small);
	vhdx_make_plan(64 * TIB, 64 * TIB, 512, true, &large);
	ck_assert_uint_eq(small.bat_bytes, large.bat_bytes);
	ck_assert_uint_eq(large.bat_bytes, 17 * MIB);
	ck_assert_uint_le(large.layout.entry_count * VHDX_BAT_ENTRY_SIZE, large.bat_bytes);
	vhdx_make_plan(3 * MIB, 3 * MIB, 512, true, &tight);
	ck_assert_uint_eq(tight.bat_bytes, MIB);
	ck_assert_uint_eq(tight.file_bytes, 4 * MIB + VHDX_MAKE_BLOCK);
}
END_TEST

START_TEST(test_dynamic)
{
	struct vhdx_make make;
	vhdx_make_plan(64 * TIB, 0, 512, false, &make);
	ck_assert_uint_eq(make.file_bytes, 20 * MIB);
	ck_assert(!make.metadata.leave_allocated);
	ck_assert_ptr_null(vhdx_metadata_fault(&make.metadata));
}
END_TEST

/* blocks that are added to an existing disk begin where they are told to */
START_TEST(test_added)
{
	struct vhdx_make make;
	unsigned char bytes[3 * VHDX_BAT_ENTRY_SIZE];
	vhdx_make_plan(130 * 32 * MIB, VHDX_DISK_SIZE_MAX, 512, true, &make);
	vhdx_make_entries(&make.metadata, 128, 700 * MIB, 127, 3, bytes);
	ck_assert_uint_eq(vhdx_bat_entry_decode(bytes).state, VHDX_BLOCK_NOT_PRESENT);	   /* an old one */
	ck_assert_uint_eq(vhdx_bat_entry_decode(bytes + 8).state, VHDX_BLOCK_NOT_PRESENT); /* a bitmap's */
	ck_assert_uint_eq(vhdx_bat_entry_decode(bytes + 16).offset, 700 * MIB);
}
END_TEST

START_TEST(test_section)
{
	static unsigned char bytes[VHDX_SECTION_SIZE];
	struct vhdx_make make;
	struct guid guids[2] = {{{1}}, {{2}}};
	struct vhdx_header headers[2];
	char creator[VHDX_CREATOR_LEN];
	uint32_t count = 0;
	vhdx_make_plan(5 * GIB, VHDX_DISK_SIZE_MAX, 512, true, &make);
	vhdx_make_section(&make, &guids[0], &guids[1], bytes);
	ck_assert_int_eq(vhdx_identifier_decode(bytes, creator), 0);
	ck_assert_str_eq(creator, "nasready");
	for (unsigned i = 0; i < 2; i++) {
		ck_assert_int_eq(vhdx_header_decode(bytes + VHDX_HEADER_OFFSET(i), &headers[i]), 0);
		ck_assert(guid_is_zero(&headers[i].log));
		ck_assert_int_eq(vhdx_regions_decode(bytes + VHDX_REGIONS_OFFSET(i), &count), 0);
		ck_assert_uint_eq(count, 2);
	}
	ck_assert_int_eq(vhdx_header_current(&headers[0], &headers[1]), 1);
}
END_TEST

Suite *suite_vhdx_make(void)
{
	Suite *suite = suite_create("vhdx_make");
	TCase *tcase = tcase_create("vhdx_make");
	tcase_add_loop_test(tcase, test_entries, 0, 6);
	tcase_add_test(tcase, test_room);
	tcase_add_test(tcase, test_dynamic);
	tcase_add_test(tcase, test_added);
	tcase_add_test(tcase, test_section);
	suite_add_tcase(suite, tcase);
	return suite;
}
