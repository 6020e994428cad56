/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Deletes a disk: out of sight at once, and for good only after a time. And has it back until then.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/loop.h"
#include "common/units.h"
#include "work/job_place.h"
#include "work/kinds.h"
#include "work/tidy.h"
#include "work/trash.h"

static bool is_disk(const char *file)
{
	static const char *const ends[] = {".vhdx", ".vhd", ".avhdx", ".avhd"};
	const char *end = strrchr(file, '.');
	for (unsigned i = 0; i < ARRAY_LEN(ends) && end; i++)
		if (!strcasecmp(end, ends[i]))
			return true;
	return false;
}

static int delete (struct job_run *run, struct place *place)
{
	struct stat stat;
	char name[TRASH_NAME_LEN], size[UNITS_BYTES_LEN], keep[UNITS_LEN];
	const char *file = run->task->file;
	if (!is_disk(file))
		return job_refuse(
			run, ORDER_BAD_NAME, "%s is no .vhdx or .vhd: nothing else is deleted here", file);
	autoclose int fd = job_open_disk(run, place, false, &stat);
	if (fd < 0)
		return fd;
	int error = job_make_hidden(run, place);
	if (error)
		return error;
	tidy_before_job(run, place);
	job_accept(run);
	error = trash_put(place, file, clock_wall_ms() / 1000, name);
	if (error)
		return job_says(run, error, "cannot move %s out of the way: %s; it is still there", file,
			strerror(-error));
	close(fd); /* from here on nobody can reach it, and freeing it wants to be alone itself */
	fd = -1;
	units_bytes(size, sizeof size, (uint64_t)stat.st_size);
	units_duration(keep, sizeof keep, run->task->keep_s);
	run->message.next_s = run->task->keep_s;
	if (run->task->keep_s)
		return job_says(run, 0,
			"%s is deleted; for %s `nasready disk undelete` brings it back, then its %s are "
			"freed",
			file, keep, size);
	run->message.next_s = UNKNOWN_U64;
	error = trash_purge(run, place, name);
	if (!error)
		return job_says(run, 0, "%s is deleted, and its %s are free", file, size);
	run->message.next_s = 60;
	return job_says(run, error == -ECANCELED ? 0 : error,
		"%s is deleted; the rest of its %s is freed later", file, size);
}

/* -- and back -- */

struct search {
	const char *path;
	bool found;
	struct trash_entry newest;
};

static int compare(const struct trash_entry *entry, void *arg)
{
	struct search *search = arg;
	if (strcasecmp(entry->path, search->path) ||
		(search->found && entry->deleted_s < search->newest.deleted_s))
		return 0;
	search->newest = *entry;
	search->found = true;
	return 0;
}

static int undelete(struct job_run *run, struct place *place)
{
	struct search search = {.path = run->task->file};
	const char *file = run->task->file;
	trash_list(place, compare, &search);
	if (!search.found)
		return job_refuse(run, ORDER_UNKNOWN_DISK,
			"%s was not deleted by nasready, or its time is over: `nasready disk list` shows "
			"what can be had back",
			file);
	if (!strchr(file, '/') && place_has_name(place, search.newest.path))
		return job_refuse(run, ORDER_EXISTS, "share %s has a file %s again: rename it first",
			place->share, file);
	job_accept(run);
	int error = trash_take_back(place, &search.newest);
	return error ? job_says(run, error, "cannot bring %s back: %s; it is still kept", file,
			       strerror(-error))
		     : job_says(run, 0, "%s is back", file);
}

int job_delete(struct job_run *run)
{
	return job_in_place(run, delete);
}

int job_undelete(struct job_run *run)
{
	return job_in_place(run, undelete);
}
