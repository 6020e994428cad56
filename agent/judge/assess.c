/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "judge/assess.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "common/text.h"
#include "judge/rules.h"

#define RETRY_LEAST_S 5
#define RETRY_MOST_S 3600
#define RETRY_USUAL_S 30   /* for a finding that only the configuration makes one to wait for */
#define CLOCK_STEP_MS 2000 /* the two clocks drift apart by less than this; more is somebody setting one */

struct sink {
	struct assess_memory *memory;
	unsigned rule;
};

/* -- what the rules find -- */

static struct assess_entry *find_entry(struct assess_memory *memory, unsigned rule, const char *subject)
{
	for (uint32_t i = 0; i < memory->count; i++)
		if (memory->entries[i].rule == rule && !strcmp(memory->entries[i].raised.subject, subject))
			return &memory->entries[i];
	return NULL;
}

/* A free entry; in a full memory that of the least severe finding, if this one is worse: a long list of
 * warnings must not hide what decides. NULL: there is none. */
static struct assess_entry *take_entry(struct assess_memory *memory, enum severity severity)
{
	if (memory->count < ASSESS_ENTRIES)
		return &memory->entries[memory->count++];
	struct assess_entry *least = &memory->entries[0];
	for (uint32_t i = 1; i < memory->count; i++)
		if (memory->entries[i].raised.severity < least->raised.severity)
			least = &memory->entries[i];
	if (least->raised.severity >= severity) {
		memory->omitted++;
		return NULL;
	}
	/* one that is yet to be found again will count itself */
	memory->omitted += least->firing;
	return least;
}

void sink_add(struct sink *sink, const struct raised *raised)
{
	struct assess_memory *memory = sink->memory;
	struct assess_entry *entry = find_entry(memory, sink->rule, raised->subject);
	enum severity severity = raised->severity ? raised->severity : rules[sink->rule].severity;
	uint64_t now_ms = memory->time_ms;
	if (!entry) {
		entry = take_entry(memory, severity);
		if (!entry)
			return;
		entry->rule = sink->rule;
		entry->counted = false;
		entry->since_ms = now_ms > raised->held_ms ? now_ms - raised->held_ms : 0;
	}
	entry->raised = *raised;
	entry->raised.severity = severity;
	entry->firing = true;
	entry->seen_ms = now_ms;
	if (memory->hasty || now_ms - entry->since_ms >= rules[sink->rule].on_s * UINT64_C(1000))
		entry->counted = true;
}

/* -- the memory -- */

static bool is_over(const struct assess_entry *entry, uint64_t now_ms)
{
	if (entry->firing)
		return false;
	return !entry->counted || now_ms - entry->seen_ms >= rules[entry->rule].off_s * UINT64_C(1000);
}

static void drop_entries(struct assess_memory *memory)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < memory->count; i++) {
		if (is_over(&memory->entries[i], memory->time_ms))
			continue;
		if (kept != i)
			memory->entries[kept] = memory->entries[i];
		kept++;
	}
	memory->count = kept;
}

/* The offset is kept as it is unless somebody set the clock: `since` must not wobble, and must not stay in
 * 1970. */
static void follow_clock(struct assess_memory *memory, const struct snapshot *snapshot)
{
	uint64_t offset_ms =
		snapshot->clock_ms - snapshot->time_ms; /* modulo 2^64 where the clock is behind */
	uint64_t step_ms = offset_ms - memory->wall_offset_ms;
	if (!memory->clock_ms || (step_ms > CLOCK_STEP_MS && -step_ms > CLOCK_STEP_MS))
		memory->wall_offset_ms = offset_ms;
	memory->clock_ms = snapshot->clock_ms;
}

void assess_start(struct assess_memory *memory, bool hasty)
{
	/* nothing past the count is looked at */
	memory->time_ms = memory->wall_offset_ms = memory->clock_ms = 0;
	memory->count = memory->omitted = 0;
	memory->hasty = hasty;
}

