/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/path_rule.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define NAMES_MAX 64 /* folders one in another; a path of 110 characters has fewer */
#define NAME_SHOWN 64
#define UNKNOWN UINT32_MAX

/* 24 and 41 characters, as in every backup (map 4.5) */
#define BACKUP_NAME "Backup 2026-11-26 210000"
#define DISK_NAME "01234567-89ab-cdef-0123-456789abcdef.vhdx"

struct names {
	struct text at[NAMES_MAX];
	unsigned count;
};

/* -- characters -- */

/* bytes of the character at the front; 0: not UTF-8 (RFC 3629: no overlong form, no surrogate) */
static unsigned character_length(struct text text)
{
	static const struct {
		unsigned char mask, lead, length;
		uint32_t least;
	} forms[] = {
		{0x80, 0, 1, 0}, {0xe0, 0xc0, 2, 0x80}, {0xf0, 0xe0, 3, 0x800}, {0xf8, 0xf0, 4, 0x10000}};
	const unsigned char *bytes = (const unsigned char *)text.at;
	for (unsigned form = 0; form < ARRAY_LEN(forms); form++) {
		unsigned length = forms[form].length;
		if ((bytes[0] & forms[form].mask) != forms[form].lead)
			continue;
		if (length > text.length)
			return 0;
		uint32_t code = bytes[0] & (unsigned char)~forms[form].mask;
		for (unsigned i = 1; i < length; i++) {
			if ((bytes[i] & 0xc0) != 0x80)
				return 0;
			code = code << 6 | (bytes[i] & 0x3f);
		}
		bool surrogate = code >= 0xd800 && code < 0xe000;
		return code < forms[form].least || code > 0x10ffff || surrogate ? 0 : length;
	}
	return 0;
}

bool path_rule_units(struct text text, uint32_t *ret_units)
{
	uint32_t units = 0;
	while (text.length) {
		unsigned length = character_length(text);
		if (!length)
			return false;
		units += length == 4 ? 2 : 1;
		text = (struct text){text.at + length, text.length - length};
	}
	*ret_units = units;
	return true;
}

/* -- names -- */

static bool is_separator(char c)
{
	return c == '\\' || c == '/';
}

static int check_name(struct text name, struct fault *fault)
{
	char shown[NAME_SHOWN];
	uint32_t units;
	text_show(shown, sizeof shown, name);
	if (text_is(name, ".") || text_is(name, ".."))
		return fault_set(fault, -EINVAL, "\"%s\" is no name: write the path without it", shown);
	if (!path_rule_units(name, &units))
		return fault_set(fault, -EINVAL, "\"%s\" is not UTF-8", shown);
	for (size_t i = 0; i < name.length; i++)
		if ((unsigned char)name.at[i] < ' ' || strchr("<>:\"|?*", name.at[i]))
			return fault_set(fault, -EINVAL,
				"\"%s\" is no name on Windows: it has a control character or one of < > : \" "
				"| ? *",
				shown);
	return 0;
}

/* adds the pieces between separators; several of those in a row count as one */
static int add_names(struct names *names, struct text path, struct fault *fault)
{
	while (path.length) {
		size_t length = 0;
		while (length < path.length && !is_separator(path.at[length]))
			length++;
		struct text name = {path.at, length};
		size_t rest = length + (length < path.length);
		path = (struct text){path.at + rest, path.length - rest};
		if (!length)
			continue;
		int error = check_name(name, fault);
		if (error)
			return error;
		if (names->count == NAMES_MAX)
			return fault_set(
				fault, -EINVAL, "the path has more than %d names: far too long", NAMES_MAX);
		names->at[names->count++] = name;
	}
	return 0;
}

static bool same_name(struct text name, const char *other)
{
	return name.length == strlen(other) && !strncasecmp(name.at, other, name.length);
}

static void add_own(struct names *names, const char *name)
{
	if (names->count < NAMES_MAX)
		names->at[names->count++] = text_of(name);
}

/* place of WindowsImageBackup; `count` if there is none */
static unsigned find_backup(const struct names *names)
{
	unsigned at = 0;
	while (at < names->count && !same_name(names->at[at], PATH_RULE_FOLDER))
		at++;
	return at;
}

/* what wbadmin puts below WindowsImageBackup\HOST */
static bool complete(struct names *names)
{
	unsigned below = names->count - find_backup(names);
	if (below == 2)
		add_own(names, BACKUP_NAME);
	if (below == 2 || (below == 3 && !strncasecmp(names->at[names->count - 1].at, "Backup ", 7)))
		add_own(names, DISK_NAME);
	else
		return false;
	return true;
}

/* -- judging -- */

/* the names from `first` on, each behind a separator but for the first */
static uint32_t units_from(const struct names *names, unsigned first)
{
	uint32_t sum = 0, units = 0;
	for (unsigned i = first; i < names->count; i++) {
		path_rule_units(names->at[i], &units);
		sum += units + (i > first);
	}
	return sum;
}

static int write_path(
	const struct names *names, bool has_server, char into[PATH_RULE_LEN], struct fault *fault)
{
	size_t length = has_server ? 2 : 0;
	memcpy(into, "\\\\", length);
	for (unsigned i = 0; i < names->count; i++) {
		if (length + names->at[i].length + 2 > PATH_RULE_LEN)
			return fault_set(fault, -EINVAL, "the path has more than %d bytes: far too long",
				PATH_RULE_LEN - 2);
		if (i)
			into[length++] = '\\';
		memcpy(into + length, names->at[i].at, names->at[i].length);
		length += names->at[i].length;
	}
	into[length] = 0;
	return 0;
}

