/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/source_knee.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define PIECE_BYTES 16384
#define GIVE_UP_MS 60000 /* a cold volume on slow disks loads 40,000 bitmaps */
#define AGAIN_MS 1000	 /* whatever the server asks for, a volume is not read more often */

struct knee_question {
	const struct root *root;
	const struct volume *volume;
};

void knee_init(struct knee *knee)
{
	memset(knee, 0, sizeof *knee);
	knee->answer.fd = -1;
}

/* -- reading, in the child -- */

static int read_groups(int fd, struct mb_groups *groups)
{
	char piece[PIECE_BYTES];
	mb_groups_start(groups);
	for (;;) {
		ssize_t count = read(fd, piece, sizeof piece);
		if (!count)
			return 0;
		if (count < 0 && errno != EINTR)
			return -errno;
		if (count > 0)
			mb_groups_take(groups, piece, (size_t)count);
	}
}

static struct mb_volume shape_of(const struct volume *volume)
{
	return (struct mb_volume){
		.block_bytes = volume->super.block_bytes == UNKNOWN_U32 ? 0 : volume->super.block_bytes,
		.free_bytes = volume->free_bytes == UNKNOWN_U64 ? 0 : volume->free_bytes,
		.flex_bg = volume->flex_bg == YES  ? MB_FLEX_YES
			   : volume->flex_bg == NO ? MB_FLEX_NO
						   : MB_FLEX_UNKNOWN,
	};
}

int knee_read(
	const struct root *root, const struct volume *volume, struct mb_room *ret_room, struct fault *fault)
{
	struct mb_groups groups;
	const struct mb_volume shape = shape_of(volume);
	if (strncmp(volume->fstype, "ext", 3) || !volume->block[0])
		return fault_set(fault, -ENOTSUP, "%s tells nothing of its block groups", volume->fstype);
	autoclose int fd = root_open_stream(root, "proc/fs/ext4/%s/mb_groups", volume->block);
	if (fd == -ENOENT)
		return fault_set(fault, fd, "the kernel has no /proc/fs/ext4/%s/mb_groups", volume->block);
	int error = fd < 0 ? fd : read_groups(fd, &groups);
	if (error)
		return fault_set(
			fault, error, "cannot read mb_groups of %s: %s", volume->block, strerror(-error));
	if (mb_groups_finish(&groups, &shape, ret_room))
		return fault_set(fault, -EBADMSG, "mb_groups of %s makes no sense", volume->block);
	return 0;
}

static void ask(int out, void *knee_question)
{
	const struct knee_question *question = knee_question;
	struct fault fault;
	struct mb_room room;
	if (knee_read(question->root, question->volume, &room, &fault))
		dprintf(out, "error %s\n", fault.text);
	else
		dprintf(out, "%llu %llu\n", (unsigned long long)room.whole_bytes,
			(unsigned long long)room.coarse_bytes);
}

/* -- in the collector -- */

void knee_parse(struct text text, struct volume *volume)
{
	struct text rest = text_trim(text), word = {0};
	uint64_t whole, coarse;
	volume->knee_bytes = volume->coarse_bytes = UNKNOWN_U64;
	volume->knee_free_bytes = volume->free_bytes;
	volume->knee_reason[0] = 0;
	if (text_word(&rest, &word) && text_u64(word, &whole) && text_u64(text_trim(rest), &coarse) &&
		whole <= coarse && coarse != UNKNOWN_U64) {
		volume->knee_bytes = whole;
		volume->coarse_bytes = coarse;
		return;
	}
	if (text_is(word, "error") && text_trim(rest).length)
		text_show(volume->knee_reason, sizeof volume->knee_reason, text_trim(rest));
	else
		snprintf(volume->knee_reason, sizeof volume->knee_reason,
			"what was read of its block groups makes no sense");
}

static struct volume *find(struct snapshot *snapshot, uint32_t number)
{
	for (uint32_t i = 0; i < snapshot->volume_count; i++)
		if (number && snapshot->volumes[i].number == number)
			return &snapshot->volumes[i];
	return NULL;
}

static uint32_t next_number(struct knee *knee, struct snapshot *now)
{
	do
		knee->last_number = knee->last_number % KNEE_NUMBER_MAX + 1;
	while (find(now, knee->last_number));
	return knee->last_number;
}

_Static_assert(VOLUMES_MAX < KNEE_NUMBER_MAX, "each volume has a number of its own");

static bool is_same_mount(const struct volume *a, const struct volume *b)
{
	return a->major == b->major && a->minor == b->minor && a->mount_id == b->mount_id &&
	       !strcmp(a->device, b->device) && !strcmp(a->fstype, b->fstype);
}

