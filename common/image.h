/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What is known of a file with a virtual disk in it, and what an inspector of a format
 * (common/image_inspect.h) works with. The caller reads (a file, a test's buffer) and lends the working
 * memory, so that a disk of 5 TB costs no more than a small one.
 */
#ifndef NASREADY_COMMON_IMAGE_H
#define NASREADY_COMMON_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/guid.h"
#include "common/limits.h"
#include "common/scope.h"
#include "common/tri.h"

struct image_reader {
	/* all `size` bytes or a negative errno; only asked for what lies below file_bytes */
	int (*read)(void *arg, uint64_t offset, void *into, size_t size);
	void *arg;
	uint64_t file_bytes;	  /* its length */
	uint64_t allocated_bytes; /* what it takes on its volume; UNKNOWN_U64: not known */
};

#define IMAGE_BUFFER_SIZE 65536
#define IMAGE_MAP_SIZE 98304

struct image_work {
	unsigned char buffer[IMAGE_BUFFER_SIZE];
	unsigned char map[IMAGE_MAP_SIZE]; /* a bit for each MiB of the file, 768 GiB at a time */
};

enum image_format { IMAGE_FORMAT_UNKNOWN, IMAGE_VHDX, IMAGE_VHD };
enum image_type { IMAGE_TYPE_UNKNOWN, IMAGE_FIXED, IMAGE_DYNAMIC, IMAGE_DIFFERENCING };
/* dirty: the last writer did not close the disk, whoever opens it next must replay the log; damaged: it
 * cannot be replayed */
enum image_log { IMAGE_LOG_UNKNOWN, IMAGE_LOG_EMPTY, IMAGE_LOG_DIRTY, IMAGE_LOG_DAMAGED };

#define IMAGE_CODE_LEN 24
#define IMAGE_PARENT_LEN 128
#define IMAGE_CREATOR_LEN 64
#define IMAGE_PROBLEMS_MAX 4 /* the first ones; after them little is learned */
#define IMAGE_MESSAGE_LEN 144

struct image_problem {
	char code[IMAGE_CODE_LEN]; /* stable, kebab-case */
	bool damage;		   /* false: worth knowing, but the disk can be used */
	uint64_t offset;	   /* where in the file, bytes */
	char message[IMAGE_MESSAGE_LEN];
};

struct image {
	enum image_format format;
	enum image_type type;
	enum image_log log; /* UNKNOWN for VHD, which has none */
	enum tri clean;	    /* YES: closed in order and undamaged; UNKNOWN: nothing tells (VHD) */
	enum tri hollow;    /* YES: takes less space than its blocks would fill */
	bool damaged;	    /* at least one problem is damage */
	uint64_t file_size_bytes, allocated_bytes;
	uint64_t virtual_size_bytes; /* UNKNOWN_U64: could not be read; so for the others */
	uint32_t block_bytes, logical_sector_bytes, physical_sector_bytes; /* UNKNOWN_U32 */
	uint64_t block_count,
		present_count;	 /* payload blocks that its size takes, and that are in the file */
	uint64_t room_bytes;	 /* virtual size to which the block table has room; UNKNOWN_U64 */
	uint64_t payload_offset; /* of the disk's first byte, if all follow in one piece; else UNKNOWN_U64 */
	bool has_ids;
	struct guid disk_id;	/* for good */
	struct guid data_write; /* VHDX: new whenever a writer opened the disk and wrote */
	char creator[IMAGE_CREATOR_LEN];
	char parent[IMAGE_PARENT_LEN]; /* of a differencing disk, as it names it */
	uint32_t problem_count, problems_omitted;
	struct image_problem problems[IMAGE_PROBLEMS_MAX];
};

/* all unknown */
void image_reset(struct image *image);

/* "vhdx", "vhd", "unknown"; "fixed", "dynamic", "differencing", NULL; "empty", "dirty", "damaged", NULL */
const char *image_format_name(enum image_format format);
const char *image_type_name(enum image_type type);
const char *image_log_name(enum image_log log);

/* -- for the inspectors of one format each -- */

enum { IMAGE_NOTE = 0, IMAGE_DAMAGE = 1 };
void image_problem(struct image *image, bool damage, uint64_t offset, const char *code, const char *format,
	...) FORMAT(5, 6);
/* Reads, or adds the problem: 0; 1 if the file ends before; a negative errno. `what` stands in the message.
 */
int image_fetch(const struct image_reader *reader, struct image *image, uint64_t offset, void *into,
	size_t size, const char *what);

#endif
