/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Creating, growing and deleting disks: what is asked for becomes an order, and that a job.
 */
#include <stdio.h>
#include <string.h>

#include "common/json_read.h"
#include "serve/routes.h"
#include "serve/target.h"

struct body {
	char share[SHARE_LEN], file[ORDER_FILE_LEN], type[NAME_LEN], mode[8];
	uint64_t size_bytes, sector_bytes;
	bool prezero, undelete;
};

static bool read_body(
	const struct request *request, struct json_member *members, unsigned count, struct reply *reply)
{
	struct fault fault = {""};
	const struct text text = {request->body ? request->body : "", request->body_length};
	if (!json_read_object(text, members, count, &fault))
		return true;
	reply_problem(reply, 400, "bad-body", "Not understood", "%s", fault.text);
	return false;
}

static bool read_flags(const struct body *body, struct order *order, struct reply *reply)
{
	char *end = NULL;
	bool dynamic = !strcmp(body->type, "dynamic");
	order->flags = (dynamic ? ORDER_DYNAMIC : 0u) | (body->prezero ? ORDER_PREZERO : 0u) |
		       (body->sector_bytes == 4096 ? ORDER_SECTORS_4096 : 0u);
	order->mode = order->uid = order->gid = ORDER_KEEP;
	if (body->mode[0])
		order->mode = (uint32_t)strtoul(body->mode, &end, 8);
	bool mode = !end || (!*end && order->mode <= 0777);
	if (mode && (dynamic || !body->type[0] || !strcmp(body->type, "fixed")) &&
		(!body->sector_bytes || body->sector_bytes == 512 || body->sector_bytes == 4096))
		return true;
	reply_problem(reply, 400, "bad-body", "Not understood",
		"type is fixed or dynamic, sector_bytes 512 or 4096, mode octal such as \"0660\"");
	return false;
}

static bool read_create(
	const struct request *request, struct body *body, struct order *order, struct reply *reply)
{
	struct json_member members[] = {
		{.name = "share",
			.kind = JSON_READ_TEXT,
			.required = true,
			.text = body->share,
			.text_size = sizeof body->share},
		{.name = "file",
			.kind = JSON_READ_TEXT,
			.required = true,
			.text = body->file,
			.text_size = sizeof body->file},
		{.name = "size_bytes", .kind = JSON_READ_SIZE, .number = &body->size_bytes},
		{.name = "type", .kind = JSON_READ_TEXT, .text = body->type, .text_size = sizeof body->type},
		{.name = "sector_bytes", .kind = JSON_READ_NUMBER, .number = &body->sector_bytes},
		{.name = "mode", .kind = JSON_READ_TEXT, .text = body->mode, .text_size = sizeof body->mode},
		{.name = "prezero", .kind = JSON_READ_BOOL, .flag = &body->prezero},
		{.name = "undelete", .kind = JSON_READ_BOOL, .flag = &body->undelete},
	};
	if (!read_body(request, members, ARRAY_LEN(members), reply) || !read_flags(body, order, reply))
		return false;
	order->kind = body->undelete ? ORDER_UNDELETE : ORDER_CREATE;
	if (body->undelete == members[2].given) {
		reply_problem(reply, 400, "bad-body", "Not understood",
			"give either size_bytes, for a new disk, or undelete, for one that was deleted");
		return false;
	}
	return true;
}

void api_create_disk(const struct request *request, struct reply *reply)
{
	struct body body = {.share = ""};
	struct order order = {.kind = ORDER_CREATE};
	struct outlook_question question = {.snapshot = NULL};
	if (request->order_answer) {
		reply_order(request->order_answer, reply);
		return;
	}
	if (!read_create(request, &body, &order, reply) ||
		!target_find(request, body.share, NULL, &question, reply))
		return;
	order.number = question.share->number;
	order.size_bytes = body.size_bytes;
	memcpy(order.file, body.file, sizeof order.file);
	request_order(request, &order, reply);
}

static bool name_disk(const struct request *request, struct order *order, struct reply *reply)
{
	const struct vdisk *vdisk = target_vdisk(request, reply);
	order->number = vdisk ? vdisk->number : 0;
	return vdisk != NULL;
}

void api_grow_disk(const struct request *request, struct reply *reply)
{
	struct order order = {.kind = ORDER_GROW};
	struct json_member members[] = {
		{.name = "size_bytes", .kind = JSON_READ_SIZE, .required = true, .number = &order.size_bytes},
		{.name = "token",
			.kind = JSON_READ_TEXT,
			.text = order.token,
			.text_size = sizeof order.token},
	};
	if (request->order_answer)
		reply_order(request->order_answer, reply);
	else if (read_body(request, members, ARRAY_LEN(members), reply) && name_disk(request, &order, reply))
		request_order(request, &order, reply);
}

void api_delete_disk(const struct request *request, struct reply *reply)
{
	struct order order = {.kind = ORDER_DELETE};
	struct json_member token = {.name = "token",
		.kind = JSON_READ_TEXT,
		.text = order.token,
		.text_size = sizeof order.token};
	if (request->order_answer)
		reply_order(request->order_answer, reply);
	else if ((!request->body_length || read_body(request, &token, 1, reply)) &&
		 name_disk(request, &order, reply))
		request_order(request, &order, reply);
}
