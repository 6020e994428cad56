/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <errno.h>
#include <json-c/json.h>
#include <string.h>

#include "collect/smbstatus.h"

#define DEPTH_MAX 16 /* Samba's goes 6 deep */

static struct text string_in(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;
	if (!json_object_is_type(object, json_type_object) ||
		!json_object_object_get_ex(object, key, &value) ||
		!json_object_is_type(value, json_type_string))
		return TEXT("");
	return (struct text){json_object_get_string(value), (size_t)json_object_get_string_len(value)};
}

static struct json_object *object_in(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;
	if (!json_object_is_type(object, json_type_object) ||
		!json_object_object_get_ex(object, key, &value) ||
		!json_object_is_type(value, json_type_object))
		return NULL;
	return value;
}

static struct text pid_in(struct json_object *object)
{
	return string_in(object_in(object, "server_id"), "pid");
}

static void add_file(struct smbstatus *status, struct json_object *file, const struct snapshot *machine)
{
	struct text path = string_in(file, "service_path"), name = string_in(file, "filename");
	struct json_object *opens = object_in(file, "opens");
	if (!opens)
		return;
	json_object_object_foreach(opens, key, open)
	{
		(void)key;
		smbstatus_add_open(status, pid_in(open), path, name, machine);
	}
}

/* without its sections it was written by a smbstatus that may not read Samba's databases */
static int take_in(struct json_object *whole, const struct snapshot *machine, struct smbstatus *ret_status)
{
	struct json_object *sessions = object_in(whole, "sessions"), *trees = object_in(whole, "tcons"),
			   *files = object_in(whole, "open_files");
	if (!sessions || !trees || !files)
		return -EBADMSG;
	memset(ret_status, 0, sizeof *ret_status);
	smbstatus_add_server(ret_status, string_in(whole, "version"));
	json_object_object_foreach(sessions, id, session)
	{
		(void)id;
		smbstatus_add_session(ret_status, pid_in(session), string_in(session, "hostname"),
			string_in(session, "remote_machine"));
	}
	json_object_object_foreach(trees, number, tree)
	{
		(void)number;
		smbstatus_add_tree(ret_status, pid_in(tree), string_in(tree, "service"));
	}
	json_object_object_foreach(files, name, file)
	{
		(void)name;
		add_file(ret_status, file, machine);
	}
	return 0;
}

int smbstatus_parse_json(struct text answer, const struct snapshot *machine, struct smbstatus *ret_status)
{
	struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MAX);
	if (!tokener)
		return -ENOMEM;
	struct json_object *whole = json_tokener_parse_ex(tokener, answer.at, (int)answer.length);
	int result = whole ? take_in(whole, machine, ret_status) : -EBADMSG;
	json_object_put(whole);
	json_tokener_free(tokener);
	return result;
}
