/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "work/lease.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define STATUS_MS 60000 /* smbstatus is asked every 30 s while somebody wants to know */
#define LINE_PARTS 6

/* -- is it open? -- */

static bool names_disk(const char *open_disk, const struct lease *lease)
{
	size_t length = strlen(lease->share);
	return !strncasecmp(open_disk, lease->share, length) && open_disk[length] == '/' &&
	       !strcasecmp(open_disk + length + 1, lease->file);
}

static enum tri client_has_open(const struct client *client, const struct lease *lease)
{
	for (uint32_t i = 0; i < client->open_disk_count; i++)
		if (names_disk(client->open_disks[i], lease))
			return YES;
	/* one that was left out may be this one; of who has just come smbstatus has not told yet */
	return client->open_disks_omitted || client->open_files == UNKNOWN_U32 ? UNKNOWN : NO;
}

enum tri lease_is_open(const struct lease *lease, const struct snapshot *known)
{
	const struct smb *smb = &known->smb;
	enum tri open = NO;
	for (uint32_t i = 0; i < known->vdisk_count; i++)
		if (!strcasecmp(known->vdisks[i].share, lease->share) &&
			!strcasecmp(known->vdisks[i].file, lease->file) && known->vdisks[i].in_use == YES)
			return YES;
	for (uint32_t i = 0; i < known->client_count && open != YES; i++) {
		enum tri has = client_has_open(&known->clients[i], lease);
		open = has == NO ? open : has;
	}
	if (open == YES || (smb->connections == 0 && !known->client_count))
		return open;
	bool fresh = smb->status_ms && known->time_ms - smb->status_ms <= STATUS_MS;
	return fresh && !known->clients_omitted ? open : UNKNOWN;
}

/* -- tokens -- */

/* takes the same time wherever they differ */
static bool same_token(const char *a, const char *b)
{
	unsigned char differs = 0;
	if (strlen(a) != ORDER_TOKEN_LEN - 1 || strlen(b) != ORDER_TOKEN_LEN - 1)
		return false;
	for (unsigned i = 0; i < ORDER_TOKEN_LEN - 1; i++)
		differs |= (unsigned char)(a[i] ^ b[i]);
	return !differs;
}

static int find(const struct leases *leases, const char *share, const char *file)
{
	for (uint32_t i = 0; i < leases->count; i++)
		if (!strcasecmp(leases->list[i].share, share) && !strcasecmp(leases->list[i].file, file))
			return (int)i;
	return -1;
}

const struct lease *leases_find(const struct leases *leases, const char *share, const char *file)
{
	int at = find(leases, share, file);
	return at < 0 ? NULL : &leases->list[at];
}

bool leases_may(const struct leases *leases, const char *share, const char *file, const char *token)
{
	int at = find(leases, share, file);
	return at < 0 || same_token(leases->tokens[at], token);
}

/* -- changes -- */

static enum order_status refuse(const struct lease *lease, struct fault *fault)
{
	fault_set(fault, 0,
		"%.60s/%.60s belongs to %s: renew it with its token, let %s release it, or let admin break "
		"it",
		lease->share, lease->file, lease->server, lease->server);
	return ORDER_LEASED;
}

static void renew(struct leases *leases, int at, const char *address, uint64_t now_ms)
{
	struct lease *lease = &leases->list[at];
	memcpy(lease->address, address, sizeof lease->address);
	lease->renewed_ms = now_ms;
}

enum order_status leases_put(struct leases *leases, const struct lease *wanted, const char *token,
	const char *fresh_token, uint64_t now_ms, char ret_token[ORDER_TOKEN_LEN], struct fault *fault)
{
	int at = find(leases, wanted->share, wanted->file);
	if (at >= 0 && (!same_token(leases->tokens[at], token) ||
			       strcasecmp(leases->list[at].server, wanted->server)))
		return refuse(&leases->list[at], fault);
	if (at < 0 && leases->count == LEASES_MAX) {
		fault_set(fault, 0, "%d disks have an owner already, and no more fit: let one of them go",
			LEASES_MAX);
		return ORDER_TOO_MANY;
	}
	if (at < 0) {
		at = (int)leases->count++;
		leases->list[at] = *wanted;
		snprintf(leases->tokens[at], ORDER_TOKEN_LEN, "%s", fresh_token);
	}
	renew(leases, at, wanted->address, now_ms);
	memcpy(ret_token, leases->tokens[at], ORDER_TOKEN_LEN);
	return ORDER_DONE;
}

