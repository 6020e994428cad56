/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <stdlib.h>

#include "tests/unit/shown_machine.h"

#define BUILD_INFO                                                        \
	"# HELP nasready_build_info Version and platform of the agent.\n" \
	"# TYPE nasready_build_info gauge\n"                              \
	"nasready_build_info{version=\"" NASREADY_VERSION "\",target=\"" NASREADY_TARGET "\"} 1\n"
#define OMITTED(name) \
	"# HELP " name " Left out because the list was full.\n# TYPE " name " gauge\n" name " 0\n"

/* every sample of the machine, in order */
static const char *const samples[] = {
	"nasready_build_info{version=\"" NASREADY_VERSION "\",target=\"" NASREADY_TARGET "\"} 1",
	"nasready_uptime_seconds 86400",
	"nasready_snapshot_age_seconds 0.42",
	"nasready_ready{answer=\"go\"} 0",
	"nasready_ready{answer=\"wait\"} 1",
	"nasready_ready{answer=\"no\"} 0",
	"nasready_retry_after_seconds 240",
	"nasready_finding{code=\"freeing\",severity=\"wait\",subject=\"volume:c\"} 1",
	"nasready_findings_omitted 2",
	"nasready_other_sessions{kind=\"ssh\"} 4",
	"nasready_other_sessions{kind=\"web-ui\"} 2",
	"nasready_other_sessions{kind=\"port\"} 0",
	"nasready_cpu_cores 1",
	"nasready_cpu_busy_ratio 0.975",
	"nasready_cpu_user_ratio 0.04",
	"nasready_cpu_system_ratio 0.91",
	"nasready_cpu_iowait_ratio 0.025",
	"nasready_cpu_window_seconds 2",
	"nasready_load1 3.1",
	"nasready_load5 2.4",
	"nasready_load15 0.07",
	"nasready_memory_size_bytes 258441216",
	"nasready_memory_available_bytes 61865984",
	"nasready_memory_available_estimated 1",
	"nasready_memory_dirty_bytes 8192",
	"nasready_memory_writeback_bytes 4096",
	"nasready_memory_swap_used_bytes 0",
	("nasready_volume_info{volume=\"c\",mount=\"/c\",device=\"/dev/c/c\",fstype=\"ext4\","
	 "uuid=\"0c5f-1\"} 1"),
	"nasready_volume_read_only{volume=\"c\"} 0",
	"nasready_volume_stale{volume=\"c\"} 0",
	"nasready_volume_size_bytes{volume=\"c\"} 5937362789990",
	"nasready_volume_free_bytes{volume=\"c\"} 3737362789990",
	"nasready_volume_available_bytes{volume=\"c\"} 3437362789990",
	"nasready_volume_space_age_seconds{volume=\"c\"} 1.42",
	"nasready_volume_state{volume=\"c\",state=\"idle\"} 0",
	"nasready_volume_state{volume=\"c\",state=\"allocating\"} 0",
	"nasready_volume_state{volume=\"c\",state=\"freeing\"} 1",
	"nasready_volume_change_bytes_per_second{volume=\"c\"} 6900000000",
	"nasready_volume_change_remaining_seconds{volume=\"c\"} 240",
	"nasready_volume_settled{volume=\"c\"} 0",
	"nasready_volume_allocation_seconds_per_tib{volume=\"c\"} 15",
	"nasready_volume_written_bytes_total{volume=\"c\"} 123456789",
	"nasready_volume_delayed_bytes{volume=\"c\"} 4096",
	"nasready_volume_journal_present{volume=\"c\"} 1",
	"nasready_volume_journal_external{volume=\"c\"} 0",
	"nasready_volume_journal_mode{volume=\"c\",mode=\"ordered\"} 1",
	"nasready_volume_journal_mode{volume=\"c\",mode=\"writeback\"} 0",
	"nasready_volume_journal_mode{volume=\"c\",mode=\"journal\"} 0",
	"nasready_volume_journal_commit_interval_seconds{volume=\"c\"} 5",
	"nasready_volume_journal_state{volume=\"c\",state=\"idle\"} 0",
	"nasready_volume_journal_state{volume=\"c\",state=\"busy\"} 1",
	"nasready_volume_journal_transactions_total{volume=\"c\"} 77",
	"nasready_volume_needs_check{volume=\"c\"} 1",
	"nasready_volumes_omitted 0",
	"nasready_share_info{share=\"Backup\",path=\"/c/Backup\",volume=\"c\"} 1",
	"nasready_share_strict_allocate{share=\"Backup\"} 0",
	"nasready_share_strict_sync{share=\"Backup\"} 1",
	"nasready_share_dfree_command{share=\"Backup\"} 0",
	"nasready_share_read_only{share=\"Backup\"} 0",
	"nasready_share_gate{share=\"Backup\",gate=\"advise\"} 1",
	"nasready_share_gate{share=\"Backup\",gate=\"enforce\"} 0",
	"nasready_shares_omitted 0",
	"nasready_virtual_disks_omitted 0",
	"nasready_smb_connections 1",
	"nasready_smb_sessions 2",
	"nasready_smb_status_age_seconds 1",
	"nasready_smb_client_connections{client=\"10.0.0.5\"} 1",
	"nasready_smb_client_connections{client=\"10.0.0.9\"} 0",
	"nasready_smb_client_stale_connections{client=\"10.0.0.5\"} 0",
	"nasready_smb_client_stale_connections{client=\"10.0.0.9\"} 3",
	"nasready_smb_client_sessions{client=\"10.0.0.5\"} 1",
	"nasready_smb_client_open_files{client=\"10.0.0.5\"} 1",
	"nasready_smb_clients_omitted 0",
	"nasready_link_up{link=\"eth0\"} 1",
	"nasready_link_speed_bytes_per_second{link=\"eth0\"} 125000000",
	"nasready_link_duplex{link=\"eth0\",duplex=\"half\"} 0",
	"nasready_link_duplex{link=\"eth0\",duplex=\"full\"} 1",
	"nasready_link_mtu_bytes{link=\"eth0\"} 1500",
	"nasready_link_wireless{link=\"eth0\"} 0",
	"nasready_link_receive_bytes_total{link=\"eth0\"} 18446744073709551614",
	"nasready_link_transmit_bytes_total{link=\"eth0\"} 2",
	"nasready_link_errors_total{link=\"eth0\"} 3",
	"nasready_link_drops_total{link=\"eth0\"} 0",
	"nasready_link_multicast_packets_total{link=\"eth0\"} 5",
	"nasready_links_omitted 0",
	"nasready_disk_info{disk=\"sda\",model=\"WDC WD30EFRX\"} 1",
	"nasready_disk_size_bytes{disk=\"sda\"} 3000592982016",
	"nasready_disk_rotational{disk=\"sda\"} 1",
	"nasready_disk_write_cache{disk=\"sda\",write_cache=\"through\"} 0",
	"nasready_disk_write_cache{disk=\"sda\",write_cache=\"back\"} 1",
	"nasready_disk_busy_seconds_total{disk=\"sda\"} 61.005",
	"nasready_disk_read_bytes_total{disk=\"sda\"} 1",
	"nasready_disk_written_bytes_total{disk=\"sda\"} 2",
	"nasready_disks_omitted 0",
	"nasready_raid_info{raid=\"md2\",level=\"raid1\"} 1",
	"nasready_raid_state{raid=\"md2\",state=\"clean\"} 1",
	"nasready_raid_members{raid=\"md2\"} 2",
	"nasready_raid_active{raid=\"md2\"} 1",
	"nasready_raid_degraded{raid=\"md2\"} 1",
	"nasready_raid_sync{raid=\"md2\",sync=\"recovery\"} 1",
	"nasready_raid_sync_ratio{raid=\"md2\"} 0.126",
	"nasready_raid_omitted 0",
	"nasready_ups_present 1",
	"nasready_ups_on_battery 1",
	"nasready_ups_battery_low 0",
	"nasready_ups_charge_ratio 0.87",
	"nasready_ups_runtime_seconds 1260",
	"nasready_service_running{service=\"minidlnad\"} 1",
	"nasready_service_expected{service=\"minidlnad\"} 0",
	"nasready_services_omitted 0",
	"nasready_source_state{source=\"volumes\",state=\"ok\"} 1",
	"nasready_source_state{source=\"volumes\",state=\"absent\"} 0",
	"nasready_source_state{source=\"volumes\",state=\"failed\"} 0",
	"nasready_source_state{source=\"volumes\",state=\"stale\"} 0",
	"nasready_source_state{source=\"smbstatus\",state=\"ok\"} 0",
	"nasready_source_state{source=\"smbstatus\",state=\"absent\"} 1",
	"nasready_source_state{source=\"smbstatus\",state=\"failed\"} 0",
	"nasready_source_state{source=\"smbstatus\",state=\"stale\"} 0",
	"nasready_source_state{source=\"links\",state=\"ok\"} 0",
	"nasready_source_state{source=\"links\",state=\"absent\"} 0",
	"nasready_source_state{source=\"links\",state=\"failed\"} 0",
	"nasready_source_state{source=\"links\",state=\"stale\"} 1",
	"nasready_source_up{source=\"volumes\"} 1",
	"nasready_source_up{source=\"smbstatus\"} 0",
	"nasready_source_up{source=\"links\"} 0",
	"nasready_source_age_seconds{source=\"volumes\"} 0.42",
	"nasready_source_age_seconds{source=\"links\"} 60",
	"nasready_source_duration_seconds{source=\"volumes\"} 0.00018",
	"nasready_source_duration_seconds{source=\"smbstatus\"} 0",
	"nasready_source_duration_seconds{source=\"links\"} 0",
};

