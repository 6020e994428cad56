/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/smbstatus.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/scope.h"

static bool show_address(struct text text, char ret_address[ADDRESS_LEN])
{
	char copy[ADDRESS_LEN], plain[ADDRESS_LEN];
	unsigned char bytes[16];
	struct text scope = text, number = TEXT("");
	text_until(&scope, '%', &number); /* fe80::5%eth0 */
	if (!text_copy(copy, sizeof copy, number))
		return false;
	if (inet_pton(AF_INET, copy, bytes) == 1) {
		inet_ntop(AF_INET, bytes, plain, sizeof plain);
	} else {
		if (inet_pton(AF_INET6, copy, bytes) != 1)
			return false;
		static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
		bool is_mapped = !memcmp(bytes, mapped, sizeof mapped);
		inet_ntop(
			is_mapped ? AF_INET : AF_INET6, is_mapped ? bytes + 12 : bytes, plain, sizeof plain);
	}
	memcpy(ret_address, plain, sizeof plain);
	return true;
}

bool smbstatus_address(struct text text, char ret_address[ADDRESS_LEN])
{
	struct text family;
	if (!text.length)
		return false;
	if (!text_starts(text, "ipv4:") && !text_starts(text, "ipv6:"))
		return show_address(text, ret_address);
	text_until(&text, ':', &family);
	while (text.length && text.at[text.length - 1] != ':')
		text.length--;
	if (!text.length)
		return false;
	text.length--;
	return show_address(text, ret_address);
}

void smbstatus_add_server(struct smbstatus *status, struct text version)
{
	struct text number;
	version = text_trim(version);
	if (text_until(&version, '-', &number) && number.length && number.length <= NAME_LEN - 7)
		snprintf(status->server, sizeof status->server, "Samba %.*s", (int)number.length, number.at);
}

static struct client *find_client(struct smbstatus *status, const char *address)
{
	for (uint32_t i = 0; i < status->client_count; i++)
		if (!strcmp(status->clients[i].address, address))
			return &status->clients[i];
	return NULL;
}

static const struct smbstatus_session *find_session(const struct smbstatus *status, struct text pid)
{
	for (uint32_t i = 0; i < status->kept_sessions; i++)
		if (text_is(pid, status->kept_session[i].pid))
			return &status->kept_session[i];
	return NULL;
}

static struct client *client_of(struct smbstatus *status, struct text pid)
{
	const struct smbstatus_session *session = find_session(status, pid);
	return session ? find_client(status, session->address) : NULL;
}

bool smbstatus_knows_pid(const struct smbstatus *status, struct text pid)
{
	return find_session(status, pid) != NULL;
}

static void keep_session(struct smbstatus *status, struct text pid, const char *address)
{
	if (status->kept_sessions == SMBSTATUS_SESSIONS_MAX)
		return;
	struct smbstatus_session *session = &status->kept_session[status->kept_sessions];
	if (text_copy(session->pid, sizeof session->pid, pid)) {
		snprintf(session->address, sizeof session->address, "%s", address);
		status->kept_sessions++;
	}
}

void smbstatus_add_session(
	struct smbstatus *status, struct text pid, struct text hostname, struct text machine)
{
	char address[ADDRESS_LEN] = "";
	status->sessions++;
	if (!smbstatus_address(hostname, address))
		smbstatus_address(machine, address);
	keep_session(status, pid, address);
	if (!address[0])
		return;
	struct client *client = find_client(status, address);
	if (!client) {
		if (status->client_count == CLIENTS_MAX)
			return;
		client = &status->clients[status->client_count++];
		memcpy(client->address, address, sizeof address);
	}
	client->sessions++;
}

void smbstatus_add_tree(struct smbstatus *status, struct text pid, struct text service)
{
	struct client *client = client_of(status, pid);
	if (client)
		client->tree_connects++;
	if (status->kept_trees == SMBSTATUS_TREES_MAX)
		return;
	struct smbstatus_tree *tree = &status->kept_tree[status->kept_trees];
	if (text_copy(tree->pid, sizeof tree->pid, pid) &&
		text_copy(tree->service, sizeof tree->service, service))
		status->kept_trees++;
}

/* -- the name of an open disk -- */

static bool is_disk(struct text name)
{
	static const char *const ends[] = {".vhd", ".vhdx", ".avhdx", ".avhd"};
	for (unsigned i = 0; i < ARRAY_LEN(ends); i++) {
		size_t length = strlen(ends[i]);
		if (name.length > length && !strncasecmp(name.at + name.length - length, ends[i], length))
			return true;
	}
	return false;
}

