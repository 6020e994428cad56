/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <stdio.h>

#include "common/units.h"
#include "show/page.h"

static void print_cpu(const struct view *view, struct out *out)
{
	const struct cpu_rates *rates = &view->rates->cpu;
	const struct cpu *cpu = &view->snapshot->cpu;
	page_fact("Processor", out);
	if (rates->busy_hundredths == UNKNOWN_U32) {
		out_text(out, "unknown until a second look");
	} else {
		page_bar(rates->busy_hundredths, 10000, out);
		page_percent(rates->busy_hundredths, out);
		out_text(out, " busy, ");
		page_percent(rates->iowait_hundredths, out);
		out_text(out, " waiting for disks");
	}
	if (cpu->cores != UNKNOWN_U32)
		out_print(out, ", %u core%s", (unsigned)cpu->cores, cpu->cores == 1 ? "" : "s");
	page_fact_end(out);
	if (cpu->load1_hundredths == UNKNOWN_U32)
		return;
	const unsigned loads[] = {cpu->load1_hundredths, cpu->load5_hundredths, cpu->load15_hundredths};
	page_fact("Load", out);
	out_print(out, "%u.%02u, %u.%02u, %u.%02u over 1, 5, 15 min", loads[0] / 100, loads[0] % 100,
		loads[1] / 100, loads[1] % 100, loads[2] / 100, loads[2] % 100);
	page_fact_end(out);
}

static void print_memory(const struct memory *memory, struct out *out)
{
	char total[UNITS_LEN], available[UNITS_LEN], dirty[UNITS_LEN], swap[UNITS_LEN];
	units_binary(total, sizeof total, memory->total_bytes);
	units_binary(available, sizeof available, memory->available_bytes);
	units_binary(dirty, sizeof dirty, memory->dirty_bytes);
	units_binary(swap, sizeof swap, memory->swap_used_bytes);
	page_fact("Memory", out);
	if (memory->available_bytes <= memory->total_bytes)
		page_bar(memory->total_bytes - memory->available_bytes, memory->total_bytes, out);
	out_print(out, "%s of %s available%s", available, total,
		memory->available_estimated == YES ? " (estimated)" : "");
	page_fact_end(out);
	page_fact_text("Not yet written", dirty, out);
	page_fact_text("Swap in use", swap, out);
}

static void print_services(const struct snapshot *snapshot, struct out *out)
{
	bool begun = false;
	for (uint32_t i = 0; i < snapshot->service_count; i++) {
		const struct service *service = &snapshot->services[i];
		if (service->running != YES || service->expected != NO)
			continue;
		if (begun)
			out_text(out, ", ");
		else
			page_fact("Services not needed", out);
		begun = true;
		page_name(service->name, out);
	}
	if (begun)
		page_fact_end(out);
}

void page_machine(const struct view *view, struct out *out)
{
	page_section("machine", "Machine", out);
	out_text(out, "<div class=\"card\"><dl>\n");
	print_cpu(view, out);
	print_memory(&view->snapshot->memory, out);
	print_services(view->snapshot, out);
	page_fact_text("Kernel", view->snapshot->kernel, out);
	page_fact_text("SMB server", view->snapshot->smb.server, out);
	out_text(out, "</dl></div>\n");
	page_section_end(out);
}

void page_ups(const struct view *view, struct out *out)
{
	const struct ups *ups = &view->snapshot->ups;
	char text[UNITS_LEN];
	page_section("ups", "UPS", out);
	out_text(out, "<div class=\"card\"><dl>\n");
	page_fact("UPS", out);
	if (ups->present == YES)
		page_name(ups->name[0] ? ups->name : "present", out);
	else
		out_text(out, ups->present == NO ? "none" : "unknown");
	page_fact_end(out);
	page_fact_text("Why", ups->reason, out);
	if (ups->on_battery != UNKNOWN)
		page_fact_text("Power", ups->on_battery == YES ? "on battery" : "mains", out);
	if (ups->battery_low == YES)
		page_fact_text("Battery", "low", out);
	if (ups->charge_percent != UNKNOWN_U32) {
		page_fact("Charge", out);
		page_number(ups->charge_percent, "&nbsp;%", out);
		page_fact_end(out);
	}
	if (ups->runtime_s != UNKNOWN_U32) {
		units_duration(text, sizeof text, ups->runtime_s);
		page_fact_text("Lasts for", text, out);
	}
	out_text(out, "</dl></div>\n");
	page_section_end(out);
}

void page_sources(const struct view *view, struct out *out)
{
	static const char *const titles[] = {"Source", "State", "Why"};
	static const char *const states[] = {[SOURCE_OK] = "read",
		[SOURCE_ABSENT] = "absent",
		[SOURCE_FAILED] = "failed",
		[SOURCE_STALE] = "stale"};
	const struct snapshot *snapshot = view->snapshot;
	struct page_table table = {titles, ARRAY_LEN(titles), 0};
	unsigned bad = 0;
	for (uint32_t i = 0; i < snapshot->source_count; i++)
		bad += snapshot->sources[i].state != SOURCE_OK;
	page_section("sources", "Where this comes from", out);
	out_print(out, "<p>%u of %u sources were read.</p>\n", (unsigned)snapshot->source_count - bad,
		(unsigned)snapshot->source_count);
	if (bad)
		page_table(&table, "Sources that were not read", out);
	for (uint32_t i = 0; i < snapshot->source_count; i++) {
		const struct source_report *source = &snapshot->sources[i];
		if (source->state == SOURCE_OK)
			continue;
		page_row(&table, out);
		page_name(source->name, out);
		page_cell(&table, out);
		out_text(out, states[source->state]);
		page_cell(&table, out);
		page_name(source->error, out);
		page_row_end(out);
	}
	if (bad)
		page_table_end(out);
	page_section_end(out);
}
