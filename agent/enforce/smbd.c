/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "enforce/smbd.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#define OBJECT "libnasready-gate.so"
#define PIECE 8192
#define STATUS_MAX 8192 /* of /proc/PID/status: 1.5 KB, and more with many groups */

/* true if `name` occurs in the file, which is read in pieces */
static enum tri holds(int fd, const char *name)
{
	size_t kept = 0, length = strlen(name);
	char piece[PIECE];
	for (;;) {
		ssize_t count = read(fd, piece + kept, sizeof piece - kept);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return count ? UNKNOWN : NO;
		size_t filled = kept + (size_t)count;
		if (memmem(piece, filled, name, length))
			return YES;
		kept = filled < length ? filled : length - 1;
		memmove(piece, piece + filled - kept, kept);
	}
}

struct search {
	const struct root *root;
	enum tri found;
};

/* Its main process and its helpers are alike; stops at the first that has it. */
static int take_process(const char *pid, void *arg)
{
	struct search *search = arg;
	char name[32];
	if (!isdigit((unsigned char)*pid) ||
		root_read(search->root, name, sizeof name, "proc/%s/comm", pid) < 0 || strcmp(name, "smbd\n"))
		return 0;
	autoclose int fd = root_open_stream(search->root, "proc/%s/maps", pid);
	enum tri held = fd < 0 ? UNKNOWN : holds(fd, OBJECT);
	if (held != UNKNOWN)
		search->found = held;
	return held == YES;
}

enum tri smbd_is_preloaded(const struct root *root)
{
	struct search search = {root, UNKNOWN};
	root_list(root, "proc", take_process, &search);
	return search.found;
}

bool smbd_is_genuine(struct text status)
{
	struct text line, word;
	uint64_t real, effective, saved;
	bool smbd = false, root = false;
	while (text_line(&status, &line)) {
		if (!text_word(&line, &word))
			continue;
		if (text_is(word, "Name:"))
			smbd = text_is(text_trim(line), "smbd");
		if (text_is(word, "Uid:"))
			root = text_word_u64(&line, &real) && text_word_u64(&line, &effective) &&
			       text_word_u64(&line, &saved) && !saved;
	}
	return smbd && root;
}

bool smbd_sent(const struct root *root, const struct ucred *sender)
{
	char text[STATUS_MAX];
	if (!sender->uid)
		return true;
	ssize_t length = root_read(root, text, sizeof text, "proc/%d/status", (int)sender->pid);
	return length > 0 && smbd_is_genuine((struct text){text, (size_t)length});
}
