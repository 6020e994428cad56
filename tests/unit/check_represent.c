/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "tests/unit/parsed_json.h"
#include "tests/unit/shown_machine.h"

static struct json_c_object *status(void)
{
	struct json json;
	json_start(&json);
	represent_status(&view, &json);
	struct json_c_object *root = parsed(json_text(&json, true));
	json_free(&json);
	return root;
}

struct expected {
	const char *path, *json;
};

static void expect(struct json_c_object *root, const struct expected *rows, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		const char *json = parsed_at(root, rows[i].path);
		ck_assert_msg(
			!strcmp(json, rows[i].json), "%s is %s, not %s", rows[i].path, json, rows[i].json);
	}
}

/* whole objects, so that a member too many is seen as well as one that is missing */
static const struct expected known[] = {
	{"/agent", "{\"version\":\"" NASREADY_VERSION
		   "\",\"id\":\"b1f0c2d4\",\"host\":\"nas-1\",\"uptime_s\":86400,"
		   "\"target\":\"" NASREADY_TARGET "\",\"kernel\":\"2.6.31.8\"}"},
	{"/time", "\"2026-11-22T21:04:07Z\""},
	{"/age_ms", "420"},
	{"/answer", "\"wait\""},
	{"/retry_after_s", "240"},
	{"/findings", "[{\"code\":\"freeing\",\"severity\":\"wait\",\"subject\":\"volume:c\","
		      "\"since\":\"2026-11-22T21:04:07Z\",\"message\":\"It gives back space.\","
		      "\"remedy\":\"Wait for that \\\"quietly\\\".\"}]"},
	{"/findings_omitted", "2"},
	{"/cpu", "{\"cores\":1,\"busy_percent\":97.5,\"user_percent\":4.0,\"system_percent\":91.0,"
		 "\"iowait_percent\":2.5,\"window_s\":2.0,\"load1\":3.1,\"load5\":2.4,\"load15\":0.07}"},
	{"/memory/total_bytes", "258441216"},
	{"/memory/available_bytes", "61865984"},
	{"/memory/available_estimated", "true"},
	{"/memory/dirty_bytes", "8192"},
	{"/memory/writeback_bytes", "4096"},
	{"/memory/swap_used_bytes", "0"},
	{"/volumes",
		"[{\"id\":\"c\",\"mount\":\"/c\",\"device\":\"/dev/c/c\",\"fstype\":\"ext4\",\"label\":null,"
		"\"uuid\":\"0c5f-1\",\"label_reason\":\"it has no "
		"label\",\"read_only\":false,\"stale\":false,"
		"\"reason\":null,\"size_bytes\":5937362789990,\"free_bytes\":3737362789990,"
		"\"available_bytes\":3437362789990,\"age_ms\":1420,\"state\":\"freeing\","
		"\"rate_bytes_per_s\":6900000000,\"eta_s\":240,\"settled\":false,\"knee_bytes\":null,"
		"\"knee_age_s\":null,\"cost_s_per_tib\":15.0,\"cost_source\":\"default\","
		"\"cost_samples\":0,\"cost_time\":null,"
		"\"write_bytes_per_s\":30000000,\"journal\":{\"present\":true,\"external\":false,"
		"\"mode\":\"ordered\",\"commit_s\":5,\"state\":\"busy\",\"transactions_per_s\":0.4,"
		"\"last_error\":\"3 since the last e2fsck\",\"needs_check\":true,\"reason\":null}}]"},
	{"/volumes_omitted", "0"},
	{"/shares", "[{\"name\":\"Backup\",\"path\":\"/c/Backup\",\"volume\":\"c\",\"strict_allocate\":false,"
		    "\"strict_sync\":true,\"dfree_command\":false,\"read_only\":false,\"gated\":null,"
		    "\"gate\":\"advise\"}]"},
	{"/shares_omitted", "0"},
	{"/virtual_disks", "[]"},
	{"/virtual_disks_omitted", "0"},
	{"/smb", "{\"server\":\"Samba 3.6.25\",\"connections\":1,\"sessions\":2,"
		 "\"sessions_source\":\"sock_diag\",\"open_files\":null,\"status_age_ms\":1000,"
		 "\"reason\":\"smbstatus is too old to tell open "
		 "files\",\"clients\":[{\"address\":\"10.0.0.5\","
		 "\"connections\":1,\"close_wait\":0,\"sessions\":1,\"tree_connects\":2,\"open_files\":1,"
		 "\"since\":\"2026-11-22T21:00:00Z\",\"state\":\"established\","
		 "\"open_disks\":[\"Backup/SRV1.vhdx\"],\"open_disks_omitted\":0},{\"address\":\"10.0.0.9\","
		 "\"connections\":0,\"close_wait\":3,\"sessions\":null,\"tree_connects\":null,"
		 "\"open_files\":null,\"since\":null,\"state\":\"close_wait\",\"open_disks\":[],"
		 "\"open_disks_omitted\":0}],\"clients_omitted\":0}"},
	{"/other_sessions", "[{\"kind\":\"ssh\",\"address\":\"10.0.0.9\",\"port\":22,\"count\":1},"
			    "{\"kind\":\"web-ui\",\"address\":\"10.0.0.9\",\"port\":null,\"count\":2},"
			    "{\"kind\":\"ssh\",\"address\":\"10.0.0.7\",\"port\":22,\"count\":3}]"},
	{"/other_sessions_omitted", "0"},
	{"/links", "[{\"name\":\"eth0\",\"up\":true,\"speed_mbps\":1000,\"duplex\":\"full\",\"mtu\":1500,"
		   "\"wireless\":false,\"reason\":null,\"rx_bytes_per_s\":58000000,\"tx_bytes_per_s\":900000,"
		   "\"errors_per_s\":0.0,\"drops_per_s\":0.25,\"multicast_per_s\":3.1}]"},
	{"/links_omitted", "0"},
	{"/disks", "[{\"name\":\"sda\",\"model\":\"WDC WD30EFRX\",\"size_bytes\":3000592982016,"
		   "\"rotational\":true,\"write_cache\":\"back\",\"asleep\":null,\"busy_percent\":12.0,"
		   "\"read_bytes_per_s\":0,\"write_bytes_per_s\":30000000}]"},
	{"/disks_omitted", "0"},
	{"/raid", "[{\"name\":\"md2\",\"level\":\"raid1\",\"state\":\"clean\",\"members\":2,\"active\":1,"
		  "\"degraded\":true,\"sync\":\"recovery\",\"sync_percent\":12.6}]"},
	{"/raid_omitted", "0"},
	{"/ups", "{\"present\":true,\"name\":\"apc\",\"on_battery\":true,\"battery_low\":false,"
		 "\"charge_percent\":87,\"runtime_s\":1260,\"reason\":null}"},
	{"/services", "[{\"name\":\"minidlnad\",\"running\":true,\"expected\":false}]"},
	{"/services_omitted", "0"},
	{"/sources",
		"[{\"name\":\"volumes\",\"state\":\"ok\",\"age_ms\":420,\"duration_us\":180,\"error\":null},"
		"{\"name\":\"smbstatus\",\"state\":\"absent\",\"age_ms\":null,\"duration_us\":0,"
		"\"error\":\"smbstatus is not installed\"},"
		"{\"name\":\"links\",\"state\":\"stale\",\"age_ms\":60000,\"duration_us\":0,"
		"\"error\":\"it hangs\"}]"},
};

