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

#include "common/text.h"

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
	{"credentials", "FILE", "/etc/nasready.passwd", "who may change things: nasready passwd writes it",
		offsetof(struct options, credentials)},
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
	{"ups", "NAME@HOST:PORT", "",
		"a UPS of Network UPS Tools; the first of 127.0.0.1:3493, if nothing is given",
		offsetof(struct options, ups)},
	{"root", "DIR", "/", "read a recorded machine instead of this one", offsetof(struct options, root)},
};
const unsigned option_rows_count = ARRAY_LEN(option_rows);

static char *slot(struct options *options, const struct option_row *row)
{
	return (char *)options + row->offset;
}

void options_start(struct options *options)
{
	for (unsigned i = 0; i < option_rows_count; i++)
		snprintf(slot(options, &option_rows[i]), OPTION_LEN, "%s", option_rows[i].standard);
}

static const struct option_row *find(struct text key)
{
	for (unsigned i = 0; i < option_rows_count; i++)
		if (text_is(key, option_rows[i].key))
			return &option_rows[i];
	return NULL;
}

/* 0, or -EINVAL with what is wrong with the value in `fault` */
static int set(struct options *options, const struct option_row *row, struct text value, struct fault *fault)
{
	if (!strcmp(row->key, "log") && !text_is(value, "stderr") && !text_is(value, "syslog"))
		return fault_set(fault, -EINVAL, "%s is stderr or syslog, not \"%.*s\"", row->key,
			(int)value.length, value.at);
	char copy[OPTION_LEN];
	if (!text_copy(copy, sizeof copy, value))
		return fault_set(
			fault, -EINVAL, "the value of %s is longer than %d bytes", row->key, OPTION_LEN - 1);
	memcpy(slot(options, row), copy, sizeof copy);
	return 0;
}

static int parse_line(struct options *options, struct text line, struct fault *fault)
{
	struct text key, shown;
	text_until(&line, '=', &key);
	key = text_trim(key);
	shown = key.length > 40 ? (struct text){key.at, 40} : key;
	const struct option_row *row = find(key);
	if (!row)
		return fault_set(fault, -EINVAL,
			"there is no key \"%.*s\" (nasready serve --help lists them)", (int)shown.length,
			shown.at);
	return set(options, row, text_trim(line), fault);
}

int options_parse(struct options *options, const char *text, const char *name, struct fault *fault)
{
	struct text rest = text_of(text), line, content;
	for (unsigned number = 1; text_line(&rest, &line); number++) {
		struct fault inner;
		if (!text_until(&line, '#', &content) || !(content = text_trim(content)).length)
			continue;
		if (parse_line(options, content, &inner))
			return fault_set(fault, -EINVAL, "%s:%u: %s", name, number, inner.text);
	}
	return 0;
}

int options_read_file(struct options *options, const char *path, struct fault *fault)
{
	char text[FILE_MAX + 1];
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fault_set(fault, -errno, "cannot read %s: %s", path, strerror(errno));
	ssize_t length = read(fd, text, sizeof text);
	if (length < 0)
		return fault_set(fault, -errno, "cannot read %s: %s", path, strerror(errno));
	if (length > FILE_MAX)
		return fault_set(fault, -EFBIG, "%s is larger than %d bytes", path, FILE_MAX);
	text[length] = 0;
	return options_parse(options, text, path, fault);
}

int options_argument(struct options *options, int argc, char **argv, int *index, struct fault *fault)
{
	struct text value = text_of(argv[*index]), key;
	if (!text_starts(value, "--"))
		return fault_set(fault, -EINVAL, "\"%s\" is no option", argv[*index]);
	bool joined = strchr(argv[*index], '=') != NULL;
	text_until(&value, '=', &key);
	const struct option_row *row = find((struct text){key.at + 2, key.length - 2});
	if (!row)
		return fault_set(fault, -EINVAL, "there is no option %.*s", (int)key.length, key.at);
	if (!joined) {
		if (++*index >= argc)
			return fault_set(fault, -EINVAL, "--%s needs %s", row->key, row->value_name);
		value = text_of(argv[*index]);
	}
	++*index;
	return set(options, row, value, fault);
}