void assess_observe(struct assess_memory *memory, const struct snapshot *snapshot, const struct rates *rates)
{
	if (memory->time_ms && snapshot->time_ms <= memory->time_ms)
		return;
	struct situation now = {snapshot, rates, situation_backup_runs(snapshot, rates)};
	follow_clock(memory, snapshot);
	memory->time_ms = snapshot->time_ms;
	memory->omitted = 0;
	for (uint32_t i = 0; i < memory->count; i++)
		memory->entries[i].firing = false;
	for (unsigned i = 0; i < rules_count; i++) {
		struct sink sink = {memory, i};
		rules[i].find(&now, &sink);
	}
	drop_entries(memory);
}

/* -- the answer -- */

static enum severity severity_of(const struct assess_entry *entry, const struct assess_overrides *overrides)
{
	enum severity severity = entry->raised.severity;
	if (overrides && overrides->rules[entry->rule].given)
		severity = overrides->rules[entry->rule].severity;
	return entry->raised.minor && severity > SEVERITY_WARN ? SEVERITY_WARN : severity;
}

/* what is wrong with another disk does not matter to who asks about this one */
static bool is_other_disk(const struct assess_entry *entry, const struct assess_question *question)
{
	return question->vdisk && entry->raised.vdisk && entry->raised.vdisk != question->vdisk;
}

/* whose disk it is matters to who asks about it, unless it is the owner */
static bool is_owner(const struct assess_entry *entry, const struct assess_question *question)
{
	if (!entry->raised.owner[0])
		return false;
	return !question->vdisk || (question->server && !strcasecmp(question->server, entry->raised.owner));
}

/* nobody asks about this very disk, or it may be the owner who asks */
static bool is_warning(const struct assess_entry *entry, const struct assess_question *question)
{
	return (entry->raised.vdisk && !question->vdisk) || (entry->raised.owner[0] && !question->server);
}

static bool is_asker(const struct assess_entry *entry, const char *asker)
{
	return asker && entry->raised.address[0] && !strcmp(entry->raised.address, asker);
}

static uint64_t since_clock_ms(const struct assess_memory *memory, const struct assess_entry *entry)
{
	uint64_t since_ms = entry->since_ms + memory->wall_offset_ms;
	if (!memory->clock_ms)
		return UNKNOWN_U64;
	return since_ms < memory->clock_ms ? since_ms : memory->clock_ms;
}

static void count_in(struct assessment *assessment, const struct assess_entry *entry, enum severity severity)
{
	if (severity == SEVERITY_BLOCK)
		assessment->answer = VERDICT_NO;
	else if (severity == SEVERITY_WAIT && assessment->answer == VERDICT_GO)
		assessment->answer = VERDICT_WAIT;
	if (severity != SEVERITY_WAIT)
		return;
	uint32_t eta_s = entry->raised.eta_s ? entry->raised.eta_s : rules[entry->rule].retry_s;
	if (!eta_s)
		eta_s = RETRY_USUAL_S;
	if (eta_s > assessment->retry_after_s)
		assessment->retry_after_s = eta_s;
}

static uint32_t clamp_retry(uint32_t seconds)
{
	return seconds < RETRY_LEAST_S ? RETRY_LEAST_S : seconds > RETRY_MOST_S ? RETRY_MOST_S : seconds;
}

struct ranked {
	enum severity severity;
	const struct assess_entry *entry;
};

static bool comes_before(const struct ranked *a, const struct ranked *b)
{
	if (a->severity != b->severity)
		return a->severity > b->severity;
	return a->entry->rule < b->entry->rule;
}

/* those that count for this question, in order */
static uint32_t rank_entries(const struct assess_memory *memory, const struct assess_question *question,
	struct ranked ret_ranked[ASSESS_ENTRIES])
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < memory->count; i++) {
		const struct assess_entry *entry = &memory->entries[i];
		struct ranked ranked = {severity_of(entry, question->overrides), entry};
		if (is_warning(entry, question) && ranked.severity > SEVERITY_WARN)
			ranked.severity = SEVERITY_WARN;
		if (!entry->counted || ranked.severity == SEVERITY_OFF || is_asker(entry, question->asker) ||
			is_other_disk(entry, question) || is_owner(entry, question))
			continue;
		uint32_t at = count++;
		for (; at && comes_before(&ranked, &ret_ranked[at - 1]); at--)
			ret_ranked[at] = ret_ranked[at - 1];
		ret_ranked[at] = ranked;
	}
	return count;
}

