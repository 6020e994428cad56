/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "show/represent_ready.h"

#include "common/units.h"
#include "show/wrap.h"

#define INDENT 7 /* of what is said, behind the longest severity */

/* -- JSON -- */

void represent_time(const struct view *view, struct json *json)
{
	const struct snapshot *snapshot = view->snapshot;
	uint64_t age_ms = view->now_ms > snapshot->time_ms ? view->now_ms - snapshot->time_ms : 0;
	json_time(json, "time", snapshot->clock_ms ? snapshot->clock_ms : UNKNOWN_U64);
	json_u64(json, "age_ms", snapshot->time_ms ? age_ms : UNKNOWN_U64);
}

static void add_finding(const struct finding *finding, struct json *json)
{
	json_object(json, NULL);
	json_string(json, "code", finding->code);
	json_string(json, "severity", severity_name(finding->severity));
	json_string(json, "subject", finding->subject);
	json_time(json, "since", finding->since_clock_ms);
	json_string(json, "message", finding->message);
	json_string(json, "remedy", finding->remedy);
	json_end(json);
}

void represent_answer(const struct assessment *assessment, struct json *json)
{
	json_string(json, "answer", assessment ? verdict_name(assessment->answer) : NULL);
	json_u32(json, "retry_after_s", assessment ? assessment->retry_after_s : UNKNOWN_U32);
	json_list(json, "findings");
	for (uint32_t i = 0; assessment && i < assessment->count; i++)
		add_finding(&assessment->findings[i], json);
	json_end(json);
	json_u32(json, "findings_omitted", assessment ? assessment->omitted : UNKNOWN_U32);
}

void represent_answer_brief(const struct assessment *assessment, struct json *json)
{
	json_string(json, "answer", assessment ? verdict_name(assessment->answer) : NULL);
	json_u32(json, "retry_after_s", assessment ? assessment->retry_after_s : UNKNOWN_U32);
	json_list(json, "findings");
	for (uint32_t i = 0; assessment && i < assessment->count; i++)
		json_string(json, NULL, assessment->findings[i].code);
	json_end(json);
}

void represent_ready(const struct view *view, struct json *json)
{
	represent_answer(view->assessment, json);
	represent_time(view, json);
}

/* -- text -- */

static enum tint tint_of(enum severity severity)
{
	return severity == SEVERITY_BLOCK ? TINT_BAD : severity == SEVERITY_INFO ? TINT_QUIET : TINT_WARNING;
}

static void print_verdict(const char *word, enum tint tint, struct out *out)
{
	out_tint(out, tint);
	out_text(out, word);
	out_tint(out, TINT_NONE);
}

void represent_answer_text(const struct assessment *assessment, struct out *out)
{
	char after[UNITS_LEN];
	if (!assessment) {
		out_text(out, "unknown: nobody judged\n");
		return;
	}
	units_duration(after, sizeof after, assessment->retry_after_s);
	if (assessment->answer == VERDICT_WAIT) {
		print_verdict("wait", TINT_WARNING, out);
		out_print(out, ": do not start a backup yet, ask again in %s\n", after);
	} else if (assessment->answer == VERDICT_NO) {
		print_verdict("no", TINT_BAD, out);
		out_text(out, ": a backup must not run now\n");
	} else {
		print_verdict("go", TINT_GOOD, out);
		out_print(out, ": a backup may run now%s\n",
			assessment->count && assessment->findings[0].severity > SEVERITY_INFO
				? ", but look at what follows"
				: "");
	}
}

static void print_finding(const struct finding *finding, uint64_t clock_ms, struct out *out)
{
	char since[UNITS_LEN];
	out_text(out, "\n");
	out_tint(out, tint_of(finding->severity));
	out_print(out, "%-*s", INDENT, severity_name(finding->severity));
	out_tint(out, TINT_NONE);
	out_print(out, "%s (", finding->code);
	out_plain(out, finding->subject);
	out_text(out, ")");
	if (finding->since_clock_ms != UNKNOWN_U64 && clock_ms >= finding->since_clock_ms + 1000) {
		units_duration(since, sizeof since, (clock_ms - finding->since_clock_ms) / 1000);
		out_print(out, ", for %s", since);
	}
	out_text(out, "\n");
	wrap_text(finding->message, INDENT, 0, out);
	wrap_text(finding->remedy, INDENT, 0, out);
}

void represent_ready_text(const struct view *view, struct out *out)
{
	const struct assessment *assessment = view->assessment;
	represent_answer_text(assessment, out);
	for (uint32_t i = 0; assessment && i < assessment->count; i++)
		print_finding(&assessment->findings[i], view->snapshot->clock_ms, out);
	if (assessment && assessment->omitted)
		out_print(out, "\nand %u more, for which there is no room\n", (unsigned)assessment->omitted);
}
