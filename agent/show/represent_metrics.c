/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Prometheus text format 0.0.4. A family's HELP and TYPE come once, before its first sample; a family
 * without a known value is left out.
 */
#include <inttypes.h>
#include <string.h>

#include "show/represent_fields.h"

/* one family over all rows of its noun */
struct family {
	const struct noun *noun;
	const struct view *view;
	const char *name, *help;
	bool counter, begun;
};

static void print_escaped(struct out *out, const char *value)
{
	for (size_t plain; *value; value += plain + (value[plain] != 0)) {
		plain = strcspn(value, "\\\"\n");
		out_print(out, "%.*s", (int)plain, value);
		if (value[plain])
			out_text(out, value[plain] == '\n' ? "\\n" : value[plain] == '"' ? "\\\"" : "\\\\");
	}
}

static void print_label(struct out *out, bool first, const char *name, const char *value)
{
	struct out mended = {0};
	out_utf8(&mended, value);
	out->failed |= mended.failed;
	out_print(out, "%c%s=\"", first ? '{' : ',', name);
	print_escaped(out, mended.failed ? "" : mended.data);
	out_text(out, "\"");
	out_free(&mended);
}

/* value * times / 10^decimals, without trailing zeros */
static void print_value(struct out *out, uint64_t value, unsigned times, unsigned decimals)
{
	uint64_t power = 1;
	for (; decimals && value % 10 == 0; decimals--)
		value /= 10;
	for (unsigned i = 0; i < decimals; i++)
		power *= 10;
	out_print(out, "%" PRIu64, value / power * (times ? times : 1));
	if (decimals)
		out_print(out, ".%0*" PRIu64, (int)decimals, value % power);
	out_text(out, "\n");
}

static void family_begin(struct family *family, struct out *out)
{
	if (!family->begun)
		out_print(out, "# HELP %s %s\n# TYPE %s %s\n", family->name, family->help, family->name,
			family->counter ? "counter" : "gauge");
	family->begun = true;
}

static const char *row_name(const struct noun *noun, const struct row *row)
{
	const char *name = noun->label ? field_text(&noun->fields[0], row) : NULL;
	return name ? name : "";
}

/* up to the value; `key` NULL: no further label */
static void print_series(
	struct family *family, const struct row *row, const char *key, const char *value, struct out *out)
{
	const char *label = family->noun->label;
	family_begin(family, out);
	out_text(out, family->name);
	if (label)
		print_label(out, true, label, row_name(family->noun, row));
	if (key)
		print_label(out, !label, key, value);
	out_text(out, label || key ? "} " : " ");
}

static void print_words(
	struct family *family, const struct field *field, const struct row *row, struct out *out)
{
	const char *holds = field_text(field, row);
	for (unsigned i = 0; holds && i < field->count; i++) {
		if (!field->words[i])
			continue;
		print_series(family, row, field->key, field->words[i], out);
		print_value(out, field->words[i] == holds, 0, 0);
	}
}

static void print_sample(
	struct family *family, const struct field *field, const struct row *row, struct out *out)
{
	uint64_t number = field_number(field, row);
	if (field->kind == FIELD_WORD) {
		print_words(family, field, row, out);
	} else if (field->kind == FIELD_STRING) {
		const char *text = field_text(field, row);
		if (!text)
			return;
		print_series(family, row, field->key, text, out);
		print_value(out, 1, 0, 0);
	} else if (number != UNKNOWN_U64) {
		print_series(family, row, NULL, NULL, out);
		print_value(out, number, field->times, field->decimals);
	}
}

/* Two volumes mounted on the same place have the same name, and twice the same series would spoil all: the
 * later one hides the other on the machine as well. */
static bool is_hidden(const struct noun *noun, const struct view *view, unsigned index)
{
	struct row row = noun_row(noun, view, index);
	for (unsigned i = index + 1; noun->label && i < noun_count(noun, view); i++) {
		struct row later = noun_row(noun, view, i);
		if (!strcmp(row_name(noun, &row), row_name(noun, &later)))
			return true;
	}
	return false;
}

static void print_fields(const struct noun *noun, const struct view *view, const struct field *fields,
	unsigned count, struct out *out)
{
	for (const struct field *field = fields; field < fields + count; field++) {
		struct family family = {noun, view, field->metric, field->help, field->counter, false};
		if (field->kind == FIELD_OBJECT)
			print_fields(noun, view, field->fields, field->count, out);
		for (unsigned i = 0; field->metric && i < noun_count(noun, view); i++) {
			struct row row = noun_row(noun, view, i);
			if (!is_hidden(noun, view, i))
				print_sample(&family, field, &row, out);
		}
	}
}

static void print_info(const struct noun *noun, const struct view *view, struct out *out)
{
	struct family family = {noun, view, noun->info_metric, noun->info_help, false, false};
	for (unsigned i = 0; noun->info_metric && i < noun_count(noun, view); i++) {
		struct row row = noun_row(noun, view, i);
		if (is_hidden(noun, view, i))
			continue;
		family_begin(&family, out);
		out_text(out, family.name);
		print_label(out, true, noun->label, row_name(noun, &row));
		for (unsigned j = 0; j < noun->field_count; j++) {
			const struct field *field = &noun->fields[j];
			const char *text = field->info ? field_text(field, &row) : NULL;
			if (text)
				print_label(out, false, field->key, text);
		}
		out_text(out, "} 1\n");
	}
}

