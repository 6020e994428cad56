/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "show/represent_plan.h"

#include <stdio.h>
#include <string.h>

#include "common/units.h"
#include "show/represent_fields.h"
#include "show/represent_gate.h"

#define FILE_NAME "Backup.vhdx"

/* -- JSON -- */

static void add_note(const char *note, void *json)
{
	json_string(json, NULL, note);
}

static const char *action(const struct outlook *outlook, uint32_t step)
{
	return step || outlook->question.current_bytes ? "resize" : "create";
}

static void add_steps(const struct outlook *outlook, struct json *json)
{
	json_list(json, "steps");
	for (uint32_t i = 0; i < outlook->plan.step_count; i++) {
		const struct plan_step *step = &outlook->plan.steps[i];
		json_object(json, NULL);
		json_string(json, "action", action(outlook, i));
		json_u64(json, "size_bytes", step->size_bytes);
		json_u64(json, "step_bytes", step->step_bytes);
		json_seconds(json, "predicted_s", step->predicted_ms);
		json_end(json);
	}
	json_end(json);
	json_u32(json, "steps_omitted", outlook->plan.steps_omitted);
}

static void add_figures(const struct outlook *outlook, struct json *json)
{
	const struct capacity *capacity = &outlook->capacity;
	uint64_t age_ms = capacity->whole_age_ms;
	json_u64(json, "knee_bytes", capacity->whole_bytes);
	json_u64(json, "knee_age_s", age_ms == UNKNOWN_U64 ? UNKNOWN_U64 : age_ms / 1000);
	json_string(json, "knee_reason", capacity->whole_reason);
	json_u64(json, "max_step_bytes", outlook->plan.max_step_bytes);
	json_seconds(json, "cost_s_per_tib", outlook->cost_ms_per_tib);
	json_string(json, "cost_source", cost_source_name(outlook->cost_source));
	represent_cost(outlook->question.volume, json);
	json_u32(json, "client_timeout_s", outlook->question.client_timeout_s);
	json_seconds(json, "budget_s", outlook->plan.budget_ms);
}

void represent_plan(const struct outlook *outlook, struct json *json)
{
	const struct capacity *capacity = &outlook->capacity;
	json_string(json, "share", outlook->question.share ? outlook->question.share->name : NULL);
	json_string(json, "volume", outlook->question.volume ? outlook->question.volume->id : NULL);
	json_u64(json, "size_bytes", outlook->question.current_bytes + outlook->growth_bytes);
	json_u64(json, "current_bytes", outlook->question.current_bytes);
	json_u64(json, "file_bytes", outlook->file_bytes);
	add_steps(outlook, json);
	json_seconds(json, "predicted_s", outlook->plan.predicted_ms);
	json_u64(json, "past_knee_bytes", outlook->plan.past_knee_bytes);
	json_seconds(json, "past_knee_s", outlook->plan.past_knee_ms);
	add_figures(outlook, json);
	json_u64(json, "available_bytes", capacity->available_bytes);
	json_u64(json, "left_bytes", outlook->left_bytes);
	json_u64(json, "limit_bytes", capacity->limit_bytes);
	json_string(json, "limit_reason", capacity->limit_reason);
	json_list(json, "notes");
	plan_notes(outlook, add_note, json);
	json_end(json);
}

void represent_grant(const struct gate_answer *answer, struct json *json)
{
	const struct outlook *outlook = &answer->outlook;
	json_bool(json, "granted", answer->outcome == GATE_GRANTED);
	json_u64(json, "id", answer->id ? answer->id : UNKNOWN_U64);
	json_string(json, "share", outlook->question.share ? outlook->question.share->name : NULL);
	json_string(json, "volume", outlook->question.volume->id);
	json_u64(json, "size_bytes", outlook->question.current_bytes + outlook->growth_bytes);
	json_u64(json, "current_bytes", outlook->question.current_bytes);
	json_u64(json, "step_bytes", outlook->growth_bytes);
	json_seconds(json, "predicted_s", outlook->at_once_ms);
	add_figures(outlook, json);
}

/* -- PowerShell -- */

/* Inside single quotes. PowerShell takes the four typographic ones for the same; each is doubled. */
static void out_quoted(struct out *out, const char *text)
{
	struct out plain = {0};
	out_plain(&plain, text);
	out->failed |= plain.failed;
	for (const char *at = plain.data ? plain.data : ""; *at; at++) {
		const unsigned char *byte = (const unsigned char *)at;
		bool curly = byte[0] == 0xe2 && byte[1] == 0x80 && byte[2] >= 0x98 && byte[2] <= 0x9b;
		if (curly)
			out_print(out, "%.3s%.3s", at, at);
		else if (*at == '\'')
			out_text(out, "''");
		else
			out_print(out, "%c", *at);
		at += curly ? 2 : 0;
	}
	out_free(&plain);
}

