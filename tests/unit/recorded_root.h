/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * A small recorded machine for the test of a source: make it, put files into it, run the source's collector
 * on `pass`, drop it.
 */
#ifndef NASREADY_TESTS_RECORDED_ROOT_H
#define NASREADY_TESTS_RECORDED_ROOT_H

#include <check.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collect/source.h"

struct recorded_root {
	char dir[64];
	struct root root;
	struct snapshot now;
	char text[PROC_TEXT_MAX];
	struct pass pass;
	struct fault fault;
};

static inline void recorded_make(struct recorded_root *machine)
{
	memset(machine, 0, sizeof *machine);
	strcpy(machine->dir, "/tmp/nasready-check-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(machine->dir));
	ck_assert_int_eq(root_open(&machine->root, machine->dir), 0);
	snapshot_reset(&machine->now);
	machine->pass = (struct pass){.root = &machine->root, .now = &machine->now, .text = machine->text};
}

static inline void recorded_put(const struct recorded_root *machine, const char *path, const char *content)
{
	char folder[256];
	for (const char *slash = path; (slash = strchr(slash, '/')); slash++) {
		snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
		mkdirat(machine->root.fd, folder, 0700);
	}
	int fd = openat(machine->root.fd, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, content, strlen(content)), (ssize_t)strlen(content));
	close(fd);
}

static inline int recorded_remove(const char *path, const struct stat *stat, int type, struct FTW *walk)
{
	(void)stat, (void)type, (void)walk;
	return remove(path);
}

static inline void recorded_drop(struct recorded_root *machine)
{
	root_close(&machine->root);
	nftw(machine->dir, recorded_remove, 8, FTW_DEPTH | FTW_PHYS);
}

#endif
