/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/source_raid.h"

#include <errno.h>
#include <string.h>

/* "md0 : active (auto-read-only) raid1 sda1[0] sdb1[1](F) sdc1[2](S)" */
struct head {
	struct text name, state, level;
	uint32_t members, active;
};

static bool has_flag(struct text word, char flag)
{
	for (size_t i = 0; i + 2 < word.length; i++)
		if (word.at[i] == '(' && word.at[i + 1] == flag && word.at[i + 2] == ')')
			return true;
	return false;
}

static void count_device(struct text word, struct head *head)
{
	/* spares, journals and replacements stand beside the members */
	if (has_flag(word, 'S') || has_flag(word, 'J') || has_flag(word, 'R'))
		return;
	head->members++;
	if (!has_flag(word, 'F'))
		head->active++;
}

static bool parse_head(struct text line, struct head *ret_head)
{
	struct head head = {.state = TEXT(""), .level = TEXT("")};
	struct text word;
	if (text_starts(line, " ") || !text_word(&line, &head.name) || text_is(head.name, "Personalities"))
		return false;
	if (!text_word(&line, &word) || !text_is(word, ":"))
		return false;
	text_word(&line, &head.state);
	while (text_word(&line, &word)) {
		if (memchr(word.at, '[', word.length))
			count_device(word, &head);
		else if (!head.level.length && *word.at != '(')
			head.level = word;
	}
	*ret_head = head;
	return true;
}

static struct raid *add_array(const struct head *head, struct snapshot *snapshot)
{
	if (!text_is_name(head->name) || head->name.length >= NAME_LEN) {
		snapshot->raids_omitted++;
		return NULL;
	}
	struct raid *raid = snapshot_add_raid(snapshot);
	if (!raid)
		return NULL;
	text_show(raid->name, sizeof raid->name, head->name);
	text_show(raid->level, sizeof raid->level, head->level);
	text_show(raid->state, sizeof raid->state, head->state);
	if (text_is(head->state, "inactive")) {
		raid->active = 0; /* and its list calls every member a spare */
		return raid;
	}
	if (text_is(head->state, "broken"))
		raid->degraded = YES;
	if (!head->members)
		return raid;
	raid->members = head->members;
	raid->active = head->active;
	/* without redundancy an array is whole or broken; the others tell by [n/m] */
	if (raid->degraded == UNKNOWN && (text_is(head->level, "raid0") || text_is(head->level, "linear")))
		raid->degraded = head->active < head->members ? YES : NO;
	return raid;
}

static bool take_brackets(struct text *word)
{
	if (word->length < 3 || word->at[0] != '[' || word->at[word->length - 1] != ']')
		return false;
	word->at++;
	word->length -= 2;
	return true;
}

/* "2/1": members and how many of them are active */
static bool parse_ratio(struct text inner, struct raid *raid)
{
	struct text piece;
	uint32_t members, active;
	if (!text_until(&inner, '/', &piece) || !text_u32(piece, &members) || !text_u32(inner, &active))
		return false;
	if (!members || active > members || members == UNKNOWN_U32)
		return false;
	raid->members = members;
	raid->active = active;
	raid->degraded = active < members || raid->degraded == YES ? YES : NO;
	return true;
}

/* "UU_"; Synology's kernel has E for a member with errors */
static void parse_picture(struct text inner, struct raid *raid)
{
	bool missing = false;
	for (size_t i = 0; i < inner.length; i++) {
		if (!memchr("U_E", inner.at[i], 3))
			return;
		missing |= inner.at[i] != 'U';
	}
	if (missing)
		raid->degraded = YES;
}

static void parse_health(struct text line, struct raid *raid)
{
	struct text word;
	while (text_word(&line, &word))
		if (take_brackets(&word) && !parse_ratio(word, raid))
			parse_picture(word, raid);
}

static uint32_t parse_percent(struct text rest)
{
	struct text word;
	uint32_t percent;
	if (!text_word(&rest, &word) || word.at[word.length - 1] != '%')
		return UNKNOWN_U32;
	word.length--;
	return text_hundredths(word, &percent) && percent <= 10000 ? percent : UNKNOWN_U32;
}

/* "[=>...]  recovery = 12.6% (37/292) finish=...", "check =  0.1% ...", "resync=DELAYED" */
static void parse_sync(struct text line, struct raid *raid)
{
	static const char *const kinds[] = {"resync", "recovery", "reshape", "check", "repair"};
	struct text rest = text_trim(line), kind;
	if (text_starts(rest, "["))
		text_word(&rest, &kind);
	if (!text_until(&rest, '=', &kind))
		return;
	kind = text_trim(kind);
	for (unsigned i = 0; rest.length && i < ARRAY_LEN(kinds); i++) {
		if (!text_is(kind, kinds[i]))
			continue;
		text_show(raid->sync, sizeof raid->sync, kind);
		raid->sync_percent_hundredths = parse_percent(rest);
	}
}

int raid_parse_mdstat(struct text mdstat, struct snapshot *snapshot)
{
	struct text line;
	struct head head;
	struct raid *raid = NULL;
	bool understood = false;
	while (text_line(&mdstat, &line)) {
		if (parse_head(line, &head)) {
			raid = add_array(&head, snapshot);
			understood = true;
		} else if (text_starts(line, "Personalities") || text_starts(line, "unused devices")) {
			raid = NULL;
			understood = true;
		} else if (raid && !text_starts(text_trim(line), "bitmap:")) {
			parse_health(line, raid);
			parse_sync(line, raid);
		}
	}
	return understood ? 0 : -EBADMSG;
}

static void read_state(const struct root *root, struct raid *raid)
{
	char buffer[64];
	ssize_t length = root_read(root, buffer, sizeof buffer, "sys/block/%s/md/array_state", raid->name);
	struct text state = text_trim((struct text){buffer, length < 0 ? 0 : (size_t)length});
	if (state.length)
		text_show(raid->state, sizeof raid->state, state);
}

int raid_collect(struct pass *pass, struct fault *fault)
{
	ssize_t length = root_read(pass->root, pass->text, PROC_TEXT_MAX, "proc/mdstat");
	if (length == -ENOENT)
		return fault_set(fault, SOURCE_E_ABSENT, "this kernel has no md: /proc/mdstat is missing");
	if (length < 0)
		return fault_set(fault, (int)length, "cannot read /proc/mdstat: %s", strerror((int)-length));
	int error = raid_parse_mdstat((struct text){pass->text, (size_t)length}, pass->now);
	if (error)
		return fault_set(fault, error, "/proc/mdstat has neither an array nor \"unused devices\"");
	for (uint32_t i = 0; i < pass->now->raid_count; i++)
		read_state(pass->root, &pass->now->raids[i]);
	return 0;
}
