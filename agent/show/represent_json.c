/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The shape is constant: what this version does not look at yet is there, as null or an empty list, and a
 * reason says so.
 */
#include "show/represent_fields.h"

#define NOT_YET(what) "this version does not look at " what " yet"

static void add_fields(const struct field *fields, unsigned count, const struct row *row, struct json *json);

static void add_field(const struct field *field, const struct row *row, struct json *json)
{
	uint64_t number = field_number(field, row);
	switch (field->kind) {
	case FIELD_STRING:
	case FIELD_WORD:
	case FIELD_FIXED:
		json_string(json, field->key, field_text(field, row));
		break;
	case FIELD_TRI:
	case FIELD_UP:
		json_tri(json, field->key, number == UNKNOWN_U64 ? UNKNOWN : (enum tri)number);
		break;
	case FIELD_HUNDREDTHS:
		json_hundredths(json, field->key, number == UNKNOWN_U64 ? UNKNOWN_U32 : (uint32_t)number);
		break;
	case FIELD_MS:
		json_hundredths(
			json, field->key, number == UNKNOWN_U64 ? UNKNOWN_U32 : (uint32_t)number / 10);
		break;
	case FIELD_U32:
	case FIELD_U64:
	case FIELD_AGE:
		json_u64(json, field->key, number);
		break;
	case FIELD_OBJECT:
		json_object(json, field->key);
		add_fields(field->fields, field->count, row, json);
		json_end(json);
		break;
	}
}

static void add_fields(const struct field *fields, unsigned count, const struct row *row, struct json *json)
{
	for (unsigned i = 0; i < count; i++)
		if (fields[i].key)
			add_field(&fields[i], row, json);
}

static void add_row(const struct noun *noun, const struct view *view, unsigned index, struct json *json)
{
	struct row row = noun_row(noun, view, index);
	json_object(json, noun->label ? NULL : noun->key);
	add_fields(noun->fields, noun->field_count, &row, json);
	json_end(json);
}

static void add_list(const struct noun *noun, const struct view *view, struct json *json)
{
	json_list(json, noun->key);
	for (unsigned i = 0; i < noun_count(noun, view); i++)
		add_row(noun, view, i, json);
	json_end(json);
	if (noun->omitted_key)
		json_u64(json, noun->omitted_key, noun_omitted(noun, view));
}

static void add_empty(const char *name, struct json *json)
{
	json_list(json, name);
	json_end(json);
}

static void add_agent(const struct view *view, struct json *json)
{
	json_object(json, "agent");
	json_string(json, "version", NASREADY_VERSION);
	json_string(json, "id", view->agent_id);
	json_string(json, "host", view->snapshot->host);
	json_u64(json, "uptime_s", view->uptime_s);
	json_string(json, "target", NASREADY_TARGET);
	json_string(json, "kernel", view->snapshot->kernel);
	json_end(json);
}

static void add_time(const struct view *view, struct json *json)
{
	const struct snapshot *snapshot = view->snapshot;
	uint64_t age_ms = view->now_ms > snapshot->time_ms ? view->now_ms - snapshot->time_ms : 0;
	json_time(json, "time", snapshot->clock_ms ? snapshot->clock_ms : UNKNOWN_U64);
	json_u64(json, "age_ms", snapshot->time_ms ? age_ms : UNKNOWN_U64);
}

static void add_answer(struct json *json)
{
	json_null(json, "answer");
	json_string(json, "answer_reason", "this version does not judge yet whether a backup may run");
	json_null(json, "retry_after_s");
	add_empty("findings", json);
	json_string(json, "findings_reason", "this version has no rules yet");
}

static void add_smb(struct json *json)
{
	json_object(json, "smb");
	json_null(json, "server");
	json_null(json, "connections");
	json_null(json, "sessions");
	json_null(json, "sessions_source");
	json_null(json, "open_files");
	add_empty("clients", json);
	json_string(json, "reason", NOT_YET("SMB"));
	json_end(json);
}

static void add_ups(struct json *json)
{
	json_object(json, "ups");
	json_null(json, "present");
	json_string(json, "reason", NOT_YET("the UPS"));
	json_end(json);
}

void represent_status(const struct view *view, struct json *json)
{
	add_agent(view, json);
	add_time(view, json);
	add_answer(json);
	add_row(&noun_cpu, view, 0, json);
	add_row(&noun_memory, view, 0, json);
	add_list(&noun_volumes, view, json);
	add_empty("shares", json);
	json_string(json, "shares_reason", NOT_YET("shares"));
	add_smb(json);
	add_empty("other_sessions", json);
	json_string(json, "other_sessions_reason", NOT_YET("SSH and web sessions"));
	add_list(&noun_links, view, json);
	add_list(&noun_disks, view, json);
	add_list(&noun_raid, view, json);
	add_ups(json);
	add_empty("services", json);
	json_string(json, "services_reason", NOT_YET("services"));
	add_list(&noun_sources, view, json);
}
