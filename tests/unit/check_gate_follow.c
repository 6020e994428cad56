/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Granted steps seen through: by what smbd told (enforce/steps.h), or by the free space.
 */
#include <check.h>
#include <string.h>

#include "enforce/steps.h"
#include "judge/gate.h"

Suite *suite_gate_follow(void);

#define TIB (UINT64_C(1) << 40)
#define GIB (UINT64_C(1) << 30)
#define GRANTED_MS UINT64_C(5000000)

static struct snapshot snapshot;
static struct rates rates;
static struct gate gate;
static struct gate_message message;
static struct gate_record *record;

static void set_up(void)
{
	memset(&rates, 0, sizeof rates);
	rates.volumes[0].state = VOLUME_IDLE;
	gate_start(&gate);
	snapshot_reset(&snapshot);
	struct volume *volume = snapshot_add_volume(&snapshot);
	strcpy(volume->id, "c");
	strcpy(volume->mount, "/c");
	volume->free_bytes = 5 * TIB;
	record = &gate.records[0];
	*record = (struct gate_record){.outcome = GATE_GRANTED,
		.granted_ms = GRANTED_MS,
		.looked_ms = GRANTED_MS,
		.looked_free_bytes = 5 * TIB,
		.measured_ms = UNKNOWN_U64,
		.measured_cpu_ms = UNKNOWN_U64,
		.file_bytes = 0,
		.file_taken_bytes = UNKNOWN_U64,
		.share = "Backup",
		.file = "a.vhdx",
		.volume = "c",
		.step_bytes = TIB};
	gate.count = 1;
	gate.newest = 0;
	message = (struct gate_message){
		.kind = GATE_MESSAGE_BEGUN, .growth_bytes = TIB, .path = "/c/Backup/a.vhdx"};
}

/* a snapshot so long after the grant */
static void look(uint64_t after_ms, enum volume_state state, uint64_t free_bytes)
{
	snapshot.time_ms = GRANTED_MS + after_ms;
	snapshot.volumes[0].free_bytes = free_bytes;
	rates.volumes[0].state = state;
	gate_follow(&gate, &snapshot, &rates);
}

/* shares are looked through for disks: that file holds so much */
static void look_at_files(uint64_t after_ms, const char *file, uint64_t bytes)
{
	snapshot.vdisk_count = 0;
	struct vdisk *vdisk = snapshot_add_vdisk(&snapshot);
	strcpy(vdisk->share, "Backup");
	strcpy(vdisk->file, file);
	vdisk->number = vdisk_number("Backup", file);
	vdisk->allocated_bytes = bytes;
	vdisk->looked_ms = snapshot.vdisks_ms = GRANTED_MS + after_ms;
	look(after_ms, rates.volumes[0].state, snapshot.volumes[0].free_bytes);
}

static const struct gate_step *tell(enum gate_message_kind kind, uint32_t pid, uint64_t after_ms)
{
	const struct steps_now now = {GRANTED_MS + after_ms, 1000 + after_ms, &snapshot};
	message.kind = kind;
	return steps_take(&snapshot.gate, &message, pid, &now);
}

static void is_seen(const char *name, bool closed)
{
	ck_assert_str_eq(gate_seen_name(record), name);
	ck_assert_int_eq(record->closed, closed);
}

START_TEST(test_seen_by_free_space)
{
	is_seen("waiting", false);
	look(1000, VOLUME_IDLE, 5 * TIB);
	is_seen("waiting", false);
	look(3000, VOLUME_ALLOCATING, 5 * TIB - 200 * GIB);
	is_seen("running", false);
	look(5000, VOLUME_ALLOCATING, 4 * TIB);
	look(7000, VOLUME_IDLE, 4 * TIB);
	is_seen("done", true);
	ck_assert_uint_eq(record->measured_ms, 4000); /* from the last look before it to the last movement */
	ck_assert_uint_eq(record->measured_cpu_ms, UNKNOWN_U64);
	look(9000, VOLUME_ALLOCATING, 3 * TIB); /* somebody else's */
	ck_assert_uint_eq(record->measured_ms, 4000);
}
END_TEST

START_TEST(test_over_between_two_looks)
{
	look(2000, VOLUME_IDLE, 4 * TIB);
	is_seen("done", true);
	ck_assert_uint_eq(record->measured_ms, UNKNOWN_U64); /* too short to be timed so */
}
END_TEST

START_TEST(test_never_begun)
{
	look(29999, VOLUME_IDLE, 5 * TIB);
	is_seen("waiting", false);
	look(30000, VOLUME_IDLE, 5 * TIB);
	is_seen("unseen", true);
}
END_TEST

START_TEST(test_unknown_space_shows_nothing)
{
	look(40000, VOLUME_ALLOCATING, UNKNOWN_U64);
	is_seen("waiting", false);
	snapshot.volume_count = 0;
	look(50000, VOLUME_IDLE, 0);
	is_seen("waiting", false);
}
END_TEST

