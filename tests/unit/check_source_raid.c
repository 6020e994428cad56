/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/source_raid.h"

#include <errno.h>

#include "tests/unit/recorded_root.h"

#define U32 UNKNOWN_U32
#define HEAD "Personalities : [linear] [raid0] [raid1] [raid6] [raid5] [raid4] \n"
#define TAIL "unused devices: <none>\n"
#define R1 "md0 : active raid1 sdb1[1] sda1[0]\n      4194292 blocks super 1.2 "

static struct snapshot snapshot;

/* one array each */
static const struct {
	const char *text, *level, *state;
	uint32_t members, active;
	enum tri degraded;
	const char *sync;
	uint32_t percent;
} arrays[] = {
	{HEAD R1 "[2/2] [UU]\n      \n" TAIL, "raid1", "active", 2, 2, NO, "", U32},
	{HEAD "md0 : active raid1 sdb1[1](F) sda1[0]\n      4194292 blocks super 1.2 [2/1] [U_]\n      "
	      "\n" TAIL,
		"raid1", "active", 2, 1, YES, "", U32},
	/* a failed device already replaced by a spare; another spare and a journal beside */
	{HEAD "md1 : active raid5 sdd1[3] sdc1[2] sdb1[4](F) sda1[0] sde1[5](S) sdf1[6](J)\n"
	      "      1943862912 blocks level 5, 64k chunk, algorithm 2 [3/3] [UUU]\n" TAIL,
		"raid5", "active", 3, 3, NO, "", U32},
	{HEAD "md1 : active (auto-read-only) raid1 sda2[0] sdb2[1]\n      524224 blocks [2/2] [UU]\n"
	      "      \tresync=PENDING\n      \n" TAIL,
		"raid1", "active", 2, 2, NO, "resync", U32},
	{HEAD "md1 : active (read-only) raid1 sda2[0] sdb2[1]\n      524224 blocks [2/2] [UU]\n" TAIL,
		"raid1", "active", 2, 2, NO, "", U32},
	/* without redundancy */
	{HEAD "md2 : active raid0 sda3[0] sdb3[1]\n      5850870528 blocks super 1.2 64k chunks\n      "
	      "\n" TAIL,
		"raid0", "active", 2, 2, NO, "", U32},
	{HEAD "md2 : active linear sda3[0]\n      5850870528 blocks super 1.2 64k rounding\n      \n" TAIL,
		"linear", "active", 1, 1, NO, "", U32},
	{HEAD "md2 : broken raid0 sda3[0] sdb3[1]\n      5850870528 blocks super 1.2 512k chunks\n" TAIL,
		"raid0", "broken", 2, 2, YES, "", U32},
	{HEAD "md2 : active raid0 sda3[0] sdb3[1](W)(F)\n      5850870528 blocks\n" TAIL, "raid0", "active",
		2, 1, YES, "", U32},
	/* not running: every member is called a spare */
	{HEAD "md3 : inactive sda4[0](S) sdb4[1](S)\n      8387072 blocks super 1.2\n       \n" TAIL, "",
		"inactive", U32, 0, UNKNOWN, "", U32},
	{HEAD "md3 : inactive sda4[0]\n" TAIL, "", "inactive", U32, 0, UNKNOWN, "", U32},
	/* running work; the format has not changed since 2.6.31 */
	{HEAD R1 "[2/2] [UU]\n      [==>..................]  resync = 12.6% (37043392/292945152) "
		 "finish=127.5min "
		 "speed=33440K/sec\n      \n" TAIL,
		"raid1", "active", 2, 2, NO, "resync", 1260},
	{HEAD R1 "[2/1] [_U]\n      [>....................]  recovery =  0.1% (1/292945152) finish=9.5min "
		 "speed=1K/sec\n"
		 "      bitmap: 0/1 pages [0KB], 65536KB chunk\n\n" TAIL,
		"raid1", "active", 2, 1, YES, "recovery", 10},
	{HEAD R1 "[2/2] [UU]\n      [====================>]  check =100.0% (1/1) finish=0.0min "
		 "speed=1K/sec\n" TAIL,
		"raid1", "active", 2, 2, NO, "check", 10000},
	{HEAD R1 "[2/2] [UU]\n      [=>...................]  reshape =  5.0% (1/20) finish=0.0min "
		 "speed=1K/sec\n" TAIL,
		"raid1", "active", 2, 2, NO, "reshape", 500},
	{HEAD R1 "[2/2] [UU]\n      [=>...................]  repair =  5.0% (1/20) finish=0.0min "
		 "speed=1K/sec\n" TAIL,
		"raid1", "active", 2, 2, NO, "repair", 500},
	{HEAD R1 "[2/2] [UU]\n      \tresync=DELAYED\n      bitmap: 1/1 pages\n" TAIL, "raid1", "active", 2,
		2, NO, "resync", U32},
	{HEAD R1 "[2/2] [UU]\n      \tresync=REMOTE\n" TAIL, "raid1", "active", 2, 2, NO, "resync", U32},
	/* a bitmap in a file whose name looks like more; Synology's mark */
	{HEAD R1 "[2/2] [UU]\n      bitmap: 0/1 pages [0KB], 64KB chunk, file: /a [3/1] [U__] "
		 "resync=1%\n" TAIL,
		"raid1", "active", 2, 2, NO, "", U32},
	{HEAD R1 "[2/2] [UE]\n" TAIL, "raid1", "active", 2, 2, YES, "", U32},
	/* cut */
	{HEAD "md0 : active raid5 sda[0] sdb[1](F) sdc[2](S) sdd[3](J) sde[0](R)\n", "raid5", "active", 2, 1,
		UNKNOWN, "", U32},
	{HEAD "md0 : active raid1 sdb1[1] sda1[0]\n", "raid1", "active", 2, 2, UNKNOWN, "", U32},
	{HEAD "md0 : active raid1 sdb1[1] sda1", "raid1", "active", 1, 1, UNKNOWN, "", U32},
	{"md0 : active raid1", "raid1", "active", U32, U32, UNKNOWN, "", U32},
	{"md0 : active raid0", "raid0", "active", U32, U32, UNKNOWN, "", U32},
	{"md0 : active", "", "active", U32, U32, UNKNOWN, "", U32},
	{"md0 :", "", "", U32, U32, UNKNOWN, "", U32},
	{HEAD R1 "[2/2", "raid1", "active", 2, 2, UNKNOWN, "", U32},
	{HEAD R1 "[2/1] [U", "raid1", "active", 2, 1, YES, "", U32},
	{HEAD R1 "[2/2] [UU]\n      [==>....]  resync = 12.", "raid1", "active", 2, 2, NO, "resync", U32},
	{HEAD R1 "[2/2] [UU]\n      [==>....]  resync = %", "raid1", "active", 2, 2, NO, "resync", U32},
	{HEAD R1 "[2/2] [UU]\n      [==>....]  resync =", "raid1", "active", 2, 2, NO, "", U32},
	{HEAD R1 "[2/2] [UU]\n      [==>..", "raid1", "active", 2, 2, NO, "", U32},
	/* nonsense: the list of devices stands, the rest is unknown */
	{HEAD R1 "[2/3] [0/0] [-2/-1] [/] [] [2/] [99999999999/1]\n", "raid1", "active", 2, 2, UNKNOWN, "",
		U32},
	{HEAD R1 "[2/2] [Ux_]\n", "raid1", "active", 2, 2, NO, "", U32},
	{HEAD R1 "[2/2] [UU]\n  resync = 100.1% (\n", "raid1", "active", 2, 2, NO, "resync", U32},
	{HEAD R1 "[2/2] [UU]\n  resync = -1.0% (\n  other = 5.0%\n", "raid1", "active", 2, 2, NO, "resync",
		U32},
	{HEAD "md0 : active raid-of-a-name-far-too-long-for-its-row sda[0]\n",
		"raid-of-a-name-far-too-long-...", "active", 1, 1, UNKNOWN, "", U32},
};

