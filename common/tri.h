/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * How the data model says that it does not know: these values, never 0.
 */
#ifndef NASREADY_COMMON_TRI_H
#define NASREADY_COMMON_TRI_H

#include <stdint.h>

#define UNKNOWN_U64 UINT64_MAX
#define UNKNOWN_U32 UINT32_MAX

enum tri { NO = 0, YES = 1, UNKNOWN = 2 };

#endif
