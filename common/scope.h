/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Clean-up at the end of a scope, for heap memory and descriptors. The variable must be initialised where
 * it is declared (NULL or -1 count as empty).
 */
#ifndef NASREADY_COMMON_SCOPE_H
#define NASREADY_COMMON_SCOPE_H

#include <stdlib.h>
#include <unistd.h>

static inline void scope_free(void *p)
{
	free(*(void **)p);
}

static inline void scope_close(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

#define autofree __attribute__((cleanup(scope_free)))
#define autoclose __attribute__((cleanup(scope_close)))

#define ARRAY_LEN(a) (sizeof(a) / sizeof(0 [a]))
#define FORMAT(string, first) __attribute__((format(printf, string, first)))

#endif
