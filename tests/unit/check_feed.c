/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <string.h>

#include "serve/feed.h"

Suite *suite_feed(void);

#define START_MS 1000000 /* the agent began then */

static struct channel collector, server;
static struct feed feed;
static struct snapshot snapshot;

static void set_up(void)
{
	ck_assert_int_eq(channel_make(&collector, &server), 0);
	feed_start(&feed, &server, START_MS);
	snapshot_reset(&snapshot);
	struct link *link = snapshot_add_link(&snapshot);
	strcpy(link->name, "eth0");
	link->rx_bytes = 0;
}

static void tear_down(void)
{
	channel_close(&collector);
	channel_close(&server);
}

static void publish(uint64_t time_ms, uint64_t rx_bytes)
{
	snapshot.time_ms = time_ms;
	snapshot.links[0].rx_bytes = rx_bytes;
	channel_publish(&collector, &snapshot);
	channel_announce(&collector);
}

static char command(void)
{
	struct message message;
	int byte = channel_receive(&collector, &message);
	return byte ? (char)byte : '-';
}

START_TEST(test_nothing_yet)
{
	ck_assert_int_eq(feed_receive(&feed, START_MS), 0);
	ck_assert(!feed.informed);
	feed_take(&feed);
	ck_assert(!feed.informed);
	ck_assert(!feed_ask(&feed, START_MS, 2000));
}
END_TEST

START_TEST(test_fresh)
{
	publish(START_MS + 5000, 0);
	ck_assert_int_eq(feed_receive(&feed, START_MS + 5000), 1);
	ck_assert_int_eq(feed_receive(&feed, START_MS + 5000), 0);
	ck_assert(feed.informed);
	ck_assert(feed_ask(&feed, START_MS + 5000, 2000));
	ck_assert(feed_ask(&feed, START_MS + 7000, 2000));
	ck_assert(!feed_ask(&feed, START_MS + 7001, 2000));
	/* the pass may have begun after the request's time was taken */
	ck_assert(feed_ask(&feed, START_MS + 4999, 2000));
	ck_assert(feed_ask(&feed, START_MS + 5300, 300));
	ck_assert(!feed_ask(&feed, START_MS + 5301, 300));
}
END_TEST

START_TEST(test_hurry_once)
{
	feed_hurry(&feed);
	feed_hurry(&feed);
	ck_assert_int_eq(command(), COMMAND_NOW);
	ck_assert_int_eq(command(), '-');
	publish(START_MS, 0);
	ck_assert_int_eq(feed_receive(&feed, START_MS), 1);
	ck_assert(!feed.awaiting);
	ck_assert_int_eq(command(), COMMAND_FAST);
	feed_hurry(&feed);
	ck_assert_int_eq(command(), COMMAND_NOW);
}
END_TEST

/* what the page holds without announcement is taken at the end of the waiting */
START_TEST(test_unannounced)
{
	snapshot.time_ms = START_MS + 1;
	channel_publish(&collector, &snapshot);
	ck_assert_int_eq(feed_receive(&feed, START_MS + 1), 0);
	ck_assert(!feed.informed);
	feed_hurry(&feed);
	feed_take(&feed);
	ck_assert(feed.informed && !feed.awaiting);
	ck_assert(feed.snapshot.time_ms == START_MS + 1);
}
END_TEST

START_TEST(test_idle)
{
	publish(START_MS + 1000, 0);
	feed_receive(&feed, START_MS + 1000);
	ck_assert_int_eq(command(), COMMAND_FAST);
	publish(START_MS + 60000, 0);
	feed_receive(&feed, START_MS + 60000);
	ck_assert_int_eq(command(), COMMAND_WATCH);
	publish(START_MS + 62000, 0);
	feed_receive(&feed, START_MS + 62000);
	ck_assert_int_eq(command(), COMMAND_IDLE);
	publish(START_MS + 122000, 0);
	feed_receive(&feed, START_MS + 122000);
	ck_assert_int_eq(command(), '-');
	feed_ask(&feed, START_MS + 200000, 2000);
	ck_assert_int_eq(command(), COMMAND_FAST);
	feed_ask(&feed, START_MS + 201000, 2000);
	ck_assert_int_eq(command(), '-');
	/* two looks, and then only when somebody asks */
	publish(START_MS + 201000, 0);
	feed_receive(&feed, START_MS + 201000);
	ck_assert_int_eq(command(), '-');
	publish(START_MS + 203000, 0);
	feed_receive(&feed, START_MS + 203000);
	ck_assert_int_eq(command(), COMMAND_WATCH);
}
END_TEST

static void receive_at(uint64_t bytes_per_s)
{
	uint64_t bytes = 0;
	for (uint64_t at_ms = START_MS; at_ms <= START_MS + 10000; at_ms += 2000, bytes += 2 * bytes_per_s) {
		publish(at_ms, bytes);
		feed_receive(&feed, at_ms);
	}
}

START_TEST(test_backup)
{
	receive_at(50000000);
	ck_assert_int_eq(command(), COMMAND_FAST);
	ck_assert_int_eq(command(), COMMAND_BACKUP);
	ck_assert_int_eq(command(), '-');
	/* nobody asks: then it is no matter what runs */
	publish(START_MS + 70000, 4000000000);
	feed_receive(&feed, START_MS + 70000);
	ck_assert_int_eq(command(), COMMAND_IDLE);
}
END_TEST

START_TEST(test_no_backup)
{
	receive_at(19000000);
	ck_assert_int_eq(command(), COMMAND_FAST);
	ck_assert_int_eq(command(), COMMAND_WATCH);
	ck_assert_int_eq(command(), '-');
}
END_TEST

START_TEST(test_collector_gone)
{
	publish(START_MS, 0);
	channel_close(&collector);
	ck_assert_int_eq(feed_receive(&feed, START_MS), -1);
}
END_TEST

Suite *suite_feed(void)
{
	Suite *suite = suite_create("feed");
	TCase *tcase = tcase_create("feed");
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, test_nothing_yet);
	tcase_add_test(tcase, test_fresh);
	tcase_add_test(tcase, test_hurry_once);
	tcase_add_test(tcase, test_unannounced);
	tcase_add_test(tcase, test_idle);
	tcase_add_test(tcase, test_backup);
	tcase_add_test(tcase, test_no_backup);
	tcase_add_test(tcase, test_collector_gone);
	suite_add_tcase(suite, tcase);
	return suite;
}
