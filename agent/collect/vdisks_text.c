/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "collect/source_vdisks.h"

#define VALUE_LEN (4 * LABEL_LEN) /* escaped */

/* -- the words of the lines -- */

static const char *const formats[] = {"unknown", "vhdx", "vhd"};
static const char *const types[] = {"-", "fixed", "dynamic", "differencing"};
static const char *const logs[] = {"-", "empty", "dirty", "damaged"};
static const char *const tris[] = {"no", "yes", "-"};

enum kind { WORD, TRI, U32, U64, STRING, GUID };

#define AT(member) .offset = offsetof(struct image, member)
#define WORDS(list) .words = list, .count = ARRAY_LEN(list)
static const struct key {
	const char *name;
	enum kind kind;
	size_t offset, size; /* in struct image; of a string */
	const char *const *words;
	unsigned count;
} keys[] = {
	{"format", WORD, AT(format), WORDS(formats)},
	{"type", WORD, AT(type), WORDS(types)},
	{"log", WORD, AT(log), WORDS(logs)},
	{"clean", TRI, AT(clean), WORDS(tris)},
	{"hollow", TRI, AT(hollow), WORDS(tris)},
	{"size", U64, AT(virtual_size_bytes)},
	{"block", U32, AT(block_bytes)},
	{"sector", U32, AT(logical_sector_bytes)},
	{"physical", U32, AT(physical_sector_bytes)},
	{"blocks", U64, AT(block_count)},
	{"present", U64, AT(present_count)},
	{"room", U64, AT(room_bytes)},
	{"payload", U64, AT(payload_offset)},
	{"disk_id", GUID, AT(disk_id)},
	{"write_id", GUID, AT(data_write)},
	{"creator", STRING, AT(creator), .size = IMAGE_CREATOR_LEN},
	{"parent", STRING, AT(parent), .size = IMAGE_PARENT_LEN},
};
#undef AT
#undef WORDS

/* the words' enums are as large as an int; so is enum tri */
static int *word_at(struct image *image, const struct key *key)
{
	return (int *)(void *)((char *)image + key->offset);
}

/* -- printing -- */

static void print_text(int out, const char *name, const char *value)
{
	char escaped[VALUE_LEN];
	if (*value && text_escape(escaped, sizeof escaped, value))
		dprintf(out, " %s=%s", name, escaped);
}

static void print_key(int out, struct image *image, const struct key *key)
{
	char *at = (char *)image + key->offset;
	char guid[GUID_TEXT_LEN];
	switch (key->kind) {
	case WORD:
	case TRI:
		dprintf(out, " %s=%s", key->name, key->words[*word_at(image, key)]);
		break;
	case U32:
		if (*(uint32_t *)(void *)at != UNKNOWN_U32)
			dprintf(out, " %s=%u", key->name, (unsigned)*(uint32_t *)(void *)at);
		break;
	case U64:
		if (*(uint64_t *)(void *)at != UNKNOWN_U64)
			dprintf(out, " %s=%llu", key->name, (unsigned long long)*(uint64_t *)(void *)at);
		break;
	case STRING:
		print_text(out, key->name, at);
		break;
	case GUID:
		guid_format(guid, (const struct guid *)at);
		if (!guid_is_zero((const struct guid *)at))
			dprintf(out, " %s=%s", key->name, guid);
		break;
	}
}

static void print_problem(int out, const struct image_problem *problem)
{
	dprintf(out, "problem %s %s %llu %s\n", problem->code, problem->damage ? "damage" : "note",
		(unsigned long long)problem->offset, problem->message);
}

static void print_content(int out, const struct content *content)
{
	char type[4 * FSTYPE_LEN], label[VALUE_LEN];
	dprintf(out, "content %s %s\n", content->table[0] ? content->table : "-",
		content->reason[0] ? content->reason : "-");
	for (uint32_t i = 0; i < content->partition_count; i++) {
		const struct partition *part = &content->partitions[i];
		if (!text_escape(type, sizeof type, part->fstype) ||
			!text_escape(label, sizeof label, part->label))
			continue;
		dprintf(out, "part %llu %llu %s %s %u\n", (unsigned long long)part->offset_bytes,
			(unsigned long long)part->size_bytes, *type ? type : "-", *label ? label : "-",
			part->cluster_bytes == UNKNOWN_U32 ? 0 : (unsigned)part->cluster_bytes);
	}
}

