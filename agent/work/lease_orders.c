/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <stdio.h>
#include <string.h>

#include "base/loop.h"
#include "base/state.h"
#include "work/lease_store.h"
#include "work/obey.h"

static bool fresh_token(char ret_token[ORDER_TOKEN_LEN], struct fault *fault)
{
	unsigned char bytes[(ORDER_TOKEN_LEN - 1) / 2];
	if (state_random(bytes, sizeof bytes, fault))
		return false;
	for (unsigned i = 0; i < sizeof bytes; i++)
		snprintf(ret_token + 2 * i, 3, "%02x", bytes[i]);
	return true;
}

/* the names as the order has them are the server's; here they must be names again */
static const struct share *check_names(
	const struct order *order, const struct snapshot *known, struct order_answer *answer)
{
	const struct share *share = obey_find_share(known, order->number);
	if (!share)
		obey_refuse(answer, ORDER_UNKNOWN_SHARE, "there is no such share (any more)");
	else if (!memchr(order->file, 0, sizeof order->file) || !text_is_name(text_of(order->file)) ||
		 !memchr(order->token, 0, sizeof order->token))
		obey_refuse(answer, ORDER_BAD_NAME, "a lease is for one file in a share");
	else
		return share;
	return NULL;
}

bool lease_put(struct obey *obey, const struct order *order, const struct snapshot *known,
	struct order_answer *answer)
{
	const struct share *share = check_names(order, known, answer);
	struct lease wanted = {.open = UNKNOWN, .since_clock_ms = clock_wall_ms()};
	char token[ORDER_TOKEN_LEN];
	if (!share)
		return true;
	if (!fresh_token(token, &answer->fault)) {
		answer->status = ORDER_FAILED;
		return true;
	}
	leases_end_old(&obey->leases, obey->state_dir, known, clock_monotonic_ms());
	bool is_new = !leases_find(&obey->leases, share->name, order->file);
	snprintf(wanted.share, sizeof wanted.share, "%s", share->name);
	snprintf(wanted.file, sizeof wanted.file, "%s", order->file);
	snprintf(wanted.server, sizeof wanted.server, "%.*s", HOST_LEN - 1, order->server);
	snprintf(wanted.address, sizeof wanted.address, "%.*s", ADDRESS_LEN - 1, order->address);
	answer->status = leases_put(&obey->leases, &wanted, order->token, token, clock_monotonic_ms(),
		answer->token, &answer->fault);
	if (answer->status == ORDER_DONE && is_new)
		leases_keep(&obey->leases, obey->state_dir);
	return true;
}

static bool end(struct obey *obey, const struct order *order, const struct snapshot *known, bool by_force,
	struct order_answer *answer)
{
	const struct share *share = check_names(order, known, answer);
	if (!share)
		return true;
	answer->status = leases_end(
		&obey->leases, share->name, order->file, by_force ? NULL : order->token, &answer->fault);
	if (answer->status == ORDER_DONE)
		leases_keep(&obey->leases, obey->state_dir);
	return true;
}

bool lease_release(struct obey *obey, const struct order *order, const struct snapshot *known,
	struct order_answer *answer)
{
	return end(obey, order, known, false, answer);
}

bool lease_break(struct obey *obey, const struct order *order, const struct snapshot *known,
	struct order_answer *answer)
{
	return end(obey, order, known, true, answer);
}
