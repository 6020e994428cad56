/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "tests/unit/judged_machine.h"

static void set_up(void)
{
	all_is_well();
	assess_start(&memory, false);
}

static void look_after(uint32_t ms)
{
	snapshot.time_ms += ms;
	snapshot.clock_ms += ms;
	assess_observe(&memory, &snapshot, &rates);
	answer_for(NULL, NULL);
}

static void cpu(uint32_t hundredths)
{
	rates.cpu = (struct cpu_rates){hundredths, 0, hundredths, 0, 2000};
}

/* -- damping -- */

/* a look every 2 s; C: 100 % busy, '.': idle. The figure holds for the 2 s before it, too. */
static const struct {
	const char *looks, *counted;
} dampings[] = {
	{"..........", ".........."},
	{"CCCCC.....", "....CCCCC."},
	{"CCCC.CCCC.", ".........."},
	{"C.C.C.C.C.", ".........."},
	{"CCCCCCCC.C.C.C.C.C", "....CCCCCCCCCCCCCC"},
	{"CCCCC....CCCCC", "....CCCCCCCCCC"},
	{"CCCCC.....CCCCC", "....CCCCC.....C"},
};

START_TEST(damped)
{
	const char *looks = dampings[_i].looks, *counted = dampings[_i].counted;
	for (unsigned i = 0; looks[i]; i++) {
		cpu(looks[i] == 'C' ? 10000 : 100);
		look_after(2000);
		ck_assert_msg((find("cpu-busy", NULL) != NULL) == (counted[i] == 'C'), "%s after look %u",
			looks, i);
	}
}
END_TEST

START_TEST(long_windows_count_at_once)
{
	look_after(60000);
	rates.cpu = (struct cpu_rates){9900, 0, 9900, 0, 60000};
	look_after(60000);
	ck_assert_ptr_nonnull(find("cpu-busy", NULL));
	ck_assert(find("cpu-busy", NULL)->since_clock_ms == snapshot.clock_ms - 60000);
	cpu(100);
	look_after(60000);
	ck_assert_ptr_null(find("cpu-busy", NULL));
}
END_TEST

START_TEST(no_delay)
{
	snapshot.volumes[1].read_only = YES;
	look_after(2000);
	ck_assert_ptr_nonnull(find("volume-read-only", NULL));
	snapshot.volumes[1].read_only = NO;
	look_after(500);
	ck_assert_ptr_null(find("volume-read-only", NULL));
}
END_TEST

START_TEST(space_that_moved_must_settle)
{
	rates.volumes[1].state = VOLUME_FREEING;
	look_after(2000);
	rates.volumes[1].state = VOLUME_IDLE;
	for (unsigned i = 0; i < 4; i++) {
		look_after(2000);
		ck_assert_ptr_nonnull(find("freeing", NULL));
	}
	look_after(2000);
	ck_assert_ptr_null(find("freeing", NULL));
}
END_TEST

START_TEST(hasty)
{
	assess_start(&memory, true);
	cpu(10000);
	look_after(0);
	ck_assert_ptr_nonnull(find("cpu-busy", NULL));
}
END_TEST

START_TEST(the_same_snapshot_twice)
{
	cpu(10000);
	for (unsigned i = 0; i < 20; i++)
		look_after(0);
	ck_assert_ptr_null(find("cpu-busy", NULL));
	struct assess_memory before = memory;
	snapshot.time_ms -= 1000;
	rates.volumes[1].state = VOLUME_FREEING;
	assess_observe(&memory, &snapshot, &rates);
	ck_assert_mem_eq(&before, &memory, sizeof memory);
}
END_TEST

/* -- since -- */

START_TEST(since_is_kept)
{
	rates.volumes[1].state = VOLUME_FREEING;
	look_after(2000);
	uint64_t since_ms = find("freeing", NULL)->since_clock_ms;
	ck_assert(since_ms == CLOCK_MS + 2000);
	for (unsigned i = 0; i < 10; i++) {
		rates.volumes[1].eta_s = 100 - i;
		rates.volumes[1].rate_bytes_per_s = i * 1000000;
		snapshot.clock_ms += i % 3; /* the clocks drift */
		look_after(2000);
		ck_assert(find("freeing", NULL)->since_clock_ms == since_ms);
	}
	ck_assert_ptr_nonnull(strstr(find("freeing", NULL)->message, "at 9.0 MB/s, about 91 s to go"));
	rates.volumes[1].state = VOLUME_IDLE;
	for (unsigned i = 0; i < 6; i++)
		look_after(2000);
	ck_assert_ptr_null(find("freeing", NULL));
	rates.volumes[1].state = VOLUME_FREEING;
	look_after(2000);
	uint64_t drift_ms = snapshot.clock_ms - find("freeing", NULL)->since_clock_ms;
	ck_assert(drift_ms < 20);
}
END_TEST