static bool uses_share(const struct smbstatus *status, struct text pid, const char *share)
{
	for (uint32_t i = 0; i < status->kept_trees; i++)
		if (text_is(pid, status->kept_tree[i].pid) &&
			!strcasecmp(status->kept_tree[i].service, share))
			return true;
	return false;
}

static struct text without_slash(struct text path)
{
	while (path.length > 1 && path.at[path.length - 1] == '/')
		path.length--;
	return path;
}

/* of several shares with this path, the one that the client uses */
static const char *share_by_path(
	const struct smbstatus *status, struct text pid, struct text path, const struct snapshot *machine)
{
	const char *found = NULL;
	for (uint32_t i = 0; machine && i < machine->share_count; i++) {
		const struct share *share = &machine->shares[i];
		struct text own = without_slash(text_of(share->path));
		if (!own.length || own.length != path.length || memcmp(own.at, path.at, own.length))
			continue;
		if (uses_share(status, pid, share->name))
			return share->name;
		if (!found)
			found = share->name;
	}
	return found;
}

/* the only share that this process serves; NULL if there are several */
static const char *only_share(const struct smbstatus *status, struct text pid)
{
	const char *only = NULL;
	for (uint32_t i = 0; i < status->kept_trees; i++) {
		const struct smbstatus_tree *tree = &status->kept_tree[i];
		if (!text_is(pid, tree->pid) || !strcasecmp(tree->service, "IPC$"))
			continue;
		if (only && strcasecmp(only, tree->service))
			return NULL;
		only = tree->service;
	}
	return only;
}

static void add_disk(struct client *client, const char *disk)
{
	for (uint32_t i = 0; i < client->open_disk_count; i++)
		if (!strcmp(client->open_disks[i], disk))
			return;
	if (client->open_disk_count == OPEN_DISKS_MAX) {
		client->open_disks_omitted++;
		return;
	}
	memcpy(client->open_disks[client->open_disk_count++], disk, OPEN_DISK_LEN);
}

void smbstatus_add_open(struct smbstatus *status, struct text pid, struct text path, struct text name,
	const struct snapshot *machine)
{
	char whole[MOUNT_LEN + 4 * OPEN_DISK_LEN], disk[OPEN_DISK_LEN] = "";
	struct client *client = client_of(status, pid);
	status->open_files++;
	if (!client)
		return;
	client->open_files++;
	if (!is_disk(name))
		return;
	path = without_slash(path);
	const char *share = share_by_path(status, pid, path, machine);
	if (!share)
		share = only_share(status, pid);
	/* a path from the root when nothing says which share it is: that begins with a slash, a share never
	 * does */
	int length = share ? snprintf(whole, sizeof whole, "%s/%.*s", share, (int)name.length, name.at)
			   : snprintf(whole, sizeof whole, "%.*s/%.*s", (int)path.length, path.at,
				     (int)name.length, name.at);
	size_t kept = length < (int)sizeof whole ? (size_t)length : sizeof whole - 1;
	text_show(disk, sizeof disk, (struct text){whole, kept});
	add_disk(client, disk);
}

/* -- the whole -- */

static void apply_client(const struct smbstatus *status, struct client *client)
{
	static const struct client none = {0};
	const struct client *told = find_client((struct smbstatus *)status, client->address);
	if (!told)
		told = &none;
	client->sessions = told->sessions;
	client->tree_connects = told->tree_connects;
	client->open_files = told->open_files;
	client->open_disk_count = told->open_disk_count;
	client->open_disks_omitted = told->open_disks_omitted;
	memcpy(client->open_disks, told->open_disks, sizeof client->open_disks);
}

void smbstatus_apply(const struct smbstatus *status, uint64_t asked_clock_ms, struct snapshot *snapshot)
{
	struct smb *smb = &snapshot->smb;
	smb->sessions = status->hidden ? UNKNOWN_U32 : status->sessions;
	smb->open_files = status->open_files;
	if (status->server[0])
		memcpy(smb->server, status->server, sizeof smb->server);
	if (status->hidden && !smb->reason[0])
		snprintf(smb->reason, sizeof smb->reason, "Samba tells no sessions with security = share");
	for (uint32_t i = 0; i < snapshot->client_count && !status->hidden; i++)
		if (snapshot->clients[i].since_clock_ms <= asked_clock_ms)
			apply_client(status, &snapshot->clients[i]);
}
