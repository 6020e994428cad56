/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdlib.h>

#include "tests/unit/vhdx_sparse.h"

Suite *suite_vhdx_inspect(void);

static struct sparse disk;
static struct image image;

static void start(void)
{
	sparse_start(&disk, 300); /* three chunks of 128 blocks */
}

static void must_be_good(void)
{
	ck_assert_int_eq(sparse_inspect(&disk, &image), 0);
	ck_assert_msg(!image.problem_count, "%s: %s", image.problems[0].code, image.problems[0].message);
	ck_assert_int_eq(image.clean, YES);
}

/* the first problem, and whether it is damage */
static void must_say(const char *code, bool damage, uint64_t offset)
{
	ck_assert_int_eq(sparse_inspect(&disk, &image), 0);
	ck_assert_uint_ge(image.problem_count, 1);
	ck_assert_str_eq(image.problems[0].code, code);
	ck_assert_msg(image.problems[0].damage == damage, "%s", image.problems[0].message);
	ck_assert_uint_eq(image.problems[0].offset, offset);
	ck_assert(image.damaged == damage);
	ck_assert(!damage || image.clean == NO);
}

START_TEST(a_good_one)
{
	must_be_good();
	ck_assert_int_eq(image.format, IMAGE_VHDX);
	ck_assert_int_eq(image.type, IMAGE_FIXED);
	ck_assert_int_eq(image.log, IMAGE_LOG_EMPTY);
	ck_assert_int_eq(image.hollow, NO);
	ck_assert_uint_eq(image.virtual_size_bytes, UINT64_C(300) * 32 * VHDX_MIB);
	ck_assert_uint_eq(image.block_count, 300);
	ck_assert_uint_eq(image.present_count, 300);
	ck_assert_uint_eq(image.payload_offset, SPARSE_PAYLOAD_AT);
	/* 131072 entries are 1016 chunks of 129, and 8 more */
	ck_assert_uint_eq(image.room_bytes, (UINT64_C(1016) * 128 + 8) * 32 * VHDX_MIB);
	ck_assert_str_eq(image.creator, "tests");
	ck_assert_uint_eq(image.data_write.bytes[0], 0x77);
}
END_TEST

START_TEST(other_types)
{
	disk.metadata.leave_allocated = false;
	sparse_put(&disk, 5, VHDX_BLOCK_NOT_PRESENT, 0);
	sparse_put(&disk, 6, VHDX_BLOCK_UNMAPPED, SPARSE_PAYLOAD_AT);
	sparse_seal(&disk);
	must_be_good();
	ck_assert_int_eq(image.type, IMAGE_DYNAMIC);
	ck_assert_uint_eq(image.present_count, 298);
	ck_assert_uint_eq(image.payload_offset, UNKNOWN_U64);
	disk.metadata.leave_allocated = true;
	sparse_seal(&disk);
	must_be_good();
	ck_assert_int_eq(image.hollow, YES); /* a fixed one lacks blocks */
}
END_TEST

START_TEST(hollow)
{
	static struct image_work work;
	struct image_reader reader = {sparse_read, &disk, disk.file_bytes, UINT64_C(300) * 32 * VHDX_MIB - 1};
	ck_assert_int_eq(image_inspect(&reader, &work, &image), 0);
	ck_assert_int_eq(image.hollow, YES);
	reader.allocated_bytes++;
	ck_assert_int_eq(image_inspect(&reader, &work, &image), 0);
	ck_assert_int_eq(image.hollow, NO);
	reader.allocated_bytes = UNKNOWN_U64;
	ck_assert_int_eq(image_inspect(&reader, &work, &image), 0);
	ck_assert_int_eq(image.hollow, UNKNOWN);
}
END_TEST

