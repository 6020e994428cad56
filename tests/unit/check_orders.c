/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>

#include "serve/orders.h"

Suite *suite_orders(void);

static struct channel privileged, server;
static struct orders orders;

static void set_up(void)
{
	orders = (struct orders){0};
	ck_assert_int_eq(channel_make(&privileged, &server), 0);
}

static void tear_down(void)
{
	channel_close(&privileged);
	channel_close(&server);
}

START_TEST(test_answered)
{
	const struct order order = {.kind = ORDER_CANCEL, .number = 5};
	const struct order_answer *answer = NULL;
	struct message message;
	uint32_t first = orders_send(&orders, &server, &order, 5000);
	uint32_t second = orders_send(&orders, &server, &order, 6000);
	ck_assert(first && second && first != second);
	ck_assert_int_eq(channel_receive(&privileged, &message), COMMAND_ORDER);
	ck_assert_uint_eq(message.order.id, first);
	ck_assert_uint_eq(message.order.number, 5);
	ck_assert_int_eq(orders_look(&orders, first, 4999, &answer), ORDERS_WAITING);
	orders_take(&orders, &(struct order_answer){.id = second, .status = ORDER_JOB, .job = 9});
	ck_assert_int_eq(orders_look(&orders, first, 5000, &answer), ORDERS_OVERDUE);
	ck_assert_int_eq(orders_look(&orders, second, 9999, &answer), ORDERS_ANSWERED);
	ck_assert_uint_eq(answer->job, 9);
}
END_TEST

START_TEST(test_strangers)
{
	const struct order order = {.kind = ORDER_CANCEL};
	const struct order_answer *answer = NULL;
	uint32_t id = orders_send(&orders, &server, &order, 5000);
	orders_take(&orders, &(struct order_answer){.id = id + 1});
	orders_take(&orders, &(struct order_answer){.id = 0});
	ck_assert_int_eq(orders_look(&orders, id, 0, &answer), ORDERS_WAITING);
	orders_end(&orders, id);
	orders_take(&orders, &(struct order_answer){.id = id});
	ck_assert_int_eq(orders_look(&orders, id, 0, &answer), ORDERS_OVERDUE);
}
END_TEST

START_TEST(test_full)
{
	const struct order order = {.kind = ORDER_CANCEL};
	uint32_t first = 0;
	for (unsigned i = 0; i < ORDERS_MAX; i++) {
		uint32_t id = orders_send(&orders, &server, &order, 5000);
		ck_assert_uint_ne(id, 0);
		first = first ? first : id;
	}
	ck_assert_uint_eq(orders_send(&orders, &server, &order, 5000), 0);
	orders_end(&orders, first);
	ck_assert_uint_ne(orders_send(&orders, &server, &order, 5000), 0);
}
END_TEST

/* ids begin anew some day, and 0 is none */
START_TEST(test_wraps)
{
	const struct order order = {.kind = ORDER_CANCEL};
	orders.last_id = UINT32_MAX;
	ck_assert_uint_ne(orders_send(&orders, &server, &order, 5000), 0);
}
END_TEST

START_TEST(test_channel_gone)
{
	const struct order order = {.kind = ORDER_CANCEL};
	channel_close(&privileged);
	ck_assert_uint_eq(orders_send(&orders, &server, &order, 5000), 0);
}
END_TEST

Suite *suite_orders(void)
{
	Suite *suite = suite_create("orders");
	TCase *tcase = tcase_create("orders");
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, test_answered);
	tcase_add_test(tcase, test_strangers);
	tcase_add_test(tcase, test_full);
	tcase_add_test(tcase, test_wraps);
	tcase_add_test(tcase, test_channel_gone);
	suite_add_tcase(suite, tcase);
	return suite;
}
