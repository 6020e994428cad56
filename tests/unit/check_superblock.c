/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/bytes.h"
#include "common/partition_table.h"
#include "common/superblock.h"

Suite *suite_superblock(void);

#define DISK_SIZE (1u << 20)

static unsigned char disk[DISK_SIZE];
static bool broken; /* reading fails */
static struct superblock super;

static int read_disk(void *arg, uint64_t offset, void *into, size_t size)
{
	(void)arg;
	ck_assert(offset <= DISK_SIZE && size <= DISK_SIZE - offset);
	if (broken)
		return -EIO;
	memcpy(into, disk + offset, size);
	return 0;
}

static struct image_reader reader;

static void start(void)
{
	memset(disk, 0, sizeof disk);
	broken = false;
	reader = (struct image_reader){.read = read_disk, .file_bytes = DISK_SIZE};
}

static void put(size_t at, const char *bytes, size_t size)
{
	memcpy(disk + at, bytes, size);
}

static void is(uint64_t offset, const char *type, const char *label, const char *uuid)
{
	ck_assert(superblock_read(&reader, offset, &super));
	ck_assert_str_eq(super.type, type);
	ck_assert_str_eq(super.label, label);
	ck_assert_str_eq(super.uuid, uuid);
}

#define UUID_BYTES "\x01\x23\x45\x67\x89\xab\xcd\xef\x01\x23\x45\x67\x89\xab\xcd\xef"
#define UUID_TEXT "01234567-89ab-cdef-0123-456789abcdef"

START_TEST(of_a_nas)
{
	put(4096 + 1024 + 56, "\x53\xef", 2);
	put(4096 + 1024 + 104, UUID_BYTES, 16);
	put(4096 + 1024 + 120, "sixteen letters!", 16);
	is(4096, "ext2", "sixteen letters!", UUID_TEXT);
	disk[4096 + 1024 + 0x5c] = 4;
	is(4096, "ext3", "sixteen letters!", UUID_TEXT);
	disk[4096 + 1024 + 0x60] = 0x42;
	is(4096, "ext4", "sixteen letters!", UUID_TEXT);
	disk[4096 + 1024 + 0x60] = 0x8;
	is(4096, "jbd", "sixteen letters!", UUID_TEXT);
	disk[4096 + 1024 + 0x18] = 7; /* blocks of 128 KiB */
	ck_assert(!superblock_read(&reader, 4096, &super));
	put(0, "XFSB", 4);
	put(108, "data  ", 6);
	is(0, "xfs", "data", "");
	start();
	put(65536 + 64, "_BHRfS_M", 8);
	put(65536 + 32, UUID_BYTES, 16);
	memset(disk + 65536 + 299, 'x', 256);
	ck_assert(superblock_read(&reader, 0, &super));
	ck_assert_str_eq(super.type, "btrfs");
	ck_assert_uint_eq(strlen(super.label), SUPERBLOCK_LABEL_LEN - 1);
	ck_assert_str_eq(super.label + SUPERBLOCK_LABEL_LEN - 5, "x...");
}
END_TEST

/* the boot sector of 1024-byte records, and $Volume's with a name of `units` */
static void make_ntfs(const char *name, unsigned bytes)
{
	start();
	put(3, "NTFS    ", 8);
	disk[12] = 2;
	disk[13] = 8;
	disk[48] = 4; /* the table's cluster */
	disk[64] = 0xf6;
	bytes_put_le64(disk + 72, 0x1122334455667788);
	put(510, "\x55\xaa", 2);
	unsigned char *record = disk + 4 * 4096 + 3 * 1024;
	memcpy(record, "FILE", 4);
	record[20] = 56;
	bytes_put_le32(record + 56, 0x10);
	record[60] = 72;
	bytes_put_le32(record + 128, 0x60);
	record[132] = (unsigned char)(24 + bytes);
	record[144] = (unsigned char)bytes;
	record[148] = 24;
	memcpy(record + 152, name, bytes);
}

START_TEST(ntfs)
{
	make_ntfs("B\0\xe4\0\xac\x20\x3d\xd8\x00\xde", 10);
	is(0, "ntfs", "B\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", "1122334455667788");
	ck_assert_uint_eq(super.cluster_bytes, 4096);
	make_ntfs("\x3d\xd8z\0\x00\xde", 6);
	is(0, "ntfs", "?z?", "1122334455667788");
	unsigned char *record = disk + 4 * 4096 + 3 * 1024;
	record[144] = 200; /* longer than its attribute */
	is(0, "ntfs", "", "1122334455667788");
	make_ntfs("a\0", 2);
	record[60] = 0; /* would never end */
	is(0, "ntfs", "", "1122334455667788");
	make_ntfs("a\0", 2);
	record[136] = 1; /* somewhere else */
	is(0, "ntfs", "", "1122334455667788");
	make_ntfs("a\0", 2);
	memset(disk + 48, 0xff, 8); /* the table lies nowhere */
	is(0, "ntfs", "", "1122334455667788");
}
END_TEST

static void make_fat(bool is_32)
{
	start();
	disk[12] = 2;
	disk[13] = 4;
	disk[14] = 1;
	disk[16] = 2;
	disk[21] = 0xf8;
	disk[is_32 ? 36 : 22] = 10;
	disk[44] = is_32 ? 3 : 0;
	put(is_32 ? 82 : 54, is_32 ? "FAT32   " : "FAT16   ", 8);
	put(is_32 ? 67 : 39,
		"\x78\x56\x34\x12"
		"NO NAME    ",
		15);
	put(510, "\x55\xaa", 2);
}

