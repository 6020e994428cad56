/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Only process-level files log: serve, collector, server. On a terminal or under systemd to stderr (with the
 * priority in front, as systemd reads it, when stderr is no terminal), else to syslog, facility daemon.
 */
#ifndef NASREADY_BASE_LOG_H
#define NASREADY_BASE_LOG_H

#include "common/scope.h"

enum log_level { LOG_LEVEL_ERROR = 3, LOG_LEVEL_WARNING = 4, LOG_LEVEL_INFO = 6 };

/* `target` is "stderr" or "syslog"; `role` names the process in each line */
void log_open(const char *target, const char *role);
void log_line(enum log_level level, const char *format, ...) FORMAT(2, 3);

#define log_error(...) log_line(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_line(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_info(...) log_line(LOG_LEVEL_INFO, __VA_ARGS__)

#endif
