/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/smb_conf.h"

#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define JOINED_MAX 1024 /* a logical line made of several; smb.conf's longest values are lists of users */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* names of parameters: neither case nor blanks count */
static bool is_key(struct text key, const char *name)
{
	for (size_t i = 0; i < key.length; i++) {
		if (is_blank(key.at[i]))
			continue;
		while (*name == ' ')
			name++;
		if (!*name || tolower((unsigned char)key.at[i]) != *name++)
			return false;
	}
	return !*name;
}

static bool is_word(struct text text, const char *word)
{
	return text.length == strlen(word) && !strncasecmp(text.at, word, text.length);
}

static enum tri read_bool(struct text value)
{
	if (is_word(value, "yes") || is_word(value, "true") || is_word(value, "on") || text_is(value, "1"))
		return YES;
	if (is_word(value, "no") || is_word(value, "false") || is_word(value, "off") || text_is(value, "0"))
		return NO;
	return UNKNOWN;
}

/* Samba takes the quotes off when it uses a value */
static struct text unquote(struct text value)
{
	if (value.length >= 2 && value.at[0] == '"' && value.at[value.length - 1] == '"')
		return (struct text){value.at + 1, value.length - 2};
	return value;
}

/* -- lines -- */

static bool is_comment(struct text line)
{
	return line.length && (*line.at == '#' || *line.at == ';');
}

/* Takes the backslash off; true if there was one. */
static bool take_backslash(struct text *line)
{
	if (!line->length || line->at[line->length - 1] != '\\')
		return false;
	line->length--;
	return true;
}

/* blanks around a line's end count as one, as testparm shows */
static bool append(char *joined, size_t *length, struct text line)
{
	bool gap = line.length && is_blank(*line.at) && *length && !is_blank(joined[*length - 1]);
	struct text rest = text_trim(line);
	if (*length + gap + rest.length + 1 > JOINED_MAX)
		return false;
	if (gap)
		joined[(*length)++] = ' ';
	if (rest.length)
		memcpy(joined + *length, rest.at, rest.length);
	*length += rest.length;
	if (rest.length && is_blank(line.at[line.length - 1]))
		joined[(*length)++] = ' ';
	return true;
}

static bool next_line(struct smb_conf *conf, struct text *rest, char *joined, struct text *ret_line)
{
	struct text line;
	if (!text_line(rest, &line))
		return false;
	line = text_trim(line);
	if (is_comment(line) || !take_backslash(&line)) {
		*ret_line = line;
		return true;
	}
	size_t length = 0;
	bool more = true, fits = append(joined, &length, line);
	while (more && text_line(rest, &line)) {
		while (line.length && is_blank(line.at[line.length - 1]))
			line.length--;
		more = take_backslash(&line);
		fits = fits && append(joined, &length, line);
	}
	conf->bad += !fits;
	*ret_line = text_trim((struct text){joined, fits ? length : 0});
	return true;
}

/* -- sections -- */

static int find_share(const struct snapshot *snapshot, const char *name)
{
	for (uint32_t i = 0; i < snapshot->share_count; i++)
		if (!strcasecmp(snapshot->shares[i].name, name))
			return (int)i;
	return -1;
}

static void remove_share(struct snapshot *snapshot, int index)
{
	struct share *at = &snapshot->shares[index];
	snapshot->share_count--;
	memmove(at, at + 1, (snapshot->share_count - (uint32_t)index) * sizeof *at);
}

static void finish_section(struct smb_conf *conf)
{
	if (conf->where != SMB_IN_SHARE)
		return;
	const struct smb_section *section = &conf->section;
	bool usable = section->available != NO && section->printable != YES && section->share.path[0];
	int index = find_share(conf->snapshot, section->share.name);
	if (usable) {
		struct share *row =
			index < 0 ? snapshot_add_share(conf->snapshot) : &conf->snapshot->shares[index];
		if (row)
			*row = section->share;
	} else if (index >= 0) {
		remove_share(conf->snapshot, index);
	}
	conf->where = SMB_IN_OTHER;
}

/* runs of blanks inside a name count as one */
static bool copy_name(char *into, size_t size, struct text name)
{
	size_t length = 0;
	for (size_t i = 0; i < name.length; i++) {
		char c = is_blank(name.at[i]) ? ' ' : name.at[i];
		if (!c || length + 1 >= size)
			return false;
		if (c != ' ' || into[length - 1] != ' ')
			into[length++] = c;
	}
	into[length] = 0;
	return length > 0;
}

static void begin_section(struct smb_conf *conf, struct text name)
{
	finish_section(conf);
	conf->where = SMB_IN_OTHER;
	if (is_word(name, "global") || is_word(name, "globals")) {
		conf->where = SMB_IN_GLOBAL;
		return;
	}
	if (is_word(name, "homes") || is_word(name, "printers") || is_word(name, "print$") ||
		is_word(name, "ipc$"))
		return;
	conf->section = conf->global;
	if (!copy_name(conf->section.share.name, sizeof conf->section.share.name, name)) {
		conf->bad++;
		return;
	}
	int known = find_share(conf->snapshot, conf->section.share.name);
	if (known >= 0)
		conf->section.share = conf->snapshot->shares[known];
	conf->where = SMB_IN_SHARE;
}

/* -- parameters -- */