START_TEST(fat)
{
	make_fat(false);
	is(0, "vfat", "", "1234-5678");
	put(43, "IN BOOT    ", 11);
	is(0, "vfat", "IN BOOT", "1234-5678");
	put(21 * 512, "\xe5", 1);
	put(21 * 512 + 32, "Alang\0\0\0\0\0\0\x0f", 12);
	put(21 * 512 + 64, "ROOT \x81     \x08", 12);
	is(0, "vfat", "ROOT ?", "1234-5678");
	make_fat(true);
	put((21 + 4) * 512, "BIG        \x28", 12);
	is(0, "vfat", "BIG", "1234-5678");
	disk[44] = 1; /* clusters begin with 2 */
	ck_assert(!superblock_read(&reader, 0, &super));
}
END_TEST

START_TEST(other_windows)
{
	put(3, "EXFAT   ", 8);
	disk[108] = 9;
	disk[109] = 3;
	disk[88] = 32;
	disk[96] = 4;
	put(100, "\x78\x56\x34\x12", 4);
	put((32 + 2 * 8) * 512,
		"\x83\x03"
		"a\0b\0c\0d\0",
		10);
	is(0, "exfat", "abc", "1234-5678");
	disk[109] = 17;
	ck_assert(!superblock_read(&reader, 0, &super));
	put(3, "ReFS\0\0\0\0", 8);
	is(0, "ReFS", "", "");
	put(3, "-FVE-FS-", 8);
	is(0, "BitLocker", "", "");
	broken = true;
	ck_assert(!superblock_read(&reader, 0, &super));
	ck_assert(!superblock_read(&reader, UINT64_MAX - 5, &super));
	ck_assert_str_eq(super.type, "");
}
END_TEST

static char seen[200];

static void note(void *arg, uint64_t offset, uint64_t size)
{
	(void)arg;
	size_t length = strlen(seen);
	snprintf(seen + length, sizeof seen - length, "%llu+%llu ", (unsigned long long)offset / 512,
		(unsigned long long)size / 512);
}

static unsigned found_count;

static void count(void *arg, uint64_t offset, uint64_t size)
{
	(void)arg;
	(void)offset;
	(void)size;
	found_count++;
}

static void table_is(const char *expected, const char *partitions)
{
	seen[0] = 0;
	const char *table = partition_table_read(&(struct partitioned){
		.reader = &reader, .offset = 512, .size_bytes = 512000, .sector_bytes = 512, .found = note});
	ck_assert_str_eq(table ? table : "none", expected);
	ck_assert_str_eq(seen, partitions);
}

static void put_gpt(unsigned sector)
{
	unsigned char *header = disk + 512 + sector * 512, *entry = disk + 512 + 5 * 512;
	memcpy(header, "EFI PART", 8);
	header[72] = 5;
	header[80] = 4;
	header[84] = 128;
	for (unsigned i = 0; i < 4; i++, entry += 128) {
		entry[0] = i != 1;
		entry[32] = (unsigned char)(40 + i);
		entry[40] = (unsigned char)(i == 3 ? 41 : 99); /* the last one ends before it begins */
	}
}

START_TEST(gpt)
{
	table_is("none", "");
	put_gpt(1);
	table_is("gpt", "40+60 42+58 ");
	start();
	put_gpt(999);
	table_is("gpt", "40+60 42+58 ");
	memset(disk + 512 + 5 * 512 + 40, 0xff, 8); /* beyond the disk */
	table_is("gpt", "42+58 ");
	disk[512 + 999 * 512 + 84] = 64;
	table_is("none", "");
}
END_TEST

static void put_mbr(unsigned sector, unsigned row, unsigned char type, unsigned first, unsigned count)
{
	unsigned char *entry = disk + 512 + sector * 512 + 446 + 16 * row;
	entry[4] = type;
	entry[8] = (unsigned char)first;
	entry[12] = (unsigned char)count;
	memcpy(disk + 512 + sector * 512 + 510, "\x55\xaa", 2);
}

START_TEST(mbr)
{
	put_mbr(0, 0, 7, 9, 20);
	put_mbr(0, 2, 0x0f, 100, 200);
	put_mbr(100, 0, 7, 1, 30);
	put_mbr(100, 1, 5, 50, 40);
	put_mbr(150, 0, 7, 2, 10);
	table_is("dos", "9+20 101+30 152+10 ");
	put_mbr(150, 1, 5, 0, 40); /* back to the first: it ends all the same */
	found_count = 0;
	partition_table_read(&(struct partitioned){
		.reader = &reader, .offset = 512, .size_bytes = 512000, .sector_bytes = 512, .found = count});
	ck_assert_uint_eq(found_count, 1 + 64);
}
END_TEST

START_TEST(no_mbr)
{
	put_mbr(0, 0, 0xee, 1, 200); /* protects a GPT that is not there */
	table_is("none", "");
	put_mbr(0, 0, 7, 1, 200);
	table_is("dos", "1+200 ");
	disk[512 + 446] = 0x12; /* code */
	table_is("none", "");
	start();
	memcpy(disk + 512 + 510, "\x55\xaa", 2);
	table_is("none", "");
}
END_TEST

Suite *suite_superblock(void)
{
	Suite *suite = suite_create("superblock");
	TCase *tcase = tcase_create("bytes");
	tcase_add_checked_fixture(tcase, start, NULL);
	tcase_add_test(tcase, of_a_nas);
	tcase_add_test(tcase, ntfs);
	tcase_add_test(tcase, fat);
	tcase_add_test(tcase, other_windows);
	tcase_add_test(tcase, gpt);
	tcase_add_test(tcase, mbr);
	tcase_add_test(tcase, no_mbr);
	suite_add_tcase(suite, tcase);
	return suite;
}
