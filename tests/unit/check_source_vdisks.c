/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collect/source_vdisks.h"

Suite *suite_source_vdisks(void);

static struct snapshot before, now;
static struct fault fault;

static bool parse(const char *text)
{
	snapshot_reset(&now);
	fault.text[0] = 0;
	return vdisks_parse(text_of(text), &before, &now, &fault);
}

static const char whole[] = "disk Back\\040up a/S.vhdx 77 1000 512 1700000000123 3\n"
			    "image format=vhdx type=fixed log=dirty clean=no hollow=yes size=9 block=8 "
			    "sector=512 physical=4096 blocks=2 "
			    "present=1 room=99 payload=4194304 disk_id=00112233-4455-6677-8899-aabbccddeeff "
			    "write_id=10112233-4455-6677-8899-aabbccddeeff creator=a\\040b parent=c\n"
			    "problem log-dirty note 4096 it was not closed\n"
			    "problem block-overlap damage 7 two blocks share the bytes at 7\n"
			    "content gpt -\n"
			    "part 1048576 2097152 ntfs Backup\\040Disk 65536\n"
			    "part 4194304 1 - - 0\n"
			    "disk Backup T.vhd 5 1 0 0 -\n"
			    "error it cannot be read: Input/output error\n"
			    "end\n";

static void start(void)
{
	snapshot_reset(&before);
}

START_TEST(all_of_it)
{
	ck_assert(parse(whole));
	ck_assert_uint_eq(now.vdisk_count, 2);
	const struct vdisk *disk = &now.vdisks[0];
	ck_assert_str_eq(disk->share, "Back up");
	ck_assert_str_eq(disk->file, "a/S.vhdx");
	ck_assert_uint_eq(disk->number, vdisk_number("Back up", "a/S.vhdx"));
	ck_assert_uint_eq(strtoul(disk->id, NULL, 16), disk->number);
	ck_assert_uint_eq(disk->stamp, 77);
	ck_assert_uint_eq(disk->judged_stamp, 77);
	ck_assert_uint_eq(disk->file_bytes, 1000);
	ck_assert_uint_eq(disk->allocated_bytes, 512);
	ck_assert_uint_eq(disk->changed_clock_ms, UINT64_C(1700000000123));
	ck_assert_uint_eq(disk->extents, 3);
	ck_assert_int_eq(disk->leased, NO);
	const struct image *image = &disk->image;
	ck_assert(image->format == IMAGE_VHDX && image->type == IMAGE_FIXED && image->log == IMAGE_LOG_DIRTY);
	ck_assert(image->clean == NO && image->hollow == YES && image->damaged && image->has_ids);
	ck_assert_uint_eq(image->payload_offset, 4194304);
	ck_assert_uint_eq(image->physical_sector_bytes, 4096);
	ck_assert_str_eq(image->creator, "a b");
	ck_assert_uint_eq(image->problem_count, 2);
	ck_assert_str_eq(image->problems[1].code, "block-overlap");
	ck_assert(!image->problems[0].damage && image->problems[1].damage);
	ck_assert_str_eq(disk->content.table, "gpt");
	ck_assert_uint_eq(disk->content.partition_count, 2);
	ck_assert_str_eq(disk->content.partitions[0].label, "Backup Disk");
	ck_assert_uint_eq(disk->content.partitions[0].cluster_bytes, 65536);
	ck_assert_uint_eq(disk->content.partitions[1].cluster_bytes, UNKNOWN_U32);
	disk = &now.vdisks[1];
	ck_assert_uint_eq(disk->judged_stamp, 0);
	ck_assert_str_eq(disk->reason, "it cannot be read: Input/output error");
	ck_assert_uint_eq(disk->extents, UNKNOWN_U32);
	ck_assert_uint_eq(disk->image.virtual_size_bytes, UNKNOWN_U64);
}
END_TEST

