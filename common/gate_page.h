/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What passes between the agent and libnasready-gate.so in smbd, on one machine: a small file that the agent
 * writes and everybody may read, and datagrams back to it. Native byte order, every field aligned by nature.
 * Also compiled without a C library, so nothing here calls one.
 *
 * The file counts only while the agent holds a write lock (fcntl) on it, belongs to root, is writable for
 * nobody else, and is not older than GATE_VALID_MS, so that a dead or hung agent means "no gate". It is read
 * with pread, never mapped: cutting a mapped file kills who reads it. A reader that meets a write in its
 * middle sees it by the checksum.
 */
#ifndef NASREADY_COMMON_GATE_PAGE_H
#define NASREADY_COMMON_GATE_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/limits.h"

#define GATE_PAGE_MAGIC UINT64_C(0x314554414752534e) /* "NSRGATE1" on a little-endian machine */
#define GATE_PAGE_VERSION 3
#define GATE_PAGE_NAME "gate" /* in the run directory; the socket for the datagrams lies beside it */
#define GATE_SOCKET_NAME "gate.socket"
#define GATE_VALID_MS 180000 /* the agent writes at least every 60 s */
#define GATE_PATH_LEN 256
#define GATE_REFUSALS_KEPT 8
#define GATE_GRANTS_MAX 4 /* open at once: one a volume */
#define GATE_ROWS_MAX (SHARES_MAX + GATE_GRANTS_MAX)
/* Smaller steps always pass: even past the knee of the worst volume measured 1 GiB takes about a second. */
#define GATE_SMALL_BYTES (UINT64_C(1) << 30)

enum gate_page_state { GATE_CALM = 0, GATE_ALLOCATING = 1, GATE_FREEING = 2 };

/* One enabled share; or one file in it, for which a larger step was granted and has not begun yet. */
struct gate_page_row {
	char root[GATE_PATH_LEN]; /* absolute, without a slash at its end, filled up with zeros */
	uint64_t max_step_bytes;  /* what may be allocated at once */
	uint64_t tell_bytes;	  /* so much lasts: the agent hears already when it begins */
	uint32_t root_length;
	uint32_t state; /* of its volume */
};

enum gate_refusal_reason { GATE_REFUSED_STEP = 0, GATE_REFUSED_ALLOCATING = 1, GATE_REFUSED_FREEING = 2 };

struct gate_page_refusal {
	uint64_t clock_ms, growth_bytes, limit_bytes;
	uint32_t pid, reason;
	char path[GATE_PATH_LEN];
};

struct gate_page_head {
	uint64_t magic;
	uint32_t version, row_count;
	uint64_t written_ms; /* CLOCK_MONOTONIC */
	uint64_t refused;    /* in all, since the agent began */
	uint32_t checksum;   /* of head (with 0 here) and rows */
	uint32_t refusal_count;
};

/* all that the preloaded object reads */
struct gate_page_top {
	struct gate_page_head head;
	struct gate_page_row rows[GATE_ROWS_MAX];
};

struct gate_page {
	struct gate_page_top top;
	struct gate_page_refusal refusals[GATE_REFUSALS_KEPT]; /* the newest first; for people */
};

/* -- datagrams: whose sender says that it is root (SCM_CREDENTIALS), which the kernel lets only those say who
 * are or could become root again; others count for nothing -- */

#define GATE_MESSAGE_MAGIC 0x4d53524eu /* "NRSM" */

enum gate_message_kind {
	GATE_MESSAGE_REFUSED = 1,
	GATE_MESSAGE_BEGUN = 2,
	GATE_MESSAGE_ENDED = 3,
	GATE_MESSAGE_LOOK = 4 /* of `nasready gate`: the list of shares was changed */
};

#define GATE_WAIT_UNKNOWN \
	UINT64_MAX /* of a call that was told at its end alone: to ask costs as much as to tell */

struct gate_message {
	uint32_t magic, kind;
	uint32_t reason; /* of a refusal */
	int32_t error;	 /* of a call that ended: 0 or a positive errno */
	uint64_t growth_bytes, limit_bytes;
	uint64_t wall_us, cpu_us, wait_ns; /* of a call that ended; wait: for a processor that was busy */
	char path[GATE_PATH_LEN];	   /* of the file; its beginning, if it is longer */
};

_Static_assert(sizeof(struct gate_page_row) == GATE_PATH_LEN + 24, "no padding");
_Static_assert(sizeof(struct gate_page_refusal) == GATE_PATH_LEN + 32, "no padding");
_Static_assert(sizeof(struct gate_page_head) == 40, "no padding");
_Static_assert(sizeof(struct gate_message) == GATE_PATH_LEN + 56, "no padding");

/* FNV-1a over the 32-bit words of the head and its rows; `head.row_count` is at most GATE_ROWS_MAX */
static inline uint32_t gate_page_checksum(const struct gate_page_top *top)
{
	typedef uint32_t word __attribute__((may_alias));
	const word *words = (const word *)top;
	uint32_t count = (uint32_t)(sizeof top->head / 4 + top->head.row_count * (sizeof top->rows[0] / 4));
	uint32_t sum = 2166136261u;
	for (uint32_t i = 0; i < count; i++)
		if (i != 8) /* the checksum itself */
			sum = (sum ^ words[i]) * 16777619u;
	return sum;
}

/* a whole, sound page in `length` bytes that is not too old at `now_ms` */
static inline bool gate_page_is_good(const struct gate_page_top *top, uint64_t length, uint64_t now_ms)
{
	const struct gate_page_head *head = &top->head;
	if (length < sizeof *head || head->magic != GATE_PAGE_MAGIC || head->version != GATE_PAGE_VERSION ||
		head->row_count > GATE_ROWS_MAX ||
		length < sizeof *head + head->row_count * sizeof top->rows[0] ||
		head->checksum != gate_page_checksum(top))
		return false;
	return head->written_ms <= now_ms ? now_ms - head->written_ms < GATE_VALID_MS
					  : head->written_ms - now_ms < GATE_VALID_MS;
}

/* true if `path` is the row's root, or lies below it */
static inline bool gate_page_holds(const struct gate_page_row *row, const char *path)
{
	uint32_t length = row->root_length;
	if (!length || length >= GATE_PATH_LEN || row->root[0] != '/')
		return false;
	for (uint32_t i = 0; i < length; i++)
		if (!path[i] || path[i] != row->root[i])
			return false;
	return !path[length] || path[length] == '/' || length == 1;
}

/* the row of that file, else of the innermost share that holds it; NULL: none does */
static inline const struct gate_page_row *gate_page_find(const struct gate_page_top *top, const char *path)
{
	const struct gate_page_row *best = 0;
	for (uint32_t i = 0; i < top->head.row_count && i < GATE_ROWS_MAX; i++)
		if (gate_page_holds(&top->rows[i], path) &&
			(!best || top->rows[i].root_length > best->root_length))
			best = &top->rows[i];
	return best;
}

#endif
