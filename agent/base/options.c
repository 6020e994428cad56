/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "base/options.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/nearest.h"

#define FILE_MAX 16384 /* a configuration with a page of comments for each key */

const struct option_row option_rows[] = {
	{"listen", "ADDRESS:PORT", "[::]:8439", "where to answer; [::] is every address, IPv4 too",
		offsetof(struct options, listen)},
	{"allow", "NETWORKS", "",
		"networks that may read besides loopback and the private ones: 192.0.2.0/24, 2001:db8::/32",
		offsetof(struct options, allow)},
	{"names", "NAMES", "", "more names by which browsers reach this NAS: nas.example.org",
		offsetof(struct options, names)},
	{"severities", "LIST", "", "how grave a finding is: mtu-small=off, ssh-open=wait",
		offsetof(struct options, severities)},
	{"client-timeout-s", "SECONDS", "60",
		"after which the SMB clients give up (SessTimeout): half of it may be used",
		offsetof(struct options, client_timeout_s)},
	{"user", "USER", "nobody", "user of the process that answers HTTP", offsetof(struct options, user)},
	{"state-dir", "DIR", "/var/lib/nasready", "where the agent keeps its id and what it learned",
		offsetof(struct options, state_dir)},
	{"lease-s", "SECONDS", "691200",
		"after which a server that does not renew its lease loses its disk; never while the disk is "
		"open",
		offsetof(struct options, lease_s)},
	{"trash-hours", "HOURS", "24", "for how long a deleted disk can be had back; 0: not at all",
		offsetof(struct options, trash_hours)},
	{"credentials", "FILE", "/etc/nasready.passwd", "who may change things: nasready passwd writes it",
		offsetof(struct options, credentials)},
	{"run-dir", "DIR", "/run/nasready", "where the gate in smbd finds what it may allow",
		offsetof(struct options, run_dir)},
	{"log", "stderr|syslog", "stderr", "where messages go", offsetof(struct options, log)},
	{"smb-conf", "FILE", "", "Samba's configuration, where Samba itself does not know it",
		offsetof(struct options, smb_conf)},
	{"ssh-ports", "PORTS", "22", "whose sessions are SSH logins", offsetof(struct options, ssh_ports)},
	{"web-ports", "PORTS", "80, 443", "of the NAS's own web pages: an open one costs throughput",
		offsetof(struct options, web_ports)},
	{"other-ports", "PORTS", "", "others whose clients are to be listed",
		offsetof(struct options, other_ports)},
	{"services-expected", "NAMES", "", "programs that must run; smbd, if nothing is given; none for none",
		offsetof(struct options, services_expected)},
	{"services-unneeded", "NAMES", "",
		"programs that only cost a backup throughput; media servers and the like, if nothing is "
		"given",
		offsetof(struct options, services_unneeded)},
	{"disk-depth", "LEVELS", "1",
		"how many levels of folders in a share are searched for VHDX files, 0 to 4",
		offsetof(struct options, disk_depth)},
	{"ups", "NAME@HOST:PORT", "",
		"a UPS of Network UPS Tools; the first of 127.0.0.1:3493, if nothing is given",
		offsetof(struct options, ups)},
	{"root", "DIR", "/", "read a recorded machine instead of this one", offsetof(struct options, root)},
};
const unsigned option_rows_count = ARRAY_LEN(option_rows);
_Static_assert(ARRAY_LEN(option_rows) <= OPTION_ROWS_MAX, "room for each key");

void complaints_add(struct complaints *complaints, const char *text)
{
	complaints->count++;
	complaints->tell(text, complaints->arg);
}

const char *options_get(const struct options *options, const struct option_row *row)
{
	return (const char *)options + row->offset;
}

void options_start(struct options *options)
{
	*options = (struct options){0};
	for (unsigned i = 0; i < option_rows_count; i++)
		snprintf((char *)options + option_rows[i].offset, OPTION_LEN, "%s", option_rows[i].standard);
}

int options_set(struct options *options, const struct option_row *row, struct text value, struct fault *fault)
{
	char copy[OPTION_LEN];
	if (!text_copy(copy, sizeof copy, value))
		return fault_set(fault, -EINVAL, "the value is longer than %d bytes", OPTION_LEN - 1);
	memcpy((char *)options + row->offset, copy, sizeof copy);
	return 0;
}

static int no_such_key(struct text key, struct fault *fault)
{
	struct nearest nearest;
	nearest_start(&nearest, key);
	for (unsigned i = 0; i < option_rows_count; i++)
		nearest_offer(&nearest, option_rows[i].key);
	return fault_set(fault, -EINVAL, "there is no key \"%.*s\"%s%s%s",
		key.length > 40 ? 40 : (int)key.length, key.at,
		nearest.best ? ": did you mean " : " (nasready serve --help lists them)",
		nearest.best ? nearest.best : "", nearest.best ? "?" : "");
}

/* `number`: of the line */
static int parse_line(struct options *options, struct text line, unsigned number, struct fault *fault)
{
	struct text key;
	struct fault inner;
	text_until(&line, '=', &key);
	key = text_trim(key);
	for (unsigned i = 0; i < option_rows_count; i++) {
		if (!text_is(key, option_rows[i].key))
			continue;
		if (options_set(options, &option_rows[i], text_trim(line), &inner))
			return fault_set(fault, -EINVAL, "%s: %s", option_rows[i].key, inner.text);
		options->lines[i] = number;
		return 0;
	}
	return no_such_key(key, fault);
}

void options_parse(struct options *options, const char *text, const char *name, struct complaints *complaints)
{
	struct text rest = text_of(text), line, content;
	for (unsigned number = 1; text_line(&rest, &line); number++) {
		struct fault inner, fault;
		if (!text_until(&line, '#', &content) || !(content = text_trim(content)).length)
			continue;
		if (!parse_line(options, content, number, &inner))
			continue;
		fault_set(&fault, 0, "%s:%u: %s", name, number, inner.text);
		complaints_add(complaints, fault.text);
	}
}

static int read_file(const char *path, char text[FILE_MAX + 1], struct fault *fault)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, FILE_MAX + 1);
	if (length < 0)
		return fault_set(fault, -errno, "cannot read %s: %s", path, strerror(errno));
	if (length > FILE_MAX)
		return fault_set(fault, -EFBIG, "%s is larger than %d bytes", path, FILE_MAX);
	text[length] = 0;
	return 0;
}

void options_read_file(struct options *options, const char *path, struct complaints *complaints)
{
	char text[FILE_MAX + 1];
	struct fault fault;
	if (read_file(path, text, &fault))
		complaints_add(complaints, fault.text);
	else
		options_parse(options, text, path, complaints);
}