/* what is not judged anew is as it was */
START_TEST(kept)
{
	ck_assert(parse(whole));
	before = now;
	before.vdisks[0].image.clean = YES;
	ck_assert(parse("disk Back\\040up a/S.vhdx 78 2000 512 1700000000123 -\nkeep\nend\n"));
	ck_assert_uint_eq(now.vdisks[0].stamp, 78);
	ck_assert_uint_eq(now.vdisks[0].judged_stamp, 77);
	ck_assert_int_eq(now.vdisks[0].image.clean, UNKNOWN); /* it has changed since */
	ck_assert_uint_eq(now.vdisks[0].file_bytes, 2000);
	ck_assert_uint_eq(now.vdisks[0].extents, 3);
	ck_assert_str_eq(now.vdisks[0].image.creator, "a b");
	ck_assert(parse("disk Back\\040up a/S.vhdx 78 2000 512 1700000000123 -\nleased\nend\n"));
	ck_assert_int_eq(now.vdisks[0].leased, YES);
	ck_assert_str_eq(now.vdisks[0].image.creator, "a b");
	ck_assert(now.vdisks[0].reason[0]);
	/* another one */
	ck_assert(parse("disk Backup S.vhdx 78 2000 512 1700000000123 -\nkeep\nend\n"));
	ck_assert_uint_eq(now.vdisks[0].judged_stamp, 0);
}
END_TEST

START_TEST(broken)
{
	ck_assert(!parse(""));
	ck_assert(!parse("disk a b 1 1 1 1 1\nimage format=vhdx\n"));
	ck_assert_uint_eq(now.vdisk_count, 1);
	static const char *const lines[] = {"disk\nend", "disk a\nend", "disk a b x 1 1 1 1\nend",
		"disk a b 1 1 1\nend", "image format=vhdx\nproblem a b 1 c\npart 1 1 a b 1\nkeep\nend\n",
		"disk a b -1 1 1 1 1\nend", "disk a b 99999999999999999999 1 1 1 1\nend"};
	for (unsigned i = 0; i < sizeof lines / sizeof *lines; i++) {
		ck_assert(parse(lines[i]));
		ck_assert_msg(now.vdisk_count == 0, "%s", lines[i]);
	}
	ck_assert(parse("disk a b 1 1 1 1 1\nimage format=qcow type=17 clean=maybe size=x block=99999999999 "
			"disk_id=1 =\nproblem\npart 1\ncontent\nend\n"));
	ck_assert_int_eq(now.vdisks[0].image.format, IMAGE_FORMAT_UNKNOWN);
	ck_assert_uint_eq(now.vdisks[0].image.virtual_size_bytes, UNKNOWN_U64);
	ck_assert_uint_eq(now.vdisks[0].image.block_bytes, UNKNOWN_U32);
}
END_TEST

START_TEST(too_many)
{
	static char text[65536];
	size_t length = 0;
	for (unsigned i = 0; i < VDISKS_MAX + 3; i++) {
		length += (size_t)snprintf(text + length, sizeof text - length,
			"disk a %u.vhdx 1 1 1 1 1\nimage format=vhd\n", i);
		for (unsigned j = 0; j < 9; j++)
			length += (size_t)snprintf(
				text + length, sizeof text - length, "part 1 1 a b 1\nproblem a note 1 c\n");
	}
	snprintf(text + length, sizeof text - length, "omitted 3 share a has too many folders\nend\n");
	ck_assert(parse(text));
	ck_assert_uint_eq(now.vdisk_count, VDISKS_MAX);
	ck_assert_uint_eq(now.vdisks_omitted, 3);
	ck_assert_uint_eq(now.vdisks[0].content.partition_count, PARTITIONS_MAX);
	ck_assert_uint_eq(now.vdisks[0].image.problem_count, IMAGE_PROBLEMS_MAX);
	ck_assert_str_eq(fault.text, "share a has too many folders");
}
END_TEST