START_TEST(the_last_block_may_be_short)
{
	disk.metadata.size_bytes -= 16 * VHDX_MIB;
	disk.file_bytes -= 16 * VHDX_MIB;
	sparse_seal(&disk);
	must_be_good();
	disk.file_bytes -= 1;
	must_say("block-beyond-end", true, SPARSE_PAYLOAD_AT + UINT64_C(299) * 32 * VHDX_MIB);
	ck_assert_uint_eq(image.payload_offset, UNKNOWN_U64);
}
END_TEST

START_TEST(headers)
{
	disk.head[VHDX_HEADER_OFFSET(0) + 9] ^= 1;
	must_say("header-damaged", false, 65536);
	ck_assert_int_eq(image.clean, YES); /* a torn update of the header is foreseen */
	disk.head[VHDX_HEADER_OFFSET(1)] ^= 1;
	must_say("header-damaged", true, 65536);
	ck_assert_int_eq(image.format, IMAGE_VHDX);
	start();
	disk.head[0] = 0;
	must_say("identifier-damaged", true, 0);
	start();
	disk.header.version = 2;
	sparse_seal(&disk);
	must_say("version-unknown", true, 131072);
	start();
	disk.header.sequence--;
	disk.header.log_length *= 2;
	vhdx_header_encode(&disk.header, disk.head + VHDX_HEADER_OFFSET(1));
	must_say("headers-equal", true, 65536);
}
END_TEST

START_TEST(region_tables)
{
	disk.head[VHDX_REGIONS_OFFSET(0)] ^= 1;
	must_say("region-table-damaged", false, 196608);
	ck_assert_uint_eq(image.present_count, 300);
	disk.head[VHDX_REGIONS_OFFSET(1) + 100] ^= 1;
	must_say("region-table-damaged", true, 196608);
	start();
	disk.regions[0].length *= 2;
	vhdx_regions_encode(disk.regions, 2, disk.head + VHDX_REGIONS_OFFSET(1));
	must_say("region-tables-differ", false, 262144);
}
END_TEST

START_TEST(region_places)
{
	const struct {
		uint64_t offset;
		uint32_t length;
	} bad[] = {{0, VHDX_MIB}, {SPARSE_BAT_AT + 4096, VHDX_MIB}, {SPARSE_BAT_AT, 0}, {SPARSE_BAT_AT, 4096},
		{SPARSE_LOG_AT, VHDX_MIB}, {SPARSE_METADATA_AT, VHDX_MIB},
		{UINT64_MAX / VHDX_MIB * VHDX_MIB, VHDX_MIB}, {UINT64_C(1) << 40, VHDX_MIB}};
	for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
		disk.regions[1].offset = bad[i].offset;
		disk.regions[1].length = bad[i].length;
		sparse_seal(&disk);
		must_say("region-bad", true, bad[i].offset);
	}
	start();
	disk.regions[1].id.bytes[0] ^= 1;
	sparse_seal(&disk);
	must_say("region-unknown", true, SPARSE_BAT_AT);
	disk.regions[1].required = false;
	sparse_seal(&disk);
	must_say("region-missing", true, 196608);
	start();
	disk.regions[1].id = vhdx_region_metadata;
	sparse_seal(&disk);
	must_say("region-bad", true, SPARSE_BAT_AT);
}
END_TEST

START_TEST(metadata)
{
	disk.table[0] = 0;
	must_say("metadata-damaged", true, SPARSE_METADATA_AT);
	start();
	bytes_put_le16(disk.table + 10, 4);
	must_say("metadata-missing", true, SPARSE_METADATA_AT);
	start();
	disk.metadata.block_bytes = 3 * VHDX_MIB;
	vhdx_metadata_encode(&disk.metadata, disk.table);
	must_say("metadata-bad", true, SPARSE_METADATA_AT + 65536);
	start();
	bytes_put_le32(disk.table + 32 + 16, VHDX_MIB - 4); /* the first item reaches beyond the region */
	must_say("metadata-bad", true, SPARSE_METADATA_AT + VHDX_MIB - 4);
	start();
	memcpy(disk.table + 64, disk.table + 32, 32); /* file parameters twice */
	must_say("metadata-bad", true, SPARSE_METADATA_AT + 65536);
	start();
	disk.table[32 + 3 * 32] ^= 1; /* an unknown one, required */
	must_say("metadata-unknown", true,
		SPARSE_METADATA_AT + vhdx_metadata_item_offset(VHDX_LOGICAL_SECTOR_SIZE));
	start();
	disk.metadata.size_bytes = UINT64_C(60) << 40;
	vhdx_metadata_encode(&disk.metadata, disk.table);
	must_say("block-table-short", true, SPARSE_BAT_AT);
}
END_TEST

