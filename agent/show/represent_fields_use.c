/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "show/field_macros.h"
#include "show/represent_fields.h"

static const char *const other_kinds[] = {
	[OTHER_SSH] = "ssh", [OTHER_WEB_UI] = "web-ui", [OTHER_PORT] = "port"};

static const char *const gate_modes[] = {[GATE_MODE_ADVISE] = "advise", [GATE_MODE_ENFORCE] = "enforce"};

static const struct field share_fields[] = {
	{"name", FIELD_STRING, AT(share, name)},
	{"path", FIELD_STRING, AT(share, path), .info = true},
	{"volume", FIELD_STRING, AT(share, volume), .info = true},
	{"strict_allocate", FIELD_TRI, AT(share, strict_allocate), "nasready_share_strict_allocate",
		"1 if Samba takes the space of a file when its size is set."},
	{"strict_sync", FIELD_TRI, AT(share, strict_sync), "nasready_share_strict_sync",
		"1 if Samba flushes to disk when the client asks for it."},
	{"dfree_command", FIELD_TRI, AT(share, dfree_command), "nasready_share_dfree_command",
		"1 if a command tells clients how much space is free."},
	{"read_only", FIELD_TRI, AT(share, read_only), "nasready_share_read_only",
		"1 if clients may not write."},
	{"gated", FIELD_TRI, AT(share, gated)},
	{"gate", FIELD_WORD, AT(share, gate), "nasready_share_gate",
		"Whether smbd itself refuses what is too large (enforce): 1 for what holds.",
		WORDS(gate_modes)},
};

static const char *const image_formats[] = {[IMAGE_VHDX] = "vhdx", [IMAGE_VHD] = "vhd"};
static const char *const image_types[] = {
	[IMAGE_FIXED] = "fixed", [IMAGE_DYNAMIC] = "dynamic", [IMAGE_DIFFERENCING] = "differencing"};
static const char *const image_logs[] = {
	[IMAGE_LOG_EMPTY] = "empty", [IMAGE_LOG_DIRTY] = "dirty", [IMAGE_LOG_DAMAGED] = "damaged"};

/* GET /v1/disks tells more */
static const struct field vdisk_fields[] = {
	{"id", FIELD_STRING, AT(vdisk, id)},
	{"share", FIELD_STRING, AT(vdisk, share), .info = true},
	{"file", FIELD_STRING, AT(vdisk, file), .info = true},
	{"volume", FIELD_STRING, AT(vdisk, volume)},
	{"format", FIELD_WORD, AT(vdisk, image.format), WORDS(image_formats)},
	{"type", FIELD_WORD, AT(vdisk, image.type), WORDS(image_types)},
	{"virtual_size_bytes", FIELD_U64, AT(vdisk, image.virtual_size_bytes),
		"nasready_virtual_disk_size_bytes", "Size of the virtual disk."},
	{"file_bytes", FIELD_U64, AT(vdisk, file_bytes)},
	{"allocated_bytes", FIELD_U64, AT(vdisk, allocated_bytes), "nasready_virtual_disk_allocated_bytes",
		"Space that its file takes."},
	{"log", FIELD_WORD, AT(vdisk, image.log), WORDS(image_logs)},
	{"clean", FIELD_TRI, AT(vdisk, image.clean), "nasready_virtual_disk_clean",
		"1 if it was closed in order and is undamaged."},
	{"hollow", FIELD_TRI, AT(vdisk, image.hollow)},
	{"in_use", FIELD_TRI, AT(vdisk, in_use), "nasready_virtual_disk_in_use",
		"1 if an SMB client has it open."},
	{"changed", FIELD_CLOCK, AT(vdisk, changed_clock_ms)},
	{"reason", FIELD_STRING, AT(vdisk, reason)},
};

