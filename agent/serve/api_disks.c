/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "serve/routes.h"
#include "serve/target.h"
#include "show/represent_vdisks.h"

void api_disks(const struct request *request, struct reply *reply)
{
	struct json json;
	json_start(&json);
	represent_vdisks(request->view, &json);
	reply_json(reply, 200, &json);
}

void api_disk(const struct request *request, struct reply *reply)
{
	const struct vdisk *vdisk = target_vdisk(request, reply);
	struct json json;
	if (!vdisk)
		return;
	json_start(&json);
	represent_vdisk(request->view, vdisk, &json);
	reply_json(reply, 200, &json);
}
