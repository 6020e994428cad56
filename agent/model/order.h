/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What the server may want of the privileged process on somebody's behalf, and what comes back. Both are
 * plain data of fixed size, one message each on the channel. An order names things by numbers that the
 * privileged side issued itself, and by one component of a path at most; that side checks everything again.
 */
#ifndef NASREADY_MODEL_ORDER_H
#define NASREADY_MODEL_ORDER_H

#include <stdint.h>

#include "common/fault.h"

#define ORDER_FILE_LEN 256 /* one component of a path and the end */
#define ORDER_TOKEN_LEN 33 /* 32 hex digits and the end */
#define ORDER_KEEP UINT32_MAX

enum order_kind {
	ORDER_NONE,
	ORDER_CREATE,	/* number: share; file, size_bytes, flags, mode, uid, gid */
	ORDER_GROW,	/* number: disk; size_bytes */
	ORDER_DELETE,	/* number: disk */
	ORDER_UNDELETE, /* number: share; file */
	ORDER_CANCEL,	/* number: job */
	ORDER_LEASE,	/* number: share; file, server, token if there is one already */
	ORDER_RELEASE,	/* number: share; file, token */
	ORDER_BREAK,	/* number: share; file */
	ORDER_PROBE,	/* number: share */
	ORDER_GRANT,	/* number: share; file, size_bytes: the growth that the gate in smbd shall let pass,
			   timeout_s */
};

enum order_flag {
	ORDER_DYNAMIC = 1,     /* create: takes space only as it is written to */
	ORDER_PREZERO = 2,     /* create: zeros are written before the disk can be seen */
	ORDER_SECTORS_4096 = 4 /* create: logical sectors of 4096 bytes, not 512 */
};

struct order {
	uint32_t id; /* of this order; the answer repeats it */
	enum order_kind kind;
	uint32_t number; /* of a share, disk, volume or job, by kind */
	uint32_t flags;
	uint32_t mode, uid, gid; /* of a new file; ORDER_KEEP: as the share's folder has them */
	uint32_t timeout_s;	 /* of the client for which it was granted */
	uint64_t size_bytes;
	char file[ORDER_FILE_LEN];
	char who[NAME_LEN], address[ADDRESS_LEN]; /* who asks; empty: not known */
	char server[HOST_LEN];			  /* that the disk shall belong to */
	char token[ORDER_TOKEN_LEN];
};

/* How an order ended; the server has an HTTP status and a code for each (serve/orders.c). */
enum order_status {
	ORDER_DONE,
	ORDER_JOB, /* it is a job now */
	ORDER_BUSY,
	ORDER_UNKNOWN_SHARE,
	ORDER_UNKNOWN_DISK,
	ORDER_UNKNOWN_JOB,
	ORDER_BAD_NAME,
	ORDER_BAD_SIZE,
	ORDER_EXISTS,
	ORDER_IN_USE,
	ORDER_LEASED,
	ORDER_DIRTY,
	ORDER_DAMAGED,
	ORDER_NO_ROOM,
	ORDER_NO_SPACE,
	ORDER_BEYOND_LIMIT,
	ORDER_READ_ONLY,
	ORDER_UNSUPPORTED,
	ORDER_FORBIDDEN,
	ORDER_TOO_MANY,
	ORDER_NO_LEASE,
	ORDER_FAILED,
	ORDER_STATUS_COUNT
};

struct order_answer {
	uint32_t id;
	enum order_status status;
	uint32_t job;		/* its number; 0: none */
	uint32_t retry_after_s; /* 0: not worth trying again */
	char token[ORDER_TOKEN_LEN];
	struct fault fault; /* the sentence of a refusal */
};

#endif