void knee_follow(struct knee *knee, const struct snapshot *before, struct snapshot *now)
{
	for (uint32_t i = 0; i < now->volume_count; i++) {
		struct volume *volume = &now->volumes[i];
		const struct volume *old = snapshot_find_volume(before, volume->id);
		volume->number = old ? old->number : 0;
		if (!old || !old->knee_ms || !is_same_mount(volume, old))
			continue;
		volume->knee_ms = old->knee_ms;
		volume->knee_bytes = old->knee_bytes;
		volume->coarse_bytes = old->coarse_bytes;
		volume->knee_free_bytes = old->knee_free_bytes;
		memcpy(volume->knee_reason, old->knee_reason, sizeof volume->knee_reason);
	}
	/* only now: a number that was given before must not be given to a volume that comes earlier in the
	 * list */
	for (uint32_t i = 0; i < now->volume_count; i++)
		if (!now->volumes[i].number)
			now->volumes[i].number = next_number(knee, now);
}

void knee_want(struct knee *knee, unsigned number)
{
	if (number <= KNEE_NUMBER_MAX)
		knee->wanted[number] = true;
}

/* true: no child can be started for this volume, an earlier one still hangs (or as many as there may be) */
static bool is_stuck(struct knee *knee, uint32_t number)
{
	unsigned taken = 0;
	bool found = false;
	for (unsigned i = 0; i < KNEE_STUCK_MAX; i++) {
		if (knee->stuck[i].pid && !answer_child_lives(knee->stuck[i].pid))
			knee->stuck[i].pid = 0;
		taken += knee->stuck[i].pid != 0;
		found |= knee->stuck[i].pid && knee->stuck[i].number == number;
	}
	return found || taken == KNEE_STUCK_MAX;
}

static void tell(struct volume *volume, struct text text, uint64_t now_ms)
{
	knee_parse(text, volume);
	volume->knee_ms = now_ms;
}

static void give_up(struct knee *knee, struct volume *volume, uint64_t now_ms)
{
	pid_t left = answer_drop(&knee->answer);
	for (unsigned i = 0; left && i < KNEE_STUCK_MAX; i++) {
		if (knee->stuck[i].pid)
			continue;
		knee->stuck[i].number = knee->asking;
		knee->stuck[i].pid = left;
		left = 0;
	}
	if (volume)
		tell(volume, TEXT("error its block groups could not be read in a minute"), now_ms);
}

/* true: the volume has an answer already */
static bool begin(struct knee *knee, const struct root *root, struct volume *volume, uint64_t now_ms)
{
	struct knee_question question = {root, volume};
	struct fault fault;
	struct mb_room room;
	if (volume->knee_ms && now_ms - volume->knee_ms < AGAIN_MS)
		return true;
	if (root->recorded) { /* nothing hangs there */
		int error = knee_read(root, volume, &room, &fault);
		tell(volume, TEXT(""), now_ms);
		if (error) {
			text_show(volume->knee_reason, sizeof volume->knee_reason, text_of(fault.text));
			return true;
		}
		volume->knee_bytes = room.whole_bytes;
		volume->coarse_bytes = room.coarse_bytes;
		return true;
	}
	if (is_stuck(knee, volume->number) || answer_begin(&knee->answer, root, "knee", ask, &question)) {
		tell(volume, TEXT("error no child could be started to read its block groups"), now_ms);
		return true;
	}
	knee->asking = volume->number;
	knee->since_ms = now_ms;
	return false;
}

static bool begin_next(struct knee *knee, const struct root *root, struct snapshot *newest, uint64_t now_ms)
{
	bool news = false;
	for (uint32_t number = 0; number <= KNEE_NUMBER_MAX && !knee->asking; number++) {
		struct volume *volume = knee->wanted[number] ? find(newest, number) : NULL;
		knee->wanted[number] = false;
		news |= volume && begin(knee, root, volume, now_ms);
	}
	return news;
}

bool knee_step(struct knee *knee, const struct root *root, struct snapshot *newest, uint64_t now_ms,
	uint32_t patience_ms)
{
	bool news = !knee->asking && begin_next(knee, root, newest, now_ms);
	if (!knee->asking)
		return news;
	struct volume *volume = find(newest, knee->asking);
	if (answer_wait(&knee->answer, patience_ms)) {
		if (volume)
			tell(volume, (struct text){knee->answer.text, knee->answer.length}, now_ms);
		answer_drop(&knee->answer);
		answer_free(&knee->answer);
	} else if (now_ms - knee->since_ms >= GIVE_UP_MS) {
		give_up(knee, volume, now_ms);
	} else {
		return news;
	}
	knee->asking = 0;
	return true;
}

bool knee_is_busy(const struct knee *knee)
{
	bool busy = knee->asking;
	for (uint32_t number = 0; number <= KNEE_NUMBER_MAX; number++)
		busy |= knee->wanted[number];
	return busy;
}
