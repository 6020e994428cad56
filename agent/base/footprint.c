/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "base/footprint.h"

#include <link.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* the linker's: where the file's first byte is in memory */
extern const ElfW(Ehdr) __ehdr_start __attribute__((weak, visibility("hidden")));

static uintptr_t round_up(uintptr_t address, uintptr_t page)
{
	return (address + page - 1) & ~(page - 1);
}

static void give_up(uintptr_t from, uintptr_t to, uintptr_t page)
{
	from &= ~(page - 1);
	madvise((void *)from, round_up(to, page) - from, MADV_DONTNEED);
}

/* What was written to is never touched: its pages are no longer those of the file. */
void footprint_trim(void)
{
	const uintptr_t start = (uintptr_t)&__ehdr_start, page = (uintptr_t)sysconf(_SC_PAGESIZE);
	if (!start)
		return;
	const ElfW(Phdr) *segments = (const void *)(start + __ehdr_start.e_phoff);
	uintptr_t base = start, first_end = start;
	for (unsigned i = 0; i < __ehdr_start.e_phnum; i++) {
		const ElfW(Phdr) *segment = &segments[i];
		if (segment->p_type != PT_LOAD)
			continue;
		if (!segment->p_offset) {
			base = start - segment->p_vaddr;
			first_end = start + segment->p_memsz;
		} else if (!(segment->p_flags & PF_W)) {
			uintptr_t from = base + segment->p_vaddr;
			give_up(from, from + segment->p_memsz, page);
		}
	}
	give_up(start, first_end, page); /* it is read above, so it goes last */
}
