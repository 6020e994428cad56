/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "show/represent_fields.h"

#include <string.h>

#include "show/field_macros.h"

static const char *const source_states[] = {
	[SOURCE_OK] = "ok", [SOURCE_ABSENT] = "absent", [SOURCE_FAILED] = "failed", [SOURCE_STALE] = "stale"};
static const char *const volume_states[] = {
	[VOLUME_IDLE] = "idle", [VOLUME_ALLOCATING] = "allocating", [VOLUME_FREEING] = "freeing"};
static const char *const cost_sources[] = {[COST_DEFAULT] = "default", [COST_LEARNED] = "learned"};
static const char *const journal_modes[] = {
	[JOURNAL_ORDERED] = "ordered", [JOURNAL_WRITEBACK] = "writeback", [JOURNAL_DATA] = "journal"};
static const char *const journal_states[] = {[NO] = "idle", [YES] = "busy"};
static const char *const duplexes[] = {[NO] = "half", [YES] = "full"};
static const char *const write_caches[] = {[NO] = "through", [YES] = "back"};

static const struct field cpu_fields[] = {
	{"cores", FIELD_U32, AT(cpu, cores), "nasready_cpu_cores", "Processors that are online."},
	{"busy_percent", FIELD_HUNDREDTHS, RATE(cpu_rates, busy_hundredths), "nasready_cpu_busy_ratio",
		"Share of all cores' time spent working.", RATIO},
	{"user_percent", FIELD_HUNDREDTHS, RATE(cpu_rates, user_hundredths), "nasready_cpu_user_ratio",
		"Share of all cores' time spent in programs.", RATIO},
	{"system_percent", FIELD_HUNDREDTHS, RATE(cpu_rates, system_hundredths), "nasready_cpu_system_ratio",
		"Share of all cores' time spent in the kernel.", RATIO},
	{"iowait_percent", FIELD_HUNDREDTHS, RATE(cpu_rates, iowait_hundredths), "nasready_cpu_iowait_ratio",
		"Share of all cores' time spent idle while a disk was awaited.", RATIO},
	{"window_s", FIELD_MS, RATE(cpu_rates, window_ms), "nasready_cpu_window_seconds",
		"Time over which the shares hold.", .decimals = 3},
	{"load1", FIELD_HUNDREDTHS, AT(cpu, load1_hundredths), "nasready_load1",
		"Load average over 1 minute.", .decimals = 2},
	{"load5", FIELD_HUNDREDTHS, AT(cpu, load5_hundredths), "nasready_load5",
		"Load average over 5 minutes.", .decimals = 2},
	{"load15", FIELD_HUNDREDTHS, AT(cpu, load15_hundredths), "nasready_load15",
		"Load average over 15 minutes.", .decimals = 2},
};

static const struct field memory_fields[] = {
	{"total_bytes", FIELD_U64, AT(memory, total_bytes), "nasready_memory_size_bytes", "Memory in all."},
	{"available_bytes", FIELD_U64, AT(memory, available_bytes), "nasready_memory_available_bytes",
		"Memory that programs can have without swapping."},
	{"available_estimated", FIELD_TRI, AT(memory, available_estimated),
		"nasready_memory_available_estimated",
		"1 where the kernel does not tell the available memory and it was estimated."},
	{"dirty_bytes", FIELD_U64, AT(memory, dirty_bytes), "nasready_memory_dirty_bytes",
		"Data that waits to be written to disk."},
	{"dirty_limit_percent", FIELD_U32, AT(memory, dirty_limit_percent)},
	{"dirty_limit_bytes", FIELD_U64, AT(memory, dirty_limit_bytes)},
	{"dirty_expire_s", FIELD_U32, AT(memory, dirty_expire_s), "nasready_memory_dirty_expire_seconds",
		"For how long the kernel lets written data wait in memory."},
	{"writeback_bytes", FIELD_U64, AT(memory, writeback_bytes), "nasready_memory_writeback_bytes",
		"Data that is being written to disk."},
	{"swap_used_bytes", FIELD_U64, AT(memory, swap_used_bytes), "nasready_memory_swap_used_bytes",
		"Swap in use."},
};