START_TEST(test_array)
{
	snapshot_reset(&snapshot);
	ck_assert_int_eq(raid_parse_mdstat(text_of(arrays[_i].text), &snapshot), 0);
	ck_assert_uint_eq(snapshot.raid_count, 1);
	const struct raid *raid = &snapshot.raids[0];
	ck_assert_str_eq(raid->level, arrays[_i].level);
	ck_assert_str_eq(raid->state, arrays[_i].state);
	ck_assert_uint_eq(raid->members, arrays[_i].members);
	ck_assert_uint_eq(raid->active, arrays[_i].active);
	ck_assert_int_eq(raid->degraded, arrays[_i].degraded);
	ck_assert_str_eq(raid->sync, arrays[_i].sync);
	ck_assert_uint_eq(raid->sync_percent_hundredths, arrays[_i].percent);
}
END_TEST

/* RAIDiator 5.3 on two disks, the second one being rebuilt */
#define MDSTAT_RAIDIATOR                                                                                    \
	HEAD "md2 : active raid1 sdb5[2] sda5[0]\n"                                                         \
	     "      2925531648 blocks super 1.2 [2/1] [U_]\n"                                               \
	     "      [===>.................]  recovery = 17.3% (506116992/2925531648) finish=402.1min "      \
	     "speed=100K/sec\n"                                                                             \
	     "      \nmd1 : active raid1 sdb2[1] sda2[0]\n      524276 blocks super 1.2 [2/2] [UU]\n      " \
	     "\n"                                                                                           \
	     "md0 : active raid1 sdb1[1] sda1[0]\n      4193268 blocks super 1.2 [2/2] [UU]\n      "        \
	     "\tresync=DELAYED\n"                                                                           \
	     "      \n" TAIL

START_TEST(test_several)
{
	snapshot_reset(&snapshot);
	ck_assert_int_eq(raid_parse_mdstat(TEXT(MDSTAT_RAIDIATOR), &snapshot), 0);
	ck_assert_uint_eq(snapshot.raid_count, 3);
	ck_assert_str_eq(snapshot.raids[0].name, "md2");
	ck_assert_int_eq(snapshot.raids[0].degraded, YES);
	ck_assert_uint_eq(snapshot.raids[0].sync_percent_hundredths, 1730);
	ck_assert_str_eq(snapshot.raids[1].name, "md1");
	ck_assert_int_eq(snapshot.raids[1].degraded, NO);
	ck_assert_str_eq(snapshot.raids[1].sync, "");
	ck_assert_str_eq(snapshot.raids[2].name, "md0");
	ck_assert_str_eq(snapshot.raids[2].sync, "resync");
}
END_TEST

