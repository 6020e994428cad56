/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "judge/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const severities[] = {
	[SEVERITY_OFF] = "off",
	[SEVERITY_INFO] = "info",
	[SEVERITY_WARN] = "warn",
	[SEVERITY_WAIT] = "wait",
	[SEVERITY_BLOCK] = "block",
};

static void print(char *into, size_t size, const char *format, va_list args) FORMAT(3, 0);

static void print(char *into, size_t size, const char *format, va_list args)
{
	int length = vsnprintf(into, size, format, args);
	if (length >= (int)size)
		snprintf(into + size - 4, 4, "...");
}

void raised_subject(struct raised *raised, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	print(raised->subject, sizeof raised->subject, format, args);
	va_end(args);
}

void raised_message(struct raised *raised, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	print(raised->message, sizeof raised->message, format, args);
	va_end(args);
}

const char *severity_name(enum severity severity)
{
	return severities[severity];
}

bool severity_parse(const char *name, enum severity *ret_severity)
{
	for (unsigned i = 0; i < ARRAY_LEN(severities); i++) {
		if (strcmp(name, severities[i]))
			continue;
		*ret_severity = (enum severity)i;
		return true;
	}
	return false;
}
