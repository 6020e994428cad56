/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <stdio.h>

#include "common/units.h"
#include "show/page.h"

static unsigned count_from(const struct assessment *assessment, enum severity least)
{
	unsigned count = 0;
	for (uint32_t i = 0; i < assessment->count; i++)
		count += assessment->findings[i].severity >= least;
	return count;
}

static void print_sentence(const struct assessment *assessment, struct out *out)
{
	char after[UNITS_LEN];
	units_duration(after, sizeof after, assessment->retry_after_s);
	if (assessment->answer == VERDICT_NO)
		out_text(out, "A backup must not run now.");
	else if (assessment->answer == VERDICT_WAIT)
		out_print(out, "Do not start a backup yet: ask again in %s.", after);
	else
		out_text(out, "A backup may run now.");
}

/* the worst finding is the reason; of a "go" there is only how many remarks follow */
static void print_reason(const struct assessment *assessment, struct out *out)
{
	unsigned remarks = count_from(assessment, SEVERITY_WARN);
	if (assessment->answer != VERDICT_GO && assessment->count)
		page_name(assessment->findings[0].message, out);
	else if (remarks)
		out_print(out, "%u thing%s could make it slower or less safe: see below.", remarks,
			remarks == 1 ? "" : "s");
	else
		out_text(out, "Nothing stands in its way.");
}

void page_answer(const struct view *view, struct out *out)
{
	static const char *const words[] = {
		[VERDICT_GO] = "Go", [VERDICT_WAIT] = "Wait", [VERDICT_NO] = "No"};
	const struct assessment *assessment = view->assessment;
	const char *name = assessment ? verdict_name(assessment->answer) : "info";
	out_print(out, "<div class=\"answer %s\" id=\"answer\" data-answer=\"%s\">\n", name, name);
	page_symbol(name, out);
	out_print(out, "<div><h2><span class=\"word\">%s</span> <span>",
		assessment ? words[assessment->answer] : "Unknown");
	if (assessment)
		print_sentence(assessment, out);
	else
		out_text(out, "Nobody judged.");
	out_text(out, "</span></h2>\n<p>");
	if (assessment)
		print_reason(assessment, out);
	out_text(out, "</p></div>\n</div>\n");
}

static void print_finding(const struct finding *finding, uint64_t clock_ms, struct out *out)
{
	static const char *const symbols[] = {[SEVERITY_OFF] = "info",
		[SEVERITY_INFO] = "info",
		[SEVERITY_WARN] = "warn",
		[SEVERITY_WAIT] = "wait",
		[SEVERITY_BLOCK] = "no"};
	char since[UNITS_LEN];
	out_print(out, "<li class=\"finding %s\">\n<p class=\"severity\">", severity_name(finding->severity));
	page_symbol(symbols[finding->severity], out);
	out_print(out, "<b>%s</b></p>\n<div><p>", severity_name(finding->severity));
	page_name(finding->message, out);
	out_text(out, "</p>\n<p class=\"remedy\">");
	page_name(finding->remedy, out);
	out_text(out, "</p>\n<p class=\"quiet\"><code>");
	out_html(out, finding->code);
	out_text(out, "</code> · ");
	page_name(finding->subject, out);
	units_duration(since, sizeof since, (clock_ms - finding->since_clock_ms) / 1000);
	if (finding->since_clock_ms != UNKNOWN_U64 && clock_ms >= finding->since_clock_ms + 1000)
		out_print(out, " · for %s", since);
	out_text(out, "</p></div>\n</li>\n");
}

static void print_list(const struct view *view, bool grave, struct out *out)
{
	const struct assessment *assessment = view->assessment;
	out_text(out, "<ul class=\"findings\">\n");
	for (uint32_t i = 0; i < assessment->count; i++)
		if ((assessment->findings[i].severity > SEVERITY_INFO) == grave)
			print_finding(&assessment->findings[i], view->snapshot->clock_ms, out);
	out_text(out, "</ul>\n");
}

void page_findings(const struct view *view, struct out *out)
{
	const struct assessment *assessment = view->assessment;
	if (!assessment || !assessment->count)
		return;
	unsigned grave = count_from(assessment, SEVERITY_WARN), rest = assessment->count - grave;
	page_section("findings", "Findings", out);
	if (grave)
		print_list(view, true, out);
	if (rest) {
		out_print(out, "<details id=\"good-to-know\"><summary>Good to know (%u)</summary>\n", rest);
		print_list(view, false, out);
		out_text(out, "</details>\n");
	}
	page_omitted(assessment->omitted, out);
	page_section_end(out);
}
