/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What Samba's smbstatus says, in numbers for each client: the text that every version prints
 * (source3/utils/status.c, of 3.5 as of 4.x). The JSON of 4.17 and later says the same at eight times the
 * length, and 4.17.12 aborts over some open files. Sessions belong to a client by the address that stands
 * with them; tree connects and open files by the process that serves the session.
 */
#ifndef NASREADY_COLLECT_SMBSTATUS_H
#define NASREADY_COLLECT_SMBSTATUS_H

#include "common/text.h"
#include "model/snapshot.h"

#define SMBSTATUS_SESSIONS_MAX 96 /* whose process is remembered; more are only counted */
#define SMBSTATUS_TREES_MAX 64	  /* whose share is remembered, to name an open disk */
#define SMBSTATUS_PID_LEN 24	  /* "node:pid.task" in a cluster */

struct smbstatus_session {
	char pid[SMBSTATUS_PID_LEN], address[ADDRESS_LEN];
};

struct smbstatus_tree {
	char pid[SMBSTATUS_PID_LEN], service[SHARE_LEN];
};

struct smbstatus {
	char server[NAME_LEN]; /* "Samba 4.17.12" */
	bool hidden;	       /* with `security = share` Samba tells no sessions */
	uint32_t sessions, open_files;
	uint32_t client_count, kept_sessions, kept_trees;
	struct client clients[CLIENTS_MAX]; /* what smbstatus tells of an address; nothing else is filled */
	struct smbstatus_session kept_session[SMBSTATUS_SESSIONS_MAX];
	struct smbstatus_tree kept_tree[SMBSTATUS_TREES_MAX];
};

/* `machine` has the shares, by whose paths open disks are named; NULL: none
 * known. -EBADMSG if it is something else, or not whole. */
int smbstatus_parse(struct text answer, const struct snapshot *machine, struct smbstatus *ret_status);

/* Fills what it tells into the clients that were connected when it was asked, and into the totals. */
void smbstatus_apply(const struct smbstatus *status, uint64_t asked_clock_ms, struct snapshot *snapshot);

/* -- for the parser -- */

/* "ipv4:10.0.0.5:51514", "ipv6:fe80::5:51514", "::ffff:10.0.0.5" or "10.0.0.5" as the connections' addresses
 * are written; false for a name */
bool smbstatus_address(struct text text, char ret_address[ADDRESS_LEN]);
void smbstatus_add_server(struct smbstatus *status, struct text version);
/* the address is the first of both that is one */
void smbstatus_add_session(
	struct smbstatus *status, struct text pid, struct text hostname, struct text machine);
void smbstatus_add_tree(struct smbstatus *status, struct text pid, struct text service);
/* `name` is relative to `path`, the folder that is shared */
void smbstatus_add_open(struct smbstatus *status, struct text pid, struct text path, struct text name,
	const struct snapshot *machine);
bool smbstatus_knows_pid(const struct smbstatus *status, struct text pid);

#endif
