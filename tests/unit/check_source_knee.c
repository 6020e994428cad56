/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <errno.h>
#include <sys/wait.h>

#include "collect/source_knee.h"
#include "tests/unit/recorded_root.h"

Suite *suite_source_knee(void);

#define GROUPS                                                                                        \
	"#group: free  frags first [ 2^0 2^1 2^2 2^3 2^4 2^5 2^6 2^7 2^8 2^9 2^10 2^11 2^12 2^13 ]\n" \
	"#0    : 32768 1     0     [ 0 0 0 0 0 0 0 0 0 0 0 0 0 4 ]\n"

static struct recorded_root machine;
static struct snapshot *now = &machine.now;
static struct snapshot before;
static struct knee knee;

static struct volume *add_volume(const char *id)
{
	struct volume *volume = snapshot_add_volume(now);
	snprintf(volume->id, sizeof volume->id, "%s", id);
	strcpy(volume->fstype, "ext4");
	snprintf(volume->block, sizeof volume->block, "dm-%s", id);
	volume->free_bytes = 130000000;
	return volume;
}

static void set_up(void)
{
	recorded_make(&machine);
	knee_init(&knee);
	snapshot_reset(&before);
	add_volume("a");
	add_volume("b");
	knee_follow(&knee, &before, now);
}

static void tear_down(void)
{
	answer_drop(&knee.answer);
	recorded_drop(&machine);
}

START_TEST(reads_a_recording)
{
	recorded_put(&machine, "proc/fs/ext4/dm-a/mb_groups", GROUPS);
	ck_assert(!knee_is_busy(&knee));
	knee_want(&knee, now->volumes[0].number);
	ck_assert(knee_is_busy(&knee));
	ck_assert(knee_step(&knee, &machine.root, now, 5000, 0));
	ck_assert(!knee_is_busy(&knee));
	ck_assert_uint_eq(now->volumes[0].knee_bytes, 32768 * 4096);
	ck_assert_uint_eq(now->volumes[0].knee_ms, 5000);
	ck_assert_uint_eq(now->volumes[0].knee_free_bytes, 130000000);
	ck_assert_uint_eq(now->volumes[1].knee_ms, 0);
	ck_assert(!knee_step(&knee, &machine.root, now, 6000, 0));
}
END_TEST

START_TEST(says_why_not)
{
	struct volume *volume = &now->volumes[1];
	knee_want(&knee, volume->number);
	ck_assert(knee_step(&knee, &machine.root, now, 5000, 0));
	ck_assert_uint_eq(volume->knee_bytes, UNKNOWN_U64);
	ck_assert_uint_eq(volume->knee_ms, 5000);
	ck_assert_str_eq(volume->knee_reason, "the kernel has no /proc/fs/ext4/dm-b/mb_groups");
	recorded_put(&machine, "proc/fs/ext4/dm-b/mb_groups", "nonsense\n");
	knee_want(&knee, volume->number);
	ck_assert(knee_step(&knee, &machine.root, now, 7000, 0));
	ck_assert_str_eq(volume->knee_reason, "mb_groups of dm-b makes no sense");
	strcpy(volume->fstype, "xfs");
	knee_want(&knee, volume->number);
	ck_assert(knee_step(&knee, &machine.root, now, 9000, 0));
	ck_assert_str_eq(volume->knee_reason, "xfs tells nothing of its block groups");
}
END_TEST

/* however often the server asks */
START_TEST(reads_once_a_second)
{
	recorded_put(&machine, "proc/fs/ext4/dm-a/mb_groups", GROUPS);
	knee_want(&knee, now->volumes[0].number);
	knee_step(&knee, &machine.root, now, 5000, 0);
	knee_want(&knee, now->volumes[0].number);
	ck_assert(knee_step(&knee, &machine.root, now, 5999, 0));
	ck_assert_uint_eq(now->volumes[0].knee_ms, 5000);
	knee_want(&knee, now->volumes[0].number);
	ck_assert(knee_step(&knee, &machine.root, now, 6000, 0));
	ck_assert_uint_eq(now->volumes[0].knee_ms, 6000);
}
END_TEST

START_TEST(numbers_that_nobody_has)
{
	for (unsigned number = 0; number < 400; number++)
		if (number != now->volumes[0].number && number != now->volumes[1].number)
			knee_want(&knee, number);
	ck_assert(!knee_step(&knee, &machine.root, now, 5000, 0));
	ck_assert(!knee_is_busy(&knee));
	ck_assert_uint_eq(now->volumes[0].knee_ms, 0);
}
END_TEST

START_TEST(numbers_stay)
{
	uint32_t a = now->volumes[0].number, b = now->volumes[1].number;
	ck_assert_uint_ne(a, 0);
	ck_assert_uint_ne(b, a);
	for (unsigned i = 0; i < 1000; i++) {
		before = *now;
		snapshot_reset(now);
		/* a new one comes first, and another each time */
		char id[16];
		snprintf(id, sizeof id, "new%u", i);
		add_volume(id);
		add_volume("b");
		add_volume("a");
		knee_follow(&knee, &before, now);
		ck_assert_uint_eq(now->volumes[2].number, a);
		ck_assert_uint_eq(now->volumes[1].number, b);
		ck_assert_uint_ne(now->volumes[0].number, a);
		ck_assert_uint_ne(now->volumes[0].number, b);
		ck_assert_uint_ne(now->volumes[0].number, 0);
		ck_assert_uint_le(now->volumes[0].number, 255);
	}
}
END_TEST