static bool set_bool(struct smb_section *section, struct text key, struct text value)
{
	static const struct {
		const char *name;
		size_t offset;
		bool inverted;
	} rows[] = {
		{"strict allocate", offsetof(struct smb_section, share.strict_allocate), false},
		{"strict sync", offsetof(struct smb_section, share.strict_sync), false},
		{"read only", offsetof(struct smb_section, share.read_only), false},
		{"writeable", offsetof(struct smb_section, share.read_only), true},
		{"writable", offsetof(struct smb_section, share.read_only), true},
		{"write ok", offsetof(struct smb_section, share.read_only), true},
		{"available", offsetof(struct smb_section, available), false},
		{"printable", offsetof(struct smb_section, printable), false},
		{"print ok", offsetof(struct smb_section, printable), false},
	};
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (!is_key(key, rows[i].name))
			continue;
		enum tri said = read_bool(value);
		if (said != UNKNOWN)
			*(enum tri *)((char *)section + rows[i].offset) =
				rows[i].inverted ? (said == YES ? NO : YES) : said;
		return true;
	}
	return false;
}

static void set_ports(struct smb *smb, struct text value)
{
	uint32_t port;
	struct text piece, word;
	smb->smb_port_count = 0;
	while (text_until(&value, ',', &piece))
		while (text_word(&piece, &word))
			if (text_u32(word, &port) && port && port <= UINT16_MAX &&
				smb->smb_port_count < sizeof smb->smb_ports / sizeof smb->smb_ports[0])
				smb->smb_ports[smb->smb_port_count++] = (uint16_t)port;
}

static void set_include(struct smb_conf *conf, struct text value)
{
	if (!conf->include || !value.length)
		return;
	if (is_word(value, "registry"))
		conf->registry = true;
	else if (memchr(value.at, '%', value.length))
		conf->variables++;
	else
		conf->include(conf, value);
}

/* those that Samba heeds in [global] only */
static void set_global(struct smb_conf *conf, struct text key, struct text value)
{
	if (is_key(key, "smb ports"))
		set_ports(&conf->snapshot->smb, value);
	else if (is_key(key, "config backend"))
		conf->registry |= is_word(value, "registry");
	else if (is_key(key, "registry shares"))
		conf->registry |= read_bool(value) == YES;
	else if (is_key(key, "config file") && value.length)
		conf->config_file = true;
}

static void set_parameter(struct smb_conf *conf, struct text key, struct text value)
{
	if (is_key(key, "include")) {
		set_include(conf, unquote(value));
		return;
	}
	if (conf->where == SMB_IN_OTHER)
		return;
	struct smb_section *section = conf->where == SMB_IN_GLOBAL ? &conf->global : &conf->section;
	if (set_bool(section, key, value))
		return;
	if (is_key(key, "dfree command")) {
		section->share.dfree_command = unquote(value).length ? YES : NO;
	} else if (is_key(key, "path") || is_key(key, "directory")) {
		if (!text_copy(section->share.path, sizeof section->share.path, unquote(value)))
			conf->bad++;
	} else if (conf->where == SMB_IN_GLOBAL) {
		set_global(conf, key, value);
	} else if (is_key(key, "copy")) {
		conf->copies = true;
	}
}

static void parse_line(struct smb_conf *conf, struct text line)
{
	struct text name, key;
	if (*line.at == '[') {
		struct text inside = {line.at + 1, line.length - 1};
		if (memchr(inside.at, ']', inside.length) && text_until(&inside, ']', &name))
			begin_section(conf, text_trim(name));
		else
			conf->bad++;
		return;
	}
	if (!memchr(line.at, '=', line.length)) {
		if (!smb_conf_version(line, conf->snapshot->smb.server, sizeof conf->snapshot->smb.server))
			conf->bad++;
		return;
	}
	text_until(&line, '=', &key);
	set_parameter(conf, text_trim(key), text_trim(line));
}

void smb_conf_start(struct smb_conf *conf, struct snapshot *snapshot)
{
	snapshot->share_count = snapshot->shares_omitted = 0;
	snapshot->smb.smb_port_count = 0;
	*conf = (struct smb_conf){
		.snapshot = snapshot,
		.global = {.share = {.strict_allocate = NO,
				   .strict_sync = UNKNOWN,
				   .dfree_command = NO,
				   .read_only = YES},
			.available = YES,
			.printable = NO},
		.where = SMB_IN_GLOBAL,
	};
}

void smb_conf_parse(struct smb_conf *conf, struct text text)
{
	char joined[JOINED_MAX];
	struct text line;
	while (next_line(conf, &text, joined, &line))
		if (line.length && !is_comment(line))
			parse_line(conf, line);
}

void smb_conf_end(struct smb_conf *conf)
{
	finish_section(conf);
}

/* -- versions -- */

bool smb_conf_version(struct text line, char *ret_server, size_t size)
{
	struct text word, number;
	if (!text_word(&line, &word) || !text_is(word, "Version") || !text_word(&line, &word) ||
		!isdigit((unsigned char)*word.at) || !text_until(&word, '-', &number) || number.length > 16)
		return false;
	for (size_t i = 0; i < number.length; i++)
		if (!isalnum((unsigned char)number.at[i]) && number.at[i] != '.')
			return false;
	snprintf(ret_server, size, "Samba %.*s", (int)number.length, number.at);
	return true;
}

enum tri smb_conf_default_sync(const char *server)
{
	struct text rest = text_of(server), word, part;
	uint64_t major, minor;
	if (!text_word(&rest, &word) || !text_is(word, "Samba") || !text_word(&rest, &word) ||
		!text_until(&word, '.', &part) || !text_u64(part, &major) || !text_leading_u64(word, &minor))
		return UNKNOWN;
	return major > 4 || (major == 4 && minor >= 7) ? YES : NO;
}
