/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/disk_name.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/path_rule.h"
#include "common/text.h"

#define SHOWN_LEN 80

/* "con", "con.vhdx", "COM1.x.vhdx": what stands before the first dot is the device */
static bool is_device(const char *name)
{
	static const char *const devices[] = {"con", "prn", "aux", "nul", "conin$", "conout$"};
	size_t length = strcspn(name, ".");
	while (length && name[length - 1] == ' ')
		length--;
	for (unsigned i = 0; i < ARRAY_LEN(devices); i++)
		if (length == strlen(devices[i]) && !strncasecmp(name, devices[i], length))
			return true;
	return length == 4 && (!strncasecmp(name, "com", 3) || !strncasecmp(name, "lpt", 3)) &&
	       name[3] >= '0' && name[3] <= '9';
}

static const char *wrong(const char *name)
{
	const char *end = strrchr(name, '.');
	uint32_t units;
	if (strpbrk(name, "/\\"))
		return "is a path: a disk lies in the share's own folder, such as Backup.vhdx";
	for (const char *at = name; *at; at++)
		if ((unsigned char)*at < 0x20 || *at == 0x7f || strchr("<>:\"|?*", *at))
			return "has a character that Windows does not allow in names";
	if (!text_is_name(text_of(name)))
		return "is no plain name of at most 255 bytes";
	if (!path_rule_units(text_of(name), &units))
		return "is not UTF-8: write it with a terminal or program that sends UTF-8";
	if (name[0] == '.')
		return "begins with a dot, which Samba hides";
	if (name[0] == ' ' || !end || strcasecmp(end, ".vhdx") || end == name)
		return "must end in .vhdx, the format that survives a lost connection, and not begin with a "
		       "blank";
	if (is_device(name))
		return "is the name of a device on Windows, whatever follows the dot";
	return NULL;
}

int disk_name_check(const char *name, struct fault *fault)
{
	const char *reason = wrong(name);
	char shown[SHOWN_LEN];
	text_show(shown, sizeof shown, text_of(name));
	return reason ? fault_set(fault, -EINVAL, "\"%s\" %s", shown, reason) : 0;
}