START_TEST(blocks)
{
	sparse_put(&disk, 7, 5, SPARSE_PAYLOAD_AT);
	must_say("block-state", true, SPARSE_BAT_AT + 7 * 8);
	start();
	sparse_put(&disk, 7, VHDX_BLOCK_PARTIALLY_PRESENT, SPARSE_PAYLOAD_AT + 7 * 32 * VHDX_MIB);
	must_say("block-state", true, SPARSE_BAT_AT + 7 * 8);
	start();
	sparse_put(&disk, 7, VHDX_BLOCK_PRESENT, UINT64_MAX);
	must_say("block-beyond-end", true, UINT64_MAX / VHDX_MIB * VHDX_MIB);
	start();
	sparse_put(&disk, 7, VHDX_BLOCK_PRESENT, SPARSE_BAT_AT);
	must_say("block-in-region", true, SPARSE_BAT_AT);
	start();
	sparse_put(&disk, 7, VHDX_BLOCK_PRESENT, 0);
	must_say("block-in-region", true, 0);
	start();
	disk.bat[7 * 8 + 1] = 1;
	must_say("block-reserved", false, SPARSE_BAT_AT);
}
END_TEST

START_TEST(blocks_that_overlap)
{
	uint64_t place = SPARSE_PAYLOAD_AT + UINT64_C(299) * 32 * VHDX_MIB;
	sparse_put(&disk, 3, VHDX_BLOCK_PRESENT, place);
	must_say("block-overlap", true, place);
	start();
	disk.file_bytes += UINT64_C(3) << 40; /* another TiB than the rest, and a block that crosses over */
	place = (UINT64_C(2) << 40) - 16 * VHDX_MIB;
	sparse_put(&disk, 3, VHDX_BLOCK_PRESENT, place);
	must_be_good();
	ck_assert_uint_eq(image.payload_offset, UNKNOWN_U64);
	sparse_put(&disk, 9, VHDX_BLOCK_PRESENT, place + 31 * VHDX_MIB);
	must_say("block-overlap", true, place + 31 * VHDX_MIB);
	/* side by side is fine */
	sparse_put(&disk, 9, VHDX_BLOCK_PRESENT, place + 32 * VHDX_MIB);
	must_be_good();
}
END_TEST

static void make_differencing(void)
{
	unsigned char *locator = disk.table + VHDX_METADATA_TABLE_SIZE + 2048,
		      *item = disk.table + 32 + 5 * 32;
	disk.metadata.has_parent = true;
	disk.metadata.leave_allocated = false;
	disk.metadata.size_bytes = UINT64_C(128) * 32 * VHDX_MIB;
	sparse_seal(&disk);
	static const unsigned char id[] = {0x2d, 0x5f, 0xd3, 0xa8, 0x0b, 0xb3, 0x4d, 0x45, 0xab, 0xf7, 0xd3,
		0xd8, 0x48, 0x34, 0xab, 0x0c};
	bytes_put_le16(disk.table + 10, 6);
	memcpy(item, id, 16);
	bytes_put_le32(item + 16, VHDX_METADATA_TABLE_SIZE + 2048);
	bytes_put_le32(item + 20, 20 + 12 + 26 + 8);
	bytes_put_le32(item + 24, 4);
	guid_put(locator, &vhdx_locator_vhdx);
	bytes_put_le16(locator + 18, 1);
	bytes_put_le32(locator + 20, 32);
	bytes_put_le32(locator + 24, 58);
	bytes_put_le16(locator + 28, 26);
	bytes_put_le16(locator + 30, 8);
	for (unsigned i = 0; i < 13; i++)
		locator[32 + 2 * i] = (unsigned char)"relative_path"[i];
	for (unsigned i = 0; i < 4; i++)
		locator[58 + 2 * i] = (unsigned char)"p.vh"[i];
}

