/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "show/represent_image.h"

#include <string.h>

#include "common/units.h"

/* -- JSON -- */

static void add_guid(struct json *json, const char *name, bool known, const struct guid *guid)
{
	char text[GUID_TEXT_LEN];
	guid_format(text, guid);
	json_string(json, name, known ? text : NULL);
}

static void add_sizes(const struct image *image, struct json *json)
{
	json_u64(json, "virtual_size_bytes", image->virtual_size_bytes);
	json_u64(json, "file_size_bytes", image->file_size_bytes);
	json_u64(json, "allocated_bytes", image->allocated_bytes);
	json_u32(json, "block_bytes", image->block_bytes);
	json_u64(json, "blocks", image->block_count);
	json_u64(json, "blocks_present", image->present_count);
	json_u64(json, "room_bytes", image->room_bytes);
	json_u32(json, "logical_sector_bytes", image->logical_sector_bytes);
	json_u32(json, "physical_sector_bytes", image->physical_sector_bytes);
}

static void add_content(const struct content *content, struct json *json)
{
	json_object(json, "content");
	json_string(json, "partition_table", content->table);
	json_list(json, "partitions");
	for (uint32_t i = 0; i < content->partition_count; i++) {
		const struct partition *partition = &content->partitions[i];
		json_object(json, NULL);
		json_u64(json, "offset_bytes", partition->offset_bytes);
		json_u64(json, "size_bytes", partition->size_bytes);
		json_string(json, "file_system", partition->fstype);
		json_string(json, "label", partition->label);
		json_u32(json, "cluster_bytes", partition->cluster_bytes);
		json_end(json);
	}
	json_end(json);
	json_u32(json, "partitions_omitted", content->partitions_omitted);
	json_string(json, "reason", content->reason);
	json_end(json);
}

static void add_problems(const struct image *image, struct json *json)
{
	json_list(json, "problems");
	for (uint32_t i = 0; i < image->problem_count; i++) {
		const struct image_problem *problem = &image->problems[i];
		json_object(json, NULL);
		json_string(json, "code", problem->code);
		json_string(json, "message", problem->message);
		json_u64(json, "offset", problem->offset);
		json_bool(json, "damage", problem->damage);
		json_end(json);
	}
	json_end(json);
	json_u32(json, "problems_omitted", image->problems_omitted);
}

void represent_image(const struct image *image, const struct content *content, struct json *json)
{
	json_string(json, "format", image_format_name(image->format));
	json_string(json, "type", image_type_name(image->type));
	add_sizes(image, json);
	json_string(json, "log", image_log_name(image->log));
	json_tri(json, "clean", image->clean);
	json_tri(json, "hollow", image->hollow);
	json_bool(json, "damaged", image->damaged);
	add_guid(json, "disk_id", image->has_ids, &image->disk_id);
	add_guid(json, "data_write_id", !guid_is_zero(&image->data_write), &image->data_write);
	json_string(json, "creator", image->creator);
	json_string(json, "parent", image->parent);
	add_content(content, json);
	add_problems(image, json);
}

/* -- text -- */

static void add_state(const struct image *image, struct out *out)
{
	if (image->damaged)
		out_text(out, ", damaged");
	else if (image->log == IMAGE_LOG_DIRTY)
		out_text(out, ", not closed in order");
	else if (image->clean == YES)
		out_text(out, ", closed in order");
	if (image->hollow == YES)
		out_text(out, ", hollow");
}

void represent_image_line(const struct image *image, struct out *out)
{
	const char *type = image_type_name(image->type);
	char size[UNITS_LEN];
	if (image->format == IMAGE_FORMAT_UNKNOWN) {
		out_text(out, "no virtual disk");
		return;
	}
	units_binary(size, sizeof size, image->virtual_size_bytes);
	out_print(out, "a %s%s%s", type ? type : "", type ? " " : "",
		image->format == IMAGE_VHDX ? "VHDX" : "VHD");
	if (image->virtual_size_bytes != UNKNOWN_U64)
		out_print(out, " of %s", size);
	add_state(image, out);
}

static void row(struct out *out, const char *name)
{
	out_print(out, "  %-14s", name);
}