/* what the child prints is what the parser reads */
START_TEST(there_and_back)
{
	static char text[8192] = "disk a b 1 2 3 4 5\n";
	int ends[2];
	ck_assert(parse(whole));
	struct vdisk disk = now.vdisks[0];
	ck_assert_int_eq(pipe(ends), 0);
	vdisks_print_image(ends[1], &disk.image, &disk.content);
	close(ends[1]);
	size_t length = strlen(text);
	for (ssize_t count; (count = read(ends[0], text + length, sizeof text - length - 8)) > 0;)
		length += (size_t)count;
	close(ends[0]);
	strcpy(text + length, "end\n");
	ck_assert(parse(text));
	disk.image.file_size_bytes = 2;
	disk.image.allocated_bytes = 3;
	ck_assert_mem_eq(&now.vdisks[0].image, &disk.image, sizeof disk.image);
	ck_assert_mem_eq(&now.vdisks[0].content, &disk.content, sizeof disk.content);
}
END_TEST

static struct client *client(const char *address, const char *disk)
{
	struct client *row = snapshot_add_client(&now);
	strcpy(row->address, address);
	row->open_disk_count = 1;
	strcpy(row->open_disks[0], disk);
	return row;
}

START_TEST(openers)
{
	ck_assert(parse("disk Backup S.vhdx 1 1 1 1 1\ndisk Backup T.vhdx 1 1 1 1 1\ndisk X U.vhdx 1 1 1 1 "
			"1\nleased\nend\n"));
	now.smb.status_ms = 5;
	client("10.0.0.5", "Backup/S.vhdx");
	client("10.0.0.6", "Backup/S.vhdx");
	vdisks_find_openers(&now);
	ck_assert_int_eq(now.vdisks[0].in_use, YES);
	ck_assert_uint_eq(now.vdisks[0].opener_count, 2);
	ck_assert_str_eq(now.vdisks[0].openers[1], "10.0.0.6");
	ck_assert_int_eq(now.vdisks[1].in_use, NO);
	ck_assert_int_eq(now.vdisks[2].in_use, YES);
	for (unsigned i = 0; i < 3; i++)
		client("10.0.0.7", "Backup/S.vhdx");
	vdisks_find_openers(&now);
	ck_assert_uint_eq(now.vdisks[0].opener_count, OPENERS_MAX);
	ck_assert_uint_eq(now.vdisks[0].openers_omitted, 5 - OPENERS_MAX);
	now.client_count = 0;
	now.smb.status_ms = 0;
	vdisks_find_openers(&now);
	ck_assert_int_eq(now.vdisks[0].in_use, UNKNOWN); /* nobody told */
	now.smb.connections = 0;
	vdisks_find_openers(&now);
	ck_assert_int_eq(now.vdisks[0].in_use, NO);
}
END_TEST

START_TEST(depths)
{
	unsigned depth = 9;
	ck_assert_int_eq(vdisks_depth_parse("0", &depth, NULL), 0);
	ck_assert_uint_eq(depth, 0);
	ck_assert_int_eq(vdisks_depth_parse("4", &depth, NULL), 0);
	static const char *const wrong[] = {"", "5", "-1", "x", "99999999999", "1 "};
	for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++)
		ck_assert_int_lt(vdisks_depth_parse(wrong[i], &depth, &fault), 0);
	ck_assert_uint_eq(depth, 4);
}
END_TEST

Suite *suite_source_vdisks(void)
{
	Suite *suite = suite_create("source_vdisks");
	TCase *tcase = tcase_create("parse");
	tcase_add_checked_fixture(tcase, start, NULL);
	tcase_add_test(tcase, all_of_it);
	tcase_add_test(tcase, kept);
	tcase_add_test(tcase, broken);
	tcase_add_test(tcase, too_many);
	tcase_add_test(tcase, there_and_back);
	tcase_add_test(tcase, openers);
	tcase_add_test(tcase, depths);
	suite_add_tcase(suite, tcase);
	return suite;
}
