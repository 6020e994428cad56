/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "enforce/smbd.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#define OBJECT "libnasready-gate.so"
#define PIECE 8192

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
