/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Grows a fixed VHDX. At every moment its file is the old disk or the new one:
 *
 *   1. a note of what is intended lasts in the share's hidden folder;
 *   2. space is added behind the old end of the file, to which nothing refers;
 *   3. both headers get new GUIDs, one after the other ([MS-VHDX] 2.2.2: first of all by whoever writes);
 *   4. what lies behind the disk's old end in its last block is made zeros;
 *   5. table entries of the new blocks, behind those that the old size takes, which no reader looks at (2.5);
 *   6. all of that is synced; then the size, eight bytes in one sector (2.6.2.2), is written and synced;
 *   7. the note goes.
 *
 * The log is for changes that are no old and no new disk in between (2.3); here there is none, so it stays
 * empty. Before 6 an undo cuts off what was added. A write lease keeps others from opening the file
 * meanwhile.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/size.h"
#include "common/units.h"
#include "work/grow_note.h"
#include "work/job_place.h"
#include "work/kinds.h"
#include "work/tidy.h"

struct growth {
	int fd;
	struct disk_parts parts;
	struct vhdx_metadata larger; /* as it shall be */
	struct grow_note note;
	uint64_t first_block, first_offset; /* of what is added */
};

static int refuse_no_room(struct job_run *run, const struct image *image)
{
	char room[UNITS_BYTES_LEN];
	units_bytes(room, sizeof room, image->room_bytes);
	return job_refuse(run, ORDER_NO_ROOM,
		"the block table of %s has room for %s: let Windows move it, with Resize-VHD in the steps of "
		"`nasready "
		"plan SIZE --current %llu`",
		run->task->file, room, (unsigned long long)image->virtual_size_bytes);
}

static int refuse_image(struct job_run *run, const struct image *image)
{
	const char *file = run->task->file;
	uint64_t size = run->task->order.size_bytes;
	if (image->format != IMAGE_VHDX || image->type != IMAGE_FIXED)
		return job_refuse(run, ORDER_UNSUPPORTED,
			"%s is no fixed VHDX, and only those are grown here: use Resize-VHD, which is quick "
			"for the others",
			file);
	if (image->damaged)
		return job_refuse(run, ORDER_DAMAGED, "%s is damaged: %s", file,
			image->problem_count ? image->problems[0].message : "see nasready inspect");
	if (image->clean != YES)
		return job_refuse(run, ORDER_DIRTY,
			"%s was not closed cleanly: mount and dismount it once on Windows, which replays its "
			"log",
			file);
	if (size <= image->virtual_size_bytes)
		return job_refuse(run, ORDER_BAD_SIZE,
			"%s has %llu bytes already: a disk is only made larger here", file,
			(unsigned long long)image->virtual_size_bytes);
	return size > image->room_bytes ? refuse_no_room(run, image) : 0;
}

static void lay_out(const struct job_task *task, uint64_t file_bytes, uint64_t inode, struct growth *growth)
{
	const struct vhdx_metadata *old = &growth->parts.metadata;
	growth->larger = *old;
	growth->larger.size_bytes = task->order.size_bytes;
	growth->first_block = vhdx_bat_layout(old).payload_count;
	growth->first_offset = (file_bytes + VHDX_MIB - 1) / VHDX_MIB * VHDX_MIB;
	uint64_t blocks = vhdx_bat_layout(&growth->larger).payload_count - growth->first_block;
	growth->note = (struct grow_note){.inode = inode,
		.old_file_bytes = file_bytes,
		.new_file_bytes = blocks ? growth->first_offset + blocks * old->block_bytes : file_bytes,
		.old_size_bytes = old->size_bytes,
		.new_size_bytes = task->order.size_bytes};
	memcpy(growth->note.path, task->file, sizeof growth->note.path);
}

static int check_space(struct job_run *run, const struct place *place, const struct growth *growth)
{
	char need[UNITS_BYTES_LEN], has[UNITS_BYTES_LEN];
	uint64_t available = place_available(place);
	uint64_t needed = growth->note.new_file_bytes - growth->note.old_file_bytes;
	if (growth->note.new_file_bytes > run->task->limit_bytes)
		return job_refuse(run, ORDER_BEYOND_LIMIT, "a disk of that size is too large here: %s",
			run->task->limit_says);
	if (needed <= available)
		return 0;
	units_bytes(need, sizeof need, needed);
	units_bytes(has, sizeof has, available);
	return job_refuse(run, ORDER_NO_SPACE,
		"%s would take %s more, and %s are available: grow it by less, or make room", run->task->file,
		need, has);
}

static int check(struct job_run *run, const struct place *place, struct growth *growth)
{
	struct stat stat;
	struct image image;
	growth->fd = job_open_disk(run, place, true, &stat);
	if (growth->fd < 0)
		return growth->fd;
	int error = disk_inspect(growth->fd, (uint64_t)stat.st_size, &image);
	if (error)
		return job_refuse(run, ORDER_FAILED, "cannot read %s: %s", run->task->file, strerror(-error));
	error = refuse_image(run, &image);
	if (error)
		return error;
	error = disk_read_parts(growth->fd, &growth->parts);
	if (error)
		return job_refuse(run, ORDER_DAMAGED, "cannot read the structures of %s: %s", run->task->file,
			strerror(-error));
	lay_out(run->task, (uint64_t)stat.st_size, (uint64_t)stat.st_ino, growth);
	return check_space(run, place, growth);
}

