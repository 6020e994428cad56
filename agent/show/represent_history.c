/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Columns rather than rows, and written without a tree of objects: 13,000 numbers would take a megabyte of
 * it.
 */
#include "common/units.h"
#include "show/represent.h"

struct series {
	const struct recorder_ring *ring;
	const struct recorder_point *(*at)(const struct recorder *recorder, uint32_t index);
	const struct recorder *recorder;
};

static void add_number(uint32_t value, uint64_t unit, struct out *out)
{
	if (value == UNKNOWN_U32)
		out_text(out, "null");
	else
		out_print(out, "%llu", (unsigned long long)value * unit);
}

/* "12.5": a tenth is more than a plot shows */
static void add_percent(uint32_t hundredths, struct out *out)
{
	unsigned tenths = (hundredths + 5) / 10;
	if (hundredths == UNKNOWN_U32)
		out_text(out, "null");
	else if (tenths % 10)
		out_print(out, "%u.%u", tenths / 10, tenths % 10);
	else
		out_print(out, "%u", tenths / 10);
}

static void add_rates(
	const struct series *series, const char *name, enum recorder_rate which, struct out *out)
{
	out_print(out, ",\"%s\":[", name);
	for (uint32_t i = 0; i < series->ring->count; i++) {
		uint32_t value = series->at(series->recorder, i)->rates[which];
		if (i)
			out_text(out, ",");
		if (which == RECORDED_IN || which == RECORDED_OUT)
			add_number(value, 1000, out);
		else
			add_percent(value, out);
	}
	out_text(out, "]");
}

static void add_states(
	const struct series *series, const char *name, unsigned which, uint64_t unit, struct out *out)
{
	out_print(out, ",\"%s\":[", name);
	for (uint32_t i = 0; i < series->ring->count; i++) {
		if (i)
			out_text(out, ",");
		add_number(series->at(series->recorder, i)->states[which], unit, out);
	}
	out_text(out, "]");
}

static void add_volumes(const struct series *series, struct out *out)
{
	bool begun = false;
	out_text(out, ",\"volumes\":[");
	for (unsigned i = 0; i < RECORDER_VOLUMES; i++) {
		if (!series->recorder->volumes[i][0])
			continue;
		out_text(out, begun ? ",{\"id\":" : "{\"id\":");
		out_json(out, series->recorder->volumes[i]);
		add_states(series, "free_bytes", RECORDED_FREE + i, 1 << 20, out);
		out_text(out, "}");
		begun = true;
	}
	out_text(out, "]");
}

static void add_series(const char *name, const struct series *series, struct out *out)
{
	char start[UNITS_TIME_LEN] = "";
	uint64_t start_ms = recorder_start_clock_ms(series->recorder, series->ring);
	out_print(out, "\"%s\":{\"step_s\":%u,\"start\":", name, (unsigned)series->ring->step_ms / 1000);
	if (start_ms != UNKNOWN_U64 && units_time(start, sizeof start, start_ms))
		out_print(out, "\"%s\"", start);
	else
		out_text(out, "null");
	add_rates(series, "in_bytes_per_s", RECORDED_IN, out);
	add_rates(series, "out_bytes_per_s", RECORDED_OUT, out);
	add_rates(series, "cpu_busy_percent", RECORDED_BUSY, out);
	add_rates(series, "cpu_iowait_percent", RECORDED_IOWAIT, out);
	add_states(series, "smb_connections", RECORDED_CONNECTIONS, 1, out);
	add_volumes(series, out);
	out_text(out, "}");
}

void represent_history(const struct view *view, struct out *out)
{
	const struct recorder *recorder = view->recorder;
	out_text(out, "{");
	if (recorder) {
		add_series("day", &(struct series){&recorder->day, recorder_day, recorder}, out);
		out_text(out, ",");
		add_series("recent", &(struct series){&recorder->recent, recorder_recent, recorder}, out);
	}
	out_text(out, "}\n");
}
