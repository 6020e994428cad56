/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The note in a share's hidden folder that a disk there is being grown: written and synced before the first
 * byte of its file changes, removed after the last. Whoever finds it knows how to make the file the old disk
 * again.
 */
#ifndef NASREADY_WORK_GROW_NOTE_H
#define NASREADY_WORK_GROW_NOTE_H

#include "work/disk_write.h"
#include "work/place.h"

struct grow_note {
	char path[JOB_FILE_LEN]; /* below the share's folder */
	uint64_t inode;
	uint64_t old_file_bytes, new_file_bytes;
	uint64_t old_size_bytes, new_size_bytes; /* of the virtual disk */
};

/* 0; -ENOENT: there is none; another negative errno: it cannot be read, or is none of ours */
int grow_note_read(const struct place *place, struct grow_note *ret_note);
int grow_note_write(const struct place *place, const struct grow_note *note);
int grow_note_remove(const struct place *place);
/* true: its writing was interrupted, before anything had happened to a disk */
bool grow_note_is_half(const struct place *place);

enum grow_found { GROW_FINISHED, GROW_UNDONE, GROW_CHANGED };

/* Finds out how far it came, and makes the old disk of it unless it is the new one. GROW_CHANGED: somebody
 * else has changed it since, so nothing was done. Negative errno. `fd` is held (place_hold). */
int grow_undo(int fd, const struct grow_note *note);

#endif
