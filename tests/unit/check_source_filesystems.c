/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "collect/source_filesystems.h"
#include "recorded_root.h"

Suite *suite_source_filesystems(void);

static struct snapshot snapshot;
static struct volume *c;

static void start(void)
{
	snapshot_reset(&snapshot);
	c = snapshot_add_volume(&snapshot);
	strcpy(c->id, "c");
}

START_TEST(all_fields)
{
	ck_assert_uint_eq(
		filesystems_parse(TEXT("c TYPE=ext4 LABEL=my\\040disk UUID=0c5f BLOCK=4096 JOURNAL=external "
				       "DEVICE=7:3 MODE=writeback STATE=error ERRORS=2 ERROR_S=1700000000 "
				       "ERROR_AT=ext4_find_entry:1455\n"),
			UINT32_MAX, &snapshot),
		1);
	ck_assert_int_eq(c->probed, YES);
	ck_assert_str_eq(c->label, "my disk");
	ck_assert_str_eq(c->uuid, "0c5f");
	ck_assert_int_eq(c->super.present, YES);
	ck_assert_int_eq(c->super.external, YES);
	ck_assert_uint_eq(c->super.major, 7);
	ck_assert_uint_eq(c->super.minor, 3);
	ck_assert_int_eq(c->super.mode, JOURNAL_WRITEBACK);
	ck_assert_int_eq(c->super.needs_check, YES);
	ck_assert_uint_eq(c->super.block_bytes, 4096);
	ck_assert_str_eq(c->super.last_error, "in ext4_find_entry:1455");
}
END_TEST

START_TEST(no_journal)
{
	filesystems_parse(TEXT("c TYPE=ext4 JOURNAL=none STATE=clean"), UINT32_MAX, &snapshot);
	ck_assert_int_eq(c->super.present, NO);
	ck_assert_int_eq(c->super.external, NO);
	ck_assert_int_eq(c->super.needs_check, NO);
}
END_TEST

START_TEST(an_error_is_a_reason)
{
	filesystems_parse(TEXT("c error may not open /dev/sda1: Permission denied\n"), UINT32_MAX, &snapshot);
	ck_assert_int_eq(c->probed, YES);
	ck_assert_str_eq(c->probe_reason, "may not open /dev/sda1: Permission denied");
	ck_assert_str_eq(c->label, "");
}
END_TEST

static const char *const useless[] = {"", "\n", "d TYPE=ext4", "   ", "cc TYPE=ext4 LABEL=x"};

START_TEST(lines_of_nobody)
{
	ck_assert_uint_eq(filesystems_parse(text_of(useless[_i]), UINT32_MAX, &snapshot), 0);
	ck_assert_int_eq(c->probed, NO);
}
END_TEST

START_TEST(nonsense_in_fields)
{
	char text[4096] = "c LABEL=";
	memset(text + strlen(text), 'L', 1000);
	strcat(text, " UUID= JOURNAL BLOCK=-5 DEVICE=x:y MODE=funny STATE=odd =x ERROR_AT=");
	memset(text + strlen(text), 'e', 300);
	filesystems_parse(text_of(text), UINT32_MAX, &snapshot);
	ck_assert_str_eq(c->label, "");
	ck_assert_str_eq(c->uuid, "");
	ck_assert_uint_eq(c->super.block_bytes, UNKNOWN_U32);
	ck_assert_uint_eq(c->super.major, UNKNOWN_U32);
	ck_assert_int_eq(c->super.mode, JOURNAL_UNKNOWN);
	ck_assert_int_eq(c->super.needs_check, UNKNOWN);
	ck_assert_str_eq(c->super.last_error, "");
}
END_TEST

static struct recorded_root machine;
static struct snapshot before;
static int hold[2]; /* children wait until the writing end is closed */

static void wait_in_child(void)
{
	char byte;
	close(hold[1]);
	(void)!read(hold[0], &byte, 1);
}

static void make_machine(void)
{
	recorded_make(&machine);
	machine.pass.before = &before;
	snapshot_reset(&before);
}

static void drop_machine(void)
{
	recorded_drop(&machine);
}

static void begin_pass(uint64_t time_ms)
{
	snapshot_copy(&before, &machine.now);
	snapshot_reset(&machine.now);
	machine.now.time_ms = time_ms;
}

static struct volume *mount_volume(const char *id, uint32_t mount_id)
{
	struct volume *volume = snapshot_add_volume(&machine.now);
	strcpy(volume->id, id);
	snprintf(volume->device, sizeof volume->device, "/%s.img", id);
	volume->major = 7;
	volume->minor = (uint32_t)id[0];
	volume->mount_id = mount_id;
	return volume;
}

