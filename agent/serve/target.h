/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What a question about a disk names, looked up among what is known; where it names nothing known, or no
 * number that makes sense, the reply gets the problem and the function returns false.
 */
#ifndef NASREADY_SERVE_TARGET_H
#define NASREADY_SERVE_TARGET_H

#include "judge/outlook.h"
#include "serve/request.h"

/* By share or by volume (id, or a path on it), either may be NULL; both NULL: no volume, default figures. */
bool target_find(const struct request *request, const char *share, const char *volume,
	struct outlook_question *question, struct reply *reply);
/* the volume alone, or NULL, without any reply */
const struct volume *target_volume(const struct snapshot *snapshot, const char *share, const char *volume);
/* false where the answer is no whatever the knee: beyond the limit, no space, nothing to do */
bool target_needs_knee(const struct request *request, const struct volume *volume, uint64_t size_bytes,
	uint64_t current_bytes);
/* `given` false: the configured one */
bool target_timeout(const struct request *request, bool given, uint64_t seconds, uint32_t *ret_timeout_s,
	struct reply *reply);

/* the virtual disk of that name, SHARE/FILE in any case; NULL: there is none */
const struct vdisk *target_find_vdisk(const struct snapshot *snapshot, const char *name);
/* the one whose id stands in the route's path; NULL: `reply` says that there is none */
const struct vdisk *target_vdisk(const struct request *request, struct reply *reply);
/* The number of the disk of that name, by which findings and leases know it, if anything is known of it. 0.
 */
uint32_t target_disk_number(const struct snapshot *snapshot, const char *name);
/* the name of a computer; false: `reply` says what one is */
bool target_check_server(const char *server, struct reply *reply);

#endif