/* walks the lines of a text that it changes; NULL at the end */
static char *next_line(char **rest)
{
	char *line = *rest, *end = strchr(line, '\n');
	if (!*line)
		return NULL;
	ck_assert_msg(end != NULL, "the last line has no end: %s", line);
	*end = 0;
	*rest = end + 1;
	return line;
}

START_TEST(samples_of_all)
{
	all_is_known();
	autofree char *text = printed(represent_metrics);
	char *rest = text, *line;
	unsigned count = 0;
	while ((line = next_line(&rest))) {
		if (*line == '#')
			continue;
		ck_assert_msg(count < ARRAY_LEN(samples), "one too many: %s", line);
		ck_assert_str_eq(line, samples[count]);
		count++;
	}
	ck_assert_uint_eq(count, ARRAY_LEN(samples));
}
END_TEST

static bool same_family(const char *sample, const char *family)
{
	size_t length = strcspn(sample, "{ ");
	return strlen(family) == length && !strncmp(sample, family, length);
}

/* HELP, TYPE, samples, and no family comes twice */
START_TEST(families_are_whole)
{
	all_is_known();
	snprintf(snapshot_add_volume(&snapshot)->id, ID_LEN, "d");
	autofree char *text = printed(represent_metrics), *whole = strdup(text);
	char *rest = text, *line, family[80] = "", type[16] = "", again[100];
	while ((line = next_line(&rest))) {
		if (*line != '#') {
			ck_assert_msg(same_family(line, family), "%s under %s", line, family);
			size_t length = strlen(family);
			bool total = length > 6 && !strcmp(family + length - 6, "_total");
			ck_assert_msg(total == !strcmp(type, "counter"), "%s is a %s", family, type);
			continue;
		}
		ck_assert_int_eq(sscanf(line, "# HELP %79s", family), 1);
		snprintf(again, sizeof again, "# HELP %s ", family);
		ck_assert_ptr_null(strstr(strstr(whole, again) + 1, again));
		line = next_line(&rest);
		ck_assert_ptr_nonnull(line);
		snprintf(again, sizeof again, "# TYPE %s %%15s", family);
		ck_assert_int_eq(sscanf(line, again, type), 1);
	}
}
END_TEST