static void drop(struct leases *leases, uint32_t at)
{
	leases->count--;
	for (uint32_t i = at; i < leases->count; i++) {
		leases->list[i] = leases->list[i + 1];
		memcpy(leases->tokens[i], leases->tokens[i + 1], ORDER_TOKEN_LEN);
	}
}

enum order_status leases_end(
	struct leases *leases, const char *share, const char *file, const char *token, struct fault *fault)
{
	int at = find(leases, share, file);
	if (at < 0) {
		fault_set(fault, 0, "%.60s/%.60s belongs to nobody", share, file);
		return ORDER_NO_LEASE;
	}
	if (token && !same_token(leases->tokens[at], token))
		return refuse(&leases->list[at], fault);
	drop(leases, (uint32_t)at);
	return ORDER_DONE;
}

bool leases_expire(struct leases *leases, const struct snapshot *known, uint64_t now_ms,
	bool (*is_open)(const struct lease *lease, const struct snapshot *known))
{
	bool changed = false;
	for (uint32_t i = leases->count; i-- > 0;) {
		struct lease *lease = &leases->list[i];
		lease->open = lease_is_open(lease, known);
		if (lease->renewed_ms + leases->keep_s * 1000 > now_ms || lease->open != NO ||
			(is_open && is_open(lease, known)))
			continue;
		drop(leases, i);
		changed = true;
	}
	return changed;
}

void leases_publish(const struct leases *leases, struct snapshot *snapshot)
{
	snapshot->lease_count = leases->count;
	for (uint32_t i = 0; i < leases->count; i++) {
		snapshot->leases[i] = leases->list[i];
		snapshot->leases[i].expires_ms = leases->list[i].renewed_ms + leases->keep_s * 1000;
	}
}

/* -- records: token, since, server, address, share, file -- */

static bool parse_line(struct leases *leases, struct text line, uint64_t now_ms)
{
	struct text parts[LINE_PARTS];
	struct lease lease = {.open = UNKNOWN};
	char token[ORDER_TOKEN_LEN];
	if (leases->count == LEASES_MAX)
		return false;
	for (unsigned i = 0; i < LINE_PARTS; i++)
		if (!text_until(&line, '\t', &parts[i]))
			return false;
	bool good = parts[0].length == ORDER_TOKEN_LEN - 1 && text_copy(token, sizeof token, parts[0]) &&
		    text_u64(parts[1], &lease.since_clock_ms) && parts[2].length && parts[4].length &&
		    text_unescape(lease.server, sizeof lease.server, parts[2]) &&
		    text_copy(lease.address, sizeof lease.address, parts[3]) &&
		    text_unescape(lease.share, sizeof lease.share, parts[4]) &&
		    text_unescape(lease.file, sizeof lease.file, parts[5]) &&
		    text_is_name(text_of(lease.file));
	if (!good || find(leases, lease.share, lease.file) >= 0)
		return false;
	lease.renewed_ms = now_ms;
	memcpy(leases->tokens[leases->count], token, sizeof token);
	leases->list[leases->count++] = lease;
	return true;
}

int leases_parse(struct leases *leases, struct text text, uint64_t now_ms, struct fault *fault)
{
	struct text line;
	int error = 0;
	leases->count = 0;
	for (unsigned number = 1; text_line(&text, &line); number++)
		if (line.length && !parse_line(leases, line, now_ms))
			error = fault_set(fault, -EBADMSG, "line %u is no lease: it is left out", number);
	return error;
}

bool leases_show(const struct leases *leases, char *into, size_t size)
{
	size_t length = 0;
	into[0] = 0;
	for (uint32_t i = 0; i < leases->count; i++) {
		const struct lease *lease = &leases->list[i];
		/* each octet may become four */
		char share[4 * SHARE_LEN], file[4 * LEASE_FILE_LEN], server[4 * HOST_LEN];
		if (!text_escape(share, sizeof share, lease->share) ||
			!text_escape(file, sizeof file, lease->file) ||
			!text_escape(server, sizeof server, lease->server))
			return false;
		int added = snprintf(into + length, size - length, "%s\t%llu\t%s\t%s\t%s\t%s\n",
			leases->tokens[i], (unsigned long long)lease->since_clock_ms, server, lease->address,
			share, file);
		if (added < 0 || (size_t)added >= size - length)
			return false;
		length += (size_t)added;
	}
	return true;
}