START_TEST(since_follows_the_clock)
{
	snapshot.clock_ms = 100000;
	rates.volumes[1].state = VOLUME_FREEING;
	look_after(2000);
	ck_assert(find("freeing", NULL)->since_clock_ms == 102000);
	snapshot.clock_ms = CLOCK_MS; /* the time server was reached */
	look_after(2000);
	ck_assert(find("freeing", NULL)->since_clock_ms == CLOCK_MS);
	snapshot.clock_ms = 3000; /* a held figure must not reach back before 1970 */
	cpu(10000);
	rates.cpu.window_ms = 60000;
	look_after(2000);
	ck_assert(find("cpu-busy", NULL)->since_clock_ms <= 5000);
}
END_TEST

START_TEST(each_culprit_has_its_own)
{
	add_client("10.0.0.5", 1);
	look_after(2000);
	add_client("10.0.0.9", 1);
	look_after(2000);
	ck_assert(find("smb-other-clients", "smb:10.0.0.5")->since_clock_ms == CLOCK_MS + 2000);
	ck_assert(find("smb-other-clients", "smb:10.0.0.9")->since_clock_ms == CLOCK_MS + 4000);
	snapshot.clients[0] = snapshot.clients[1];
	snapshot.client_count = 1;
	look_after(2000);
	ck_assert_ptr_null(find("smb-other-clients", "smb:10.0.0.5"));
	ck_assert(find("smb-other-clients", "smb:10.0.0.9")->since_clock_ms == CLOCK_MS + 4000);
}
END_TEST

/* -- the answer -- */

START_TEST(the_worst_first)
{
	snapshot.links[0].mtu = 1500;
	add_other(OTHER_SSH, "10.0.0.9", 1);
	look_after(2000);
	add_client("10.0.0.9", 1);
	add_client("10.0.0.7", 1);
	rates.volumes[1].state = VOLUME_ALLOCATING;
	rates.volumes[0].state = VOLUME_FREEING;
	snapshot.volumes[1].journal.needs_check = YES;
	look_after(2000);
	static const char *const codes[] = {"fs-error", "allocating", "freeing", "smb-other-clients",
		"smb-other-clients", "ssh-open", "mtu-small"};
	ck_assert_uint_eq(assessment.count, ARRAY_LEN(codes));
	for (unsigned i = 0; i < ARRAY_LEN(codes); i++)
		ck_assert_str_eq(assessment.findings[i].code, codes[i]);
	ck_assert_str_eq(assessment.findings[3].subject, "smb:10.0.0.9");
	ck_assert_int_eq(assessment.answer, VERDICT_NO);
	ck_assert_uint_eq(assessment.retry_after_s, UNKNOWN_U32);
}
END_TEST

static const struct {
	uint64_t eta_s;
	uint32_t retry_s;
} etas[] = {{0, 15}, {3, 15}, {20, 21}, {1200, 1201}, {3600, 3600}, {86400, 3600}, {UNKNOWN_U64 - 1, 3600},
	{UNKNOWN_U64, 60}};

START_TEST(the_longest_wait_counts)
{
	rates.volumes[1].state = VOLUME_ALLOCATING;
	rates.volumes[0].state = VOLUME_FREEING;
	rates.volumes[0].eta_s = etas[_i].eta_s;
	snapshot.share_count = 0; /* both count */
	SET(snapshot.volumes[0].mount, "/d");
	look_after(2000);
	ck_assert_int_eq(assessment.answer, VERDICT_WAIT);
	ck_assert_uint_eq(assessment.retry_after_s, etas[_i].retry_s);
}
END_TEST

START_TEST(at_least_some_seconds)
{
	rates.volumes[1].state = VOLUME_FREEING;
	rates.volumes[1].eta_s = 0;
	look_after(2000);
	ck_assert_uint_eq(assessment.retry_after_s, 5);
}
END_TEST

