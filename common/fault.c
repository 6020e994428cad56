/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "common/fault.h"

#include <stdarg.h>
#include <stdio.h>

int fault_set(struct fault *fault, int code, const char *format, ...)
{
	if (!fault)
		return code;
	va_list args;
	va_start(args, format);
	int length = vsnprintf(fault->text, sizeof fault->text, format, args);
	va_end(args);
	if (length >= (int)sizeof fault->text)
		snprintf(fault->text + sizeof fault->text - 4, 4, "...");
	return code;
}
