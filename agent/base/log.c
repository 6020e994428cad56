/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "base/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "common/limits.h"
#include "common/text.h"

#define LINE_LEN 512 /* a fault's sentence and what was being done */

/* A log belongs to the process, as its stderr does. */
static struct {
	bool syslog, priority;
	char role[NAME_LEN];
} target;

void log_open(const char *name, const char *role)
{
	text_show(target.role, sizeof target.role, text_of(role));
	target.syslog = !strcmp(name, "syslog");
	target.priority = !isatty(STDERR_FILENO);
	if (target.syslog)
		openlog("nasready", LOG_PID, LOG_DAEMON);
}

/* Text of strangers must not begin a line of its own: text_show turns control characters into '?'. */
void log_line(enum log_level level, const char *format, ...)
{
	char raw[LINE_LEN], line[LINE_LEN];
	va_list args;
	va_start(args, format);
	vsnprintf(raw, sizeof raw, format, args);
	va_end(args);
	text_show(line, sizeof line, text_of(raw));
	const char *role = target.role[0] ? target.role : "nasready";
	if (target.syslog)
		syslog((int)level, "%s: %s", role, line);
	else if (target.priority)
		dprintf(STDERR_FILENO, "<%d>%s: %s\n", (int)level, role, line);
	else
		dprintf(STDERR_FILENO, "%s: %s\n", role, line);
}
