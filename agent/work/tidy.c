/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "work/tidy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/loop.h"
#include "work/grow_note.h"
#include "work/kinds.h"
#include "work/trash.h"

#define RETRY_S 60		     /* somebody has it open */
#define EPOCH_S UINT64_C(1577836800) /* 2020: an earlier clock was never set */
#define LATEST_S 3600		     /* a clock that goes back: look again then */

int tidy_new(struct job_run *run, const struct place *place)
{
	if (place->hidden < 0)
		return 0;
	int error = trash_purge_file(run, place->hidden, TIDY_NEW, false);
	return error == -ENOENT ? 0 : error;
}

static bool is_there(const struct place *place, const char *name)
{
	struct stat stat;
	return place->hidden >= 0 && !fstatat(place->hidden, name, &stat, AT_SYMLINK_NOFOLLOW);
}

static void finish_new(struct job_run *run, const struct place *place)
{
	if (!is_there(place, TIDY_NEW))
		return;
	job_accept(run);
	int error = tidy_new(run, place);
	if (error)
		job_says(run, error, "a disk that was not finished cannot be removed: %s", strerror(-error));
	else
		job_says(run, 0, "the creation of a disk had been interrupted: what it left is removed");
}

static int finish_growing(struct job_run *run, const struct place *place, const struct grow_note *note)
{
	struct stat stat;
	struct fault fault = {""};
	autoclose int fd = place_open_file(place->fd, note->path, &stat);
	if (fd == -ENOENT)
		return job_says(
			run, GROW_CHANGED, "%s was being grown, and is not there any more", note->path);
	int error = fd < 0 ? fd : place_hold(fd, note->path, &fault);
	if (error)
		return job_says(run, error,
			"%s was being grown and is open now: what that left is undone when it is closed",
			note->path);
	int found = grow_undo(fd, note);
	if (found < 0)
		return job_says(run, found, "%s was being grown, and that cannot be undone yet: %s",
			note->path, strerror(-found));
	return job_says(run, found,
		found == GROW_FINISHED
			? "the growing of %s had been interrupted after its last step: it has its new size"
		: found == GROW_UNDONE
			? "the growing of %s had been interrupted: it is as it was before"
			: "%s was being grown, and was changed by somebody else since: it stays as it is",
		note->path);
}

/* 0: nothing is left to do */
static int finish_grow(struct job_run *run, const struct place *place)
{
	struct grow_note note;
	int error = grow_note_read(place, &note);
	if (error == -ENOENT && !grow_note_is_half(place))
		return 0;
	job_accept(run);
	if (error == -ENOENT) {
		job_says(run, 0, "the growing of a disk had been interrupted before it began");
		return grow_note_remove(place);
	}
	int found = error ? job_says(run, GROW_CHANGED,
				    "a note about a growing disk cannot be read (%s), and is removed",
				    strerror(-error))
			  : finish_growing(run, place, &note);
	return found < 0 ? found : grow_note_remove(place);
}

void tidy_before_job(struct job_run *run, const struct place *place)
{
	struct job_run quiet = *run;
	quiet.out = -1; /* who waits for an answer hears of the job itself */
	unlinkat(place->hidden, TIDY_PROBE, 0);
	finish_new(&quiet, place);
	finish_grow(&quiet, place);
}

/* -- the job of the agent itself -- */

struct round {
	struct job_run *run;
	struct place *place;
	uint64_t now_s, next_s; /* UNKNOWN_U64: nothing more to do */
	char due[TRASH_NAME_LEN];
};

static void again_in(struct round *round, uint64_t seconds)
{
	if (seconds < round->next_s)
		round->next_s = seconds;
}

static void stamp_anew(const struct round *round, const char *name)
{
	char stamped[TRASH_NAME_LEN];
	snprintf(stamped, sizeof stamped, "trash-%llu-0", (unsigned long long)round->now_s);
	renameat(round->place->hidden, name, round->place->hidden, stamped);
}

/* finds the next one whose time is over */
static int look(int dir, const char *name, void *arg)
{
	struct round *round = arg;
	uint64_t deleted_s, keep_s = round->run->task->keep_s;
	bool gone;
	(void)dir;
	if (!trash_is(name, &deleted_s, &gone))
		return 0;
	if (!gone && deleted_s < EPOCH_S && round->now_s >= EPOCH_S) {
		stamp_anew(round, name); /* the clock has been set since: its time begins now */
		again_in(round, keep_s);
	} else if (!gone && deleted_s > round->now_s) {
		again_in(round, LATEST_S);
	} else if (!gone && round->now_s - deleted_s < keep_s) {
		again_in(round, keep_s - (round->now_s - deleted_s));
	} else {
		snprintf(round->due, sizeof round->due, "%s", name);
		return 1;
	}
	return 0;
}

static int purge_due(struct round *round)
{
	int error = 0;
	while (!error && place_list(round->place->hidden, look, round) == 1) {
		job_accept(round->run);
		error = trash_purge(round->run, round->place, round->due);
	}
	if (!error && round->due[0])
		job_says(
			round->run, 0, "deleted disks whose time was over are gone, and their space is free");
	else if (error == -EAGAIN)
		job_says(round->run, 0, "a deleted disk whose time is over is still open somewhere");
	else if (error && error != -ECANCELED)
		job_says(round->run, error, "cannot free a deleted disk: %s", strerror(-error));
	return error;
}

static int tidy(struct job_run *run, struct place *place)
{
	struct round round = {
		.run = run, .place = place, .now_s = clock_wall_ms() / 1000, .next_s = UNKNOWN_U64};
	if (place->hidden < 0)
		return 0;
	unlinkat(place->hidden, TIDY_PROBE, 0);
	finish_new(run, place);
	int error = finish_grow(run, place);
	if (error)
		again_in(&round, RETRY_S);
	error = purge_due(&round);
	if (error)
		again_in(&round, RETRY_S);
	run->message.next_s = round.next_s;
	return error == -ECANCELED ? error : 0;
}

int job_tidy(struct job_run *run)
{
	struct place place;
	struct fault fault = {""};
	/* a share whose folder is not there is none of our business */
	int error = place_open(&place, run->task, &fault) ? 0 : tidy(run, &place);
	place_drop_hidden(&place);
	place_close(&place);
	return error;
}
