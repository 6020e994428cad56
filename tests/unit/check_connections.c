/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <arpa/inet.h>
#include <check.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/scope.h"
#include "serve/connections.h"

Suite *suite_connections(void);

static struct connections table;

START_TEST(test_deadlines)
{
	connections_start(&table);
	ck_assert(connections_next_deadline(&table) == CONNECTION_NO_DEADLINE);
	ck_assert_uint_eq(connections_sweep(&table, UINT64_MAX - 1), 0);
	struct connection *late = connections_add(&table, 1000, 100, 400);
	struct connection *early = connections_add(&table, 1001, 100, 200);
	ck_assert_ptr_ne(late, early);
	ck_assert_uint_eq(connections_next_deadline(&table), 300);
	connections_remove(&table, early);
	ck_assert_uint_eq(connections_next_deadline(&table), 500);
	ck_assert_ptr_eq(connections_add(&table, 1002, 100, 300), early);
	connections_remove(&table, early);
	connections_remove(&table, late);
	ck_assert(connections_next_deadline(&table) == CONNECTION_NO_DEADLINE);
}
END_TEST

START_TEST(test_full)
{
	connections_start(&table);
	for (int i = 0; i < CONNECTIONS_MAX; i++)
		ck_assert_ptr_nonnull(connections_add(&table, 1000 + i, 0, 1));
	ck_assert_ptr_null(connections_add(&table, 5000, 0, 1));
	connections_remove(&table, &table.slots[CONNECTIONS_MAX - 1]);
	ck_assert_ptr_eq(connections_add(&table, 5000, 0, 1), &table.slots[CONNECTIONS_MAX - 1]);
}
END_TEST

/* only what is overdue is shut down, the other end sees it, and the descriptor stays open */
START_TEST(test_sweep)
{
	int overdue[2], due[2];
	char byte;
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, overdue), 0);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, due), 0);
	connections_start(&table);
	struct connection *slot = connections_add(&table, overdue[0], 0, 1000);
	connections_add(&table, due[0], 0, 1001);
	ck_assert_uint_eq(connections_sweep(&table, 999), 0);
	ck_assert_int_eq(read(overdue[1], &byte, 1), -1);
	ck_assert_uint_eq(connections_sweep(&table, 1000), 1);
	ck_assert_int_eq(read(overdue[1], &byte, 1), 0);
	ck_assert_int_eq(read(due[1], &byte, 1), -1);
	ck_assert_uint_eq(connections_sweep(&table, 1000), 0);
	ck_assert_uint_eq(connections_next_deadline(&table), 1001);
	ck_assert_int_eq(slot->fd, overdue[0]);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(close(overdue[i]), 0);
		ck_assert_int_eq(close(due[i]), 0);
	}
}
END_TEST

/* only while all places are taken, the longest still one, and never one that waits for us */
START_TEST(test_room)
{
	int ends[2];
	char byte;
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
	connections_start(&table);
	struct connection *still = connections_add(&table, ends[0], 100, 60000);
	struct connection *waiting = connections_add(&table, 1000, 50, 60000);
	waiting->waiting = &byte;
	for (int i = 2; i < CONNECTIONS_MAX - 1; i++)
		connections_add(&table, 1000 + i, 200, 60000);
	ck_assert_uint_eq(connections_sweep(&table, 5000), 0);
	connections_add(&table, 2000, 200, 60000);
	ck_assert_uint_eq(connections_next_deadline(&table), 100 + CONNECTION_STILL_MS);
	ck_assert_uint_eq(connections_sweep(&table, 99 + CONNECTION_STILL_MS), 0);
	ck_assert_uint_eq(connections_sweep(&table, 100 + CONNECTION_STILL_MS), 1);
	ck_assert_int_eq(read(ends[1], &byte, 1), 0);
	connections_remove(&table, still);
	ck_assert_uint_eq(connections_sweep(&table, 5000), 0);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(close(ends[i]), 0);
}
END_TEST

static const struct {
	const char *address, *shown;
	bool loopback;
} peers[] = {
	{"127.0.0.1", "127.0.0.1", true},
	{"127.3.2.1", "127.3.2.1", true},
	{"192.168.1.2", "192.168.1.2", false},
	{"::1", "::1", true},
	{"2001:db8::127", "2001:db8::127", false},
	{"::ffff:127.0.0.1", "127.0.0.1", true},
	{"::ffff:8.8.4.4", "8.8.4.4", false},
	{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false},
};

START_TEST(test_peer)
{
	char text[INET6_ADDRSTRLEN];
	bool loopback = !peers[_i].loopback;
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = 80};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = 80};
	if (inet_pton(AF_INET, peers[_i].address, &v4.sin_addr) == 1) {
		peer_show((struct sockaddr *)&v4, text, &loopback);
	} else {
		ck_assert_int_eq(inet_pton(AF_INET6, peers[_i].address, &v6.sin6_addr), 1);
		peer_show((struct sockaddr *)&v6, text, &loopback);
	}
	ck_assert_str_eq(text, peers[_i].shown);
	ck_assert_int_eq(loopback, peers[_i].loopback);
}
END_TEST

START_TEST(test_no_peer)
{
	char text[INET6_ADDRSTRLEN] = "left over";
	bool loopback = true;
	struct sockaddr other = {.sa_family = AF_UNIX};
	peer_show(NULL, text, &loopback);
	ck_assert_str_eq(text, "");
	ck_assert(!loopback);
	strcpy(text, "left over");
	peer_show(&other, text, &loopback);
	ck_assert_str_eq(text, "");
}
END_TEST

Suite *suite_connections(void)
{
	Suite *suite = suite_create("connections");
	TCase *tcase = tcase_create("connections");
	tcase_add_test(tcase, test_deadlines);
	tcase_add_test(tcase, test_full);
	tcase_add_test(tcase, test_sweep);
	tcase_add_test(tcase, test_room);
	tcase_add_loop_test(tcase, test_peer, 0, (int)ARRAY_LEN(peers));
	tcase_add_test(tcase, test_no_peer);
	suite_add_tcase(suite, tcase);
	return suite;
}