START_TEST(json_of_all)
{
	all_is_known();
	struct json_c_object *root = status();
	expect(root, known, ARRAY_LEN(known));
	ck_assert_int_eq(json_object_object_length(root), 30);
	json_object_put(root);
}
END_TEST

static const struct expected words[] = {
	{"/volumes/0/state", "\"allocating\""},
	{"/volumes/0/settled", "true"},
	{"/volumes/0/journal/mode", "\"writeback\""},
	{"/volumes/0/journal/state", "\"idle\""},
	{"/volumes/1/state", "\"idle\""},
	{"/volumes/1/journal/mode", "\"journal\""},
	{"/links/0/duplex", "\"half\""},
	{"/disks/0/write_cache", "\"through\""},
	{"/sources/0/state", "\"failed\""},
	{"/sources/0/age_ms", "0"},
	{"/age_ms", "0"},
};

START_TEST(json_of_other_words)
{
	all_is_known();
	snapshot_add_volume(&snapshot)->journal.mode = JOURNAL_DATA;
	snapshot.volumes[0].journal.mode = JOURNAL_WRITEBACK;
	rates.volumes[0].state = VOLUME_ALLOCATING;
	rates.volumes[0].settled = YES;
	rates.volumes[0].journal_busy = NO;
	rates.volumes[1].state = VOLUME_IDLE;
	snapshot.links[0].full_duplex = snapshot.disks[0].write_back_cache = NO;
	snapshot.sources[0].state = SOURCE_FAILED;
	view.now_ms = snapshot.time_ms - 1; /* a clock that lags is no huge age */
	struct json_c_object *root = status();
	expect(root, words, ARRAY_LEN(words));
	json_object_put(root);
}
END_TEST

