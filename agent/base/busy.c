/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "base/busy.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/loop.h"
#include "common/scope.h"

uint64_t busy_waited_ns(struct text schedstat)
{
	struct text worked;
	uint64_t waited_ns;
	return text_word(&schedstat, &worked) && text_word_u64(&schedstat, &waited_ns) ? waited_ns : 0;
}

uint64_t busy_ms(void)
{
	char text[80];
	autoclose int fd = open("/proc/self/schedstat", O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? 0 : read(fd, text, sizeof text);
	return clock_monotonic_ms() -
	       busy_waited_ns((struct text){text, length > 0 ? (size_t)length : 0}) / 1000000;
}