START_TEST(unknown_is_left_out)
{
	nothing_is_known();
	autofree char *text = printed(represent_metrics);
	ck_assert_str_eq(text,
		BUILD_INFO OMITTED("nasready_volumes_omitted") OMITTED("nasready_shares_omitted")
			OMITTED("nasready_virtual_disks_omitted") OMITTED("nasready_smb_clients_omitted")
				OMITTED("nasready_links_omitted") OMITTED("nasready_disks_omitted") OMITTED(
					"nasready_raid_omitted") OMITTED("nasready_services_omitted"));
}
END_TEST

START_TEST(unknown_rows_say_nothing)
{
	nothing_is_known();
	SET(snapshot_add_volume(&snapshot)->id, "c");
	SET(snapshot_add_link(&snapshot)->name, "eth0");
	snapshot_add_disk(&snapshot);
	snapshot_add_raid(&snapshot);
	autofree char *text = printed(represent_metrics);
	ck_assert_ptr_nonnull(strstr(text, "\nnasready_volume_info{volume=\"c\"} 1\n"));
	ck_assert_ptr_null(strstr(text, "nasready_volume_s"));
	ck_assert_ptr_null(strstr(text, "nasready_volume_journal"));
	ck_assert_ptr_null(strstr(text, "nasready_link_"));
	ck_assert_ptr_null(strstr(text, "nasready_disk_s"));
	ck_assert_ptr_null(strstr(text, "nasready_raid_s"));
}
END_TEST

