/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * One function a note, each of which says nothing where it does not apply.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/units.h"
#include "show/represent_plan.h"

#define NOTE_LEN 320
#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)
#define TIB (UINT64_C(1) << 40)
#define ZEROING_BYTES_PER_S (UINT64_C(470000000) / 8) /* the article's rate of New-VHD over the network */

struct notes {
	const struct outlook *outlook;
	void (*each)(const char *note, void *arg);
	void *arg;
};

static void note(const struct notes *notes, const char *format, ...) FORMAT(2, 3);

static void note(const struct notes *notes, const char *format, ...)
{
	char text[NOTE_LEN];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	notes->each(text, notes->arg);
}

static void note_units(const struct notes *notes)
{
	uint64_t asked = notes->outlook->question.size_bytes, bytes = asked / MIB * MIB;
	char binary[UNITS_LEN], decimal[UNITS_LEN];
	units_binary(binary, sizeof binary, bytes);
	units_decimal(decimal, sizeof decimal, bytes);
	note(notes,
		"%llu bytes are %s, for which PowerShell writes TB and GB instead of TiB and GiB; a disk's "
		"label "
		"says %s.%s",
		(unsigned long long)bytes, binary, decimal,
		asked == bytes ? "" : " Rounded down to whole MiB.");
}

static void note_figures(const struct notes *notes)
{
	if (!notes->outlook->question.volume)
		note(notes, "No share or volume was named: this is for one that is large enough and far from "
			    "full.");
	if (notes->outlook->cost_source == COST_DEFAULT)
		note(notes,
			"The times come from default figures, %u s per TiB; nothing was measured on this "
			"volume "
			"yet (nasready probe does).",
			(unsigned)notes->outlook->cost_ms_per_tib / 1000);
}

static void note_knee(const struct notes *notes)
{
	const struct outlook *outlook = notes->outlook;
	const struct volume *volume = outlook->question.volume;
	uint64_t past = outlook->plan.past_knee_bytes;
	uint64_t before = (outlook->question.current_bytes + outlook->growth_bytes - past) / MIB * MIB;
	char beyond[UNITS_LEN], takes[UNITS_LEN], size[UNITS_LEN];
	if (volume && !strncmp(volume->fstype, "ext", 3) && outlook->capacity.whole_bytes == UNKNOWN_U64)
		note(notes,
			"How much can be allocated quickly is not known (%s): the last part of a volume "
			"takes 15 to "
			"1500 times as long as predicted here.",
			outlook->capacity.whole_reason);
	if (!past)
		return;
	units_binary(beyond, sizeof beyond, past);
	units_binary(size, sizeof size, before);
	units_duration(takes, sizeof takes, outlook->plan.past_knee_ms / 1000);
	if (before > outlook->question.current_bytes)
		note(notes,
			"The last %s lie past the knee, where wholly free block groups have run out: they "
			"take about %s. "
			"Stopping at %llu bytes (%s) costs nothing.",
			beyond, takes, (unsigned long long)before, size);
	else
		note(notes,
			"All of it lies past the knee, where wholly free block groups have run out: it takes "
			"about %s. "
			"Make room on the volume first.",
			takes);
}

static void note_steps(const struct notes *notes)
{
	const struct outlook *outlook = notes->outlook;
	char takes[UNITS_LEN];
	if (outlook->plan.step_count > 1)
		note(notes, "Before each step wait until the volume has settled; POST /v1/allocations tells "
			    "when.");
	if (outlook->plan.steps_omitted)
		note(notes,
			"%u more steps are left out: give the client more time (Set-SmbClientConfiguration "
			"-SessionTimeout) "
			"and ask with client_timeout_s.",
			(unsigned)outlook->plan.steps_omitted);
	if (outlook->growth_bytes < GIB)
		return;
	units_duration(takes, sizeof takes, outlook->growth_bytes / ZEROING_BYTES_PER_S);
	note(notes,
		"Windows then writes zeros over the network, about %s at 470 Mbit/s: queue all lines and let "
		"them run.",
		takes);
}

static void note_space(const struct notes *notes)
{
	const struct outlook *outlook = notes->outlook;
	uint64_t headroom = outlook_headroom(outlook->capacity.size_bytes);
	char left[UNITS_LEN], least[UNITS_LEN];
	if (outlook->result || outlook->capacity.size_bytes == UNKNOWN_U64)
		return;
	if (outlook->left_bytes == UNKNOWN_U64) {
		note(notes, "How much space the volume has is not known now: make sure before you begin, an "
			    "allocation "
			    "cannot be stopped.");
		return;
	}
	if (outlook->left_bytes >= headroom)
		return;
	units_binary(left, sizeof left, outlook->left_bytes);
	units_binary(least, sizeof least, headroom);
	note(notes, "Only %s stay available on the volume: leave at least %s.", left, least);
}

static void note_file_system(const struct notes *notes)
{
	const struct outlook *outlook = notes->outlook;
	const struct volume *volume = outlook->question.volume;
	if (!volume)
		return;
	if (!strcmp(volume->fstype, "ext2") || !strcmp(volume->fstype, "ext3") ||
		!strcmp(volume->fstype, "vfat"))
		note(notes,
			"%s cannot preallocate: with `strict allocate = yes` Samba writes zeros instead, "
			"which takes "
			"hours and not the seconds predicted here.",
			volume->fstype);
	if (!outlook->question.snapshot->machine[0] && outlook->question.size_bytes >= 8 * TIB - GIB)
		note(notes, "Whether the kernel has 32 bits is not known: then no file can be larger than 8 "
			    "TiB.");
	if (volume->read_only == YES)
		note(notes, "%s is mounted read-only now.", volume->mount);
}

void plan_notes(const struct outlook *outlook, void (*each)(const char *note, void *arg), void *arg)
{
	const struct notes notes = {outlook, each, arg};
	note_units(&notes);
	note_figures(&notes);
	note_knee(&notes);
	note_steps(&notes);
	note_space(&notes);
	note_file_system(&notes);
}
