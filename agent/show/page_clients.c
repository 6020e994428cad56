/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Who uses the NAS, and what that costs a backup.
 */
#include <stdio.h>

#include "common/units.h"
#include "show/page.h"
#include "show/represent_fields.h"

/* B22: an Explorer window that only stands there costs a backup that much */
#define COST_LEAST_MBITS 10
#define COST_MOST_MBITS 20

static bool costs(const struct client *client)
{
	return client->connections != UNKNOWN_U32 && client->connections && !client->open_disk_count;
}

static void print_cost(const struct client *client, struct out *out)
{
	if (client->open_disk_count)
		out_text(out, "none: it holds the disk");
	else if (costs(client))
		out_print(out, "%u–%u Mbit/s", COST_LEAST_MBITS, COST_MOST_MBITS);
	else
		out_text(out, "none");
}

static void print_uses(const struct client *client, struct out *out)
{
	for (uint32_t i = 0; i < client->open_disk_count; i++) {
		out_text(out, i ? ", " : "");
		page_name(client->open_disks[i], out);
	}
	if (client->open_disks_omitted != UNKNOWN_U32 && client->open_disks_omitted)
		out_print(out, " and %u more", (unsigned)client->open_disks_omitted);
	if (!client->open_disk_count)
		page_number(client->open_files, client->open_files == 1 ? " file" : " files", out);
	if (client->close_wait && client->close_wait != UNKNOWN_U32)
		out_print(out, "; gone, but %u connection%s remain%s", (unsigned)client->close_wait,
			client->close_wait == 1 ? "" : "s", client->close_wait == 1 ? "s" : "");
}

static void print_client(const struct client *client, struct page_table *table, struct out *out)
{
	page_row(table, out);
	page_name(client->address, out);
	page_cell(table, out);
	page_number(client->connections, "", out);
	page_cell(table, out);
	page_number(client->sessions, "", out);
	page_cell(table, out);
	print_uses(client, out);
	page_cell(table, out);
	print_cost(client, out);
	page_row_end(out);
}

static void print_sum(const struct snapshot *snapshot, struct out *out)
{
	unsigned idle = 0;
	for (uint32_t i = 0; i < snapshot->client_count; i++)
		idle += costs(&snapshot->clients[i]);
	if (!snapshot->client_count)
		out_text(out, snapshot->smb.connections == 0
				      ? "<p>Nobody is connected over SMB.</p>\n"
				      : "<p class=\"quiet\">No SMB client is known.</p>\n");
	else if (idle)
		out_print(out,
			"<p>%u client%s without an open disk may cost a backup %u to %u Mbit/s in all, even "
			"while idle.</p>\n",
			idle, idle == 1 ? "" : "s", idle * COST_LEAST_MBITS, idle * COST_MOST_MBITS);
}

static void print_others(const struct snapshot *snapshot, struct out *out)
{
	static const char *const kinds[] = {
		[OTHER_SSH] = "SSH", [OTHER_WEB_UI] = "the NAS's web page", [OTHER_PORT] = "another port"};
	if (!snapshot->other_count)
		return;
	out_text(out, "<p>Also connected: ");
	for (uint32_t i = 0; i < snapshot->other_count; i++) {
		const struct other_session *other = &snapshot->others[i];
		out_text(out, i ? ", " : "");
		page_name(other->address, out);
		out_print(out, " to %s", kinds[other->kind]);
		if (other->count != UNKNOWN_U32 && other->count > 1)
			out_print(out, " (%u times)", (unsigned)other->count);
	}
	out_text(out, "</p>\n");
	page_omitted(snapshot->others_omitted, out);
}

void page_clients(const struct view *view, struct out *out)
{
	static const char *const titles[] = {
		"Client", "#Connections", "#Sessions", "Open", "#Costs a backup"};
	const struct snapshot *snapshot = view->snapshot;
	struct page_table table = {titles, ARRAY_LEN(titles), 0};
	page_section("clients", "SMB clients", out);
	print_sum(snapshot, out);
	if (snapshot->client_count) {
		page_table(&table, "SMB clients", out);
		for (uint32_t i = 0; i < snapshot->client_count; i++)
			print_client(&snapshot->clients[i], &table, out);
		page_table_end(out);
	}
	page_omitted(snapshot->clients_omitted, out);
	print_others(snapshot, out);
	if (snapshot->smb.reason[0]) {
		out_text(out, "<p class=\"quiet\">");
		page_name(snapshot->smb.reason, out);
		out_text(out, "</p>\n");
	}
	page_section_end(out);
}

static const char *yes_no(enum tri value)
{
	return value == YES ? "yes" : value == NO ? "no" : "unknown";
}

void page_shares(const struct view *view, struct out *out)
{
	static const char *const titles[] = {"Share", "Path", "Strict allocate", "Strict sync", "Read-only"};
	const struct snapshot *snapshot = view->snapshot;
	struct page_table table = {titles, ARRAY_LEN(titles), 0};
	if (!snapshot->share_count)
		return;
	page_section("shares", "Shares", out);
	page_table(&table, "Shares", out);
	for (uint32_t i = 0; i < snapshot->share_count; i++) {
		const struct share *share = &snapshot->shares[i];
		page_row(&table, out);
		page_name(share->name, out);
		page_cell(&table, out);
		page_name(share->path, out);
		page_cell(&table, out);
		out_text(out, yes_no(share->strict_allocate));
		page_cell(&table, out);
		out_text(out, yes_no(share->strict_sync));
		page_cell(&table, out);
		out_text(out, yes_no(share->read_only));
		page_row_end(out);
	}
	page_table_end(out);
	page_omitted(snapshot->shares_omitted, out);
	page_section_end(out);
}
