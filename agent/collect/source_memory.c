/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/source_memory.h"

#include <errno.h>
#include <string.h>

enum figure {
	TOTAL,
	FREE,
	AVAILABLE,
	BUFFERS,
	CACHED,
	SHMEM,
	ACTIVE_FILE,
	INACTIVE_FILE,
	SLAB,
	DIRTY,
	WRITEBACK,
	SWAP_TOTAL,
	SWAP_FREE,
	FIGURES
};

static const char *const names[FIGURES] = {
	[TOTAL] = "MemTotal",
	[FREE] = "MemFree",
	[AVAILABLE] = "MemAvailable",
	[BUFFERS] = "Buffers",
	[CACHED] = "Cached",
	[SHMEM] = "Shmem",
	[ACTIVE_FILE] = "Active(file)",
	[INACTIVE_FILE] = "Inactive(file)",
	[SLAB] = "SReclaimable",
	[DIRTY] = "Dirty",
	[WRITEBACK] = "Writeback",
	[SWAP_TOTAL] = "SwapTotal",
	[SWAP_FREE] = "SwapFree",
};

static uint64_t kb_to_bytes(uint64_t kb)
{
	return kb <= UINT64_MAX / 1024 ? kb * 1024 : UNKNOWN_U64;
}

/* the unit is required: a line cut inside its number has none */
static uint64_t parse_kb(struct text rest)
{
	struct text unit, more;
	uint64_t kb;
	if (!text_word_u64(&rest, &kb) || !text_word(&rest, &unit) || !text_is(unit, "kB") ||
		text_word(&rest, &more))
		return UNKNOWN_U64;
	return kb_to_bytes(kb);
}

static bool parse_figures(struct text meminfo, uint64_t figures[FIGURES])
{
	struct text line, name;
	bool read = false;
	for (unsigned i = 0; i < FIGURES; i++)
		figures[i] = UNKNOWN_U64;
	while (text_line(&meminfo, &line)) {
		if (!text_until(&line, ':', &name))
			continue;
		for (unsigned i = 0; i < FIGURES; i++) {
			if (!text_is(name, names[i]))
				continue;
			figures[i] = parse_kb(line);
			read |= figures[i] != UNKNOWN_U64;
			break;
		}
	}
	return read;
}

static uint64_t add(uint64_t a, uint64_t b)
{
	bool fits = a != UNKNOWN_U64 && b != UNKNOWN_U64 && a < UNKNOWN_U64 - b;
	return fits ? a + b : UNKNOWN_U64;
}

static uint64_t less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

static uint64_t or_none(uint64_t bytes)
{
	return bytes == UNKNOWN_U64 ? 0 : bytes;
}

/* Cached counts tmpfs, which can't be dropped; the lists of file pages (from 2.6.28 on) do not. */
static uint64_t page_cache(const uint64_t figures[FIGURES])
{
	uint64_t files = add(figures[ACTIVE_FILE], figures[INACTIVE_FILE]);
	if (files != UNKNOWN_U64)
		return files;
	uint64_t cache = add(figures[CACHED], or_none(figures[BUFFERS]));
	return cache == UNKNOWN_U64 ? UNKNOWN_U64 : less(cache, or_none(figures[SHMEM]));
}

/* some of a cache is in use: half of it, but no more than the watermark, is not counted as available */
static uint64_t droppable(uint64_t cache, uint64_t watermark)
{
	return cache == UNKNOWN_U64 ? UNKNOWN_U64 : cache - (cache / 2 < watermark ? cache / 2 : watermark);
}

/* MemAvailable as Linux 3.14 made it; a zone's low watermark was 5/4 of its minimum */
static uint64_t estimate(const uint64_t figures[FIGURES], uint64_t min_free_bytes)
{
	uint64_t total = figures[TOTAL];
	uint64_t min_free = min_free_bytes < total ? min_free_bytes : 0; /* also if not known */
	uint64_t watermark = add(min_free, min_free / 4);
	uint64_t cache = droppable(page_cache(figures), watermark);
	uint64_t slab = droppable(or_none(figures[SLAB]), watermark);
	uint64_t available = add(add(figures[FREE], cache), slab);
	if (available == UNKNOWN_U64 || total == UNKNOWN_U64 || available > total)
		return UNKNOWN_U64;
	return less(available, watermark);
}

int memory_parse(struct text meminfo, uint64_t min_free_bytes, struct memory *ret_memory)
{
	uint64_t figures[FIGURES];
	if (!parse_figures(meminfo, figures))
		return -EBADMSG;
	struct memory memory = *ret_memory; /* other sources fill other fields */
	memory.total_bytes = figures[TOTAL];
	memory.available_bytes = figures[AVAILABLE];
	memory.dirty_bytes = figures[DIRTY];
	memory.writeback_bytes = figures[WRITEBACK];
	memory.swap_used_bytes = UNKNOWN_U64;
	memory.available_estimated = NO;
	if (figures[AVAILABLE] == UNKNOWN_U64 || figures[AVAILABLE] > figures[TOTAL]) {
		memory.available_bytes = estimate(figures, min_free_bytes);
		memory.available_estimated = memory.available_bytes == UNKNOWN_U64 ? UNKNOWN : YES;
	}
	if (figures[SWAP_TOTAL] != UNKNOWN_U64 && figures[SWAP_FREE] <= figures[SWAP_TOTAL])
		memory.swap_used_bytes = figures[SWAP_TOTAL] - figures[SWAP_FREE];
	*ret_memory = memory;
	return 0;
}

static uint64_t read_min_free(const struct pass *pass)
{
	char buffer[64];
	uint64_t kb;
	ssize_t length = root_read(pass->root, buffer, sizeof buffer, "proc/sys/vm/min_free_kbytes");
	if (length < 0 || !text_u64(text_trim((struct text){buffer, (size_t)length}), &kb))
		return UNKNOWN_U64;
	return kb_to_bytes(kb);
}

int memory_collect(struct pass *pass, struct fault *fault)
{
	ssize_t length = root_read(pass->root, pass->text, PROC_TEXT_MAX, "proc/meminfo");
	if (length < 0)
		return fault_set(fault, (int)length, "cannot read /proc/meminfo: %s", strerror((int)-length));
	struct text meminfo = {pass->text, (size_t)length};
	int error = memory_parse(meminfo, UNKNOWN_U64, &pass->now->memory);
	if (!error && pass->now->memory.available_estimated == YES)
		error = memory_parse(meminfo, read_min_free(pass), &pass->now->memory);
	if (error)
		fault_set(fault, error, "/proc/meminfo has no line that can be read as \"MemTotal: N kB\"");
	return error;
}
