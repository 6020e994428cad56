/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The ini form of smb.conf(5), as a person wrote it or as testparm prints it: which shares there are and how
 * they treat space and flushes. Pure: reading an included file is the caller's business. As in Samba, a share
 * takes over what [global] said above it, a section that comes again is continued, and an included file's
 * last section goes on after the include. Left out: [homes], [printers], [print$], [IPC$], printers, shares
 * without a path, shares that are not available.
 */
#ifndef NASREADY_COLLECT_SMB_CONF_H
#define NASREADY_COLLECT_SMB_CONF_H

#include "common/text.h"
#include "model/snapshot.h"

struct smb_section {
	struct share share; /* what is not given holds Samba's default, strict sync UNKNOWN */
	enum tri available, printable;
};

struct smb_conf {
	struct snapshot *snapshot; /* its shares and smb.smb_ports are filled, smb.server when told */
	/* Parses another file into the same struct; `path` is as written, without quotes. NULL: includes are
	 * of no interest (testparm has followed them). */
	void (*include)(struct smb_conf *conf, struct text path);
	void *arg; /* for include */
	struct smb_section global, section;
	enum { SMB_IN_GLOBAL, SMB_IN_SHARE, SMB_IN_OTHER } where;
	unsigned bad;	    /* lines or shares that make no sense or are too long */
	unsigned variables; /* includes left out because their path holds a % */
	bool copies;	    /* `copy =` is used; it is not followed */
	bool registry;	    /* more stands in the registry */
	bool config_file;   /* `config file =` leads to another file */
};

/* empties the snapshot's list of shares and of ports */
void smb_conf_start(struct smb_conf *conf, struct snapshot *snapshot);
void smb_conf_parse(struct smb_conf *conf, struct text text);
/* Files the last section. */
void smb_conf_end(struct smb_conf *conf);

/* "Version 4.17.12-Debian" gives "Samba 4.17.12"; false: it is no such line */
bool smb_conf_version(struct text line, char *ret_server, size_t size);
/* the default of `strict sync` in "Samba 4.17.12": yes since 4.7; UNKNOWN if the version is */
enum tri smb_conf_default_sync(const char *server);

#endif