void vdisks_print_image(int out, const struct image *image, const struct content *content)
{
	struct image copy = *image;
	dprintf(out, "image");
	for (unsigned i = 0; i < ARRAY_LEN(keys); i++)
		print_key(out, &copy, &keys[i]);
	dprintf(out, "\n");
	for (uint32_t i = 0; i < image->problem_count; i++)
		print_problem(out, &image->problems[i]);
	if (image->problems_omitted)
		dprintf(out, "problems %u\n", (unsigned)image->problems_omitted);
	print_content(out, content);
}

/* -- parsing -- */

static void take_key(struct image *image, const struct key *key, struct text value)
{
	char *at = (char *)image + key->offset, text[VALUE_LEN];
	switch (key->kind) {
	case WORD:
	case TRI:
		for (unsigned i = 0; i < key->count; i++)
			if (text_is(value, key->words[i]))
				*word_at(image, key) = (int)i;
		break;
	case U32:
		text_u32(value, (uint32_t *)(void *)at);
		break;
	case U64:
		text_u64(value, (uint64_t *)(void *)at);
		break;
	case STRING:
		text_unescape(at, key->size, value);
		break;
	case GUID:
		if (text_copy(text, sizeof text, value))
			guid_parse(text, (struct guid *)at);
		break;
	}
}

static void take_image(struct text rest, struct vdisk *vdisk)
{
	struct text pair, name;
	image_reset(&vdisk->image);
	memset(&vdisk->content, 0, sizeof vdisk->content);
	vdisk->image.file_size_bytes = vdisk->file_bytes;
	vdisk->image.allocated_bytes = vdisk->allocated_bytes;
	while (text_word(&rest, &pair)) {
		if (!text_until(&pair, '=', &name))
			continue;
		for (unsigned i = 0; i < ARRAY_LEN(keys); i++)
			if (text_is(name, keys[i].name))
				take_key(&vdisk->image, &keys[i], pair);
	}
	vdisk->image.has_ids = !guid_is_zero(&vdisk->image.disk_id);
	vdisk->judged_stamp = vdisk->stamp;
	vdisk->reason[0] = 0;
}

static void take_problem(struct text rest, struct vdisk *vdisk)
{
	struct image *image = &vdisk->image;
	struct text code, kind;
	uint64_t offset;
	if (image->problem_count == IMAGE_PROBLEMS_MAX || !text_word(&rest, &code) ||
		!text_word(&rest, &kind) || !text_word_u64(&rest, &offset))
		return;
	struct image_problem *problem = &image->problems[image->problem_count++];
	text_show(problem->code, sizeof problem->code, code);
	text_show(problem->message, sizeof problem->message, text_trim(rest));
	problem->offset = offset;
	problem->damage = text_is(kind, "damage");
	image->damaged |= problem->damage;
}

static void take_content(struct text rest, struct vdisk *vdisk)
{
	struct content *content = &vdisk->content;
	struct text table;
	if (!text_word(&rest, &table))
		return;
	if (!text_is(table, "-"))
		text_show(content->table, sizeof content->table, table);
	rest = text_trim(rest);
	if (!text_is(rest, "-"))
		text_show(content->reason, sizeof content->reason, rest);
}

static void take_part(struct text rest, struct vdisk *vdisk)
{
	struct content *content = &vdisk->content;
	struct text type, label;
	uint64_t offset, size, cluster;
	if (content->partition_count == PARTITIONS_MAX || !text_word_u64(&rest, &offset) ||
		!text_word_u64(&rest, &size) || !text_word(&rest, &type) || !text_word(&rest, &label) ||
		!text_word_u64(&rest, &cluster))
		return;
	struct partition *part = &content->partitions[content->partition_count++];
	*part = (struct partition){.offset_bytes = offset,
		.size_bytes = size,
		.cluster_bytes = cluster && cluster < UNKNOWN_U32 ? (uint32_t)cluster : UNKNOWN_U32};
	if (!text_is(type, "-"))
		text_unescape(part->fstype, sizeof part->fstype, type);
	if (!text_is(label, "-"))
		text_unescape(part->label, sizeof part->label, label);
}

