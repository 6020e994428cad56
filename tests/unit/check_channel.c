/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collect/collector.h"
#include "model/channel.h"

Suite *suite_channel(void);

static struct channel collector, server;
static struct snapshot snapshot, copy;

static void start(void)
{
	ck_assert_int_eq(channel_make(&collector, &server), 0);
	snapshot_reset(&snapshot);
}

static void stop(void)
{
	channel_close(&collector);
	channel_close(&server);
	channel_forget_page(&server);
}

START_TEST(a_snapshot_crosses)
{
	ck_assert(!channel_copy(&server, &copy));
	snapshot.time_ms = 42;
	channel_publish(&collector, &snapshot);
	ck_assert(channel_copy(&server, &copy));
	ck_assert_uint_eq(copy.time_ms, 42);
}
END_TEST

START_TEST(a_torn_page_is_not_taken)
{
	snapshot.time_ms = 42;
	channel_publish(&collector, &snapshot);
	ck_assert(channel_copy(&server, &copy));
	atomic_fetch_add(&collector.page->sequence, 1);
	collector.page->snapshot.time_ms = 43;
	ck_assert(!channel_copy(&server, &copy));
	ck_assert_uint_eq(copy.time_ms, 42);
	channel_publish(&collector, &snapshot); /* the next pass mends it */
	ck_assert(channel_copy(&server, &copy));
}
END_TEST

START_TEST(bytes_both_ways)
{
	ck_assert_int_eq(channel_receive(&server), 0);
	channel_announce(&collector);
	ck_assert_int_eq(channel_receive(&server), '!');
	channel_command(&server, COMMAND_FAST);
	ck_assert_int_eq(channel_receive(&collector), COMMAND_FAST);
	channel_close(&server);
	ck_assert_int_eq(channel_receive(&collector), -1);
}
END_TEST

START_TEST(a_question_for_a_knee)
{
	static const uint32_t numbers[] = {1, 127, 128, 255};
	for (unsigned i = 0; i < ARRAY_LEN(numbers); i++) {
		channel_ask_knee(&server, numbers[i]);
		ck_assert_int_eq(channel_receive(&collector), COMMAND_KNEE);
		ck_assert_int_eq(channel_receive(&collector), (int)numbers[i]);
	}
	channel_ask_knee(&server, 0);
	channel_ask_knee(&server, 256);
	ck_assert_int_eq(channel_receive(&collector), 0);
}
END_TEST

START_TEST(a_full_socket_blocks_nobody)
{
	for (int i = 0; i < 1000000; i++)
		channel_announce(&collector);
	ck_assert_int_eq(channel_receive(&server), '!');
}
END_TEST

START_TEST(what_is_news)
{
	struct snapshot told;
	strcpy(snapshot_add_volume(&snapshot)->id, "c");
	snapshot.volumes[0].free_bytes = 1ull << 40;
	told = snapshot;
	ck_assert(!collector_is_news(&told, &snapshot));
	snapshot.volumes[0].free_bytes -= 1 << 20;
	ck_assert(!collector_is_news(&told, &snapshot));
	snapshot.volumes[0].free_bytes -= 1 << 30;
	ck_assert(collector_is_news(&told, &snapshot));
	snapshot = told;
	snapshot.volumes[0].journal.needs_check = YES;
	ck_assert(collector_is_news(&told, &snapshot));
	snapshot = told;
	snapshot_add_link(&snapshot);
	ck_assert(collector_is_news(&told, &snapshot));
}
END_TEST

Suite *suite_channel(void)
{
	Suite *suite = suite_create("channel");
	TCase *tcase = tcase_create("channel");
	tcase_add_checked_fixture(tcase, start, stop);
	tcase_add_test(tcase, a_snapshot_crosses);
	tcase_add_test(tcase, a_torn_page_is_not_taken);
	tcase_add_test(tcase, bytes_both_ways);
	tcase_add_test(tcase, a_question_for_a_knee);
	tcase_add_test(tcase, a_full_socket_blocks_nobody);
	tcase_add_test(tcase, what_is_news);
	suite_add_tcase(suite, tcase);
	return suite;
}
