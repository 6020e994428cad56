/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * A disk that was being grown, stopped after each step: undoing makes the old one of it, or leaves the new
 * one.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "work/grow_note.h"

Suite *suite_grow_note(void);

#define MIB UINT64_C(1048576)
#define OLD (70 * MIB)
#define NEW (200 * MIB)

static char dir[] = "/tmp/nasready-grow-XXXXXX";
static int fd;
static struct vhdx_make make;
static struct disk_parts parts;
static struct vhdx_metadata larger;
static struct grow_note note;
static struct place place;

static void set_up(void)
{
	char path[64];
	struct stat stat;
	strcpy(dir + sizeof dir - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/a.vhdx", dir);
	fd = open(path, O_RDWR | O_CREAT, 0600);
	vhdx_make_plan(OLD, VHDX_DISK_SIZE_MAX, 512, true, &make);
	ck_assert_int_eq(ftruncate(fd, (off_t)make.file_bytes), 0);
	ck_assert_int_eq(disk_write_new(fd, &make), 0);
	ck_assert_int_eq(disk_pwrite(fd, "data", 4, make.payload_offset), 0);
	ck_assert_int_eq(disk_read_parts(fd, &parts), 0);
	ck_assert_int_eq(fstat(fd, &stat), 0);
	larger = parts.metadata;
	larger.size_bytes = NEW;
	note = (struct grow_note){
		"a b.vhdx", stat.st_ino, make.file_bytes, make.file_bytes + 4 * VHDX_MAKE_BLOCK, OLD, NEW};
	place = (struct place){.share = "x", .fd = -1, .hidden = open(dir, O_RDONLY | O_DIRECTORY)};
}

static void tear_down(void)
{
	char command[80];
	close(fd);
	place_close(&place);
	snprintf(command, sizeof command, "rm -rf %s", dir);
	ck_assert_int_eq(system(command), 0);
}

static void judge(uint64_t size)
{
	struct image image;
	struct stat stat;
	char data[4];
	ck_assert_int_eq(fstat(fd, &stat), 0);
	ck_assert_int_eq(disk_inspect(fd, (uint64_t)stat.st_size, &image), 0);
	ck_assert_msg(!image.damaged && image.clean == YES, "%s", image.problems[0].message);
	ck_assert_int_eq(image.type, IMAGE_FIXED);
	ck_assert_uint_eq(image.virtual_size_bytes, size);
	ck_assert_uint_eq(image.room_bytes, VHDX_DISK_SIZE_MAX);
	ck_assert_int_eq(disk_pread(fd, data, 4, make.payload_offset), 0);
	ck_assert_mem_eq(data, "data", 4);
}

static void grow_until(int step)
{
	if (step > 0)
		ck_assert_int_eq(ftruncate(fd, (off_t)note.new_file_bytes), 0);
	if (step > 1)
		ck_assert_int_eq(disk_renew_headers(fd, &parts), 0);
	if (step > 2)
		ck_assert_int_eq(disk_write_entries(fd, &parts, &larger, 3, note.old_file_bytes), 0);
	if (step > 3)
		ck_assert_int_eq(disk_write_size(fd, &parts, NEW), 0);
}

START_TEST(test_each_step)
{
	struct stat stat;
	judge(OLD);
	grow_until(_i);
	judge(_i > 3 ? NEW : OLD); /* at every moment the one or the other */
	ck_assert_int_eq(grow_undo(fd, &note), _i > 3 ? GROW_FINISHED : GROW_UNDONE);
	judge(_i > 3 ? NEW : OLD);
	ck_assert_int_eq(fstat(fd, &stat), 0);
	ck_assert_uint_eq((uint64_t)stat.st_size, _i > 3 ? note.new_file_bytes : note.old_file_bytes);
	ck_assert_int_eq(grow_undo(fd, &note), _i > 3 ? GROW_FINISHED : GROW_UNDONE); /* a crash in between */
}
END_TEST

/* grown twice: what the undoing of the first left must not be taken for blocks of the second */
START_TEST(test_again)
{
	grow_until(3);
	ck_assert_int_eq(grow_undo(fd, &note), GROW_UNDONE);
	grow_until(4);
	judge(NEW);
}
END_TEST

START_TEST(test_headers_move_on)
{
	struct disk_parts after;
	ck_assert_int_eq(disk_renew_headers(fd, &parts), 0);
	ck_assert_int_eq(disk_read_parts(fd, &after), 0);
	ck_assert_uint_eq(after.header.sequence, 4); /* a new disk has 2 */
	ck_assert(guid_equal(&after.header.data_write, &parts.header.data_write));
	ck_assert(guid_is_zero(&after.header.log));
}
END_TEST

START_TEST(test_changed_since)
{
	struct grow_note other = note;
	grow_until(1);
	other.inode++;
	ck_assert_int_eq(grow_undo(fd, &other), GROW_CHANGED);
	other = note;
	other.old_size_bytes += MIB; /* somebody has resized it */
	ck_assert_int_eq(grow_undo(fd, &other), GROW_CHANGED);
	other = note;
	other.new_file_bytes -= MIB; /* or it is longer than we would have made it */
	ck_assert_int_eq(grow_undo(fd, &other), GROW_CHANGED);
	other = note;
	other.old_file_bytes -= 30 * MIB; /* a block would be cut off */
	ck_assert_int_eq(grow_undo(fd, &other), GROW_CHANGED);
	judge(OLD);
	ck_assert_int_eq(ftruncate(fd, 4096), 0);
	ck_assert_int_lt(grow_undo(fd, &note), 0);
}
END_TEST

START_TEST(test_zeroing)
{
	static unsigned char bytes[3 * 65536];
	memset(bytes, 1, sizeof bytes);
	ck_assert_int_eq(disk_pwrite(fd, bytes, sizeof bytes, make.payload_offset), 0);
	ck_assert_int_eq(disk_zero(fd, make.payload_offset + 100, 2 * 65536 + 50), 0);
	ck_assert_int_eq(disk_pread(fd, bytes, sizeof bytes, make.payload_offset), 0);
	for (size_t i = 0; i < sizeof bytes; i++)
		ck_assert_uint_eq(bytes[i], i < 100 || i >= 100 + 2 * 65536 + 50);
}
END_TEST

START_TEST(test_note)
{
	struct grow_note back;
	ck_assert_int_eq(grow_note_read(&place, &back), -ENOENT);
	strcpy(note.path, "a b/\nc#.vhdx");
	ck_assert_int_eq(grow_note_write(&place, &note), 0);
	ck_assert_int_eq(grow_note_read(&place, &back), 0);
	ck_assert_str_eq(back.path, note.path);
	ck_assert_uint_eq(back.inode, note.inode);
	ck_assert_uint_eq(back.new_file_bytes, note.new_file_bytes);
	ck_assert_uint_eq(back.old_size_bytes, note.old_size_bytes);
	ck_assert_int_eq(grow_note_remove(&place), 0);
	ck_assert_int_eq(grow_note_remove(&place), 0);
	ck_assert_int_eq(grow_note_read(&place, &back), -ENOENT);
}
END_TEST

static const char *const wrong_notes[] = {"", "path a.vhdx\n", "path a.vhdx\ninode x\n", "something else\n",
	"path a\ninode 1\nold_file_bytes 1\nnew_file_bytes 1\nold_size_bytes 1\nnew_size_bytes -1\n"};

START_TEST(test_wrong_note)
{
	struct grow_note back;
	int file = openat(place.hidden, "growing", O_WRONLY | O_CREAT, 0600);
	ck_assert_int_eq(write(file, wrong_notes[_i], strlen(wrong_notes[_i])), (int)strlen(wrong_notes[_i]));
	close(file);
	ck_assert_int_eq(grow_note_read(&place, &back), -EINVAL);
}
END_TEST

Suite *suite_grow_note(void)
{
	Suite *suite = suite_create("grow_note");
	TCase *tcase = tcase_create("grow_note");
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, test_each_step, 0, 5);
	tcase_add_test(tcase, test_again);
	tcase_add_test(tcase, test_headers_move_on);
	tcase_add_test(tcase, test_changed_since);
	tcase_add_test(tcase, test_zeroing);
	tcase_add_test(tcase, test_note);
	tcase_add_loop_test(tcase, test_wrong_note, 0, (int)ARRAY_LEN(wrong_notes));
	suite_add_tcase(suite, tcase);
	return suite;
}
