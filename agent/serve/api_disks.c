/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <string.h>
#include <strings.h>

#include "common/text.h"
#include "serve/routes.h"
#include "show/represent_vdisks.h"

const struct vdisk *vdisk_find_named(const struct snapshot *snapshot, const char *name)
{
	const char *slash = strchr(name, '/');
	for (uint32_t i = 0; slash && i < snapshot->vdisk_count; i++) {
		const struct vdisk *vdisk = &snapshot->vdisks[i];
		size_t length = strlen(vdisk->share);
		/* Windows does not mind the case */
		if ((size_t)(slash - name) == length && !strncasecmp(name, vdisk->share, length) &&
			!strcasecmp(slash + 1, vdisk->file))
			return vdisk;
	}
	return NULL;
}

const struct vdisk *vdisk_of_request(const struct request *request, struct reply *reply)
{
	const struct snapshot *snapshot = request->view->snapshot;
	char shown[40];
	for (uint32_t i = 0; i < snapshot->vdisk_count; i++)
		if (!strcasecmp(snapshot->vdisks[i].id, request->argument))
			return &snapshot->vdisks[i];
	text_show(shown, sizeof shown, text_of(request->argument));
	reply_problem(reply, 404, "no-such-disk", "No such disk",
		"no virtual disk in the shares has the id \"%s\": GET /v1/disks lists them", shown);
	return NULL;
}

void api_disks(const struct request *request, struct reply *reply)
{
	struct json json;
	json_start(&json);
	represent_vdisks(request->view, &json);
	reply_json(reply, 200, &json);
}

void api_disk(const struct request *request, struct reply *reply)
{
	const struct vdisk *vdisk = vdisk_of_request(request, reply);
	struct json json;
	if (!vdisk)
		return;
	json_start(&json);
	represent_vdisk(request->view, vdisk, &json);
	reply_json(reply, 200, &json);
}