static const struct field journal_fields[] = {
	{"present", FIELD_TRI, AT(volume, journal.present), "nasready_volume_journal_present",
		"1 if the file system has a journal."},
	{"external", FIELD_TRI, AT(volume, journal.external), "nasready_volume_journal_external",
		"1 if the journal is on a device of its own."},
	{"mode", FIELD_WORD, AT(volume, journal.mode), "nasready_volume_journal_mode",
		"What the journal does with data: 1 for the mode that holds.", WORDS(journal_modes)},
	{"commit_s", FIELD_U32, AT(volume, journal.commit_s),
		"nasready_volume_journal_commit_interval_seconds", "Longest time between two commits."},
	{"state", FIELD_WORD, RATE(volume_rates, journal_busy), "nasready_volume_journal_state",
		"Whether there are more commits than on an idle volume: 1 for what holds.",
		WORDS(journal_states)},
	{"transactions_per_s", FIELD_HUNDREDTHS, RATE(volume_rates, transactions_per_s_hundredths)},
	{NULL, FIELD_U64, AT(volume, journal.transactions), "nasready_volume_journal_transactions_total",
		"Transactions committed since the volume was mounted.", COUNTER},
	{"last_error", FIELD_STRING, AT(volume, journal.last_error)},
	{"needs_check", FIELD_TRI, AT(volume, journal.needs_check), "nasready_volume_needs_check",
		"1 if the file system holds errors that its check must repair."},
	{"reason", FIELD_STRING, AT(volume, journal.reason)},
};

static const struct field volume_fields[] = {
	{"id", FIELD_STRING, AT(volume, id)},
	{"mount", FIELD_STRING, AT(volume, mount), .info = true},
	{"device", FIELD_STRING, AT(volume, device), .info = true},
	{"fstype", FIELD_STRING, AT(volume, fstype), .info = true},
	{"label", FIELD_STRING, AT(volume, label), .info = true},
	{"uuid", FIELD_STRING, AT(volume, uuid), .info = true},
	{"label_reason", FIELD_STRING, AT(volume, probe_reason)},
	{"read_only", FIELD_TRI, AT(volume, read_only), "nasready_volume_read_only",
		"1 if the volume is mounted read-only."},
	{"stale", FIELD_TRI, AT(volume, stale), "nasready_volume_stale",
		"1 if the figures of space are old."},
	{"reason", FIELD_STRING, AT(volume, space_reason)},
	{"size_bytes", FIELD_U64, AT(volume, size_bytes), "nasready_volume_size_bytes",
		"Size of the volume."},
	{"free_bytes", FIELD_U64, AT(volume, free_bytes), "nasready_volume_free_bytes", "Space not in use."},
	{"available_bytes", FIELD_U64, AT(volume, available_bytes), "nasready_volume_available_bytes",
		"Space not in use that is not reserved for root."},
	{"age_ms", FIELD_AGE, AT(volume, space_ms), "nasready_volume_space_age_seconds",
		"Time since the space was measured.", .decimals = 3},
	{"state", FIELD_WORD, RATE(volume_rates, state), "nasready_volume_state",
		"Whether space is being taken or given back: 1 for what holds.", WORDS(volume_states)},
	{"rate_bytes_per_s", FIELD_U64, RATE(volume_rates, rate_bytes_per_s),
		"nasready_volume_change_bytes_per_second",
		"How fast space is being taken or given back; 0 when idle."},
	{"eta_s", FIELD_U64, RATE(volume_rates, eta_s), "nasready_volume_change_remaining_seconds",
		"Time until the taking or giving back is expected to be over."},
	{"settled", FIELD_TRI, RATE(volume_rates, settled), "nasready_volume_settled",
		"1 if space, journal and device have come to rest."},
	{"knee_bytes", FIELD_U64, AT(volume, knee_bytes), "nasready_volume_knee_bytes",
		"What could be allocated quickly when that was last looked at."},
	{"knee_age_s", FIELD_AGE_S, AT(volume, knee_ms)},
	{"cost_s_per_tib", FIELD_MS, AT(volume, cost_ms_per_tib),
		"nasready_volume_allocation_seconds_per_tib", "What allocating costs before the knee.",
		.decimals = 3},
	{"cost_source", FIELD_WORD, AT(volume, cost_source), WORDS(cost_sources)},
	{"cost_samples", FIELD_U32, AT(volume, cost_samples)},
	{"cost_time", FIELD_CLOCK, AT(volume, cost_clock_ms)},
	{"write_bytes_per_s", FIELD_U64, RATE(volume_rates, write_bytes_per_s)},
	{NULL, FIELD_U64, AT(volume, written_bytes), "nasready_volume_written_bytes_total",
		"Written to the volume's device since the machine started.", COUNTER},
	{NULL, FIELD_U64, AT(volume, delayed_bytes), "nasready_volume_delayed_bytes",
		"Promised to writers, but not yet allocated."},
	{"journal", FIELD_OBJECT, NESTED(journal_fields)},
};