/* [2001:db8::1]:8439 is 2001-db8--1.ipv6-literal.net in a UNC path */
static void out_host(struct out *out, const char *host)
{
	bool brackets = *host == '[';
	size_t length = strcspn(host + brackets, brackets ? "]%" : ":");
	for (size_t i = 0; i < length; i++) {
		char c[2] = {host[brackets + i], 0};
		out_quoted(out, *c == ':' ? "-" : c);
	}
	out_text(out, brackets ? ".ipv6-literal.net" : "");
}

static void out_path(struct out *out, const struct outlook *outlook, const char *host)
{
	out_text(out, "'\\\\");
	out_host(out, host && *host ? host : "NAS");
	out_text(out, "\\");
	out_quoted(out, outlook->question.share ? outlook->question.share->name : "SHARE");
	out_text(out, "\\" FILE_NAME "'");
}

static void out_command(struct out *out, const struct outlook *outlook, const char *host, uint32_t index)
{
	const struct plan_step *step = &outlook->plan.steps[index];
	bool create = !index && !outlook->question.current_bytes;
	char grows[UNITS_LEN], size[UNITS_LEN], takes[UNITS_LEN];
	units_binary(grows, sizeof grows, step->step_bytes);
	units_binary(size, sizeof size, step->size_bytes);
	units_duration(takes, sizeof takes, (step->predicted_ms + 999) / 1000);
	out_text(out, create ? "New-VHD -Path " : "Resize-VHD -Path ");
	out_path(out, outlook, host);
	out_print(out, "%s -SizeBytes %llu  # %s", create ? " -Fixed" : "",
		(unsigned long long)step->size_bytes, size);
	if (!create)
		out_print(out, ", %s more", grows);
	out_print(out, ": about %s to allocate\n", takes);
}

static void out_comment(const char *note, void *out)
{
	out_text(out, "# ");
	out_plain(out, note);
	out_text(out, "\n");
}

void represent_plan_powershell(const struct outlook *outlook, const char *host, struct out *out)
{
	out_print(out, "# nasready: %u step%s, each within half of the client's %u s\n",
		(unsigned)(outlook->plan.step_count + outlook->plan.steps_omitted),
		outlook->plan.step_count > 1 ? "s" : "", (unsigned)outlook->question.client_timeout_s);
	plan_notes(outlook, out_comment, out);
	for (uint32_t i = 0; i < outlook->plan.step_count; i++)
		out_command(out, outlook, host, i);
}

/* -- for a person -- */

static void out_line(struct out *out, const char *name, const char *value, const char *reason)
{
	out_print(out, "%-18s %s%s", name, value, *reason ? " (" : "");
	out_plain(out, reason);
	out_text(out, *reason ? ")\n" : "\n");
}

static void out_table(struct out *out, const struct outlook *outlook)
{
	char size[UNITS_LEN], grows[UNITS_LEN], takes[UNITS_LEN];
	out_print(out, "%-8s%12s%12s%12s  %s\n", "STEP", "SIZE", "GROWS BY", "TAKES", "BYTES");
	for (uint32_t i = 0; i < outlook->plan.step_count; i++) {
		const struct plan_step *step = &outlook->plan.steps[i];
		units_binary(size, sizeof size, step->size_bytes);
		units_binary(grows, sizeof grows, step->step_bytes);
		units_duration(takes, sizeof takes, (step->predicted_ms + 999) / 1000);
		out_print(out, "%-8s%12s%12s%12s  %llu\n", action(outlook, i), size, grows, takes,
			(unsigned long long)step->size_bytes);
	}
	if (outlook->plan.steps_omitted)
		out_print(out, "... and %u more\n", (unsigned)outlook->plan.steps_omitted);
}

static void out_figures(struct out *out, const struct outlook *outlook)
{
	const struct capacity *capacity = &outlook->capacity;
	char value[UNITS_BYTES_LEN], age[UNITS_LEN], known[UNITS_LEN + 16] = "";
	units_bytes(value, sizeof value, outlook->plan.max_step_bytes);
	out_line(out, "largest safe step", value, "");
	units_bytes(value, sizeof value, capacity->whole_bytes);
	if (capacity->whole_age_ms != UNKNOWN_U64) {
		units_duration(age, sizeof age, capacity->whole_age_ms / 1000);
		snprintf(known, sizeof known, "read %s ago", age);
	}
	out_line(out, "before the knee", value, *known ? known : capacity->whole_reason);
	units_bytes(value, sizeof value, capacity->available_bytes);
	out_line(out, "available", value, "");
	units_bytes(value, sizeof value, capacity->limit_bytes);
	out_line(out, "largest disk", value, capacity->limit_reason);
}

static void out_note(const char *note, void *out)
{
	out_text(out, "- ");
	out_plain(out, note);
	out_text(out, "\n");
}

void represent_plan_text(const struct outlook *outlook, const char *host, struct out *out)
{
	out_table(out, outlook);
	out_text(out, "\n");
	out_figures(out, outlook);
	out_text(out, "\n");
	plan_notes(outlook, out_note, out);
	out_text(out, "\nIn PowerShell, on the server that shall be backed up:\n\n");
	for (uint32_t i = 0; i < outlook->plan.step_count; i++)
		out_command(out, outlook, host, i);
}
