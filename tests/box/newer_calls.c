/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * newer_calls: how many system calls answer here that Linux 2.6.31 on ARM does not have. Behind as2631 it
 * must say 0, and without it more, or the filter proves nothing. The arguments are refused by every call that
 * exists.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#define FIRST_NEWER 365
#define LAST_KNOWN 460

static int answers(int number)
{
	errno = 0;
	return syscall(number, -1L, -1L, -1L, -1L, -1L, -1L) != -1 || errno != ENOSYS;
}

int main(void)
{
	static const int filled_later[] = {335, 336, 346};
	int count = 0;
	for (unsigned i = 0; i < sizeof filled_later / sizeof *filled_later; i++)
		count += answers(filled_later[i]);
	for (int number = FIRST_NEWER; number <= LAST_KNOWN; number++)
		count += answers(number);
	printf("%d\n", count);
	return 0;
}
