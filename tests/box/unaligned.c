/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * unaligned: reads a word at an odd address. Where /proc/cpu/alignment says "signal", SIGBUS must end it, or
 * the trap that nasready is run under proves nothing.
 */
#include <stdint.h>
#include <stdio.h>

static char bytes[8] = {0, 1, 2, 3, 4, 5, 6, 7};

int main(void)
{
	char *volatile at = bytes + 1;
	printf("%08x\n", (unsigned)*(volatile uint32_t *)at);
	return 0;
}
