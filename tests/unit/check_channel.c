/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collect/collector.h"
#include "model/channel.h"

Suite *suite_channel(void);

static struct channel collector, server;
static struct snapshot snapshot, copy;

static struct message message;

static int received(struct channel *channel)
{
	return channel_receive(channel, &message);
}

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
	ck_assert_int_eq(received(&server), 0);
	channel_announce(&collector);
	ck_assert_int_eq(received(&server), '!');
	channel_command(&server, COMMAND_FAST);
	ck_assert_int_eq(received(&collector), COMMAND_FAST);
	channel_close(&server);
	ck_assert_int_eq(received(&collector), -1);
}
END_TEST

START_TEST(a_question_for_a_knee)
{
	static const uint32_t numbers[] = {1, 127, 128, 255};
	for (unsigned i = 0; i < ARRAY_LEN(numbers); i++) {
		channel_ask_knee(&server, numbers[i]);
		ck_assert_int_eq(received(&collector), COMMAND_KNEE);
		ck_assert_uint_eq(message.number, numbers[i]);
	}
	channel_ask_knee(&server, 0);
	channel_ask_knee(&server, 256);
	ck_assert_int_eq(received(&collector), 0);
}
END_TEST

START_TEST(terms_that_changed)
{
	unsigned known = 0;
	char said[100], first[100] = "first", second[100] = "second", large[CHANNEL_TERMS_MAX + 1] = "";
	ck_assert(!channel_terms(&server, &known, said, sizeof said));
	channel_publish_terms(&collector, first, sizeof first);
	ck_assert(channel_terms(&server, &known, said, sizeof said));
	ck_assert_str_eq(said, "first");
	ck_assert(!channel_terms(&server, &known, said, sizeof said));
	channel_publish_terms(&collector, first, sizeof first);
	channel_publish_terms(&collector, second, sizeof second);
	ck_assert(channel_terms(&server, &known, said, sizeof said));
	ck_assert_str_eq(said, "second");
	ck_assert(!channel_copy(&server, &copy)); /* there is no snapshot yet */
	channel_publish_terms(&collector, large, sizeof large);
	ck_assert(!channel_terms(&server, &known, said, sizeof said));
}
END_TEST

START_TEST(an_order_and_its_answer)
{
	struct order order = {.id = 7, .kind = ORDER_CANCEL, .number = 3};
	struct order_answer answer = {.id = 7, .status = ORDER_BUSY, .retry_after_s = 9};
	memset(order.file, 'x', sizeof order.file); /* whoever sends so means no good */
	memset(answer.fault.text, 'y', sizeof answer.fault.text);
	ck_assert(channel_order(&server, &order));
	channel_command(&server, COMMAND_NOW);
	ck_assert_int_eq(received(&collector), COMMAND_ORDER);
	ck_assert_uint_eq(message.order.id, 7);
	ck_assert_uint_eq(message.order.number, 3);
	ck_assert_uint_eq(strlen(message.order.file), sizeof order.file - 1);
	ck_assert_int_eq(received(&collector), COMMAND_NOW);
	ck_assert(channel_answer(&collector, &answer));
	ck_assert_int_eq(received(&server), NEWS_ANSWER);
	ck_assert_int_eq(message.answer.status, ORDER_BUSY);
	ck_assert_uint_eq(strlen(message.answer.fault.text), sizeof answer.fault.text - 1);
}
END_TEST

/* what is no whole message is dropped, and what follows is taken */
START_TEST(wrong_sizes)
{
	static const size_t sizes[] = {2, 4, 6, sizeof(struct order), sizeof(struct order) + 2, 8000};
	char text[8000];
	memset(text, COMMAND_ORDER, sizeof text);
	for (unsigned i = 0; i < ARRAY_LEN(sizes); i++) {
		ck_assert_int_eq(send(server.fd, text, sizes[i], 0), (int)sizes[i]);
		channel_command(&server, COMMAND_IDLE);
		ck_assert_int_eq(received(&collector), COMMAND_IDLE);
	}
	memset(text, COMMAND_NOW, sizeof text);
	ck_assert_int_eq(send(server.fd, text, 2, 0), 2);
	ck_assert_int_eq(send(server.fd, "", 1, 0), 1);
	ck_assert_int_eq(received(&collector), 0);
}
END_TEST

START_TEST(a_full_socket_blocks_nobody)
{
	for (int i = 0; i < 100000; i++)
		channel_announce(&collector);
	ck_assert_int_eq(received(&server), '!');
}
END_TEST

START_TEST(what_is_news)
{
	struct snapshot before;
	strcpy(snapshot_add_volume(&snapshot)->id, "c");
	snapshot.volumes[0].free_bytes = 1ull << 40;
	before = snapshot;
	const struct told told = collector_tell(&snapshot);
	ck_assert(!collector_is_news(&told, &snapshot));
	snapshot.volumes[0].free_bytes -= 1 << 20;
	ck_assert(!collector_is_news(&told, &snapshot));
	snapshot.volumes[0].free_bytes -= 1 << 30;
	ck_assert(collector_is_news(&told, &snapshot));
	snapshot = before;
	snapshot.volumes[0].journal.needs_check = YES;
	ck_assert(collector_is_news(&told, &snapshot));
	snapshot = before;
	snapshot_add_link(&snapshot);
	ck_assert(collector_is_news(&told, &snapshot));
	snapshot = before;
	snapshot_add_client(&snapshot);
	ck_assert(collector_is_news(&told, &snapshot));
	snapshot = before;
	snapshot.ups.on_battery = YES;
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
	tcase_add_test(tcase, terms_that_changed);
	tcase_add_test(tcase, an_order_and_its_answer);
	tcase_add_test(tcase, wrong_sizes);
	tcase_add_test(tcase, a_full_socket_blocks_nobody);
	tcase_add_test(tcase, what_is_news);
	suite_add_tcase(suite, tcase);
	return suite;
}