static const struct field smb_fields[] = {
	{"server", FIELD_STRING, AT(smb, server)},
	{"connections", FIELD_U32, AT(smb, connections), "nasready_smb_connections",
		"Established connections of SMB clients."},
	{"sessions", FIELD_U32, AT(smb, sessions), "nasready_smb_sessions", "SMB sessions."},
	{"sessions_source", FIELD_STRING, AT(smb, sessions_source)},
	{"open_files", FIELD_U32, AT(smb, open_files), "nasready_smb_open_files",
		"Files that SMB clients have open."},
	{"status_age_ms", FIELD_AGE, AT(smb, status_ms), "nasready_smb_status_age_seconds",
		"Time since Samba was asked for its sessions.", .decimals = 3},
	{"reason", FIELD_STRING, AT(smb, reason)},
};

static const struct field client_fields[] = {
	{"address", FIELD_STRING, AT(client, address)},
	{"connections", FIELD_U32, AT(client, connections), "nasready_smb_client_connections",
		"Established connections of this client."},
	{"close_wait", FIELD_U32, AT(client, close_wait), "nasready_smb_client_stale_connections",
		"Connections that the client has given up and smbd has not."},
	{"sessions", FIELD_U32, AT(client, sessions), "nasready_smb_client_sessions",
		"SMB sessions of this client."},
	{"tree_connects", FIELD_U32, AT(client, tree_connects)},
	{"open_files", FIELD_U32, AT(client, open_files), "nasready_smb_client_open_files",
		"Files that this client has open."},
	{"since", FIELD_CLOCK, AT(client, since_clock_ms)},
};

static const struct field service_fields[] = {
	{"name", FIELD_STRING, AT(service, name)},
	{"running", FIELD_TRI, AT(service, running), "nasready_service_running", "1 if it runs."},
	{"expected", FIELD_TRI, AT(service, expected), "nasready_service_expected",
		"1 if a backup needs it."},
};

static const struct field ups_fields[] = {
	{"present", FIELD_TRI, AT(ups, present), "nasready_ups_present", "1 if there is a UPS."},
	{"name", FIELD_STRING, AT(ups, name)},
	{"on_battery", FIELD_TRI, AT(ups, on_battery), "nasready_ups_on_battery",
		"1 if mains power is gone."},
	{"battery_low", FIELD_TRI, AT(ups, battery_low), "nasready_ups_battery_low",
		"1 if the battery will not last much longer."},
	{"charge_percent", FIELD_U32, AT(ups, charge_percent), "nasready_ups_charge_ratio",
		"How full the battery is.", .decimals = 2},
	{"runtime_s", FIELD_U32, AT(ups, runtime_s), "nasready_ups_runtime_seconds",
		"How long the battery is expected to last."},
	{"reason", FIELD_STRING, AT(ups, reason)},
};

const struct noun noun_shares = {"shares", "share", FIELDS(share_fields), ROWS(shares, share, share_count),
	OMITTED(shares_omitted, "shares_omitted"), .info_metric = "nasready_share_info",
	.info_help = "Where the share is."};
const struct noun noun_vdisks = {"virtual_disks", "id", FIELDS(vdisk_fields),
	ROWS(vdisks, vdisk, vdisk_count), OMITTED(vdisks_omitted, "virtual_disks_omitted"),
	.info_metric = "nasready_virtual_disk_info", .info_help = "Where the virtual disk is."};
const struct noun noun_smb = {"smb", NULL, FIELDS(smb_fields), .rows = offsetof(struct snapshot, smb)};
const struct noun noun_clients = {"clients", "client", FIELDS(client_fields),
	ROWS(clients, client, client_count), .omitted = offsetof(struct snapshot, clients_omitted),
	.omitted_key = "clients_omitted", .omitted_metric = "nasready_smb_clients_omitted"};
const struct noun noun_services = {"services", "service", FIELDS(service_fields),
	ROWS(services, service, service_count), OMITTED(services_omitted, "services_omitted")};
const struct noun noun_ups = {"ups", NULL, FIELDS(ups_fields), .rows = offsetof(struct snapshot, ups)};

const char *other_kind_name(enum other_kind kind)
{
	return other_kinds[kind];
}