START_TEST(test_the_file_holds_it)
{
	look(3000, VOLUME_ALLOCATING, 5 * TIB - 200 * GIB);
	look_at_files(4000, "a.vhdx", 300 * GIB);
	ck_assert_uint_eq(record->file_taken_bytes, 300 * GIB);
	look(5000, VOLUME_ALLOCATING, 4 * TIB);
	look(7000, VOLUME_IDLE, 4 * TIB);
	is_seen("done", true);
	ck_assert_uint_eq(record->file_taken_bytes, 300 * GIB);
	look_at_files(14000, "a.vhdx", TIB);
	is_seen("done", true);
	ck_assert_uint_eq(record->file_taken_bytes, TIB);
	ck_assert_uint_eq(record->measured_ms, 5000);
	look_at_files(24000, "a.vhdx", 2 * TIB); /* of a later step */
	ck_assert_uint_eq(record->file_taken_bytes, TIB);
}
END_TEST

START_TEST(test_another_file_took_it)
{
	record->file_bytes = 100 * GIB;
	look(3000, VOLUME_ALLOCATING, 5 * TIB - 200 * GIB);
	look(5000, VOLUME_ALLOCATING, 4 * TIB);
	look(7000, VOLUME_IDLE, 4 * TIB);
	is_seen("done", true);
	look_at_files(14000, "a.vhdx", 100 * GIB);
	is_seen("unseen", true);
	ck_assert_uint_eq(record->measured_ms, UNKNOWN_U64);
	ck_assert_uint_eq(record->file_taken_bytes, 0);
}
END_TEST

/* shares on a quiet volume are not looked through: the figures are from before the step */
START_TEST(test_an_old_look_says_nothing)
{
	look_at_files(0, "a.vhdx", 100 * GIB);
	look(3000, VOLUME_ALLOCATING, 5 * TIB - 200 * GIB);
	look(5000, VOLUME_ALLOCATING, 4 * TIB);
	look(7000, VOLUME_IDLE, 4 * TIB);
	snapshot.vdisks_ms = GRANTED_MS + 14000;
	look(14000, VOLUME_IDLE, 4 * TIB);
	is_seen("done", true);
	ck_assert_uint_eq(record->file_taken_bytes, UNKNOWN_U64);
}
END_TEST

/* too little for the free space of a volume that is written to */
START_TEST(test_only_the_file_shows_it)
{
	look(30000, VOLUME_IDLE, 5 * TIB);
	is_seen("unseen", true);
	look_at_files(31000, "a.vhdx", TIB);
	is_seen("done", true);
	ck_assert_uint_eq(record->measured_ms, UNKNOWN_U64);
}
END_TEST

START_TEST(test_files_that_tell_nothing)
{
	look(2000, VOLUME_IDLE, 4 * TIB);
	is_seen("done", true);
	look_at_files(14000, "b.vhdx", TIB);
	is_seen("done", true);
	ck_assert_uint_eq(record->file_taken_bytes, UNKNOWN_U64);
	ck_assert_uint_eq(gate_file_bytes(&snapshot, "Backup", "a.vhdx"), 0);
	ck_assert_uint_eq(gate_file_bytes(&snapshot, "Backup", "b.vhdx"), TIB);
	ck_assert_uint_eq(gate_file_bytes(&snapshot, "", "a.vhdx"), UNKNOWN_U64); /* no share was named */
	snapshot.vdisks_omitted = 1;
	ck_assert_uint_eq(gate_file_bytes(&snapshot, "Backup", "a.vhdx"), UNKNOWN_U64);
	snapshot.vdisks_omitted = 0;
	snapshot.vdisks_ms = 0;
	ck_assert_uint_eq(gate_file_bytes(&snapshot, "Backup", "a.vhdx"), UNKNOWN_U64);
	record->file_bytes = UNKNOWN_U64; /* as it was at the grant: then nothing can be said later */
	record->closed_ms = 0;
	look_at_files(24000, "a.vhdx", TIB);
	ck_assert_uint_eq(record->file_taken_bytes, UNKNOWN_U64);
}
END_TEST

/* smbd tells it better */
START_TEST(test_told_and_held)
{
	tell(GATE_MESSAGE_BEGUN, 7, 500);
	message.wall_us = 2300000;
	tell(GATE_MESSAGE_ENDED, 7, 2800);
	look(3000, VOLUME_IDLE, 4 * TIB);
	is_seen("done", true);
	look_at_files(9000, "a.vhdx", 0);
	is_seen("done", true);
	ck_assert_uint_eq(record->file_taken_bytes, 0);
}
END_TEST

START_TEST(test_told_by_smbd)
{
	ck_assert_int_eq(tell(GATE_MESSAGE_BEGUN, 7, 500)->state, STEP_RUNNING);
	ck_assert(steps_run(&snapshot.gate));
	ck_assert(steps_run_on(&snapshot.gate, "c"));
	ck_assert(!steps_run_on(&snapshot.gate, "d"));
	look(1000, VOLUME_ALLOCATING, 5 * TIB);
	is_seen("running", false);
	message.wall_us = 2345678;
	message.cpu_us = 1999;
	ck_assert_int_eq(tell(GATE_MESSAGE_ENDED, 7, 2800)->state, STEP_DONE);
	look(3000, VOLUME_IDLE, 4 * TIB);
	is_seen("done", true);
	ck_assert_uint_eq(record->measured_ms, 2345);
	ck_assert_uint_eq(record->measured_cpu_ms, 1);
	ck_assert(!steps_run(&snapshot.gate));
}
END_TEST