static void print_noun(const struct noun *noun, const struct view *view, struct out *out)
{
	print_info(noun, view, out);
	print_fields(noun, view, noun->fields, noun->field_count, out);
	if (noun->omitted_key)
		out_print(out, "# HELP %s Left out because the list was full.\n# TYPE %s gauge\n%s %u\n",
			noun->omitted_metric, noun->omitted_metric, noun->omitted_metric,
			noun_omitted(noun, view));
}

static void print_agent(const struct view *view, struct out *out)
{
	uint64_t time_ms = view->snapshot->time_ms;
	out_text(out, "# HELP nasready_build_info Version and platform of the agent.\n"
		      "# TYPE nasready_build_info gauge\nnasready_build_info");
	print_label(out, true, "version", NASREADY_VERSION);
	print_label(out, false, "target", NASREADY_TARGET);
	out_text(out, "} 1\n");
	if (view->uptime_s != UNKNOWN_U64)
		out_print(out,
			"# HELP nasready_uptime_seconds Time since the agent started.\n"
			"# TYPE nasready_uptime_seconds gauge\nnasready_uptime_seconds %" PRIu64 "\n",
			view->uptime_s);
	if (!time_ms)
		return;
	out_text(out, "# HELP nasready_snapshot_age_seconds Time since the machine was looked at.\n"
		      "# TYPE nasready_snapshot_age_seconds gauge\nnasready_snapshot_age_seconds ");
	print_value(out, view->now_ms > time_ms ? view->now_ms - time_ms : 0, 0, 3);
}

static void print_answer(const struct assessment *assessment, struct out *out)
{
	static const enum verdict verdicts[] = {VERDICT_GO, VERDICT_WAIT, VERDICT_NO};
	out_text(out, "# HELP nasready_ready Whether a backup may run now: 1 for the answer that holds.\n"
		      "# TYPE nasready_ready gauge\n");
	for (unsigned i = 0; i < ARRAY_LEN(verdicts); i++)
		out_print(out, "nasready_ready{answer=\"%s\"} %d\n", verdict_name(verdicts[i]),
			assessment->answer == verdicts[i]);
	if (assessment->retry_after_s != UNKNOWN_U32)
		out_print(out,
			"# HELP nasready_retry_after_seconds Time after which to ask again.\n"
			"# TYPE nasready_retry_after_seconds gauge\nnasready_retry_after_seconds %" PRIu32
			"\n",
			assessment->retry_after_s);
}

static void print_findings(const struct assessment *assessment, struct out *out)
{
	if (assessment->count)
		out_text(out, "# HELP nasready_finding What speaks against a backup, or should be known.\n"
			      "# TYPE nasready_finding gauge\n");
	for (uint32_t i = 0; i < assessment->count; i++) {
		const struct finding *finding = &assessment->findings[i];
		out_text(out, "nasready_finding");
		print_label(out, true, "code", finding->code);
		print_label(out, false, "severity", severity_name(finding->severity));
		print_label(out, false, "subject", finding->subject);
		out_text(out, "} 1\n");
	}
	out_print(out,
		"# HELP nasready_findings_omitted Left out because the list was full.\n"
		"# TYPE nasready_findings_omitted gauge\nnasready_findings_omitted %" PRIu32 "\n",
		assessment->omitted);
}

/* by kind: an address may have several, and strangers come and go */
static void print_others(const struct snapshot *snapshot, struct out *out)
{
	static const enum other_kind kinds[] = {OTHER_SSH, OTHER_WEB_UI, OTHER_PORT};
	out_text(out, "# HELP nasready_other_sessions Connections to other services of the NAS.\n"
		      "# TYPE nasready_other_sessions gauge\n");
	for (unsigned i = 0; i < ARRAY_LEN(kinds); i++) {
		uint64_t count = 0;
		for (uint32_t j = 0; j < snapshot->other_count; j++)
			if (snapshot->others[j].kind == kinds[i])
				count += snapshot->others[j].count;
		out_print(out, "nasready_other_sessions{kind=\"%s\"} %" PRIu64 "\n",
			other_kind_name(kinds[i]), count);
	}
}

void represent_metrics(const struct view *view, struct out *out)
{
	static const struct noun *const nouns[] = {&noun_cpu, &noun_memory, &noun_volumes, &noun_shares,
		&noun_vdisks, &noun_smb, &noun_clients, &noun_links, &noun_disks, &noun_raid, &noun_ups,
		&noun_services, &noun_sources};
	print_agent(view, out);
	if (view->assessment) {
		print_answer(view->assessment, out);
		print_findings(view->assessment, out);
	}
	/* one source tells both; where it is silent, 0 would be a guess */
	if (view->snapshot->smb.connections != UNKNOWN_U32)
		print_others(view->snapshot, out);
	for (unsigned i = 0; i < ARRAY_LEN(nouns); i++)
		print_noun(nouns[i], view, out);
}