static int collect(void)
{
	return filesystems_collect(&machine.pass, &machine.fault);
}

START_TEST(mounted_while_asked)
{
	machine.root.recorded = false;
	recorded_put(&machine, "a.img", "");
	recorded_put(&machine, "c.img", "");
	ck_assert_int_eq(pipe(hold), 0);
	ck_assert_int_eq(pthread_atfork(NULL, NULL, wait_in_child), 0);
	begin_pass(1000);
	mount_volume("a", 1);
	ck_assert_int_eq(collect(), SOURCE_E_STALE);

	close(hold[1]);
	machine.pass.patience_ms = 5000;
	begin_pass(3000);
	struct volume *a = mount_volume("a", 1);
	c = mount_volume("c", 2);
	collect();
	ck_assert_int_eq(a->probed, YES);
	ck_assert_ptr_nonnull(strstr(a->probe_reason, "/a.img"));

	begin_pass(5000);
	mount_volume("a", 1);
	c = mount_volume("c", 2);
	ck_assert_int_eq(collect(), 0);
	ck_assert_int_eq(c->probed, YES);
	ck_assert_ptr_nonnull(strstr(c->probe_reason, "/c.img"));
}
END_TEST

START_TEST(mounted_again_while_asked)
{
	machine.root.recorded = false;
	recorded_put(&machine, "c.img", "");
	ck_assert_int_eq(pipe(hold), 0);
	ck_assert_int_eq(pthread_atfork(NULL, NULL, wait_in_child), 0);
	begin_pass(1000);
	mount_volume("c", 1);
	ck_assert_int_eq(collect(), SOURCE_E_STALE);

	close(hold[1]);
	machine.pass.patience_ms = 5000;
	begin_pass(3000);
	strcpy(mount_volume("c", 2)->device, "/other.img");
	collect();
	begin_pass(5000);
	strcpy((c = mount_volume("c", 2))->device, "/other.img");
	collect();
	ck_assert_ptr_nonnull(strstr(c->probe_reason, "/other.img"));
}
END_TEST

static void collect_at(uint64_t time_ms)
{
	begin_pass(time_ms);
	mount_volume("a", 1);
	c = mount_volume("c", 2);
	ck_assert_int_eq(collect(), 0);
}

START_TEST(asked_again_when_not_told)
{
	recorded_put(&machine, "answers/filesystems", "a LABEL=first\n");
	collect_at(1000);
	ck_assert_int_eq(c->probed, NO);
	ck_assert_str_eq(c->probe_reason, "the superblock was not told");
	recorded_put(&machine, "answers/filesystems", "c LABEL=second\n");
	collect_at(5999);
	ck_assert_str_eq(c->probe_reason, "the superblock was not told");
	collect_at(6000);
	ck_assert_int_eq(c->probed, YES);
	ck_assert_str_eq(c->label, "second");
	ck_assert_str_eq(c->probe_reason, "");
}
END_TEST

START_TEST(at_last_let_alone)
{
	recorded_put(&machine, "answers/filesystems", "a LABEL=first\n");
	uint64_t time_ms = 1000;
	for (unsigned i = 0; i < 9; i++, time_ms += 3600000)
		collect_at(time_ms);
	recorded_put(&machine, "answers/filesystems", "c LABEL=second\n");
	collect_at(time_ms);
	ck_assert_str_eq(c->label, "");
	ck_assert_str_eq(c->probe_reason, "the superblock was not told");
}
END_TEST

Suite *suite_source_filesystems(void)
{
	Suite *suite = suite_create("source_filesystems");
	TCase *tcase = tcase_create("parse");
	tcase_add_checked_fixture(tcase, start, NULL);
	tcase_add_test(tcase, all_fields);
	tcase_add_test(tcase, no_journal);
	tcase_add_test(tcase, an_error_is_a_reason);
	tcase_add_loop_test(tcase, lines_of_nobody, 0, sizeof useless / sizeof useless[0]);
	tcase_add_test(tcase, nonsense_in_fields);
	suite_add_tcase(suite, tcase);
	tcase = tcase_create("collect");
	tcase_add_checked_fixture(tcase, make_machine, drop_machine);
	tcase_add_test(tcase, mounted_while_asked);
	tcase_add_test(tcase, mounted_again_while_asked);
	tcase_add_test(tcase, asked_again_when_not_told);
	tcase_add_test(tcase, at_last_let_alone);
	suite_add_tcase(suite, tcase);
	return suite;
}