START_TEST(differencing)
{
	make_differencing();
	must_be_good();
	ck_assert_int_eq(image.type, IMAGE_DIFFERENCING);
	ck_assert_str_eq(image.parent, "p.vh");
	/* a block that is there in part needs its sector bitmap */
	sparse_put(&disk, 7, VHDX_BLOCK_PARTIALLY_PRESENT, SPARSE_PAYLOAD_AT + 7 * 32 * VHDX_MIB);
	must_say("block-state", true, SPARSE_BAT_AT + 128 * 8);
	sparse_put(&disk, 128, VHDX_BLOCK_PRESENT, SPARSE_PAYLOAD_AT + UINT64_C(128) * 32 * VHDX_MIB);
	must_be_good();
	sparse_put(&disk, 128, VHDX_BLOCK_PRESENT, SPARSE_PAYLOAD_AT + 5 * VHDX_MIB);
	must_say("block-overlap", true, SPARSE_PAYLOAD_AT + 5 * VHDX_MIB);
	make_differencing();
	disk.table[VHDX_METADATA_TABLE_SIZE + 2048] ^= 1;
	must_say("parent-damaged", true, SPARSE_METADATA_AT + VHDX_METADATA_TABLE_SIZE + 2048);
	disk.table[10] = 5;
	must_say("parent-missing", true, SPARSE_METADATA_AT);
}
END_TEST

static void open_log(void)
{
	memset(disk.header.log.bytes, 0x10, GUID_SIZE);
	sparse_seal(&disk);
}

START_TEST(log_dirty)
{
	open_log();
	uint32_t at = sparse_log_entry(&disk, 8192, 5, 8192, 2);
	must_say("log-dirty", false, SPARSE_LOG_AT + 8192);
	ck_assert_int_eq(image.log, IMAGE_LOG_DIRTY);
	ck_assert_int_eq(image.clean, NO);
	sparse_log_entry(&disk, 8192 + at, 6, 8192, 0);
	must_say("log-dirty", false, SPARSE_LOG_AT + 8192 + at);
	ck_assert_ptr_nonnull(strstr(image.problems[0].message, " 2 entries"));
	/* what the log may mend is no damage */
	sparse_put(&disk, 7, 5, 0);
	must_say("log-dirty", false, SPARSE_LOG_AT + 8192 + at);
	ck_assert_str_eq(image.problems[1].code, "block-state");
	ck_assert(!image.damaged);
	/* the file was longer when the log was written */
	start();
	open_log();
	disk.file_bytes += 4096;
	sparse_log_entry(&disk, 0, 5, 0, 0);
	disk.file_bytes -= 4096;
	ck_assert_int_eq(sparse_inspect(&disk, &image), 0);
	ck_assert_int_eq(image.log, IMAGE_LOG_DAMAGED);
	ck_assert(image.damaged);
}
END_TEST

START_TEST(log_over_the_end)
{
	open_log();
	uint32_t at = VHDX_MIB - 3 * 4096;
	uint32_t next = at + sparse_log_entry(&disk, at, UINT64_C(0x500000001), at, 7); /* it wraps */
	must_say("log-dirty", false, SPARSE_LOG_AT + at);
	sparse_log_entry(&disk, next % VHDX_MIB, UINT64_C(0x500000002), at, 1);
	must_say("log-dirty", false, SPARSE_LOG_AT + next % VHDX_MIB);
}
END_TEST