START_TEST(the_asker_is_no_culprit)
{
	add_client("10.0.0.5", 2);
	add_client("10.0.0.50", 1);
	add_client("10.0.0.5", 0)->close_wait = 1; /* what is left of it is not */
	add_other(OTHER_SSH, "10.0.0.5", 1);
	add_other(OTHER_WEB_UI, "10.0.0.5", 1);
	assess_start(&memory, true);
	look_after(2000);
	ck_assert_uint_eq(assessment.count, 5);
	struct assess_memory before = memory;
	answer_for("10.0.0.5", NULL);
	ck_assert_mem_eq(&before, &memory, sizeof memory);
	ck_assert_uint_eq(assessment.count, 2);
	ck_assert_ptr_nonnull(find("smb-other-clients", "smb:10.0.0.50"));
	ck_assert_ptr_nonnull(find("smb-stale-connection", "smb:10.0.0.5"));
	answer_for("", NULL);
	ck_assert_uint_eq(assessment.count, 5);
}
END_TEST

/* -- more than fits -- */

static void add_warnings(void)
{
	char name[16];
	for (unsigned i = 0; i < CLIENTS_MAX; i++) {
		snprintf(name, sizeof name, "10.0.1.%u", i);
		add_client(name, 1);
	}
	for (unsigned i = 0; i < OTHERS_MAX; i++) {
		snprintf(name, sizeof name, "10.0.2.%u", i);
		add_other(OTHER_SSH, name, 1);
	}
	while (snapshot.service_count < SERVICES_MAX) {
		struct service *service = snapshot_add_service(&snapshot);
		snprintf(service->name, sizeof service->name, "s%u", snapshot.service_count);
		service->running = YES;
		service->expected = NO;
	}
}

START_TEST(overflow_is_counted)
{
	add_warnings(); /* 24 + 16 + 23 */
	for (unsigned i = 0; i < 3; i++) {
		look_after(2000);
		ck_assert_uint_eq(assessment.count, FINDINGS_MAX);
		ck_assert_uint_eq(assessment.omitted, 63 - FINDINGS_MAX);
	}
	snapshot.client_count = 8;
	look_after(2000);
	ck_assert_uint_eq(assessment.count, 47);
	ck_assert_uint_eq(assessment.omitted, 0);
}
END_TEST

START_TEST(overflow_hides_nothing_worse)
{
	add_warnings();
	snapshot.clients_omitted = 1;
	for (unsigned i = 0; i < 5; i++) {
		char mount[8];
		snprintf(mount, sizeof mount, "/v%u", i);
		add_volume(mount + 1, mount)->available_bytes = 0; /* 69 by now */
	}
	look_after(2000);
	ck_assert_uint_eq(assessment.count, FINDINGS_MAX);
	ck_assert_uint_eq(assessment.omitted, 69 - FINDINGS_MAX);
	ck_assert_int_eq(assessment.answer, VERDICT_GO);
	snapshot.volumes[1].journal.needs_check = YES;
	rates.volumes[1].state = VOLUME_FREEING;
	for (unsigned i = 0; i < 3; i++) {
		look_after(2000);
		ck_assert_int_eq(assessment.answer, VERDICT_NO);
		ck_assert_str_eq(assessment.findings[0].code, "fs-error");
		ck_assert_str_eq(assessment.findings[1].code, "freeing");
		ck_assert_uint_eq(assessment.count + assessment.omitted, 71);
	}
}
END_TEST

/* one that was found again in this look already gives way to a worse one, and is still counted */
START_TEST(overflow_counts_each_once)
{
	snapshot.raids[0].degraded = YES;
	look_after(2000);
	add_warnings(); /* 64 in all */
	look_after(2000);
	ck_assert_uint_eq(assessment.count + assessment.omitted, 64);
	ck_assert_ptr_nonnull(find("raid-degraded", NULL));
	snapshot.ups.present = NO;
	snapshot.shares[0].strict_sync = NO;
	look_after(2000);
	ck_assert_uint_eq(assessment.count + assessment.omitted, 65);
	ck_assert_str_eq(assessment.findings[0].code, "sync-ignored");
	ck_assert_int_eq(assessment.answer, VERDICT_NO);
}
END_TEST

/* -- configuration -- */

