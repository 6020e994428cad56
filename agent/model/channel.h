/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What joins the two processes: a page of shared memory that the privileged one alone writes, and a
 * socketpair that keeps the bounds of messages. The privileged one says "there is a new snapshot" with one
 * byte; the server says how often it wants one, with one byte that is an enumerated command, and asks for a
 * volume's knee by the small number that the collector gave it. Whatever somebody wants done is a `struct
 * order`, of fixed size as its answer is. That side never reads the page.
 */
#ifndef NASREADY_MODEL_CHANNEL_H
#define NASREADY_MODEL_CHANNEL_H

#include <stdatomic.h>
#include <stdbool.h>

#include "model/order.h"
#include "model/snapshot.h"

enum command {
	COMMAND_NOW = 'n',  /* a pass at once, if the last is older than a moment */
	COMMAND_IDLE = 'i', /* nobody asks: a pass a minute, told only when something moved */
	COMMAND_FAST = 'f', /* a volume has not settled, or rates are wanted soon: a pass every 2 s */
	COMMAND_WATCH =
		'w', /* somebody asks now and then, and all is quiet: passes are made when asked for */
	COMMAND_BACKUP = 'b', /* a backup runs: a pass every 5 s */
	COMMAND_KNEE = 'k',   /* with the number of the volume whose knee shall be read */
	COMMAND_ORDER = 'o',  /* with an order */
	NEWS_SNAPSHOT = '!',  /* towards the server: there is a new snapshot */
	NEWS_ANSWER = 'a',    /* towards the server: with the answer to an order */
};

/* what channel_receive took; which member counts depends on the command */
struct message {
	union {
		uint32_t number;
		struct order order;
		struct order_answer answer;
	};
};

#define CHANNEL_TERMS_MAX 4096

struct page {
	atomic_uint terms_sequence, sequence; /* odd while being written; 0: never written */
	unsigned char terms[CHANNEL_TERMS_MAX];
	struct snapshot snapshot;
};

struct channel {
	struct page *page;
	int fd; /* of this process's end; non-blocking */
};

/* Both ends; the process keeps one and closes the other. Negative errno. */
int channel_make(struct channel *ret_collector, struct channel *ret_server);
void channel_close(struct channel *channel);
/* after channel_close, when the page is of no more use to this process */
void channel_forget_page(struct channel *channel);
/* in the server: the page becomes read-only */
void channel_protect(struct channel *channel);

/* collector: puts the snapshot into the page; channel_announce tells the server */
void channel_publish(struct channel *channel, const struct snapshot *snapshot);
void channel_announce(struct channel *channel);
/* server: a whole, consistent copy; false if none was ever published, or it stayed torn (then the copy is
 * untouched) */
bool channel_copy(const struct channel *channel, struct snapshot *ret_snapshot);
/* The same page carries what the configuration says to the server, where it was read again: `terms` are plain
 * bytes of the same size on both sides, at most CHANNEL_TERMS_MAX. To be announced, too. */
void channel_publish_terms(struct channel *channel, const void *terms, size_t size);
/* server: true, and a whole copy, if there are others than `*known` (0: none), which it updates */
bool channel_terms(const struct channel *channel, unsigned *known, void *ret_terms, size_t size);
void channel_command(struct channel *channel, enum command command);
/* `number`: 1 to 255, else nothing is sent */
void channel_ask_knee(struct channel *channel, uint32_t number);
/* false: there was no room, as many orders are under way */
bool channel_order(struct channel *channel, const struct order *order);
bool channel_answer(struct channel *channel, const struct order_answer *answer);
/* both: the next command or news from the other end; 0: none now; -1: the other process is gone. Messages of
 * a wrong size are dropped, and texts in orders and answers end. */
int channel_receive(struct channel *channel, struct message *ret_message);

#endif
