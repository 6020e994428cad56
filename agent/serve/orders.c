/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "serve/orders.h"

uint32_t orders_send(
	struct orders *orders, struct channel *channel, const struct order *order, uint64_t until_ms)
{
	struct order sent = *order;
	unsigned slot = 0;
	while (slot < ORDERS_MAX && orders->slots[slot].id)
		slot++;
	if (slot == ORDERS_MAX)
		return 0;
	orders->last_id += 1 + (orders->last_id == UINT32_MAX);
	sent.id = orders->last_id;
	if (!channel_order(channel, &sent))
		return 0;
	orders->slots[slot].id = sent.id;
	orders->slots[slot].answered = false;
	orders->slots[slot].until_ms = until_ms;
	return sent.id;
}

void orders_take(struct orders *orders, const struct order_answer *answer)
{
	for (unsigned i = 0; i < ORDERS_MAX; i++)
		if (answer->id && orders->slots[i].id == answer->id) {
			orders->slots[i].answer = *answer;
			orders->slots[i].answered = true;
		}
}

enum orders_state orders_look(
	const struct orders *orders, uint32_t id, uint64_t now_ms, const struct order_answer **ret_answer)
{
	for (unsigned i = 0; i < ORDERS_MAX; i++) {
		if (orders->slots[i].id != id)
			continue;
		if (!orders->slots[i].answered)
			return now_ms < orders->slots[i].until_ms ? ORDERS_WAITING : ORDERS_OVERDUE;
		*ret_answer = &orders->slots[i].answer;
		return ORDERS_ANSWERED;
	}
	return ORDERS_OVERDUE;
}

void orders_end(struct orders *orders, uint32_t id)
{
	for (unsigned i = 0; i < ORDERS_MAX; i++)
		if (orders->slots[i].id == id)
			orders->slots[i].id = 0;
}