START_TEST(test_none)
{
	static const struct {
		const char *text;
		int result;
	} texts[] = {
		{"Personalities : \nunused devices: <none>\n", 0},
		{"Personalities :", 0},
		{"unused devices: <none>\n", 0},
		{"Personalities : [raid1] \nread_ahead not set\nunused devices: <none>", 0},
		{"", -EBADMSG},
		{"\n\n", -EBADMSG},
		{"md0", -EBADMSG},
		{"<html>404</html>\n", -EBADMSG},
		{"      [2/1] [U_]\n", -EBADMSG},
	};
	for (unsigned i = 0; i < ARRAY_LEN(texts); i++) {
		snapshot_reset(&snapshot);
		ck_assert_int_eq(raid_parse_mdstat(text_of(texts[i].text), &snapshot), texts[i].result);
		ck_assert_uint_eq(snapshot.raid_count, 0);
		ck_assert_uint_eq(snapshot.raids_omitted, 0);
	}
}
END_TEST

START_TEST(test_too_many)
{
	char text[4096] = HEAD;
	for (int i = 0; i < RAIDS_MAX + 2; i++)
		sprintf(text + strlen(text),
			"md%d : active raid1 sda%d[0] sdb%d[1]\n      9 blocks [2/%d] [U%c]\n", i, i, i,
			i < RAIDS_MAX ? 2 : 1, i < RAIDS_MAX ? 'U' : '_');
	snapshot_reset(&snapshot);
	ck_assert_int_eq(raid_parse_mdstat(text_of(text), &snapshot), 0);
	ck_assert_uint_eq(snapshot.raid_count, RAIDS_MAX);
	ck_assert_uint_eq(snapshot.raids_omitted, 2);
	for (int i = 0; i < RAIDS_MAX; i++)
		ck_assert_int_eq(snapshot.raids[i].degraded, NO);
}
END_TEST

START_TEST(test_odd_names)
{
	static const char text[] = ".. : active raid1 a[0]\n  [2/1] [U_]\nmd/d0 : active raid1 a[0]\n"
				   "md_a_name_that_is_far_too_long_for_its_row : active raid0 a[0]\n"
				   "md_home : active raid0 a[0]\n";
	snapshot_reset(&snapshot);
	ck_assert_int_eq(raid_parse_mdstat(text_of(text), &snapshot), 0);
	ck_assert_uint_eq(snapshot.raid_count, 1);
	ck_assert_uint_eq(snapshot.raids_omitted, 3);
	ck_assert_str_eq(snapshot.raids[0].name, "md_home");
}
END_TEST

static struct recorded_root machine;

START_TEST(test_collect)
{
	recorded_make(&machine);
	recorded_put(&machine, "proc/mdstat", MDSTAT_RAIDIATOR);
	recorded_put(&machine, "sys/block/md2/md/array_state", "clean\n");
	recorded_put(&machine, "sys/block/md1/md/array_state", "\n");
	int result = raid_collect(&machine.pass, &machine.fault);
	recorded_drop(&machine);
	ck_assert_int_eq(result, 0);
	ck_assert_uint_eq(machine.now.raid_count, 3);
	ck_assert_str_eq(machine.now.raids[0].state, "clean");
	ck_assert_str_eq(machine.now.raids[1].state, "active");
	ck_assert_str_eq(machine.now.raids[2].state, "active");
}
END_TEST

START_TEST(test_collect_failures)
{
	recorded_make(&machine);
	int missing = raid_collect(&machine.pass, &machine.fault);
	bool named = strstr(machine.fault.text, "/proc/mdstat is missing") != NULL;
	recorded_put(&machine, "proc/mdstat", "");
	int empty = raid_collect(&machine.pass, &machine.fault);
	recorded_drop(&machine);
	ck_assert_int_eq(missing, SOURCE_E_ABSENT);
	ck_assert(named);
	ck_assert_int_eq(empty, -EBADMSG);
	ck_assert_ptr_nonnull(strstr(machine.fault.text, "unused devices"));
}
END_TEST

Suite *suite_source_raid(void);
Suite *suite_source_raid(void)
{
	Suite *suite = suite_create("source_raid");
	TCase *parse = tcase_create("parse");
	tcase_add_loop_test(parse, test_array, 0, ARRAY_LEN(arrays));
	tcase_add_test(parse, test_several);
	tcase_add_test(parse, test_none);
	tcase_add_test(parse, test_too_many);
	tcase_add_test(parse, test_odd_names);
	suite_add_tcase(suite, parse);
	TCase *collect = tcase_create("collect");
	tcase_add_test(collect, test_collect);
	tcase_add_test(collect, test_collect_failures);
	suite_add_tcase(suite, collect);
	return suite;
}
