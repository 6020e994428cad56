/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The orders that were sent to the privileged process and for whose answers requests wait. Knows nothing of
 * HTTP's transport and reads no clock. All memory is in the struct.
 */
#ifndef NASREADY_SERVE_ORDERS_H
#define NASREADY_SERVE_ORDERS_H

#include "model/channel.h"

#define ORDERS_MAX 16 /* at the same time; people and scripts send one */

enum orders_state { ORDERS_WAITING, ORDERS_ANSWERED, ORDERS_OVERDUE };

struct orders {
	uint32_t last_id;
	struct {
		uint32_t id; /* 0: free */
		bool answered;
		uint64_t until_ms;
		struct order_answer answer;
	} slots[ORDERS_MAX];
};

/* The order's new id; 0: too many are under way. */
uint32_t orders_send(
	struct orders *orders, struct channel *channel, const struct order *order, uint64_t until_ms);
void orders_take(struct orders *orders, const struct order_answer *answer);
/* `ret_answer` points into `orders` when it is answered */
enum orders_state orders_look(
	const struct orders *orders, uint32_t id, uint64_t now_ms, const struct order_answer **ret_answer);
/* nobody waits for it any more; 0 is taken too */
void orders_end(struct orders *orders, uint32_t id);

#endif
