/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * May a backup run now? Each new snapshot is observed once: the rules look at it, and the memory keeps what
 * they found, since when, and what is too young to count or not yet gone for long enough. From that memory
 * any number of questions is answered without changing it. Reads no clock; time is what the snapshots say.
 */
#ifndef NASREADY_JUDGE_ASSESS_H
#define NASREADY_JUDGE_ASSESS_H

#include "common/fault.h"
#include "judge/finding.h"
#include "judge/history.h"

#define FINDINGS_MAX 48	  /* an answer is read by a person; a NAS in good order has under ten */
#define ASSESS_ENTRIES 64 /* those, and what is not yet or no longer counted */
#define ASSESS_RULES_MAX 48

/* The severity that the configuration gives to each rule, by its place in the table. */
struct assess_overrides {
	struct assess_override {
		bool given;
		enum severity severity;
	} rules[ASSESS_RULES_MAX];
};

struct assess_entry {
	unsigned rule; /* place in the table */
	bool counted;  /* has held for long enough */
	bool firing;   /* found in the newest snapshot */
	uint64_t since_ms, seen_ms;
	struct raised raised;
};

/* Large: keep it on the heap. */
struct assess_memory {
	bool hasty; /* there will be no longer history: nothing is too young to count */
	uint64_t time_ms;
	uint64_t wall_offset_ms; /* of the wall clock from the monotonic one */
	uint64_t clock_ms;	 /* of the newest snapshot */
	uint32_t count, omitted;
	struct assess_entry entries[ASSESS_ENTRIES];
};

struct assess_question {
	const char *asker;			  /* whose own connections are no finding; NULL: nobody's */
	const struct assess_overrides *overrides; /* NULL: none */
	uint32_t vdisk; /* the disk that shall be backed up to, whose findings count; 0: none, then those of
			   all disks are warnings at most */
	const char *server; /* that asks; NULL: not told, then whose disk it is, is a warning at most */
};

enum verdict { VERDICT_GO, VERDICT_WAIT, VERDICT_NO };

/* The texts belong to the memory and are valid until it observes again. */
struct finding {
	const char *code, *subject, *message, *remedy;
	enum severity severity;
	uint64_t since_clock_ms; /* UNKNOWN_U64: the wall clock is not known */
};

struct assessment {
	enum verdict answer;
	uint32_t retry_after_s; /* UNKNOWN_U32: the answer is not "wait" */
	uint32_t count, omitted;
	struct finding findings[FINDINGS_MAX]; /* the worst first */
};

void assess_start(struct assess_memory *memory, bool hasty);
/* A snapshot that is not newer than the last changes nothing. */
void assess_observe(struct assess_memory *memory, const struct snapshot *snapshot, const struct rates *rates);
void assess_answer(const struct assess_memory *memory, const struct assess_question *question,
	struct assessment *ret_assessment);

/* "mtu-small=off, ssh-open=wait". -EINVAL: the fault names the wrong piece, and `ret` is as it was. */
int assess_configure(const char *list, struct assess_overrides *ret_overrides, struct fault *fault);

/* "go", "wait", "no" */
const char *verdict_name(enum verdict answer);

#endif
