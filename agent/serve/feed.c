/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "serve/feed.h"

#include <stddef.h>
#include <string.h>

#include "judge/rules.h"

#define ASKED_MS 60000 /* so long after a request somebody is taken to be watching */

void feed_start(struct feed *feed, struct channel *channel, uint64_t now_ms)
{
	/* what follows is large, and mostly never touched */
	memset(feed, 0, offsetof(struct feed, snapshot));
	feed->channel = channel;
	feed->asked_ms = now_ms;
	feed->brisk = 2;
	snapshot_reset(&feed->snapshot);
	history_reset(&feed->history);
	assess_start(&feed->memory, false);
	recorder_start(&feed->recorder);
}

void feed_take(struct feed *feed)
{
	feed->awaiting = false;
	if (!channel_copy(feed->channel, &feed->snapshot))
		return;
	history_add(&feed->history, &feed->snapshot, &feed->rates);
	assess_observe(&feed->memory, &feed->snapshot, &feed->rates);
	recorder_add(&feed->recorder, &feed->snapshot, &feed->rates);
	feed->informed = true;
	feed->brisk -= feed->brisk > 0;
}

static enum command choose_pace(const struct feed *feed, uint64_t now_ms)
{
	if (history_is_restless(&feed->history))
		return COMMAND_FAST;
	if (now_ms - feed->asked_ms > ASKED_MS)
		return COMMAND_IDLE;
	if (situation_backup_runs(&feed->snapshot, &feed->rates))
		return COMMAND_BACKUP;
	return feed->brisk ? COMMAND_FAST : COMMAND_WATCH;
}

static void set_pace(struct feed *feed, uint64_t now_ms)
{
	/* after a rest: what happens now wants two looks */
	if (feed->pace == COMMAND_IDLE && now_ms - feed->asked_ms <= ASKED_MS)
		feed->brisk = 2;
	enum command pace = choose_pace(feed, now_ms);
	if (feed->pace == (int)pace)
		return;
	channel_command(feed->channel, pace);
	feed->pace = (int)pace;
}

int feed_receive(struct feed *feed, uint64_t now_ms)
{
	struct message message;
	int news;
	bool announced = false, answered = false;
	while ((news = channel_receive(feed->channel, &message)) > 0) {
		announced |= news == NEWS_SNAPSHOT;
		answered |= news == NEWS_ANSWER;
		if (news == NEWS_ANSWER)
			orders_take(&feed->orders, &message.answer);
	}
	if (news < 0)
		return -1;
	if (announced) {
		feed_take(feed);
		set_pace(feed, now_ms);
	}
	return announced || answered;
}

bool feed_ask(struct feed *feed, uint64_t now_ms, uint32_t fresh_ms)
{
	uint64_t time_ms = feed->snapshot.time_ms;
	feed->asked_ms = now_ms;
	set_pace(feed, now_ms);
	return feed->informed && (now_ms <= time_ms || now_ms - time_ms <= fresh_ms);
}

void feed_hurry(struct feed *feed)
{
	if (!feed->awaiting)
		channel_command(feed->channel, COMMAND_NOW);
	feed->awaiting = true;
}
