/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Links, RAID and disks.
 */
#include <stdio.h>

#include "common/units.h"
#include "show/page.h"

static const char *word_of(enum tri value, const char *yes, const char *no)
{
	return value == YES ? yes : value == NO ? no : "unknown";
}

static void print_speed(uint32_t mbps, struct out *out)
{
	if (mbps != UNKNOWN_U32 && mbps && mbps % 1000 == 0)
		page_number(mbps / 1000, " Gbit/s", out);
	else
		page_number(mbps, " Mbit/s", out);
}

static void print_packets(const struct link_rates *rates, struct out *out)
{
	const uint32_t counts[] = {rates->errors_per_s_hundredths, rates->drops_per_s_hundredths};
	static const char *const names[] = {"damaged", "dropped"};
	bool begun = false;
	for (unsigned i = 0; i < ARRAY_LEN(counts); i++) {
		if (!counts[i] || counts[i] == UNKNOWN_U32)
			continue;
		out_print(out, "%s%u.%02u packets/s %s", begun ? ", " : "", (unsigned)counts[i] / 100,
			(unsigned)counts[i] % 100, names[i]);
		begun = true;
	}
	if (!begun)
		out_text(out, counts[0] == UNKNOWN_U32 ? "unknown" : "none");
}

static void print_link(
	const struct link *link, const struct link_rates *rates, struct page_table *table, struct out *out)
{
	char in[UNITS_LEN], sent[UNITS_LEN];
	units_mbits(in, sizeof in, rates->rx_bytes_per_s);
	units_mbits(sent, sizeof sent, rates->tx_bytes_per_s);
	page_row(table, out);
	page_name(link->name, out);
	page_cell(table, out);
	out_print(out, "%s%s", word_of(link->up, "up", "down"), link->wireless == YES ? ", wireless" : "");
	page_cell(table, out);
	print_speed(link->speed_mbps, out);
	out_text(out, link->full_duplex == NO ? ", half duplex" : "");
	page_cell(table, out);
	page_number(link->mtu, "", out);
	page_cell(table, out);
	out_text(out, in);
	page_cell(table, out);
	out_text(out, sent);
	page_cell(table, out);
	print_packets(rates, out);
	page_row_end(out);
}

void page_links(const struct view *view, struct out *out)
{
	static const char *const titles[] = {"Link", "State", "#Speed", "#MTU", "#In", "#Out", "Faults"};
	const struct snapshot *snapshot = view->snapshot;
	struct page_table table = {titles, ARRAY_LEN(titles), 0};
	if (!snapshot->link_count)
		return;
	page_section("links", "Network", out);
	page_table(&table, "Network links", out);
	for (uint32_t i = 0; i < snapshot->link_count; i++)
		print_link(&snapshot->links[i], &view->rates->links[i], &table, out);
	page_table_end(out);
	page_omitted(snapshot->links_omitted, out);
	page_section_end(out);
}

static void print_raid(const struct raid *raid, struct page_table *table, struct out *out)
{
	page_row(table, out);
	page_name(raid->name, out);
	page_cell(table, out);
	page_name(raid->level, out);
	page_cell(table, out);
	out_text(out, word_of(raid->degraded, "<b>degraded</b>", "whole"));
	out_text(out, ", ");
	page_name(raid->state, out);
	if (raid->sync[0]) {
		out_text(out, ", ");
		page_name(raid->sync, out);
		out_text(out, " ");
		page_percent(raid->sync_percent_hundredths, out);
	}
	page_cell(table, out);
	page_number(raid->active, " of ", out);
	page_number(raid->members, "", out);
	page_row_end(out);
}

void page_raids(const struct view *view, struct out *out)
{
	static const char *const titles[] = {"Array", "Level", "State", "#Members working"};
	const struct snapshot *snapshot = view->snapshot;
	struct page_table table = {titles, ARRAY_LEN(titles), 0};
	if (!snapshot->raid_count)
		return;
	page_section("raid", "RAID", out);
	page_table(&table, "RAID arrays", out);
	for (uint32_t i = 0; i < snapshot->raid_count; i++)
		print_raid(&snapshot->raids[i], &table, out);
	page_table_end(out);
	page_omitted(snapshot->raids_omitted, out);
	page_section_end(out);
}

static void print_disk(
	const struct disk *disk, const struct disk_rates *rates, struct page_table *table, struct out *out)
{
	char size[UNITS_LEN], read[UNITS_LEN], written[UNITS_LEN];
	units_decimal(size, sizeof size, disk->size_bytes);
	units_rate(read, sizeof read, rates->read_bytes_per_s);
	units_rate(written, sizeof written, rates->write_bytes_per_s);
	page_row(table, out);
	page_name(disk->name, out);
	out_text(out, disk->asleep == YES ? " (asleep)" : "");
	page_cell(table, out);
	page_name(disk->model[0] ? disk->model : "unknown", out);
	page_cell(table, out);
	out_text(out, size);
	page_cell(table, out);
	page_percent(rates->busy_hundredths, out);
	page_cell(table, out);
	out_text(out, read);
	page_cell(table, out);
	out_text(out, written);
	page_row_end(out);
}

void page_disks(const struct view *view, struct out *out)
{
	static const char *const titles[] = {"Disk", "Model", "#Size", "#Busy", "#Read", "#Written"};
	const struct snapshot *snapshot = view->snapshot;
	struct page_table table = {titles, ARRAY_LEN(titles), 0};
	if (!snapshot->disk_count)
		return;
	page_section("disks", "Disks", out);
	page_table(&table, "Disks", out);
	for (uint32_t i = 0; i < snapshot->disk_count; i++)
		print_disk(&snapshot->disks[i], &view->rates->disks[i], &table, out);
	page_table_end(out);
	page_omitted(snapshot->disks_omitted, out);
	page_section_end(out);
}