START_TEST(what_was_read_stays_with_the_mount)
{
	struct volume *volume = &now->volumes[0];
	volume->knee_ms = 7;
	volume->knee_bytes = 8;
	volume->knee_free_bytes = 9;
	strcpy(volume->knee_reason, "why");
	before = *now;
	snapshot_reset(now);
	add_volume("a");
	add_volume("b");
	knee_follow(&knee, &before, now);
	ck_assert_uint_eq(volume->knee_ms, 7);
	ck_assert_uint_eq(volume->knee_bytes, 8);
	ck_assert_uint_eq(volume->knee_free_bytes, 9);
	ck_assert_str_eq(volume->knee_reason, "why");
	before = *now;
	snapshot_reset(now);
	add_volume("a")->mount_id = 4711;
	add_volume("b");
	knee_follow(&knee, &before, now);
	ck_assert_uint_eq(volume->number, before.volumes[0].number);
	ck_assert_uint_eq(volume->knee_ms, 0);
	ck_assert_uint_eq(volume->knee_bytes, UNKNOWN_U64);
}
END_TEST

static const struct {
	const char *text;
	uint64_t bytes;
	const char *reason;
} answers[] = {
	{"0 0\n", 0, ""},
	{"5058531950592 5058531950593\n", UINT64_C(5058531950592), ""},
	{"error cannot read it\n", UNKNOWN_U64, "cannot read it"},
	{"", UNKNOWN_U64, "what was read of its block groups makes no sense"},
	{"-1\n", UNKNOWN_U64, "what was read of its block groups makes no sense"},
	{"18446744073709551616\n", UNKNOWN_U64, "what was read of its block groups makes no sense"},
	{"18446744073709551615\n", UNKNOWN_U64, "what was read of its block groups makes no sense"},
	{"error\n", UNKNOWN_U64, "what was read of its block groups makes no sense"},
	{"1 2 3\n", UNKNOWN_U64, "what was read of its block groups makes no sense"},
	{"2 1\n", UNKNOWN_U64, "what was read of its block groups makes no sense"},
	{"1\n", UNKNOWN_U64, "what was read of its block groups makes no sense"},
};

START_TEST(what_the_child_says)
{
	struct volume *volume = &now->volumes[0];
	knee_parse(text_of(answers[_i].text), volume);
	ck_assert_uint_eq(volume->knee_bytes, answers[_i].bytes);
	ck_assert_str_eq(volume->knee_reason, answers[_i].reason);
}
END_TEST

/* on a machine that is no recording a child does it; here it finds nothing, and says so */
START_TEST(in_a_child)
{
	struct volume *volume = &now->volumes[0];
	strcpy(volume->block, "nasready-has-no-such-disk");
	machine.root.recorded = false;
	knee_want(&knee, volume->number);
	bool news = knee_step(&knee, &machine.root, now, 5000, 0);
	for (unsigned i = 0; i < 100 && !news; i++)
		news = knee_step(&knee, &machine.root, now, 5000, 50);
	ck_assert(news && !knee_is_busy(&knee));
	ck_assert_str_eq(
		volume->knee_reason, "the kernel has no /proc/fs/ext4/nasready-has-no-such-disk/mb_groups");
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

/* a child that says nothing for a minute is given up */
START_TEST(gives_up)
{
	struct volume *volume = &now->volumes[0];
	int ends[2];
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	knee.answer.fd = ends[0];
	knee.asking = volume->number;
	knee.since_ms = 5000;
	ck_assert(!knee_step(&knee, &machine.root, now, 64999, 0));
	ck_assert(knee_is_busy(&knee));
	ck_assert(knee_step(&knee, &machine.root, now, 65000, 0));
	ck_assert(!knee_is_busy(&knee));
	ck_assert_str_eq(volume->knee_reason, "its block groups could not be read in a minute");
	close(ends[1]);
}
END_TEST

Suite *suite_source_knee(void)
{
	Suite *suite = suite_create("source_knee");
	TCase *tcase = tcase_create("source_knee");
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, reads_a_recording);
	tcase_add_test(tcase, says_why_not);
	tcase_add_test(tcase, reads_once_a_second);
	tcase_add_test(tcase, numbers_that_nobody_has);
	tcase_add_test(tcase, numbers_stay);
	tcase_add_test(tcase, what_was_read_stays_with_the_mount);
	tcase_add_loop_test(tcase, what_the_child_says, 0, (int)ARRAY_LEN(answers));
	tcase_add_test(tcase, in_a_child);
	tcase_add_test(tcase, gives_up);
	suite_add_tcase(suite, tcase);
	return suite;
}