START_TEST(labels_are_escaped)
{
	names_hurt();
	snapshot.volumes[0].size_bytes = 7;
	snapshot.raids[0].members = 3;
	autofree char *text = printed(represent_metrics);
	ck_assert_ptr_nonnull(strstr(text,
		"\nnasready_volume_size_bytes{volume=\"\\\"q\\\" \\\\ <b>&'\\n\x1b[31m" FFFD "\x7f\"} 7\n"));
	ck_assert_ptr_nonnull(
		strstr(text, "\nnasready_raid_state{raid=\"\",state=\"\\\"q\\\" \\\\ <b>&'\\n\x1b[31m" FFFD
			     "\x7f\"} 1\n"));
	ck_assert_ptr_nonnull(strstr(text, "\nnasready_raid_members{raid=\"\"} 3\n"));
}
END_TEST

START_TEST(the_same_name_comes_once)
{
	nothing_is_known();
	for (unsigned i = 0; i < 3; i++) {
		struct volume *volume = snapshot_add_volume(&snapshot);
		SET(volume->id, i == 1 ? "other" : "c");
		volume->size_bytes = i;
	}
	autofree char *text = printed(represent_metrics);
	ck_assert_ptr_nonnull(strstr(text, " gauge\nnasready_volume_size_bytes{volume=\"other\"} "
					   "1\nnasready_volume_size_bytes{volume=\"c\"} 2\n#"));
	ck_assert_ptr_nonnull(strstr(text,
		" gauge\nnasready_volume_info{volume=\"other\"} 1\nnasready_volume_info{volume=\"c\"} 1\n#"));
}
END_TEST

START_TEST(overflow_is_told)
{
	lists_overflow();
	autofree char *text = printed(represent_metrics);
	ck_assert_ptr_nonnull(strstr(text, "\nnasready_volumes_omitted 3\n"));
	ck_assert_ptr_nonnull(strstr(text, "\nnasready_links_omitted 4\n"));
	ck_assert_ptr_nonnull(strstr(text, "\nnasready_disks_omitted 5\n"));
	ck_assert_ptr_nonnull(strstr(text, "\nnasready_raid_omitted 6\n"));
	ck_assert_ptr_nonnull(strstr(text, "\nnasready_volume_info{volume=\"v23\"} 1\n"));
	ck_assert_ptr_null(strstr(text, "v24"));
}
END_TEST

Suite *suite_represent_metrics(void);
Suite *suite_represent_metrics(void)
{
	Suite *suite = suite_create("represent_metrics");
	TCase *tcase = tcase_create("represent_metrics");
	tcase_add_test(tcase, samples_of_all);
	tcase_add_test(tcase, families_are_whole);
	tcase_add_test(tcase, unknown_is_left_out);
	tcase_add_test(tcase, unknown_rows_say_nothing);
	tcase_add_test(tcase, labels_are_escaped);
	tcase_add_test(tcase, the_same_name_comes_once);
	tcase_add_test(tcase, overflow_is_told);
	suite_add_tcase(suite, tcase);
	return suite;
}