/* counts the members that are not null, also those of inner objects */
static unsigned count_known(struct json_c_object *object)
{
	unsigned count = 0;
	struct json_object_iterator at = json_object_iter_begin(object), end = json_object_iter_end(object);
	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at)) {
		struct json_c_object *value = json_object_iter_peek_value(&at);
		count += json_object_is_type(value, json_type_object) ? count_known(value) : value != NULL;
	}
	return count;
}

START_TEST(json_of_nothing)
{
	nothing_is_known();
	snapshot_add_volume(&snapshot);
	snapshot_add_link(&snapshot);
	snapshot_add_disk(&snapshot);
	snapshot_add_raid(&snapshot);
	struct json_c_object *root = status(), *value;
	const char *const empty[] = {
		"/cpu", "/memory", "/ups", "/links/0", "/disks/0", "/raid/0", "/volumes/0/journal"};
	for (unsigned i = 0; i < ARRAY_LEN(empty); i++) {
		ck_assert(!json_pointer_get(root, empty[i], &value));
		ck_assert_msg(count_known(value) == 0, "%s: %s", empty[i], json_object_to_json_string(value));
	}
	ck_assert(!json_pointer_get(root, "/volumes/0", &value));
	ck_assert_uint_eq(count_known(value), 3); /* the default cost */
	const struct expected rows[] = {{"/time", "null"}, {"/age_ms", "null"}, {"/agent/id", "null"},
		{"/agent/uptime_s", "null"}, {"/agent/host", "null"}, {"/sources", "[]"}, {"/answer", "null"},
		{"/retry_after_s", "null"}, {"/findings", "[]"}, {"/findings_omitted", "null"},
		{"/shares", "[]"}, {"/services", "[]"}, {"/other_sessions", "[]"}, {"/smb/clients", "[]"}};
	expect(root, rows, ARRAY_LEN(rows));
	json_object_put(root);
}
END_TEST

START_TEST(json_of_names_that_hurt)
{
	names_hurt();
	char mount[MOUNT_LEN + 2] = "\"";
	memset(mount + 1, 'm', MOUNT_LEN - 1);
	mount[MOUNT_LEN] = '"';
	const struct expected rows[] = {
		{"/volumes/0/id", "\"\\\"q\\\" \\\\ <b>&'\\n\\u001b[31m" FFFD "\x7f\""},
		{"/volumes/0/label", "\"\xc3\xbc</pre>\\\"q\\\" \\\\ <b>&'\\n\\u001b[31m" FFFD "\x7f\""},
		{"/volumes/0/mount", mount},
	};
	struct json_c_object *root = status();
	expect(root, rows, ARRAY_LEN(rows));
	json_object_put(root);
}
END_TEST

static unsigned length_of(struct json_c_object *root, const char *path)
{
	struct json_c_object *list;
	ck_assert(!json_pointer_get(root, path, &list));
	return (unsigned)json_object_array_length(list);
}

START_TEST(json_of_too_much)
{
	lists_overflow();
	const struct expected rows[] = {{"/volumes_omitted", "3"}, {"/links_omitted", "4"},
		{"/disks_omitted", "5"}, {"/raid_omitted", "6"}, {"/volumes/0/id", "\"v0\""},
		{"/volumes/23/id", "\"v23\""}};
	struct json_c_object *root = status();
	expect(root, rows, ARRAY_LEN(rows));
	ck_assert_uint_eq(length_of(root, "/volumes"), VOLUMES_MAX);
	ck_assert_uint_eq(length_of(root, "/links"), LINKS_MAX);
	ck_assert_uint_eq(length_of(root, "/disks"), DISKS_MAX);
	ck_assert_uint_eq(length_of(root, "/raid"), RAIDS_MAX);
	ck_assert_uint_eq(length_of(root, "/sources"), SOURCES_MAX);
	json_object_put(root);
}
END_TEST

Suite *suite_represent(void);
Suite *suite_represent(void)
{
	Suite *suite = suite_create("represent");
	TCase *tcase = tcase_create("represent");
	tcase_add_test(tcase, json_of_all);
	tcase_add_test(tcase, json_of_other_words);
	tcase_add_test(tcase, json_of_nothing);
	tcase_add_test(tcase, json_of_names_that_hurt);
	tcase_add_test(tcase, json_of_too_much);
	suite_add_tcase(suite, tcase);
	return suite;
}
