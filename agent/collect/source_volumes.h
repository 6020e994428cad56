/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Size and free space of each volume, by statfs(). Where that may hang (a dead server or FUSE program), it
 * runs in a disposable child; ext and xfs answer from memory and are asked at once. The child that hangs is
 * kept as long as it takes, the other volumes are asked about by another one, and the volume that hangs keeps
 * its last figures, marked stale. `answers/statfs` has a line per volume: `ID BLOCK_BYTES BLOCKS FREE
 * AVAILABLE`, or `ID error TEXT`.
 */
#ifndef NASREADY_COLLECT_SOURCE_VOLUMES_H
#define NASREADY_COLLECT_SOURCE_VOLUMES_H

#include "collect/source.h"
#include "common/text.h"

/* Fills the space of the volumes named. Bit i of the result: volume i was told (or its error was). */
uint32_t volumes_parse_statfs(struct text text, struct snapshot *snapshot);

struct volumes_question {
	const struct snapshot *snapshot;
	uint32_t wanted; /* bit i: volume i */
};

/* writes the lines; hangs if a file system does */
void volumes_ask(int out, void *volumes_question);

int volumes_collect(struct pass *pass, struct fault *fault);
int volumes_finish(struct pass *pass, struct fault *fault);

#endif