static int allocate(struct job_run *run, const struct growth *growth)
{
	uint64_t from = growth->note.old_file_bytes, total = growth->note.new_file_bytes - from;
	job_phase(run, "allocating");
	for (uint64_t done = 0; done < total;) {
		job_progress(run, done, total);
		uint64_t chunk = job_chunk(run, total - done);
		if (fallocate(growth->fd, 0, (off_t)(from + done), (off_t)chunk))
			return errno == EINTR ? -ECANCELED : -errno;
		done += chunk;
		job_progress(run, done, total);
		if (!job_chunk_done(run, chunk))
			return -ECANCELED;
		if (!place_still_held(growth->fd))
			return -EBUSY;
	}
	return 0;
}

/* what an earlier, larger disk may have left behind the end */
static int clear_last_block(const struct growth *growth)
{
	unsigned char bytes[VHDX_BAT_ENTRY_SIZE];
	const struct vhdx_metadata *old = &growth->parts.metadata;
	struct vhdx_bat_layout layout = vhdx_bat_layout(old);
	uint64_t used = old->size_bytes % old->block_bytes;
	if (!used)
		return 0;
	uint64_t index = vhdx_bat_payload_index(&layout, layout.payload_count - 1);
	int error = disk_pread(
		growth->fd, bytes, sizeof bytes, growth->parts.bat.offset + index * VHDX_BAT_ENTRY_SIZE);
	struct vhdx_bat_entry entry = vhdx_bat_entry_decode(bytes);
	if (error || entry.state != VHDX_BLOCK_PRESENT)
		return error;
	return disk_zero(growth->fd, entry.offset + used, old->block_bytes - used);
}

static int switch_over(struct job_run *run, struct growth *growth)
{
	int fd = growth->fd;
	job_phase(run, "switching over");
	if (fsync(fd))
		return -errno;
	int error = disk_renew_headers(fd, &growth->parts);
	if (!error)
		error = clear_last_block(growth);
	if (!error)
		error = disk_write_entries(
			fd, &growth->parts, &growth->larger, growth->first_block, growth->first_offset);
	if (!error && fsync(fd))
		error = -errno;
	if (!error)
		error = disk_write_size(fd, &growth->parts, growth->larger.size_bytes);
	return error ? error : fsync(fd) ? -errno : 0;
}

static int explain(struct job_run *run, int error, int found)
{
	const char *file = run->task->file, *reason = strerror(-error);
	if (found == GROW_FINISHED)
		return job_says(run, 0, "%s has its new size; its last sync failed (%s), so check the volume",
			file, reason);
	if (found != GROW_UNDONE)
		return job_says(run, error,
			"%s could not be made as it was (%s after %s): the next job tries again", file,
			found < 0 ? strerror(-found) : "it was changed", reason);
	return error == -ECANCELED ? job_says(run, error, "cancelled: %s is as it was", file)
	       : error == -EBUSY
		       ? job_says(run, error,
				 "somebody opened %s meanwhile, so it stays as it was: close it and try "
				 "again",
				 file)
		       : job_says(run, error, "%s is as it was: growing it failed (%s)", file, reason);
}

static int work(struct job_run *run, struct place *place, struct growth *growth)
{
	char size[UNITS_BYTES_LEN];
	int error = grow_note_write(place, &growth->note);
	if (!error)
		error = allocate(run, growth);
	if (!error)
		error = switch_over(run, growth);
	int found = error ? grow_undo(growth->fd, &growth->note) : GROW_FINISHED;
	if (found == GROW_FINISHED || found == GROW_UNDONE)
		grow_note_remove(place);
	if (error)
		return explain(run, error, found);
	units_bytes(size, sizeof size, growth->larger.size_bytes);
	return job_says(run, 0, "%s has %s now; extend the partition on the server", run->task->file, size);
}

static int grow(struct job_run *run, struct place *place)
{
	struct growth growth = {.fd = -1};
	struct grow_note earlier = {.path = ""};
	tidy_before_job(run, place);
	/* there is room for one note, and it is the only one who knows how to undo that */
	if (grow_note_read(place, &earlier) != -ENOENT)
		return job_refuse(run, ORDER_BUSY,
			"the growing of %s had been interrupted, and it is open: close it first, then that "
			"can be undone",
			earlier.path);
	int error = check(run, place, &growth);
	if (!error)
		error = job_make_hidden(run, place);
	if (!error) {
		job_accept(run);
		error = work(run, place, &growth);
	}
	if (growth.fd >= 0)
		close(growth.fd);
	return error;
}

int job_grow(struct job_run *run)
{
	return job_in_place(run, grow);
}