static const struct field link_fields[] = {
	{"name", FIELD_STRING, AT(link, name)},
	{"up", FIELD_TRI, AT(link, up), "nasready_link_up", "1 if the link is up."},
	{"speed_mbps", FIELD_U32, AT(link, speed_mbps), "nasready_link_speed_bytes_per_second",
		"Negotiated speed.", .times = 125000},
	{"duplex", FIELD_WORD, AT(link, full_duplex), "nasready_link_duplex",
		"Negotiated duplex mode: 1 for the one that holds.", WORDS(duplexes)},
	{"mtu", FIELD_U32, AT(link, mtu), "nasready_link_mtu_bytes", "Largest packet."},
	{"wireless", FIELD_TRI, AT(link, wireless), "nasready_link_wireless", "1 if the link is wireless."},
	{"reason", FIELD_STRING, AT(link, reason)},
	{"rx_bytes_per_s", FIELD_U64, RATE(link_rates, rx_bytes_per_s)},
	{"tx_bytes_per_s", FIELD_U64, RATE(link_rates, tx_bytes_per_s)},
	{"errors_per_s", FIELD_HUNDREDTHS, RATE(link_rates, errors_per_s_hundredths)},
	{"drops_per_s", FIELD_HUNDREDTHS, RATE(link_rates, drops_per_s_hundredths)},
	{"multicast_per_s", FIELD_HUNDREDTHS, RATE(link_rates, multicast_per_s_hundredths)},
	{NULL, FIELD_U64, AT(link, rx_bytes), "nasready_link_receive_bytes_total", "Received.", COUNTER},
	{NULL, FIELD_U64, AT(link, tx_bytes), "nasready_link_transmit_bytes_total", "Sent.", COUNTER},
	{NULL, FIELD_U64, AT(link, errors), "nasready_link_errors_total", "Packets with errors.", COUNTER},
	{NULL, FIELD_U64, AT(link, drops), "nasready_link_drops_total", "Packets dropped.", COUNTER},
	{NULL, FIELD_U64, AT(link, multicast), "nasready_link_multicast_packets_total",
		"Multicast packets received.", COUNTER},
};

static const struct field disk_fields[] = {
	{"name", FIELD_STRING, AT(disk, name)},
	{"model", FIELD_STRING, AT(disk, model), .info = true},
	{"size_bytes", FIELD_U64, AT(disk, size_bytes), "nasready_disk_size_bytes", "Size of the disk."},
	{"rotational", FIELD_TRI, AT(disk, rotational), "nasready_disk_rotational", "1 if the disk turns."},
	{"write_cache", FIELD_WORD, AT(disk, write_back_cache), "nasready_disk_write_cache",
		"Whether writes wait in the disk's cache (back): 1 for what holds.", WORDS(write_caches)},
	{"asleep", FIELD_TRI, AT(disk, asleep), "nasready_disk_asleep", "1 if the disk has spun down."},
	{"busy_percent", FIELD_HUNDREDTHS, RATE(disk_rates, busy_hundredths)},
	{"read_bytes_per_s", FIELD_U64, RATE(disk_rates, read_bytes_per_s)},
	{"write_bytes_per_s", FIELD_U64, RATE(disk_rates, write_bytes_per_s)},
	{NULL, FIELD_U64, AT(disk, busy_ms), "nasready_disk_busy_seconds_total",
		"Time in which the disk had work to do.", .decimals = 3, COUNTER},
	{NULL, FIELD_U64, AT(disk, read_bytes), "nasready_disk_read_bytes_total", "Read.", COUNTER},
	{NULL, FIELD_U64, AT(disk, written_bytes), "nasready_disk_written_bytes_total", "Written.", COUNTER},
};

static const struct field raid_fields[] = {
	{"name", FIELD_STRING, AT(raid, name)},
	{"level", FIELD_STRING, AT(raid, level), .info = true},
	{"state", FIELD_STRING, AT(raid, state), "nasready_raid_state", "State of the array, in md's words."},
	{"members", FIELD_U32, AT(raid, members), "nasready_raid_members", "Members that it should have."},
	{"active", FIELD_U32, AT(raid, active), "nasready_raid_active", "Members that work."},
	{"degraded", FIELD_TRI, AT(raid, degraded), "nasready_raid_degraded", "1 if a member is missing."},
	{"sync", FIELD_STRING, AT(raid, sync), "nasready_raid_sync", "Rebuild or check that is going on."},
	{"sync_percent", FIELD_HUNDREDTHS, AT(raid, sync_percent_hundredths), "nasready_raid_sync_ratio",
		"How much of the rebuild or check is done.", RATIO},
};

static const struct field source_fields[] = {
	{"name", FIELD_STRING, AT(source_report, name)},
	{"state", FIELD_WORD, AT(source_report, state), "nasready_source_state",
		"How the last attempt ended: 1 for what holds.", WORDS(source_states)},
	{NULL, FIELD_UP, AT(source_report, state), "nasready_source_up", "1 if the last attempt succeeded."},
	{"age_ms", FIELD_AGE, AT(source_report, ok_ms), "nasready_source_age_seconds",
		"Time since the last success.", .decimals = 3},
	{"duration_us", FIELD_U32, AT(source_report, duration_us), "nasready_source_duration_seconds",
		"How long the last attempt took.", .decimals = 6},
	{"error", FIELD_STRING, AT(source_report, error)},
};

