/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Virtual disks in the shares: VHDX and VHD files in a share's folder, in its subfolders (as deep as is
 * configured) and in WindowsImageBackup. Never a walk of everything, and only while somebody asks; nothing is
 * looked at while nothing was written to the volume and no SMB client is there, so a sleeping disk stays
 * asleep. A file is judged when it is new, or has changed and nobody has it open; before that it is flushed
 * to the disk, because Samba need not have done so. All that may hang, so a disposable child does it. It
 * prints, and `answers/vdisks` holds (texts escaped as in fstab):
 *
 *     disk SHARE FILE STAMP BYTES ALLOCATED CHANGED_MS EXTENTS     ('-': not known)
 *     keep | leased | error REASON                      not judged (anew): as before, and why
 *     image KEY=VALUE …                                 the verdict
 *     content TABLE REASON                              ('-': none)
 *     part OFFSET SIZE TYPE LABEL CLUSTER
 *     problem CODE damage|note OFFSET MESSAGE
 *     omitted COUNT REASON                              disks or folders that were not looked at
 *     end
 */
#ifndef NASREADY_COLLECT_SOURCE_VDISKS_H
#define NASREADY_COLLECT_SOURCE_VDISKS_H

#include "collect/source.h"
#include "common/text.h"

#define VDISKS_DEPTH_MAX 4 /* more would be a walk of everything */
#define VDISKS_DEPTH 1	   /* unless configured */

/* -- vdisks_ask.c: in the child -- */

struct vdisks_question {
	const struct root *root;
	const struct snapshot *now, *before; /* shares and clients; what was judged before */
	unsigned depth;
	uint32_t wanted; /* a bit for each share whose volume may be looked at */
};

void vdisks_ask(int out, void *vdisks_question);

/* -- vdisks_text.c -- */

/* the child's half */
void vdisks_print_image(int out, const struct image *image, const struct content *content);
/* Adds the disks to `now`; what a line says to keep comes from `before`. True if the last line is there;
 * `fault` gets the sentence if something was left out. */
bool vdisks_parse(struct text text, const struct snapshot *before, struct snapshot *now, struct fault *fault);

/* -- source_vdisks.c -- */

/* "1", or what is wrong with it */
int vdisks_depth_parse(const char *text, unsigned *ret_depth, struct fault *fault);
/* has the client, by what smbstatus said, this disk open? */
bool vdisks_is_open(const struct client *client, const char *share, const char *file);
/* fills in_use and openers of every disk */
void vdisks_find_openers(struct snapshot *snapshot);

int vdisks_collect(struct pass *pass, struct fault *fault);
int vdisks_finish(struct pass *pass, struct fault *fault);

#endif
