/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The page between agent and smbd, and the messages back: what is believed, and what is not.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "enforce/page_file.h"
#include "enforce/page_read.h"

Suite *suite_gate_page(void);

#define NOW_MS UINT64_C(5000000)

static struct gate_page page;
static struct gate_message message;

static void add_row(const char *root)
{
	struct gate_page_row *row = &page.top.rows[page.top.head.row_count++];
	row->root_length = (uint32_t)strlen(root);
	memcpy(row->root, root, row->root_length);
}

static void set_up(void)
{
	memset(&page, 0, sizeof page);
	page.top.head.magic = GATE_PAGE_MAGIC;
	page.top.head.version = GATE_PAGE_VERSION;
	page.top.head.written_ms = NOW_MS;
	add_row("/c/Backup");
	add_row("/c/Backup/inner");
	page.top.head.checksum = gate_page_checksum(&page.top);
	memset(&message, 0x55, sizeof message);
	message.magic = GATE_MESSAGE_MAGIC;
	message.kind = GATE_MESSAGE_REFUSED;
	message.reason = GATE_REFUSED_FREEING;
	strcpy(message.path, "/c/Backup/a.vhdx");
}

static bool is_good(uint64_t length, uint64_t now_ms)
{
	return gate_page_is_good(&page.top, length, now_ms);
}

START_TEST(test_age)
{
	uint64_t size = sizeof page.top;
	ck_assert(is_good(size, NOW_MS));
	ck_assert(is_good(size, NOW_MS + GATE_VALID_MS - 1));
	ck_assert(!is_good(size, NOW_MS + GATE_VALID_MS));
	ck_assert(is_good(size, NOW_MS - 1)); /* written while it was read */
	ck_assert(!is_good(size, NOW_MS - GATE_VALID_MS));
	ck_assert(!is_good(size, 0));
}
END_TEST

START_TEST(test_length)
{
	uint64_t needed = sizeof page.top.head + 2 * sizeof page.top.rows[0];
	ck_assert(is_good(needed, NOW_MS));
	for (uint64_t length = 0; length < needed; length++)
		ck_assert(!is_good(length, NOW_MS));
}
END_TEST

START_TEST(test_other_version_and_magic)
{
	page.top.head.version++;
	page.top.head.checksum = gate_page_checksum(&page.top);
	ck_assert(!is_good(sizeof page.top, NOW_MS));
	set_up();
	page.top.head.magic ^= 1;
	page.top.head.checksum = gate_page_checksum(&page.top);
	ck_assert(!is_good(sizeof page.top, NOW_MS));
}
END_TEST

START_TEST(test_hostile_row_counts)
{
	static const uint32_t counts[] = {SHARES_MAX + 1, 0x00ffffff, 0x0f0f0f10, UINT32_MAX};
	for (unsigned i = 0; i < ARRAY_LEN(counts); i++) {
		page.top.head.row_count = counts[i];
		ck_assert(!is_good(sizeof page.top, NOW_MS));
		ck_assert(!is_good(UINT64_MAX, NOW_MS));
	}
}
END_TEST

START_TEST(test_every_word_counts)
{
	unsigned char *bytes = (unsigned char *)&page.top;
	size_t size = sizeof page.top.head + 2 * sizeof page.top.rows[0];
	for (size_t i = 0; i < size; i++) {
		bytes[i] ^= 0x10;
		ck_assert_msg(!is_good(sizeof page.top, NOW_MS), "byte %zu", i);
		bytes[i] ^= 0x10;
	}
	ck_assert(is_good(sizeof page.top, NOW_MS));
}
END_TEST

START_TEST(test_which_share)
{
	const struct gate_page_row *rows = page.top.rows;
	ck_assert_ptr_eq(gate_page_find(&page.top, "/c/Backup/a.vhdx"), &rows[0]);
	ck_assert_ptr_eq(gate_page_find(&page.top, "/c/Backup/inner/a.vhdx"), &rows[1]);
	ck_assert_ptr_eq(gate_page_find(&page.top, "/c/Backup/innermost/a.vhdx"), &rows[0]);
	ck_assert_ptr_null(gate_page_find(&page.top, "/c/Backups/a.vhdx"));
	ck_assert_ptr_null(gate_page_find(&page.top, ""));
	add_row("/c/Backup/a.vhdx"); /* a grant */
	ck_assert_ptr_eq(gate_page_find(&page.top, "/c/Backup/a.vhdx"), &rows[2]);
	ck_assert_ptr_eq(gate_page_find(&page.top, "/c/Backup/a.vhd"), &rows[0]);
	ck_assert_ptr_eq(gate_page_find(&page.top, "/c/Backup/a.vhdx2"), &rows[0]);
	page.top.head.row_count = 2;
	page.top.rows[0].root_length = GATE_PATH_LEN; /* what was never written so */
	page.top.rows[1].root_length = 0;
	ck_assert_ptr_null(gate_page_find(&page.top, "/c/Backup/a.vhdx"));
	page.top.head.row_count = UINT32_MAX;
	ck_assert_ptr_null(gate_page_find(&page.top, "/elsewhere"));
}
END_TEST