static void size_row(struct out *out, const char *name, uint64_t bytes, const char *more)
{
	char text[UNITS_BYTES_LEN];
	if (bytes == UNKNOWN_U64)
		return;
	units_bytes(text, sizeof text, bytes);
	row(out, name);
	out_print(out, "%s%s\n", text, more);
}

static void blocks_row(const struct image *image, struct out *out)
{
	char size[UNITS_LEN];
	if (image->block_bytes == UNKNOWN_U32 || image->present_count == UNKNOWN_U64)
		return;
	units_binary(size, sizeof size, image->block_bytes);
	row(out, "blocks");
	out_print(out, "%llu of %s, ", (unsigned long long)image->block_count, size);
	if (image->present_count == image->block_count)
		out_text(out, "all in the file\n");
	else
		out_print(out, "%llu in the file\n", (unsigned long long)image->present_count);
}

static void sectors_row(const struct image *image, struct out *out)
{
	if (image->logical_sector_bytes == UNKNOWN_U32)
		return;
	row(out, "sectors");
	out_print(out, "%u bytes", (unsigned)image->logical_sector_bytes);
	if (image->physical_sector_bytes != UNKNOWN_U32)
		out_print(out, ", physical ones %u", (unsigned)image->physical_sector_bytes);
	out_text(out, "\n");
}

static void text_row(struct out *out, const char *name, const char *text)
{
	if (!text || !*text)
		return;
	row(out, name);
	out_plain(out, text);
	out_text(out, "\n");
}

static void partition_line(const struct partition *partition, struct out *out)
{
	char size[UNITS_LEN];
	units_binary(size, sizeof size, partition->size_bytes);
	row(out, "");
	out_plain(out, partition->fstype[0] ? partition->fstype : "unknown");
	if (partition->label[0]) {
		out_text(out, " \"");
		out_plain(out, partition->label);
		out_text(out, "\"");
	}
	out_print(out, ", %s", size);
	if (partition->cluster_bytes != UNKNOWN_U32) {
		units_binary(size, sizeof size, partition->cluster_bytes);
		out_print(out, ", clusters of %s", size);
	}
	out_text(out, "\n");
}

static void inside_rows(const struct content *content, struct out *out)
{
	row(out, "inside");
	if (content->reason[0])
		out_print(out, "unknown: %s\n", content->reason);
	else if (content->table[0])
		out_print(out, "partition table %s\n", content->table);
	else
		out_text(out, "no partition table\n");
	for (uint32_t i = 0; i < content->partition_count; i++)
		partition_line(&content->partitions[i], out);
}

static void problem_lines(const struct image *image, struct out *out)
{
	if (image->problem_count)
		out_text(out, "\n");
	for (uint32_t i = 0; i < image->problem_count; i++) {
		const struct image_problem *problem = &image->problems[i];
		out_print(out,
			"  %s %s at byte %llu: ", problem->damage ? "damage:" : "note:  ", problem->code,
			(unsigned long long)problem->offset);
		out_plain(out, problem->message);
		out_text(out, "\n");
	}
	if (image->problems_omitted)
		out_print(out, "  and %u more\n", (unsigned)image->problems_omitted);
}

void represent_image_text(
	const char *name, const struct image *image, const struct content *content, struct out *out)
{
	char guid[GUID_TEXT_LEN];
	out_plain(out, name);
	out_text(out, ": ");
	represent_image_line(image, out);
	out_text(out, "\n\n");
	size_row(out, "virtual size", image->virtual_size_bytes, "");
	size_row(out, "file", image->file_size_bytes, "");
	size_row(out, "takes", image->allocated_bytes,
		image->hollow == YES ? ", less than its blocks: it may run out of space when written" : "");
	blocks_row(image, out);
	size_row(out, "room to grow", image->room_bytes, " without moving its block table");
	sectors_row(image, out);
	text_row(out, "log", image_log_name(image->log));
	text_row(out, "made by", image->creator);
	text_row(out, "parent", image->parent);
	guid_format(guid, &image->disk_id);
	text_row(out, "disk id", image->has_ids ? guid : NULL);
	if (image->format != IMAGE_FORMAT_UNKNOWN)
		inside_rows(content, out);
	problem_lines(image, out);
}
