/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Creates a disk: built in the hidden folder, complete and on the disk before a link makes it appear. Until
 * then a crash leaves nothing that anybody sees, and the next job on this share removes it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/size.h"
#include "common/units.h"
#include "work/disk_write.h"
#include "work/job_place.h"
#include "work/kinds.h"
#include "work/tidy.h"

#define PIECE_BYTES 1048576 /* of zeros at a time */

static int refuse_space(struct job_run *run, uint64_t need_bytes, uint64_t available_bytes)
{
	char need[UNITS_BYTES_LEN], available[UNITS_BYTES_LEN];
	units_bytes(need, sizeof need, need_bytes);
	units_bytes(available, sizeof available, available_bytes);
	return job_refuse(run, ORDER_NO_SPACE,
		"the disk would take %s, and %s are available: make it smaller, or room", need, available);
}

static int check(struct job_run *run, const struct place *place, struct vhdx_make *ret_make)
{
	const struct order *order = &run->task->order;
	uint32_t sector = order->flags & ORDER_SECTORS_4096 ? 4096 : 512;
	bool fixed = !(order->flags & ORDER_DYNAMIC);
	uint64_t available = place_available(place);
	if (place_has_name(place, run->task->file))
		return job_refuse(run, ORDER_EXISTS,
			"share %s has a file %s already (case does not count): choose another name, or "
			"delete it first",
			place->share, run->task->file);
	vhdx_make_plan(order->size_bytes, VHDX_DISK_SIZE_MAX, sector, fixed, ret_make);
	if (ret_make->file_bytes > available)
		vhdx_make_plan(order->size_bytes, order->size_bytes, sector, fixed, ret_make);
	if (ret_make->file_bytes > run->task->limit_bytes)
		return job_refuse(run, ORDER_BEYOND_LIMIT, "a disk of that size is too large here: %s",
			run->task->limit_says);
	return ret_make->file_bytes > available ? refuse_space(run, ret_make->file_bytes, available) : 0;
}

static int allocate(struct job_run *run, int fd, uint64_t bytes)
{
	job_phase(run, "allocating");
	for (uint64_t done = 0; done < bytes;) {
		job_progress(run, done, bytes);
		uint64_t chunk = job_chunk(run, bytes - done);
		if (fallocate(fd, 0, (off_t)done, (off_t)chunk))
			return errno == EINTR ? -ECANCELED : -errno;
		done += chunk;
		job_progress(run, done, bytes);
		if (!job_chunk_done(run, chunk))
			return -ECANCELED;
	}
	return 0;
}

static int write_zeros(struct job_run *run, int fd, uint64_t from, uint64_t to)
{
	static unsigned char zeros[PIECE_BYTES]; /* const, it would be in the program file */
	job_phase(run, "writing zeros");
	job_idle_io();
	for (uint64_t at = from; at < to;) {
		uint64_t end = at + PIECE_BYTES * 16;
		job_progress(run, at - from, to - from);
		if (job_cancelled(run))
			return -ECANCELED;
		for (; at < end && at < to; at += PIECE_BYTES) {
			int error = disk_pwrite(
				fd, zeros, to - at < PIECE_BYTES ? (size_t)(to - at) : PIECE_BYTES, at);
			if (error)
				return error;
		}
		if (fdatasync(fd))
			return -errno;
		job_rest(run);
	}
	return 0;
}

/* everything that must be true of the file before it can be seen, and the sync that makes it last */
static int complete(struct job_run *run, const struct place *place, int fd, const struct vhdx_make *make)
{
	const struct order *order = &run->task->order;
	int error = 0;
	job_phase(run, "publishing");
	if (!make->metadata.leave_allocated && ftruncate(fd, (off_t)make->file_bytes))
		error = -errno;
	if (!error)
		error = disk_write_new(fd, make);
	uid_t uid = order->uid == ORDER_KEEP ? place->stat.st_uid : order->uid;
	gid_t gid = order->gid == ORDER_KEEP ? place->stat.st_gid : order->gid;
	mode_t mode = order->mode == ORDER_KEEP ? place->stat.st_mode & 0666 : order->mode & 0777;
	if (!error && (fchown(fd, uid, gid) || fchmod(fd, mode)))
		error = -errno;
	if (!error && fsync(fd))
		error = -errno;
	return error ? error : place_sync(place->hidden);
}

/* a link never replaces what appeared meanwhile */
static int publish(const struct place *place, const char *file)
{
	if (linkat(place->hidden, TIDY_NEW, place->fd, file, 0))
		return -errno;
	int error = place_sync(place->fd);
	if (error || unlinkat(place->hidden, TIDY_NEW, 0))
		return error ? error : -errno;
	return place_sync(place->hidden);
}

static int build(struct job_run *run, struct place *place, const struct vhdx_make *make, int fd)
{
	int error =
		allocate(run, fd, make->metadata.leave_allocated ? make->file_bytes : make->payload_offset);
	if (!error && run->task->order.flags & ORDER_PREZERO && make->metadata.leave_allocated)
		error = write_zeros(run, fd, make->payload_offset, make->file_bytes);
	if (!error)
		error = complete(run, place, fd, make);
	if (!error && place_has_name(place, run->task->file))
		error = -EEXIST; /* in another case, which a link would not notice */
	return error ? error : publish(place, run->task->file);
}

static int explain(struct job_run *run, const struct place *place, int error)
{
	const char *file = run->task->file;
	switch (error) {
	case -ECANCELED:
		return job_says(run, error, "cancelled: nothing is left of %s", file);
	case -ENOSPC:
		return job_says(run, error,
			"the volume of share %s became full: nothing is left of %s; make room first",
			place->share, file);
	case -EDQUOT:
		return job_says(run, error,
			"the quota of the folder's owner does not allow %s: nothing is left of it; raise the "
			"quota, or name another owner",
			file);
	case -EEXIST:
		return job_says(
			run, error, "a file %s appeared meanwhile, and stays: nothing is left of ours", file);
	default:
		return job_says(run, error, "cannot create %s in share %s: %s; nothing is left of it", file,
			place->share, strerror(-error));
	}
}

static int succeed(struct job_run *run, const struct place *place, const struct vhdx_make *make)
{
	char size[UNITS_BYTES_LEN];
	const char *fstype = place_fstype(place), *note = "";
	units_bytes(size, sizeof size, make->metadata.size_bytes);
	if (!fstype)
		note = "; on this file system creation was never tried";
	else if (!strcmp(fstype, "btrfs"))
		note = "; btrfs copies on every later write, so it will fragment: chattr +C on the folder "
		       "first prevents that";
	else if (!strcmp(fstype, "xfs"))
		note = "; on xfs the cost of steps cannot be foreseen as on ext4";
	return job_says(run, 0, "%s %s of %s is there%s",
		make->metadata.leave_allocated ? "fixed disk" : "dynamic disk", run->task->file, size, note);
}

static int create(struct job_run *run, struct place *place)
{
	struct vhdx_make make;
	int error = check(run, place, &make);
	if (!error)
		error = job_make_hidden(run, place);
	if (error)
		return error;
	tidy_before_job(run, place);
	autoclose int fd =
		job_make_file(run, place, TIDY_NEW, "create the disk from Windows, in steps (nasready plan)");
	if (fd < 0)
		return fd;
	job_accept(run);
	error = build(run, place, &make, fd);
	if (!error)
		return succeed(run, place, &make);
	job_phase(run, "undoing");
	tidy_new(run, place);
	return explain(run, place, error);
}

int job_create(struct job_run *run)
{
	return job_in_place(run, create);
}