static void keep(const struct snapshot *before, struct vdisk *vdisk)
{
	const struct vdisk *old = snapshot_find_vdisk(before, vdisk->number);
	if (!old)
		return;
	vdisk->judged_stamp = old->judged_stamp;
	vdisk->judged_ms = old->judged_ms;
	vdisk->image = old->image;
	if (vdisk->stamp != vdisk->judged_stamp && vdisk->image.clean == YES)
		vdisk->image.clean = UNKNOWN; /* it has changed since */
	vdisk->content = old->content;
	if (vdisk->extents == UNKNOWN_U32)
		vdisk->extents = old->extents;
}

static struct vdisk *take_disk(struct text rest, struct snapshot *now)
{
	struct text share, file;
	char names[2][JOB_FILE_LEN];
	uint64_t stamp, bytes, allocated, changed_ms;
	if (!text_word(&rest, &share) || !text_word(&rest, &file) || !text_word_u64(&rest, &stamp) ||
		!text_word_u64(&rest, &bytes) || !text_word_u64(&rest, &allocated) ||
		!text_word_u64(&rest, &changed_ms) || !text_unescape(names[0], SHARE_LEN, share) ||
		!text_unescape(names[1], JOB_FILE_LEN, file) || !names[0][0] || !names[1][0])
		return NULL;
	struct vdisk *vdisk = snapshot_add_vdisk(now);
	if (!vdisk)
		return NULL;
	memcpy(vdisk->share, names[0], sizeof vdisk->share);
	memcpy(vdisk->file, names[1], sizeof vdisk->file);
	vdisk->number = vdisk_number(vdisk->share, vdisk->file);
	snprintf(vdisk->id, sizeof vdisk->id, "%08x", (unsigned)vdisk->number);
	vdisk->stamp = stamp;
	vdisk->file_bytes = bytes;
	vdisk->allocated_bytes = allocated;
	vdisk->changed_clock_ms = changed_ms;
	text_u32(text_trim(rest), &vdisk->extents);
	return vdisk;
}

static void not_judged(struct vdisk *vdisk, const struct snapshot *before, struct text why)
{
	keep(before, vdisk);
	text_show(vdisk->reason, sizeof vdisk->reason, text_trim(why));
}

static void take_line(struct text word, struct text rest, const struct snapshot *before, struct vdisk *vdisk)
{
	if (text_is(word, "keep")) {
		keep(before, vdisk);
	} else if (text_is(word, "leased")) {
		not_judged(vdisk, before,
			TEXT("an SMB client holds it with an oplock, which reading it would break"));
		vdisk->leased = YES;
	} else if (text_is(word, "error")) {
		not_judged(vdisk, before, rest);
	} else if (text_is(word, "image")) {
		take_image(rest, vdisk);
	} else if (text_is(word, "problem")) {
		take_problem(rest, vdisk);
	} else if (text_is(word, "problems")) {
		text_u32(text_trim(rest), &vdisk->image.problems_omitted);
	} else if (text_is(word, "content")) {
		take_content(rest, vdisk);
	} else if (text_is(word, "part")) {
		take_part(rest, vdisk);
	}
}

bool vdisks_parse(struct text text, const struct snapshot *before, struct snapshot *now, struct fault *fault)
{
	struct vdisk *vdisk = NULL;
	struct text line, word;
	uint64_t count;
	while (text_line(&text, &line)) {
		if (!text_word(&line, &word))
			continue;
		if (text_is(word, "end"))
			return true;
		if (text_is(word, "disk")) {
			vdisk = take_disk(line, now);
			if (vdisk)
				vdisk->leased = NO;
		} else if (text_is(word, "omitted") && text_word_u64(&line, &count)) {
			line = text_trim(line);
			fault_set(fault, 0, "%.*s", (int)line.length, line.at);
		} else if (vdisk) {
			take_line(word, line, before, vdisk);
		}
	}
	return false;
}
