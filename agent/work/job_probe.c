/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Times an allocation: takes some space in a file without a name and gives it back. Having no name, the file
 * is gone with this process, and after a power cut with the next mount.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/busy.h"
#include "common/cost.h"
#include "common/units.h"
#include "work/job_place.h"
#include "work/kinds.h"
#include "work/tidy.h"

#define MIB (UINT64_C(1) << 20)
#define PROBE_BYTES (UINT64_C(64) << 30)
#define PROBE_PART 100			/* of what is available, at most one of so many */
#define PIECE_BYTES (UINT64_C(8) << 30) /* between two looks whether it is cancelled */
#define LOOK_US 2000000			/* between two looks at the free space */
#define RETRY_S 60
#define MOVED_BYTES (UINT64_C(16) << 20) /* as fast as the rules' "allocating" (judge/volume_state.c) */

uint64_t probe_bytes(uint64_t available_bytes, uint64_t limit_bytes)
{
	uint64_t bytes = available_bytes / PROBE_PART;
	if (available_bytes == UNKNOWN_U64)
		return 0;
	bytes = bytes > PROBE_BYTES ? PROBE_BYTES : bytes;
	bytes = bytes > limit_bytes ? limit_bytes : bytes;
	return bytes < COST_SAMPLE_BYTES ? 0 : bytes - bytes % MIB;
}

static int refuse_space(struct job_run *run, const struct place *place)
{
	char available[UNITS_BYTES_LEN], least[UNITS_BYTES_LEN];
	units_bytes(available, sizeof available, place_available(place));
	units_bytes(least, sizeof least, COST_SAMPLE_BYTES * PROBE_PART);
	return job_refuse(run, ORDER_NO_SPACE,
		"%s are available in share %s: a probe takes 1 %% of that at most, which is too little to be "
		"timed below %s",
		available, place->share, least);
}

static int check_space(struct job_run *run, const struct place *place, uint64_t *ret_bytes)
{
	uint64_t before = place_available(place);
	*ret_bytes = probe_bytes(before, run->task->limit_bytes);
	if (!*ret_bytes)
		return refuse_space(run, place);
	usleep(LOOK_US);
	uint64_t after = place_available(place);
	if ((before > after ? before - after : after - before) <= MOVED_BYTES)
		return 0;
	run->message.retry_after_s = RETRY_S;
	return job_refuse(run, ORDER_BUSY,
		"space is being taken or given back on the volume of share %s just now: probe when it is "
		"settled (nasready ready)",
		place->share);
}

/* without pauses, so that the whole is one sample */
static int allocate(struct job_run *run, int fd, uint64_t bytes, uint64_t *ret_ms)
{
	uint64_t began_ms = busy_ms();
	job_phase(run, "allocating");
	for (uint64_t done = 0; done < bytes;) {
		uint64_t piece = bytes - done < PIECE_BYTES ? bytes - done : PIECE_BYTES;
		if (job_cancelled(run))
			return -ECANCELED;
		if (fallocate(fd, 0, (off_t)done, (off_t)piece))
			return errno == EINTR ? -ECANCELED : -errno;
		done += piece;
		job_progress(run, done, bytes);
	}
	*ret_ms = busy_ms() - began_ms;
	return 0;
}

static int succeed(struct job_run *run, const struct place *place, uint64_t bytes, uint64_t ms)
{
	char size[UNITS_BYTES_LEN];
	struct cost cost = {0};
	units_bytes(size, sizeof size, bytes);
	job_timed(run, bytes, ms);
	if (!cost_add(&cost, bytes, ms * 1000, 1))
		return job_says(run, -ETIME,
			"allocating %s in share %s took %llu.%03llu s, too long for a plain allocation: "
			"probe when nothing else uses the disks",
			size, place->share, (unsigned long long)(ms / 1000), (unsigned long long)(ms % 1000));
	return job_says(run, 0, "allocating %s in share %s took %llu.%03llu s; they are free again", size,
		place->share, (unsigned long long)(ms / 1000), (unsigned long long)(ms % 1000));
}

static int time_it(struct job_run *run, const struct place *place, int fd, uint64_t bytes)
{
	uint64_t ms = 0;
	int error = allocate(run, fd, bytes, &ms);
	job_phase(run, "freeing");
	if (ftruncate(fd, 0) && !error)
		error = -errno;
	if (!error)
		return succeed(run, place, bytes, ms);
	if (error == -ECANCELED)
		return job_says(run, error, "cancelled: what the probe took is free again");
	return job_says(run, error, "cannot allocate in share %s: %s; what the probe took is free again",
		place->share, strerror(-error));
}

static int probe(struct job_run *run, struct place *place)
{
	uint64_t bytes = 0;
	const char *fstype = place_fstype(place);
	if (!fstype || strcmp(fstype, "ext4"))
		return job_refuse(run, ORDER_UNSUPPORTED,
			"share %s is not on ext4: what allocating costs elsewhere does not grow with the "
			"size, so "
			"there is nothing to learn",
			place->share);
	int error = job_make_hidden(run, place);
	if (error)
		return error;
	tidy_before_job(run, place);
	autoclose int fd = job_make_file(run, place, TIDY_PROBE, "there is nothing to be timed");
	if (fd < 0)
		return fd;
	if (unlinkat(place->hidden, TIDY_PROBE, 0))
		return job_refuse(run, ORDER_FAILED, "cannot hide the probe's file in share %s: %s",
			place->share, strerror(errno));
	error = check_space(run, place, &bytes);
	if (error)
		return error;
	job_accept(run);
	return time_it(run, place, fd, bytes);
}

int job_probe(struct job_run *run)
{
	return job_in_place(run, probe);
}