/* -- messages -- */

static bool take(struct gate_message *ret)
{
	return page_file_take(&message, sizeof message, ret);
}

START_TEST(test_message)
{
	struct gate_message got;
	ck_assert(take(&got));
	ck_assert_str_eq(got.path, "/c/Backup/a.vhdx");
	for (size_t i = strlen(got.path); i < sizeof got.path; i++)
		ck_assert_int_eq(got.path[i], 0); /* nothing of smbd's memory */
	for (size_t length = 0; length < sizeof message; length++)
		ck_assert(!page_file_take(&message, length, &got));
	ck_assert(!page_file_take(&message, sizeof message + 1, &got));
}
END_TEST

START_TEST(test_bad_messages)
{
	struct gate_message got = {.kind = 77};
	message.magic++;
	ck_assert(!take(&got));
	set_up();
	message.kind = 0;
	ck_assert(!take(&got));
	message.kind = GATE_MESSAGE_LOOK + 1;
	ck_assert(!take(&got));
	set_up();
	message.reason = GATE_REFUSED_FREEING + 1;
	ck_assert(!take(&got));
	set_up();
	memset(message.path, '/', sizeof message.path);
	ck_assert(!take(&got)); /* without an end */
	strcpy(message.path, "relative");
	ck_assert(!take(&got));
	message.path[0] = 0;
	ck_assert(!take(&got));
	message.kind = GATE_MESSAGE_LOOK; /* is about no file */
	ck_assert_uint_eq(got.kind, 77);
	ck_assert(take(&got));
}
END_TEST

/* -- the file -- */

static char dir[] = "/tmp/nasready-page-XXXXXX";

/* another process that keeps the page, as the lock is no use against one's own */
static pid_t keep(void)
{
	int ends[2];
	char ready = 0;
	ck_assert_int_eq(pipe(ends), 0);
	pid_t pid = fork();
	if (!pid) {
		struct page_file file;
		struct fault fault;
		struct timespec now;
		clock_gettime(CLOCK_MONOTONIC, &now);
		page.top.head.written_ms = (uint64_t)now.tv_sec * 1000;
		page_file_init(&file);
		if (!page_file_open(&file, dir, &fault) && !page_file_write(&file, &page, &fault) &&
			write(ends[1], "r", 1) == 1)
			pause();
		_exit(1);
	}
	close(ends[1]);
	ck_assert_int_eq(read(ends[0], &ready, 1), 1);
	close(ends[0]);
	return pid;
}

START_TEST(test_file)
{
	struct fault fault;
	char path[64], command[80];
	struct gate_page got;
	if (geteuid())
		return; /* the page is root's */
	strcpy(dir + sizeof dir - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/" GATE_PAGE_NAME, dir);
	ck_assert_int_eq(page_read(dir, &got, &fault), -ENOENT);
	pid_t pid = keep();
	ck_assert_int_eq(page_read(dir, &got, &fault), 0);
	ck_assert_uint_eq(got.top.head.row_count, 2);
	ck_assert_int_eq(chmod(path, 0666), 0);
	ck_assert_int_eq(page_read(dir, &got, &fault), -EPERM);
	ck_assert_int_eq(chmod(path, 0644), 0);
	ck_assert_int_eq(truncate(path, sizeof page.top.head - 1), 0);
	ck_assert_int_eq(page_read(dir, &got, &fault), -EBADMSG);
	ck_assert_int_eq(truncate(path, 0), 0);
	ck_assert_int_eq(page_read(dir, &got, &fault), -EBADMSG);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ck_assert_int_eq(page_read(dir, &got, &fault), -ESRCH);
	snprintf(command, sizeof command, "rm -rf %s", dir);
	ck_assert_int_eq(system(command), 0);
}
END_TEST

Suite *suite_gate_page(void)
{
	Suite *suite = suite_create("gate_page");
	TCase *tests = tcase_create("gate_page");
	tcase_add_checked_fixture(tests, set_up, NULL);
	tcase_add_test(tests, test_age);
	tcase_add_test(tests, test_length);
	tcase_add_test(tests, test_other_version_and_magic);
	tcase_add_test(tests, test_hostile_row_counts);
	tcase_add_test(tests, test_every_word_counts);
	tcase_add_test(tests, test_which_share);
	tcase_add_test(tests, test_message);
	tcase_add_test(tests, test_bad_messages);
	tcase_add_test(tests, test_file);
	suite_add_tcase(suite, tests);
	return suite;
}
