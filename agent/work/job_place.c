/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "work/job_place.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define FIRST_BYTES 1048576

int job_in_place(struct job_run *run, int (*what)(struct job_run *run, struct place *place))
{
	struct place place;
	struct fault fault = {""};
	int error = place_open(&place, run->task, &fault) ? job_refuse(run, ORDER_FAILED, "%s", fault.text)
							  : what(run, &place);
	place_drop_hidden(&place);
	place_close(&place);
	return error;
}

int job_make_hidden(struct job_run *run, struct place *place)
{
	struct fault fault = {""};
	int error = place_make_hidden(place, &fault);
	return error ? job_refuse(run, error == -EROFS ? ORDER_READ_ONLY : ORDER_FAILED, "%s", fault.text)
		     : 0;
}

static int refuse_open(struct job_run *run, const struct place *place, int error)
{
	enum order_status status = error == -ENOENT  ? ORDER_UNKNOWN_DISK
				   : error == -EROFS ? ORDER_READ_ONLY
						     : ORDER_FAILED;
	if (error == -EWOULDBLOCK)
		return job_refuse(
			run, ORDER_IN_USE, "%s is open: close it on the server first", run->task->file);
	return job_refuse(run, status, "cannot open %s in share %s: %s", run->task->file, place->share,
		strerror(-error));
}

int job_open_disk(struct job_run *run, const struct place *place, bool lease_needed, struct stat *ret_stat)
{
	struct fault fault = {""};
	int fd = place_open_file(place->fd, run->task->file, ret_stat);
	if (fd < 0)
		return refuse_open(run, place, fd);
	int error = place_hold(fd, run->task->file, &fault);
	if (!error || (error != -EAGAIN && !lease_needed))
		return fd;
	close(fd);
	return job_refuse(run, error == -EAGAIN ? ORDER_IN_USE : ORDER_UNSUPPORTED, "%s", fault.text);
}

int job_make_file(struct job_run *run, const struct place *place, const char *name, const char *instead)
{
	int fd = openat(place->hidden, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd >= 0 && !fallocate(fd, 0, 0, FIRST_BYTES))
		return fd;
	int error = errno;
	if (fd >= 0) {
		close(fd);
		unlinkat(place->hidden, name, 0);
	}
	if (error == EOPNOTSUPP)
		return job_refuse(run, ORDER_UNSUPPORTED,
			"the file system of share %s cannot set space aside without writing it (ext3 cannot, "
			"ext4 can): %s",
			place->share, instead);
	return job_refuse(run,
		error == EROFS	  ? ORDER_READ_ONLY
		: error == ENOSPC ? ORDER_NO_SPACE
				  : ORDER_FAILED,
		"cannot make a file in share %s: %s", place->share, strerror(error));
}