START_TEST(configured)
{
	struct assess_overrides overrides;
	struct fault fault = {""};
	ck_assert_int_eq(
		assess_configure(" mtu-small = off,ssh-open=wait,, freeing=block ,", &overrides, &fault), 0);
	snapshot.links[0].mtu = 1500;
	add_other(OTHER_SSH, "10.0.0.9", 1);
	look_after(2000);
	ck_assert_int_eq(assessment.answer, VERDICT_GO);
	answer_for(NULL, &overrides);
	ck_assert_uint_eq(assessment.count, 1);
	ck_assert_int_eq(assessment.answer, VERDICT_WAIT);
	ck_assert_uint_eq(assessment.retry_after_s, 30);
	/* also then, a volume that no backup uses only warns */
	rates.volumes[0].state = VOLUME_FREEING;
	look_after(2000);
	answer_for("10.0.0.9", &overrides);
	ck_assert_int_eq(assessment.answer, VERDICT_GO);
	ck_assert_int_eq(find("freeing", NULL)->severity, SEVERITY_WARN);
	rates.volumes[1].state = VOLUME_FREEING;
	look_after(2000);
	answer_for("10.0.0.9", &overrides);
	ck_assert_int_eq(assessment.answer, VERDICT_NO);
}
END_TEST

static const struct {
	const char *list, *fault;
} wrong[] = {
	{"cpu-bussy=off", "no finding is called \"cpu-bussy\": did you mean \"cpu-busy\"?"},
	{"xyzzy=off", "no finding is called \"xyzzy\": README.md lists them"},
	{"=off", "no finding is called \"\": README.md lists them"},
	{"mtu-small=off,link=warn", "no finding is called \"link\": did you mean \"link-wireless\"?"},
	{"cpu-busy", "write cpu-busy=off, info, warn, wait or block"},
	{"cpu-busy=", "write cpu-busy=off, info, warn, wait or block"},
	{"cpu-busy=loud", "write cpu-busy=off, info, warn, wait or block"},
	{"cpu-busy=WARN", "write cpu-busy=off, info, warn, wait or block"},
	{"cpu-busy=warn=off", "write cpu-busy=off, info, warn, wait or block"},
	{"cpu-busy=warnwarnwarnwarnwarn", "write cpu-busy=off, info, warn, wait or block"},
};

START_TEST(wrong_overrides)
{
	struct assess_overrides overrides, before;
	struct fault fault = {""};
	memset(&overrides, 7, sizeof overrides);
	before = overrides;
	ck_assert_int_eq(assess_configure(wrong[_i].list, &overrides, &fault), -22);
	ck_assert_str_eq(fault.text, wrong[_i].fault);
	ck_assert_mem_eq(&overrides, &before, sizeof before);
	ck_assert_int_eq(assess_configure(wrong[_i].list, &overrides, NULL), -22);
}
END_TEST

START_TEST(no_overrides)
{
	struct assess_overrides overrides;
	static char overlong[5000];
	struct fault fault = {""};
	memset(overlong, 'a', sizeof overlong - 1);
	ck_assert_int_eq(assess_configure("", &overrides, &fault), 0);
	for (unsigned i = 0; i < ASSESS_RULES_MAX; i++)
		ck_assert(!overrides.rules[i].given);
	ck_assert_int_eq(assess_configure(overlong, &overrides, &fault), -22);
}
END_TEST

START_TEST(sizes)
{
	ck_assert_uint_le(sizeof memory, 40 * 1024);
	ck_assert_uint_le(sizeof assessment, 4 * 1024);
}
END_TEST

Suite *suite_assess(void);
Suite *suite_assess(void)
{
	Suite *suite = suite_create("assess");
	TCase *tcase = tcase_create("assess");
	tcase_add_checked_fixture(tcase, set_up, NULL);
	tcase_add_loop_test(tcase, damped, 0, (int)ARRAY_LEN(dampings));
	tcase_add_test(tcase, long_windows_count_at_once);
	tcase_add_test(tcase, no_delay);
	tcase_add_test(tcase, space_that_moved_must_settle);
	tcase_add_test(tcase, hasty);
	tcase_add_test(tcase, the_same_snapshot_twice);
	tcase_add_test(tcase, since_is_kept);
	tcase_add_test(tcase, since_follows_the_clock);
	tcase_add_test(tcase, each_culprit_has_its_own);
	tcase_add_test(tcase, the_worst_first);
	tcase_add_loop_test(tcase, the_longest_wait_counts, 0, (int)ARRAY_LEN(etas));
	tcase_add_test(tcase, at_least_some_seconds);
	tcase_add_test(tcase, the_asker_is_no_culprit);
	tcase_add_test(tcase, overflow_is_counted);
	tcase_add_test(tcase, overflow_hides_nothing_worse);
	tcase_add_test(tcase, overflow_counts_each_once);
	tcase_add_test(tcase, configured);
	tcase_add_loop_test(tcase, wrong_overrides, 0, (int)ARRAY_LEN(wrong));
	tcase_add_test(tcase, no_overrides);
	tcase_add_test(tcase, sizes);
	suite_add_tcase(suite, tcase);
	return suite;
}
