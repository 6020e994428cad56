/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "show/represent.h"

static const char head[] = "<!doctype html>\n"
			   "<html lang=\"en\">\n"
			   "<head>\n"
			   "<meta charset=\"utf-8\">\n"
			   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
			   "<title>";

static const char style[] =
	"</title>\n"
	"<style>\n"
	":root { color-scheme: light dark }\n"
	"body { font: 16px/1.5 sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem }\n"
	"pre { font-size: 14px; overflow-x: auto }\n"
	"</style>\n"
	"</head>\n"
	"<body>\n"
	"<h1>";

static const char foot[] = "</pre>\n"
			   "<p>The same for programs: <a href=\"/v1/status\">status as JSON</a>,\n"
			   "<a href=\"/metrics\">metrics for Prometheus</a>,\n"
			   "<a href=\"/v1\">all routes</a>.</p>\n"
			   "</body>\n"
			   "</html>\n";

void represent_page(const struct view *view, struct out *out)
{
	const char *host = view->snapshot->host[0] ? view->snapshot->host : "this machine";
	struct out text = {0};
	represent_text(view, &text);
	out->failed |= text.failed;
	out_text(out, head);
	out_html(out, host);
	out_text(out, " - nasready");
	out_text(out, style);
	out_html(out, host);
	/* the parser drops the first newline of a pre */
	out_text(out, "</h1>\n<pre>\n");
	out_html(out, text.failed ? "" : text.data);
	out_text(out, foot);
	out_free(&text);
}
