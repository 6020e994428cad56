/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Complete without script. With it, everything marked data-live is replaced in place, and the plots appear
 * between the two parts.
 */
#include "common/units.h"
#include "show/assets.h"
#include "show/page.h"

static void print_address(const char *path, struct out *out)
{
	const struct asset *asset = asset_find(path);
	out_text(out, path);
	if (asset)
		out_print(out, "?v=%s", asset->version);
}

static void print_head(const char *host, struct out *out)
{
	out_text(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
	out_html(out, host);
	out_text(out, " - nasready</title>\n<link rel=\"icon\" type=\"image/svg+xml\" href=\"");
	print_address("/assets/icon.svg", out);
	out_text(out, "\">\n<link rel=\"stylesheet\" href=\"");
	print_address("/assets/page.css", out);
	out_text(out, "\">\n<script defer src=\"");
	print_address("/assets/page.js", out);
	out_text(out, "\"></script>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">To the answer</a>\n");
}

static void print_header(const struct view *view, const char *host, struct out *out)
{
	const struct snapshot *snapshot = view->snapshot;
	char time[UNITS_LEN] = "", age[UNITS_LEN];
	uint64_t age_s = view->now_ms > snapshot->time_ms ? (view->now_ms - snapshot->time_ms) / 1000 : 0;
	out_text(out, "<header>\n<h1>");
	page_name(host, out);
	out_print(
		out, "</h1>\n<p id=\"freshness\" data-live data-age-s=\"%llu\">", (unsigned long long)age_s);
	units_duration(age, sizeof age, age_s);
	if (snapshot->clock_ms && units_time(time, sizeof time, snapshot->clock_ms))
		out_print(out, "As of <time datetime=\"%s\">%.10s %.8s UTC</time>, ", time, time, time + 11);
	out_print(out, "%s old</p>\n</header>\n", age);
}

static const char plots[] =
	"<section id=\"history\" aria-labelledby=\"history-title\">\n"
	"<div class=\"title\"><h2 id=\"history-title\">History</h2></div>\n"
	"<div id=\"plots\"></div>\n"
	"<noscript><p class=\"quiet\">The plots need script; their figures are at "
	"<a href=\"/v1/history\">/v1/history</a>. Reload to see newer figures.</p></noscript>\n"
	"</section>\n";

static void print_footer(const struct view *view, struct out *out)
{
	char up[UNITS_LEN];
	units_duration(up, sizeof up, view->uptime_s);
	out_print(out, "<footer>\n<p id=\"about\" data-live>nasready %s (%s)", NASREADY_VERSION,
		NASREADY_TARGET);
	if (view->uptime_s != UNKNOWN_U64)
		out_print(out, ", up %s", up);
	out_text(out, "</p>\n<nav aria-label=\"For programs\"><a href=\"/v1/status\">Status as JSON</a> "
		      "<a href=\"/v1/history\">History as JSON</a> <a href=\"/metrics\">Metrics</a> "
		      "<a href=\"/v1\">All routes</a></nav>\n</footer>\n</body>\n</html>\n");
}

void represent_page(const struct view *view, struct out *out)
{
	const char *host = view->snapshot->host[0] ? view->snapshot->host : "this machine";
	print_head(host, out);
	print_header(view, host, out);
	out_text(out, "<main id=\"main\" tabindex=\"-1\">\n<div id=\"first\" data-live>\n");
	page_answer(view, out);
	page_now(view, out);
	page_findings(view, out);
	out_text(out, "</div>\n");
	out_text(out, plots);
	out_text(out, "<div id=\"rest\" data-live>\n");
	page_volumes(view, out);
	page_vdisks(view, out);
	page_jobs(view, out);
	page_allocations(view, out);
	page_clients(view, out);
	page_shares(view, out);
	page_links(view, out);
	page_raids(view, out);
	page_disks(view, out);
	out_text(out, "<div class=\"pair\">\n");
	page_machine(view, out);
	page_ups(view, out);
	out_text(out, "</div>\n");
	page_sources(view, out);
	out_text(out, "</div>\n</main>\n<p id=\"say\" class=\"hidden\" role=\"status\"></p>\n");
	print_footer(view, out);
}
