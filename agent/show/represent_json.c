/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The shape is constant: what is not known is there, as null or an empty list.
 */
#include "show/represent_fields.h"
#include "show/represent_gate.h"
#include "show/represent_jobs.h"
#include "show/represent_ready.h"

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
	case FIELD_AGE_S:
		json_u64(json, field->key, number == UNKNOWN_U64 ? UNKNOWN_U64 : number / 1000);
		break;
	case FIELD_CLOCK:
		json_time(json, field->key, number);
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

static void add_client(const struct view *view, unsigned index, struct json *json)
{
	const struct client *client = &view->snapshot->clients[index];
	struct row row = noun_row(&noun_clients, view, index);
	json_object(json, NULL);
	add_fields(noun_clients.fields, noun_clients.field_count, &row, json);
	json_string(json, "state",
		client->connections  ? "established"
		: client->close_wait ? "close_wait"
				     : NULL);
	json_list(json, "open_disks");
	for (uint32_t i = 0; i < client->open_disk_count; i++)
		json_string(json, NULL, client->open_disks[i]);
	json_end(json);
	json_u32(json, "open_disks_omitted", client->open_disks_omitted);
	json_end(json);
}

static void add_smb(const struct view *view, struct json *json)
{
	struct row row = noun_row(&noun_smb, view, 0);
	json_object(json, noun_smb.key);
	add_fields(noun_smb.fields, noun_smb.field_count, &row, json);
	json_list(json, noun_clients.key);
	for (unsigned i = 0; i < noun_count(&noun_clients, view); i++)
		add_client(view, i, json);
	json_end(json);
	json_u64(json, noun_clients.omitted_key, noun_omitted(&noun_clients, view));
	json_end(json);
}

static void add_others(const struct snapshot *snapshot, struct json *json)
{
	json_list(json, "other_sessions");
	for (uint32_t i = 0; i < snapshot->other_count; i++) {
		const struct other_session *other = &snapshot->others[i];
		json_object(json, NULL);
		json_string(json, "kind", other_kind_name(other->kind));
		json_string(json, "address", other->address);
		json_u32(json, "port", other->port ? other->port : UNKNOWN_U32);
		json_u32(json, "count", other->count);
		json_end(json);
	}
	json_end(json);
	json_u32(json, "other_sessions_omitted", snapshot->others_omitted);
}

void represent_status(const struct view *view, struct json *json)
{
	add_agent(view, json);
	represent_time(view, json);
	represent_answer(view->assessment, json);
	add_row(&noun_cpu, view, 0, json);
	add_row(&noun_memory, view, 0, json);
	add_list(&noun_volumes, view, json);
	add_list(&noun_shares, view, json);
	add_list(&noun_vdisks, view, json);
	represent_enforcement(&view->snapshot->gate, json);
	add_smb(view, json);
	add_others(view->snapshot, json);
	add_list(&noun_links, view, json);
	add_list(&noun_disks, view, json);
	add_list(&noun_raid, view, json);
	represent_jobs(view->snapshot, json);
	add_row(&noun_ups, view, 0, json);
	add_list(&noun_services, view, json);
	add_list(&noun_sources, view, json);
}
