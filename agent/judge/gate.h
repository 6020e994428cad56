/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The gate: may this step (creating or growing a disk) begin now? A grant reserves nothing. It is remembered,
 * and until it has been seen to happen the same volume gets no second one. Decides from what it is given,
 * reads no clock.
 */
#ifndef NASREADY_JUDGE_GATE_H
#define NASREADY_JUDGE_GATE_H

#include "common/fault.h"
#include "judge/history.h"
#include "judge/outlook.h"

#define GATE_RECORDS_MAX 32
#define GATE_FILE_LEN 256 /* one component of a path, and the end */

enum gate_outcome {
	GATE_GRANTED,
	GATE_NOTHING, /* the size is not above the current one */
	GATE_BEYOND_LIMIT,
	GATE_READ_ONLY,	    /* the volume */
	GATE_SPACE_UNKNOWN, /* the volume's free space: what lies above it would be taken before it fails */
	GATE_NO_SPACE,
	GATE_NOT_SETTLED,
	GATE_STEP_TOO_LARGE,
};

struct gate_question {
	struct outlook_question of;	  /* with a volume */
	const struct volume_rates *rates; /* of that volume */
	const char *file, *asker;
	uint64_t uptime_s; /* of the agent: at first nobody knows whether a volume has settled */
};

struct gate_answer {
	enum gate_outcome outcome;
	uint32_t id;		/* of a grant, else 0 */
	uint32_t retry_after_s; /* 0: asking again later does not help */
	struct fault reason;	/* of a refusal: the number that decided, and the way to succeed */
	struct outlook outlook;
};

/* what became of a granted step */
enum gate_seen {
	GATE_SEEN_NOTHING, /* yet, or ever: the client did not begin */
	GATE_SEEN_RUNNING,
	GATE_SEEN_DONE,
	GATE_SEEN_SHORT, /* done, between two looks: nobody could time it */
	GATE_SEEN_FAILED,
	GATE_SEEN_REFUSED,   /* by the gate in smbd */
	GATE_SEEN_ELSEWHERE, /* space was taken, but not by this file */
};

struct gate_record {
	enum gate_outcome outcome;
	enum gate_seen seen;
	bool timed_by_smbd;  /* else by the volume's free space, to some seconds */
	bool closed;	     /* nothing more will be seen of it */
	uint64_t granted_ms; /* monotonic; the next three as well, 0: not yet */
	uint64_t looked_ms;  /* when the volume was last looked at, and how much was free then */
	uint64_t begun_ms, moved_ms;
	uint64_t looked_free_bytes;
	uint64_t measured_ms, measured_cpu_ms; /* UNKNOWN_U64: not known */
	/* of the file's own blocks: held when it was granted, and taken since; UNKNOWN_U64: not looked at */
	uint64_t file_bytes, file_taken_bytes;
	uint64_t file_ms, closed_ms; /* when the file was last looked at; when `closed` came true */
	uint32_t id, times;	     /* refused as often in a row, with the same question */
	uint64_t clock_ms;	     /* of the first time */
	char asker[ADDRESS_LEN], share[SHARE_LEN], file[GATE_FILE_LEN], volume[ID_LEN];
	uint64_t size_bytes, current_bytes, step_bytes, predicted_ms, budget_ms, max_step_bytes;
};

/* a grant that nobody has seen happen */
struct gate_pending {
	char volume[ID_LEN]; /* empty: free */
	uint64_t granted_ms, free_bytes, step_bytes;
};

struct gate {
	uint32_t count, newest, last_id;
	struct gate_record records[GATE_RECORDS_MAX];
	struct gate_pending pending[VOLUMES_MAX];
};

void gate_start(struct gate *gate);
/* decides and remembers; the answer's outlook points to what the question points to */
void gate_ask(struct gate *gate, const struct gate_question *question, struct gate_answer *ret_answer);
/* The same question once more: what was granted to it last is said again, and nothing new is. False: nothing
 * was. */
bool gate_recall(
	const struct gate *gate, const struct gate_question *question, struct gate_answer *ret_answer);
/* Looks what became of the granted steps; to be called with every new snapshot. */
void gate_follow(struct gate *gate, const struct snapshot *snapshot, const struct rates *rates);
/* that file of that share holds so many bytes, as the snapshot knows: 0 if there is none; UNKNOWN_U64 */
uint64_t gate_file_bytes(const struct snapshot *snapshot, const char *share, const char *file);
/* "waiting", "running", "done", "failed", "refused" or "unseen" */
const char *gate_seen_name(const struct gate_record *record);
/* 0 is the newest; NULL: there are not so many */
const struct gate_record *gate_record_at(const struct gate *gate, uint32_t age);
/* "granted", or the code of the refusal */
const char *gate_outcome_name(enum gate_outcome outcome);

#endif
