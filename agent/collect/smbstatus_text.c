/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <errno.h>
#include <string.h>

#include "collect/smbstatus.h"

enum section { SECTION_NONE, SECTION_SESSIONS, SECTION_TREES, SECTION_FILES };

struct reading {
	struct smbstatus *status;
	const struct snapshot *machine;
	enum section section;
	bool saw_sessions, saw_trees;
};

static bool holds(struct text text, const char *string)
{
	return text.length && memmem(text.at, text.length, string, strlen(string));
}

/* "3498", or "1:3498.2" in a cluster */
static bool is_pid(struct text word)
{
	for (size_t i = 0; i < word.length; i++)
		if ((word.at[i] < '0' || word.at[i] > '9') && word.at[i] != ':' && word.at[i] != '.')
			return false;
	return word.length > 0;
}

/* "3498    nobody   nogroup   10.0.0.5 (ipv4:10.0.0.5:46354)   SMB3_11   -   partial(AES-128-CMAC)" and,
 * in 3.x, "5930      smb1   smb1   win7-pc   (::ffff:192.168.100.30)": the brackets with an address in them
 * count; with `hostname lookups` there is a name in them, and perhaps an address before */
static void take_session(struct smbstatus *status, struct text line)
{
	struct text pid, piece = TEXT(""), inside;
	char address[ADDRESS_LEN];
	if (!text_word(&line, &pid) || !is_pid(pid))
		return;
	struct text words = line;
	while (text_until(&line, '(', &piece)) {
		inside = line;
		if (text_until(&inside, ')', &piece) && smbstatus_address(piece, address)) {
			smbstatus_add_session(status, pid, piece, TEXT(""));
			return;
		}
	}
	while (text_word(&words, &piece))
		if (smbstatus_address(piece, address))
			break;
	smbstatus_add_session(status, pid, piece, TEXT(""));
}

/* "Backup   3498   10.0.0.5   Mon Nov 23 ...": a share's name may have blanks, so its end is a process we
 * know */
static void take_tree(struct smbstatus *status, struct text line)
{
	struct text rest = line, word;
	text_word(&rest, &word);
	while (text_word(&rest, &word)) {
		if (!smbstatus_knows_pid(status, word))
			continue;
		struct text service = {line.at, (size_t)(word.at - line.at)};
		smbstatus_add_tree(status, word, text_trim(service));
		return;
	}
}

/* "3498   0   DENY_NONE  0x1f01ff  RDWR  NONE   /c/Backup   SRV1.vhdx   Mon Nov 23 05:56:52 2026": the path,
 * the name and the time stand three blanks apart, and may have blanks in them */
static void take_file(struct smbstatus *status, struct text line, const struct snapshot *machine)
{
	struct text pid, path = TEXT(""), name = TEXT("");
	if (!text_word(&line, &pid) || !is_pid(pid))
		return;
	const char *start = line.length ? memmem(line.at, line.length, " /", 2) : NULL;
	if (start) {
		struct text rest = {start + 1, line.length - (size_t)(start + 1 - line.at)};
		const char *end = memmem(rest.at, rest.length, "   ", 3);
		path = (struct text){rest.at, end ? (size_t)(end - rest.at) : rest.length};
		name = end ? (struct text){end + 3, rest.length - path.length - 3} : TEXT("");
		size_t length = name.length;
		while (length >= 3 && memcmp(name.at + length - 3, "   ", 3) != 0)
			length--;
		name.length = length >= 3 ? length - 3 : 0;
	}
	smbstatus_add_open(status, pid, path, name, machine);
}

/* true if the line is a heading or a remark, no row */
static bool take_heading(struct reading *reading, struct text line)
{
	if (text_starts(line, "Samba version ")) {
		smbstatus_add_server(reading->status, (struct text){line.at + 14, line.length - 14});
	} else if (text_starts(line, "PID ") && holds(line, "Machine")) {
		reading->section = SECTION_SESSIONS;
		reading->saw_sessions = true;
	} else if (text_starts(line, "Service ") && holds(line, "Connected at")) {
		reading->section = SECTION_TREES;
		reading->saw_trees = true;
	} else if (text_starts(line, "Pid ") && holds(line, "DenyMode")) {
		reading->section = SECTION_FILES;
	} else if (text_starts(line, "sessionid.tdb not initialised")) {
		reading->saw_sessions = true; /* 3.x, before the first client ever */
	} else if (text_starts(line, " <processes do not show up")) {
		reading->status->hidden = true;
	} else if (text_starts(line, "Byte range locks:") || !text_trim(line).length) {
		reading->section = SECTION_NONE;
	} else {
		return text_starts(line, "------");
	}
	return true;
}

static void take_line(struct reading *reading, struct text line)
{
	if (take_heading(reading, line))
		return;
	if (reading->section == SECTION_SESSIONS)
		take_session(reading->status, line);
	else if (reading->section == SECTION_TREES)
		take_tree(reading->status, line);
	else if (reading->section == SECTION_FILES)
		take_file(reading->status, line, reading->machine);
}

/* A whole text ends with a line's end, and has the headings of its first two sections even when they are
 * empty. What is cut below them cannot be told from a shorter text. */
int smbstatus_parse(struct text answer, const struct snapshot *machine, struct smbstatus *ret_status)
{
	struct smbstatus status;
	struct reading reading = {.status = &status, .machine = machine};
	struct text line;
	memset(&status, 0, sizeof status);
	if (!answer.length || answer.at[answer.length - 1] != '\n')
		return -EBADMSG;
	while (text_line(&answer, &line))
		take_line(&reading, line);
	if (!reading.saw_sessions || !reading.saw_trees)
		return -EBADMSG;
	*ret_status = status;
	return 0;
}
