/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The part of the data model that tells who uses the NAS: SMB clients, other sessions, shares, services, UPS.
 * The same rules as in snapshot.h, which includes this.
 */
#ifndef NASREADY_MODEL_SMB_H
#define NASREADY_MODEL_SMB_H

#include <stdint.h>

#include "common/limits.h"
#include "common/tri.h"

/* one address that holds SMB connections */
struct client {
	char address[ADDRESS_LEN]; /* IPv4-mapped ones as IPv4 */
	uint32_t connections;	   /* established */
	uint32_t close_wait;	   /* the client is gone, smbd has not noticed: it may still be allocating */
	uint32_t sessions, tree_connects, open_files; /* by smbstatus; UNKNOWN_U32: not asked or not told */
	uint64_t since_clock_ms;		      /* when it was first seen */
	uint32_t open_disk_count, open_disks_omitted;
	char open_disks[OPEN_DISKS_MAX][OPEN_DISK_LEN]; /* SHARE/FILE of VHD and VHDX files it has open */
};

struct smb {
	char server[NAME_LEN];		/* "Samba 4.17.12"; empty: not known */
	uint32_t connections;		/* established, all clients; UNKNOWN_U32: not known */
	uint64_t connections_ms;	/* monotonic time at which they were counted, 0 = never */
	uint32_t sessions, open_files;	/* by smbstatus; UNKNOWN_U32: not asked or not told */
	char sessions_source[NAME_LEN]; /* sock_diag or proc */
	uint64_t status_ms;		/* monotonic time of smbstatus' answer, 0 = never */
	char reason[TEXT_LEN];		/* why something above is unknown */
	uint16_t smb_ports[4];		/* that smbd listens on, by `smb ports` */
	uint32_t smb_port_count;	/* 0: the default, 445 and 139 */
};

enum other_kind { OTHER_SSH, OTHER_WEB_UI, OTHER_PORT };

struct other_session {
	enum other_kind kind;
	uint16_t port;
	char address[ADDRESS_LEN];
	uint32_t count;
};

/* ENFORCE: the running smbd refuses what is too large */
enum gate_mode { GATE_MODE_ADVISE, GATE_MODE_ENFORCE };

struct share {
	uint32_t number; /* made of the name, by which the privileged process lets the share be named; never 0
			  */
	char name[SHARE_LEN], path[MOUNT_LEN];
	char volume[ID_LEN]; /* id of the volume that holds the path; empty: none known */
	enum tri strict_allocate, strict_sync, dfree_command, read_only;
	enum tri gated;	     /* YES: the gate was enabled for it */
	enum gate_mode gate; /* what that amounts to */
};

struct service {
	char name[NAME_LEN];
	enum tri running, expected;
};

struct ups {
	enum tri present, on_battery, battery_low;
	uint32_t charge_percent, runtime_s;
	char name[NAME_LEN];
	char reason[TEXT_LEN]; /* why it is not known */
};

#endif