/* `names` begin with the server, if there is one, and the share */
static int judge(const struct names *names, bool has_server, bool built, struct path_case *ret_case,
	struct fault *fault)
{
	unsigned first = has_server ? 2 : 1, backup = find_backup(names);
	struct path_case found = {
		.built = built, .has_server = has_server, .full = UNKNOWN, .at_root = UNKNOWN};
	int error = write_path(names, has_server, found.path, fault);
	if (error)
		return error;
	found.relative = units_from(names, first);
	if (has_server)
		found.full = 2 + units_from(names, 0);
	if (backup >= first && backup < names->count)
		found.at_root = units_from(names, backup);
	if (found.relative > PATH_RULE_MOST)
		found.verdict = PATH_TOO_LONG;
	else if (has_server && found.full > PATH_RULE_MOST)
		found.verdict = PATH_LONG_IN_FULL;
	*ret_case = found;
	return 0;
}

static struct text without_prefix(struct text path)
{
	static const char long_form[] = "\\\\?\\UNC\\";
	size_t length = sizeof long_form - 1;
	if (path.length > length && !strncasecmp(path.at, long_form, length))
		return (struct text){path.at + length, path.length - length};
	return path;
}

int path_rule_given(struct text path, struct path_case *ret_case, struct fault *fault)
{
	struct names names = {.count = 0};
	char shown[NAME_SHOWN];
	text_show(shown, sizeof shown, path);
	bool long_form = without_prefix(path).at != path.at;
	path = without_prefix(path);
	if (!long_form && (path.length < 3 || !is_separator(path.at[0]) || !is_separator(path.at[1])))
		return fault_set(fault, -EINVAL,
			"\"%s\" is no path of a share: write it as \\\\server\\share\\folder", shown);
	int error = add_names(&names, path, fault);
	if (error)
		return error;
	if (names.count < 3)
		return fault_set(fault, -EINVAL,
			"\"%s\" names no folder in a share: write it as \\\\server\\share\\folder", shown);
	bool built = complete(&names);
	return judge(&names, true, built, ret_case, fault);
}

static int add_one(struct names *names, struct text name, const char *what, struct fault *fault)
{
	unsigned before = names->count;
	int error = add_names(names, name, fault);
	if (!error && names->count != before + 1)
		return fault_set(fault, -EINVAL, "%s must be one name, without separators", what);
	return error;
}

int path_rule_built(struct text server, struct text share, struct text folder, struct text host,
	struct path_case *ret_case, struct fault *fault)
{
	struct names names = {.count = 0};
	uint32_t units;
	int error = server.length ? add_one(&names, server, "server", fault) : 0;
	if (!error)
		error = add_one(&names, share, "share", fault);
	if (!error)
		error = add_names(&names, folder, fault);
	if (error)
		return error;
	/* who names the folder WindowsImageBackup means the same */
	if (find_backup(&names) == names.count)
		add_own(&names, PATH_RULE_FOLDER);
	error = add_one(&names, host, "host", fault);
	if (error)
		return error;
	path_rule_units(host, &units);
	if (units > PATH_RULE_HOST_MOST)
		return fault_set(
			fault, -EINVAL, "host has %u characters: %d at most", units, PATH_RULE_HOST_MOST);
	if (!complete(&names))
		return fault_set(fault, -EINVAL,
			"folder is the one that WindowsImageBackup lies in, or that itself: nothing below "
			"it");
	return judge(&names, server.length, true, ret_case, fault);
}

int path_rule_file(struct text server, struct text share, struct text file, struct path_case *ret_case,
	struct fault *fault)
{
	struct names names = {.count = 0};
	int error = server.length ? add_one(&names, server, "server", fault) : 0;
	if (!error)
		error = add_one(&names, share, "share", fault);
	if (!error)
		error = add_names(&names, file, fault);
	return error ? error : judge(&names, server.length, false, ret_case, fault);
}

/* -- saying it -- */

const char *path_verdict_name(enum path_verdict verdict)
{
	static const char *const names[] = {
		[PATH_FITS] = "fits", [PATH_LONG_IN_FULL] = "note", [PATH_TOO_LONG] = "too-long"};
	return names[verdict];
}

void path_rule_message(const struct path_case *of, char ret_text[PATH_RULE_SAYS_LEN])
{
	char full[48] = "";
	if (of->has_server)
		snprintf(full, sizeof full, " (%u with server and share)", (unsigned)of->full);
	if (of->verdict == PATH_TOO_LONG)
		snprintf(ret_text, PATH_RULE_SAYS_LEN,
			"%u characters counted from the share%s, %d fit: restoring from there over the "
			"network "
			"fails with 0x80070001.",
			(unsigned)of->relative, full, PATH_RULE_MOST);
	else
		snprintf(ret_text, PATH_RULE_SAYS_LEN, "%u of %d characters, counted from the share%s.%s",
			(unsigned)of->relative, PATH_RULE_MOST, full,
			of->verdict == PATH_FITS
				? ""
				: " The longer count is over, but restores were seen to work.");
}

const char *path_rule_remedy(const struct path_case *of)
{
	if (of->verdict != PATH_TOO_LONG)
		return NULL;
	if (of->at_root < of->relative && of->at_root <= PATH_RULE_MOST)
		return "Back up to the share itself, without a folder; for a backup that exists, `nasready "
		       "path "
		       "--rescue` links it there.";
	return "Use shorter names for the folders.";
}