void assess_answer(const struct assess_memory *memory, const struct assess_question *question,
	struct assessment *ret_assessment)
{
	struct ranked ranked[ASSESS_ENTRIES];
	uint32_t count = rank_entries(memory, question, ranked);
	struct assessment *answer = ret_assessment;
	answer->answer = VERDICT_GO;
	answer->retry_after_s = 0;
	answer->count = count < FINDINGS_MAX ? count : FINDINGS_MAX;
	answer->omitted = memory->omitted + count - answer->count;
	for (uint32_t i = 0; i < count; i++) {
		const struct assess_entry *entry = ranked[i].entry;
		count_in(answer, entry, ranked[i].severity);
		if (i < FINDINGS_MAX)
			answer->findings[i] = (struct finding){
				.code = rules[entry->rule].code,
				.severity = ranked[i].severity,
				.subject = entry->raised.subject,
				.message = entry->raised.message,
				.remedy = entry->raised.remedy,
				.since_clock_ms = since_clock_ms(memory, entry),
			};
	}
	answer->retry_after_s =
		answer->answer == VERDICT_WAIT ? clamp_retry(answer->retry_after_s) : UNKNOWN_U32;
}

const char *verdict_name(enum verdict answer)
{
	static const char *const names[] = {
		[VERDICT_GO] = "go", [VERDICT_WAIT] = "wait", [VERDICT_NO] = "no"};
	return names[answer];
}

/* -- configuration -- */

#define CODE_SHOWN 40
#define ALIKE_LEAST 3 /* letters at the front */

static const struct rule *find_rule(struct text code)
{
	for (unsigned i = 0; i < rules_count; i++)
		if (text_is(code, rules[i].code))
			return &rules[i];
	return NULL;
}

/* the code that begins most like it */
static const char *find_alike(struct text code)
{
	const char *found = NULL;
	size_t most = ALIKE_LEAST - 1;
	for (unsigned i = 0; i < rules_count; i++) {
		size_t same = 0;
		while (same < code.length && rules[i].code[same] && code.at[same] == rules[i].code[same])
			same++;
		if (same <= most)
			continue;
		most = same;
		found = rules[i].code;
	}
	return found;
}

static int configure_one(struct text piece, struct assess_overrides *overrides, struct fault *fault)
{
	char shown[CODE_SHOWN], word[16];
	struct text code = piece, rest = piece;
	enum severity severity;
	text_until(&rest, '=', &code);
	code = text_trim(code);
	text_show(shown, sizeof shown, code);
	const struct rule *rule = find_rule(code);
	const char *alike = rule ? NULL : find_alike(code);
	if (!rule)
		return fault_set(fault, -EINVAL, "no finding is called \"%s\"%s%s%s", shown,
			alike ? ": did you mean \"" : ": README.md lists them", alike ? alike : "",
			alike ? "\"?" : "");
	if (!text_copy(word, sizeof word, text_trim(rest)) || !severity_parse(word, &severity))
		return fault_set(fault, -EINVAL, "write %s=off, info, warn, wait or block", shown);
	overrides->rules[rule - rules] = (struct assess_override){true, severity};
	return 0;
}

int assess_configure(const char *list, struct assess_overrides *ret_overrides, struct fault *fault)
{
	struct assess_overrides overrides = {0};
	struct text rest = text_of(list), piece;
	while (text_until(&rest, ',', &piece)) {
		piece = text_trim(piece);
		/* a comma too many is no reason to refuse to start */
		int error = piece.length ? configure_one(piece, &overrides, fault) : 0;
		if (error)
			return error;
	}
	*ret_overrides = overrides;
	return 0;
}