const struct noun noun_cpu = {"cpu", NULL, FIELDS(cpu_fields), ONE(cpu, cpu)};
const struct noun noun_memory = {
	"memory", NULL, FIELDS(memory_fields), .rows = offsetof(struct snapshot, memory)};
const struct noun noun_volumes = {"volumes", "volume", FIELDS(volume_fields),
	ROWS(volumes, volume, volume_count), RATES(volumes, volume_rates),
	OMITTED(volumes_omitted, "volumes_omitted"), .info_metric = "nasready_volume_info",
	.info_help = "What the volume is."};
const struct noun noun_links = {"links", "link", FIELDS(link_fields), ROWS(links, link, link_count),
	RATES(links, link_rates), OMITTED(links_omitted, "links_omitted")};
const struct noun noun_disks = {"disks", "disk", FIELDS(disk_fields), ROWS(disks, disk, disk_count),
	RATES(disks, disk_rates), OMITTED(disks_omitted, "disks_omitted"),
	.info_metric = "nasready_disk_info", .info_help = "What the disk is."};
const struct noun noun_raid = {"raid", "raid", FIELDS(raid_fields), ROWS(raids, raid, raid_count),
	OMITTED(raids_omitted, "raid_omitted"), .info_metric = "nasready_raid_info",
	.info_help = "What the array is."};
const struct noun noun_sources = {
	"sources", "source", FIELDS(source_fields), ROWS(sources, source_report, source_count)};

const char *cost_source_name(enum cost_source source)
{
	return cost_sources[source];
}

static uint32_t number_in(const struct snapshot *snapshot, unsigned offset)
{
	return *(const uint32_t *)((const char *)snapshot + offset);
}

unsigned noun_count(const struct noun *noun, const struct view *view)
{
	return noun->label ? number_in(view->snapshot, noun->row_count) : 1;
}

unsigned noun_omitted(const struct noun *noun, const struct view *view)
{
	return noun->omitted_key ? number_in(view->snapshot, noun->omitted) : 0;
}

struct row noun_row(const struct noun *noun, const struct view *view, unsigned index)
{
	return (struct row){
		.bases = {(const char *)view->snapshot + noun->rows + (size_t)noun->row_size * index,
			(const char *)view->rates + noun->rates + (size_t)noun->rate_size * index},
		.now_ms = view->now_ms,
	};
}

static const void *field_at(const struct field *field, const struct row *row)
{
	return (const char *)row->bases[field->base] + field->offset;
}

/* any of the enums that fields have: they are all of the same size */
static unsigned read_enum(const void *at)
{
	_Static_assert(sizeof(enum tri) == sizeof(unsigned) &&
			       sizeof(enum volume_state) == sizeof(unsigned) &&
			       sizeof(enum journal_mode) == sizeof(unsigned) &&
			       sizeof(enum source_state) == sizeof(unsigned) &&
			       sizeof(enum cost_source) == sizeof(unsigned) &&
			       sizeof(enum gate_mode) == sizeof(unsigned),
		"enums are as wide as unsigned");
	unsigned value;
	memcpy(&value, at, sizeof value);
	return value;
}

const char *field_text(const struct field *field, const struct row *row)
{
	const char *string = field_at(field, row);
	if (field->kind == FIELD_FIXED)
		return field->fixed;
	if (field->kind == FIELD_STRING)
		return *string ? string : NULL;
	unsigned value = read_enum(string);
	return value < field->count ? field->words[value] : NULL;
}

uint64_t field_number(const struct field *field, const struct row *row)
{
	const void *at = field_at(field, row);
	uint64_t long_value = UNKNOWN_U64;
	uint32_t value = UNKNOWN_U32;
	switch (field->kind) {
	case FIELD_TRI:
		value = read_enum(at);
		return value == YES || value == NO ? value : UNKNOWN_U64;
	case FIELD_UP:
		return read_enum(at) == SOURCE_OK;
	case FIELD_U32:
	case FIELD_HUNDREDTHS:
	case FIELD_MS:
		value = *(const uint32_t *)at;
		return value == UNKNOWN_U32 ? UNKNOWN_U64 : value;
	case FIELD_AGE:
	case FIELD_AGE_S:
		long_value = *(const uint64_t *)at;
		return !long_value ? UNKNOWN_U64 : row->now_ms > long_value ? row->now_ms - long_value : 0;
	case FIELD_CLOCK:
		long_value = *(const uint64_t *)at;
		return long_value ? long_value : UNKNOWN_U64;
	case FIELD_U64:
		return *(const uint64_t *)at;
	default:
		return UNKNOWN_U64;
	}
}
