/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The gate page (common/gate_page.h) in the run directory, and the socket beside it on which smbd's processes
 * tell what they did. The write lock on the page is this process's sign of life: it must never open and close
 * the page in another way, which would give the lock up.
 */
#ifndef NASREADY_ENFORCE_PAGE_FILE_H
#define NASREADY_ENFORCE_PAGE_FILE_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "common/fault.h"
#include "common/gate_page.h"

struct page_file {
	int dir_fd, fd, socket_fd; /* -1: not open */
	ino_t inode;
};

void page_file_init(struct page_file *file);
/* Makes the folder if it is missing; -EAGAIN: another agent holds the page. Needs root (-EPERM). */
int page_file_open(struct page_file *file, const char *run_dir, struct fault *fault);
/* Writes the page, with its checksum; made anew if somebody removed or replaced it. */
int page_file_write(struct page_file *file, struct gate_page *page, struct fault *fault);
/* The next message, and who sent it, by the kernel's word; false: none now. */
bool page_file_hear(struct page_file *file, struct gate_message *ret_message, struct ucred *ret_sender);
void page_file_close(struct page_file *file);

/* of a whole message, else false; nothing in it is believed to end with NUL */
bool page_file_take(const void *bytes, size_t length, struct gate_message *ret_message);

#endif
