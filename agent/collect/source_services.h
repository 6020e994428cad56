/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Which programs run that a backup target needs, and which that only cost it throughput. Two lists of names,
 * separated by commas: those expected are told whether they run or not, those unneeded only when they run. A
 * name stands for processes whose name in /proc (cut to 15 characters there) is the same; with an argument
 * behind it ("rsync --daemon") only for those that have it. Read every 30 s while somebody asks.
 */
#ifndef NASREADY_COLLECT_SOURCE_SERVICES_H
#define NASREADY_COLLECT_SOURCE_SERVICES_H

#include "collect/source.h"
#include "common/text.h"

#define SERVICES_EXPECTED "smbd"
/* map B13: media servers, indexers and downloaders; other file services. Not listed: the NAS's own web UI,
 * and avahi-daemon, by which its owner's tools find it and which costs next to nothing. */
#define SERVICES_UNNEEDED                                                                                 \
	"minidlnad, minidlna, forked-daapd, owntone, mt-daapd, squeezeboxserver, slimserver, Plex Media " \
	"Server, "                                                                                        \
	"transmission-daemon, rtorrent, sabnzbd, afpd, cnid_metad, nfsd, proftpd, vsftpd, rsync --daemon"

/* the next name of a list, without blanks around it */
bool services_next(struct text *list, struct text *ret_entry);
/* is the process with this name and these arguments (as in /proc/PID/cmdline) what the entry means? */
bool services_match(struct text entry, struct text name, struct text arguments);
/* the name in /proc/PID/stat, which stands in parentheses and may hold some itself */
bool services_name_in_stat(struct text stat, struct text *ret_name);

int services_collect(struct pass *pass, struct fault *fault);

#endif