START_TEST(log_torn)
{
	open_log();
	must_say("log-damaged", true, SPARSE_LOG_AT); /* none at all */
	ck_assert_int_eq(image.log, IMAGE_LOG_DAMAGED);
	static const unsigned spoilt[] = {4, 60, 64, 64 + 24, 4096, 4096 + 4, 4096 + 2000, 3 * 4096 - 1};
	for (unsigned i = 0; i < sizeof spoilt / sizeof *spoilt; i++) {
		sparse_log_entry(&disk, 0, 5, 0, 2);
		disk.log[spoilt[i]] ^= 1;
		must_say("log-damaged", true, SPARSE_LOG_AT);
	}
	/* the second one is torn: the first holds */
	uint32_t at = sparse_log_entry(&disk, 0, 5, 0, 2);
	sparse_log_entry(&disk, at, 6, 0, 2);
	disk.log[at + 5000] ^= 1;
	must_say("log-dirty", false, SPARSE_LOG_AT);
	/* an older sequence counts for nothing, one whose beginning was overwritten neither */
	sparse_log_entry(&disk, at, 3, 0, 2);
	must_say("log-dirty", false, SPARSE_LOG_AT);
	sparse_log_entry(&disk, at, 9, 0, 2);
	must_say("log-dirty", false, SPARSE_LOG_AT);
	/* entries of another log */
	disk.header.log.bytes[0] ^= 1;
	sparse_seal(&disk);
	must_say("log-damaged", true, SPARSE_LOG_AT);
}
END_TEST

START_TEST(cut_off)
{
	static const uint64_t sizes[] = {512 * 1024, 70000, 3 * VHDX_MIB + 1, 65536 + 8};
	for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		disk.file_bytes = sizes[i];
		ck_assert_int_eq(sparse_inspect(&disk, &image), 0);
		ck_assert_int_eq(image.format, IMAGE_VHDX);
		ck_assert(image.damaged);
	}
	static const uint64_t tiny[] = {0, 1, 7};
	for (unsigned i = 0; i < sizeof tiny / sizeof *tiny; i++) {
		disk.file_bytes = tiny[i];
		must_say("not-a-disk", true, 0);
		ck_assert_int_eq(image.format, IMAGE_FORMAT_UNKNOWN);
	}
}
END_TEST

/* whichever read fails, it is told, and nothing else comes of it */
START_TEST(reads_that_fail)
{
	open_log();
	sparse_log_entry(&disk, 0, 5, 0, 2);
	must_say("log-dirty", false, SPARSE_LOG_AT);
	uint64_t all = disk.reads;
	for (uint64_t i = 4; i <= all; i++) { /* the first three only look for signatures */
		disk.reads = 0;
		disk.fails_at = i;
		ck_assert_int_eq(sparse_inspect(&disk, &image), -EIO);
		ck_assert(image.damaged);
		disk.reads = 0;
	}
}
END_TEST

Suite *suite_vhdx_inspect(void)
{
	Suite *suite = suite_create("vhdx_inspect");
	TCase *tcase = tcase_create("judge");
	tcase_add_checked_fixture(tcase, start, NULL);
	tcase_add_test(tcase, a_good_one);
	tcase_add_test(tcase, other_types);
	tcase_add_test(tcase, hollow);
	tcase_add_test(tcase, the_last_block_may_be_short);
	tcase_add_test(tcase, headers);
	tcase_add_test(tcase, region_tables);
	tcase_add_test(tcase, region_places);
	tcase_add_test(tcase, metadata);
	tcase_add_test(tcase, blocks);
	tcase_add_test(tcase, blocks_that_overlap);
	tcase_add_test(tcase, differencing);
	tcase_add_test(tcase, log_dirty);
	tcase_add_test(tcase, log_over_the_end);
	tcase_add_test(tcase, log_torn);
	tcase_add_test(tcase, cut_off);
	tcase_add_test(tcase, reads_that_fail);
	suite_add_tcase(suite, tcase);
	return suite;
}
