/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/loop.h"
#include "base/state.h"
#include "work/obey.h"
#include "work/place.h"
#include "work/record.h"
#include "work/tree.h"

#define RECORD "leases"

void obey_load_leases(struct obey *obey)
{
	char text[RECORD_MAX + 1];
	struct fault fault = {""};
	ssize_t length = record_read(obey->state_dir, RECORD, text, &fault);
	int error = length <= 0 ? (int)length
				: leases_parse(&obey->leases, (struct text){text, (size_t)length},
					  clock_monotonic_ms(), &fault);
	if (error && error != -ENOENT)
		log_warning("leases: %s", fault.text);
}

/* What cannot be kept holds until the agent ends: better than none. */
static void keep(const struct obey *obey)
{
	char text[RECORD_MAX + 1];
	struct fault fault = {"they take too much room"};
	if (!leases_show(&obey->leases, text, sizeof text) ||
		record_write(obey->state_dir, RECORD, text, &fault))
		log_error("leases would not outlive the agent: %s", fault.text);
}

/* The kernel knows who has it open: a write lease on the file is for its sole opener. true also if that
 * cannot be told. */
static bool is_open(const struct lease *lease, const struct snapshot *known)
{
	const struct share *share = NULL;
	char name[TREE_NAME_LEN];
	struct stat status;
	for (uint32_t i = 0; i < known->share_count; i++)
		if (!strcmp(known->shares[i].name, lease->share))
			share = &known->shares[i];
	if (!share || share->path[0] != '/')
		return false;
	autoclose int folder = tree_open(share->path, NULL);
	int error = folder < 0 ? folder : tree_find(folder, lease->file, name);
	if (error)
		return error != -ENOENT;
	autoclose int file = place_open_file(folder, name, &status);
	return file < 0 ? file != -ENOENT : place_hold(file, name, NULL) != 0;
}

void obey_expire_leases(struct obey *obey, const struct snapshot *known, uint64_t now_ms)
{
	if (!leases_expire(&obey->leases, known, now_ms, is_open))
		return;
	log_info("a lease that was not renewed has ended: %u are left", (unsigned)obey->leases.count);
	keep(obey);
}

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
	obey_expire_leases(obey, known, clock_monotonic_ms());
	bool is_new = !leases_find(&obey->leases, share->name, order->file);
	snprintf(wanted.share, sizeof wanted.share, "%s", share->name);
	snprintf(wanted.file, sizeof wanted.file, "%s", order->file);
	snprintf(wanted.server, sizeof wanted.server, "%.*s", HOST_LEN - 1, order->server);
	snprintf(wanted.address, sizeof wanted.address, "%.*s", ADDRESS_LEN - 1, order->address);
	answer->status = leases_put(&obey->leases, &wanted, order->token, token, clock_monotonic_ms(),
		answer->token, &answer->fault);
	if (answer->status == ORDER_DONE && is_new)
		keep(obey);
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
		keep(obey);
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