START_TEST(test_told_of_failure)
{
	tell(GATE_MESSAGE_BEGUN, 7, 500);
	message.error = 28;
	ck_assert_int_eq(tell(GATE_MESSAGE_ENDED, 7, 900)->state, STEP_FAILED);
	look(1000, VOLUME_IDLE, 5 * TIB);
	is_seen("failed", true);
}
END_TEST

START_TEST(test_told_of_refusal)
{
	tell(GATE_MESSAGE_REFUSED, 7, 500);
	tell(GATE_MESSAGE_REFUSED, 7, 600); /* the client tries again */
	ck_assert_uint_eq(snapshot.gate.step_count, 1);
	ck_assert_uint_eq(snapshot.gate.refused, 2);
	look(1000, VOLUME_IDLE, 5 * TIB);
	is_seen("refused", true);
}
END_TEST

START_TEST(test_others_are_not_mistaken)
{
	static const char *const others[] = {"/c/Backup/b.vhdx", "/c/Backup/xa.vhdx", "/d/a.vhdx", "a.vhdx"};
	for (unsigned i = 0; i < ARRAY_LEN(others); i++) {
		strcpy(message.path, others[i]);
		tell(GATE_MESSAGE_BEGUN, 7, 500);
	}
	strcpy(message.path, "/c/Backup/a.vhdx");
	tell(GATE_MESSAGE_BEGUN, 7, 31000); /* another step: ours would have begun long ago */
	look(29000, VOLUME_IDLE, 5 * TIB);
	is_seen("waiting", false);
}
END_TEST

START_TEST(test_end_whose_begin_was_missed)
{
	message.wall_us = 4000000;
	ck_assert_int_eq(tell(GATE_MESSAGE_ENDED, 7, 5000)->state, STEP_DONE);
	ck_assert_uint_eq(snapshot.gate.step_count, 1);
	ck_assert_uint_eq(snapshot.gate.steps[0].begun_ms, GRANTED_MS + 1000);
	ck_assert_uint_eq(snapshot.gate.steps[0].begun_clock_ms, 2000);
	ck_assert_str_eq(snapshot.gate.steps[0].volume, "c");
}
END_TEST

START_TEST(test_killed_smbd)
{
	tell(GATE_MESSAGE_BEGUN, 7, 500);
	steps_give_up(&snapshot.gate, "c", GRANTED_MS + 20499);
	ck_assert_int_eq(snapshot.gate.steps[0].state, STEP_RUNNING);
	steps_give_up(&snapshot.gate, "d", GRANTED_MS + 99999);
	ck_assert_int_eq(snapshot.gate.steps[0].state, STEP_RUNNING);
	steps_give_up(&snapshot.gate, "c", GRANTED_MS + 20500);
	ck_assert_int_eq(snapshot.gate.steps[0].state, STEP_LOST);
}
END_TEST

START_TEST(test_a_flood_keeps_what_runs)
{
	tell(GATE_MESSAGE_BEGUN, 7, 500);
	for (uint32_t i = 0; i < 3 * GATE_STEPS_MAX; i++) {
		message.growth_bytes = TIB + i;
		tell(GATE_MESSAGE_REFUSED, 8, 600 + i);
		ck_assert_uint_le(snapshot.gate.step_count, GATE_STEPS_MAX);
	}
	ck_assert(steps_run_on(&snapshot.gate, "c"));
	ck_assert_uint_eq(snapshot.gate.refused, 3 * GATE_STEPS_MAX);
}
END_TEST

Suite *suite_gate_follow(void)
{
	Suite *suite = suite_create("gate_follow");
	TCase *tests = tcase_create("gate_follow");
	tcase_add_checked_fixture(tests, set_up, NULL);
	tcase_add_test(tests, test_seen_by_free_space);
	tcase_add_test(tests, test_over_between_two_looks);
	tcase_add_test(tests, test_never_begun);
	tcase_add_test(tests, test_unknown_space_shows_nothing);
	tcase_add_test(tests, test_told_by_smbd);
	tcase_add_test(tests, test_told_of_failure);
	tcase_add_test(tests, test_told_of_refusal);
	tcase_add_test(tests, test_others_are_not_mistaken);
	tcase_add_test(tests, test_end_whose_begin_was_missed);
	tcase_add_test(tests, test_the_file_holds_it);
	tcase_add_test(tests, test_another_file_took_it);
	tcase_add_test(tests, test_an_old_look_says_nothing);
	tcase_add_test(tests, test_only_the_file_shows_it);
	tcase_add_test(tests, test_files_that_tell_nothing);
	tcase_add_test(tests, test_told_and_held);
	tcase_add_test(tests, test_killed_smbd);
	tcase_add_test(tests, test_a_flood_keeps_what_runs);
	suite_add_tcase(suite, tests);
	return suite;
}
