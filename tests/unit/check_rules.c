/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "tests/unit/judged_machine.h"

/* -- what spoils the machine -- */

static void busy_kernel(void)
{
	rates.cpu = (struct cpu_rates){9000, 1000, 8000, 0, 2000};
}

static void busy_programs(void)
{
	rates.cpu = (struct cpu_rates){10000, 9123, 877, 0, 2000};
}

static void cpu_below(void)
{
	rates.cpu = (struct cpu_rates){8999, 1000, 7999, 0, 2000};
}

static void busy_with_backup(void)
{
	busy_kernel();
	snapshot.memory.available_bytes = 1 << 20;
	rates.volumes[1].journal_busy = YES;
	rates.links[0].rx_bytes_per_s = 20000001;
}

static void busy_receiving_little(void)
{
	busy_kernel();
	rates.links[0].rx_bytes_per_s = 20000000;
}

static void busy_receiving_while_freeing(void)
{
	busy_with_backup();
	rates.volumes[1].state = VOLUME_FREEING;
	rates.volumes[1].rate_bytes_per_s = 6900000000;
	rates.volumes[1].eta_s = 240;
}

static void little_memory(void)
{
	snapshot.memory.available_bytes = (16 << 20) - 1;
}

static void enough_memory(void)
{
	snapshot.memory.available_bytes = 16 << 20;
}

static void little_of_much_memory(void)
{
	snapshot.memory.total_bytes = UINT64_C(16) << 30;
	snapshot.memory.available_bytes = 300 << 20;
}

static void raid_degraded(void)
{
	snapshot.raids[0].degraded = YES;
	snapshot.raids[0].active = 1;
}

static void raid_degraded_uncounted(void)
{
	snapshot.raids[0].degraded = YES;
	snapshot.raids[0].active = UNKNOWN_U32;
}

static void raid_recovers(void)
{
	SET(snapshot.raids[0].sync, "recovery");
	snapshot.raids[0].sync_percent_hundredths = 1260;
}

static void raid_is_checked(void)
{
	SET(snapshot.raids[0].sync, "check");
}

static void cache_and_unknown_ups(void)
{
	snapshot.disks[0].write_back_cache = YES;
	snapshot.ups.present = UNKNOWN;
}

static void caches_and_no_ups(void)
{
	cache_and_unknown_ups();
	for (unsigned i = 0; i < 2; i++)
		snapshot_add_disk(&snapshot)->write_back_cache = YES;
	snapshot.ups.present = NO;
}

static void cache_and_ups(void)
{
	snapshot.disks[0].write_back_cache = YES;
}

static void no_cache_no_ups(void)
{
	snapshot.ups.present = NO;
}

static void on_battery(void)
{
	snapshot.ups.on_battery = YES;
	snapshot.ups.charge_percent = 87;
	snapshot.ups.runtime_s = 1260;
}

static void battery_low(void)
{
	snapshot.ups.battery_low = YES;
	snapshot.ups.name[0] = 0;
}

static void service_runs(void)
{
	snapshot.services[0].running = YES;
}

static void service_runs_as_it_should(void)
{
	snapshot.services[0].running = snapshot.services[0].expected = YES;
}

static void service_of_unknown_use(void)
{
	snapshot.services[0].running = YES;
	snapshot.services[0].expected = UNKNOWN;
}

static void clock_of_1970(void)
{
	snapshot.clock_ms = 600000;
}

static void clock_of_2023(void)
{
	snapshot.clock_ms = UINT64_C(1704067199999);
}

static void clock_of_2024(void)
{
	snapshot.clock_ms = UINT64_C(1704067200000);
}

static void source_failed(void)
{
	snapshot.sources[0].state = SOURCE_FAILED;
	SET(snapshot.sources[0].error, "cannot read /proc/mounts: Input/output error");
}

static void source_stale(void)
{
	snapshot.sources[1].state = SOURCE_STALE;
}

static void fs_error(void)
{
	snapshot.volumes[1].journal.needs_check = YES;
	SET(snapshot.volumes[1].journal.last_error, "3 since the last e2fsck");
}

static void fs_error_of_root(void)
{
	snapshot.volumes[0].journal.needs_check = YES;
}

static void read_only(void)
{
	snapshot.volumes[1].read_only = YES;
}

static void read_only_beside(void)
{
	read_only();
	snapshot.volumes[1].available_bytes = 0; /* is no news then */
	snapshot.share_count = 0;
	add_volume("d", "/d");
}

static void all_read_only(void)
{
	read_only();
	snapshot.share_count = 0;
}

static void root_read_only(void)
{
	snapshot.volumes[0].read_only = YES;
}

static void only_root_read_only(void)
{
	snapshot.volume_count = 1;
	snapshot.share_count = 0;
	root_read_only();
}

static void root_read_only_and_no_shares(void)
{
	snapshot.share_count = 0;
	root_read_only();
}

static void root_and_boot_read_only(void)
{
	only_root_read_only();
	add_volume("boot", "/boot");
}

static void cd(void)
{
	struct volume *volume = add_volume("cd", "/media/cd");
	SET(volume->fstype, "iso9660");
	volume->read_only = YES;
	volume->available_bytes = 0;
	snapshot.share_count = 0;
}

static void no_journal(void)
{
	snapshot.volumes[1].journal.present = NO;
}

static void no_journal_no_ups(void)
{
	no_journal();
	snapshot.ups.present = NO;
}

static void no_journal_unknown_ups(void)
{
	no_journal();
	snapshot.ups.present = UNKNOWN;
}

static void root_without_journal_and_ups(void)
{
	snapshot.volumes[0].journal.present = NO;
	snapshot.ups.present = NO;
}

static void never_a_journal(void)
{
	no_journal();
	SET(snapshot.volumes[1].fstype, "vfat");
}

static void allocating(void)
{
	rates.volumes[1].state = VOLUME_ALLOCATING;
	rates.volumes[1].rate_bytes_per_s = 1200000000;
	rates.volumes[1].journal_busy = YES; /* is no news then */
}

static void allocating_on_root(void)
{
	rates.volumes[0].state = VOLUME_ALLOCATING;
	rates.volumes[0].rate_bytes_per_s = 9000000;
}

static void orphaned(void)
{
	allocating();
	add_client("10.0.0.9", 0)->close_wait = 1;
}

static void freeing(void)
{
	rates.volumes[1].state = VOLUME_FREEING;
	rates.volumes[1].rate_bytes_per_s = 6900000000;
	rates.volumes[1].eta_s = 240;
}

static void freeing_without_end(void)
{
	freeing();
	rates.volumes[1].eta_s = UNKNOWN_U64;
}

static void journal_busy(void)
{
	rates.volumes[1].journal_busy = YES;
	rates.volumes[1].transactions_per_s_hundredths = 1234;
}

static void space_low(void)
{
	snapshot.volumes[1].available_bytes = 60000000000 - 1;
}

static void space_enough(void)
{
	snapshot.volumes[1].available_bytes = 60000000000;
}

static void space_low_long_ago(void)
{
	space_low();
	snapshot.volumes[1].stale = YES;
}

static void past_knee(void)
{
	snapshot.volumes[1].knee_bytes = (UINT64_C(64) << 30) - 1;
	snapshot.volumes[1].knee_free_bytes = 4 * TB;
}

static void before_knee(void)
{
	snapshot.volumes[1].knee_bytes = UINT64_C(64) << 30;
	snapshot.volumes[1].knee_free_bytes = 4 * TB;
}

static void past_knee_by_now(void)
{
	snapshot.volumes[1].knee_bytes = TB / 2;
	snapshot.volumes[1].knee_free_bytes = 5 * TB;
}

static void past_knee_as_planned(void)
{
	past_knee();
	snapshot.volumes[1].available_bytes = 100000000000;
}

static void slow_link(void)
{
	snapshot.links[0].speed_mbps = 100;
}

static void slow_link_down(void)
{
	slow_link();
	snapshot.links[0].up = snapshot.links[0].full_duplex = NO;
}

static void fast_link(void)
{
	snapshot.links[0].speed_mbps = 2500;
}

static void half_duplex(void)
{
	snapshot.links[0].full_duplex = NO;
}

static void half_duplex_beside(void)
{
	half_duplex();
	add_link("eth1");
}

static void half_duplex_beside_bad(void)
{
	half_duplex();
	add_link("eth1")->speed_mbps = 100;
}

static void wireless(void)
{
	SET(snapshot.links[0].name, "wlan0");
	snapshot.links[0].wireless = YES;
	snapshot.links[0].full_duplex = UNKNOWN;
	snapshot.links[0].speed_mbps = 300;
}

static void wireless_beside(void)
{
	wireless();
	add_link("eth0");
}

static void link_errors(void)
{
	rates.links[0].errors_per_s_hundredths = 256;
}

static void few_link_errors(void)
{
	rates.links[0].errors_per_s_hundredths = 9;
}

static void small_mtu(void)
{
	snapshot.links[0].mtu = 1500;
}

static void small_mtu_virtual(void)
{
	small_mtu();
	snapshot.links[0].speed_mbps = UNKNOWN_U32;
}

static void idle_client(void)
{
	add_client("10.0.0.9", 1)->open_files = 0;
}

static void busy_client(void)
{
	add_client("10.0.0.9", 1)->open_files = 12;
}

static void plain_clients(void)
{
	add_client("fe80::1", 2);
	add_client("10.0.0.8", 1);
}

static void other_backup(void)
{
	struct client *client = add_client("10.0.0.9", 1);
	client->open_disk_count = 1;
	SET(client->open_disks[0], "Backup/SRV2.vhdx");
}

static void other_backups(void)
{
	other_backup();
	snapshot.clients[0].open_disks_omitted = 1;
}

static void too_many_clients(void)
{
	snapshot.clients_omitted = 7;
}

static void stale_client(void)
{
	add_client("10.0.0.9", 0)->close_wait = 2;
}

static void web_ui(void)
{
	add_other(OTHER_WEB_UI, "10.0.0.9", 2);
}

static void ssh(void)
{
	add_other(OTHER_SSH, "10.0.0.9", 1);
}

static void other_port(void)
{
	add_other(OTHER_PORT, "10.0.0.9", 1);
}

static void sync_ignored(void)
{
	snapshot.shares[0].strict_sync = NO;
}

static void sync_ignored_no_ups(void)
{
	sync_ignored();
	snapshot.ups.present = NO;
}

static void sync_ignored_unknown_ups(void)
{
	sync_ignored();
	snapshot.ups.present = UNKNOWN;
}

static void sync_ignored_read_only(void)
{
	sync_ignored();
	snapshot.shares[0].strict_allocate = snapshot.shares[0].read_only = YES;
}

static void strict_allocate(void)
{
	snapshot.shares[0].strict_allocate = YES;
}

static void gate_without_smbd(void)
{
	strict_allocate();
	snapshot.shares[0].gated = YES;
	snapshot.gate.ready = YES;
	snapshot.gate.preloaded = NO;
}

static void gate_on(void)
{
	gate_without_smbd();
	snapshot.shares[0].gate = GATE_MODE_ENFORCE;
}

/* -- virtual disks; without a question about one of them they are warnings at most -- */

static struct vdisk *good_disk(void)
{
	struct vdisk *vdisk = snapshot_add_vdisk(&snapshot);
	SET(vdisk->share, "Backup");
	SET(vdisk->file, "S.vhdx");
	vdisk->number = 7;
	vdisk->stamp = vdisk->judged_stamp = 1;
	vdisk->in_use = NO;
	vdisk->image.format = IMAGE_VHDX;
	vdisk->image.type = IMAGE_FIXED;
	vdisk->image.log = IMAGE_LOG_EMPTY;
	vdisk->image.clean = YES;
	vdisk->image.hollow = NO;
	vdisk->image.virtual_size_bytes = UINT64_C(5) << 40;
	vdisk->allocated_bytes = UINT64_C(1) << 40;
	vdisk->content.partition_count = 1;
	vdisk->content.partitions[0].cluster_bytes = 65536;
	return vdisk;
}

static void disk_good(void)
{
	good_disk();
}

static void disk_vhd(void)
{
	good_disk()->image.format = IMAGE_VHD;
}

static void disk_nothing(void)
{
	struct vdisk *vdisk = good_disk();
	vdisk->image.format = IMAGE_FORMAT_UNKNOWN;
	vdisk->image.problem_count = 1;
	SET(vdisk->image.problems[0].message, "the file is empty");
}

static void disk_unread(void)
{
	struct vdisk *vdisk = good_disk();
	image_reset(&vdisk->image);
	vdisk->judged_stamp = 0;
}

static void disk_dynamic(void)
{
	good_disk()->image.type = IMAGE_DIFFERENCING;
}

static void disk_hollow(void)
{
	good_disk()->image.hollow = YES;
}

static void disk_dirty(void)
{
	struct vdisk *vdisk = good_disk();
	vdisk->image.log = IMAGE_LOG_DIRTY;
	vdisk->image.clean = NO;
}

static void disk_damaged(void)
{
	struct vdisk *vdisk = good_disk();
	vdisk->image.damaged = true;
	vdisk->image.problem_count = 2;
	SET(vdisk->image.problems[0].message, "header 1 fails its checksum");
	SET(vdisk->image.problems[1].message, "two blocks share the bytes at 7");
	vdisk->image.problems[1].damage = true;
}

static void disk_open(void)
{
	struct vdisk *vdisk = good_disk();
	vdisk->in_use = YES;
	vdisk->image.log = IMAGE_LOG_DIRTY; /* as it may be while it is open */
	vdisk->opener_count = 1;
	SET(vdisk->openers[0], "10.0.0.5");
}

static void disk_open_twice(void)
{
	disk_open();
	snapshot.vdisks[0].opener_count = 2;
	SET(snapshot.vdisks[0].openers[1], "10.0.0.6");
}

static void disk_leased(void)
{
	disk_open();
	snapshot.vdisks[0].opener_count = 0;
}

static void disk_clusters(void)
{
	good_disk()->content.partitions[0].cluster_bytes = 4096;
}

static void disk_beyond_limit(void)
{
	struct vdisk *vdisk = good_disk();
	vdisk->image.virtual_size_bytes = UINT64_C(20) << 40;
	memcpy(vdisk->volume, snapshot.volumes[0].id, sizeof vdisk->volume);
}

#define FAR_BACKUP                                                                     \
	"Servers/2012 R2/WindowsImageBackup/WIN-0123456789A/Backup 2013-02-03 200002/" \
	"01234567-89ab-cdef-0123-456789abcdef.vhdx"

static void backup_far_away(void)
{
	struct vdisk *vdisk = good_disk();
	SET(vdisk->file, FAR_BACKUP);
	SET(vdisk->id, "1a2b3c4d");
}

static void backup_near(void)
{
	SET(good_disk()->file, FAR_BACKUP);
	memmove(snapshot.vdisks[0].file, snapshot.vdisks[0].file + strlen("Servers/2012 R2/"),
		sizeof FAR_BACKUP - strlen("Servers/2012 R2/"));
}

static struct lease *leased(const char *file)
{
	struct lease *lease = &snapshot.leases[snapshot.lease_count++];
	*lease = (struct lease){.open = NO, .expires_ms = UINT64_MAX};
	SET(lease->share, "backup");
	SET(lease->file, file);
	SET(lease->server, "SRV1");
	return lease;
}

static void leased_disk(void)
{
	good_disk();
	leased("s.vhdx");
}

/* -- and what is said of it; no code: nothing -- */

static const struct expected {
	void (*spoil)(void);
	const char *code;
	enum severity severity;
	const char *subject, *message, *remedy; /* the remedy from its beginning */
	uint32_t retry_after_s;			/* 0: none */
} expected[] = {
	{all_is_well, NULL, 0, NULL, NULL, NULL, 0},
	{busy_kernel, "cpu-busy", SEVERITY_WAIT, "cpu",
		"The CPU is 90 % busy, mostly with the kernel's work (kernel 80 %, programs 10 %).",
		"Wait: the kernel is allocating", 30},
	{busy_programs, "cpu-busy", SEVERITY_WAIT, "cpu",
		"The CPU is 100 % busy, mostly with programs (kernel 8 %, programs 91 %).",
		"Close the NAS's web", 30},
	{cpu_below, NULL, 0, NULL, NULL, NULL, 0},
	{busy_with_backup, NULL, 0, NULL, NULL, NULL, 0},
	{busy_receiving_little, "cpu-busy", SEVERITY_WAIT, "cpu", NULL, NULL, 30},
	{busy_receiving_while_freeing, "cpu-busy", SEVERITY_WAIT, "cpu", NULL, NULL, 241},
	{little_memory, "memory-low", SEVERITY_WARN, "memory",
		"Only 16.00 MiB of 256.00 MiB of memory is available.", "Stop services", 0},
	{enough_memory, NULL, 0, NULL, NULL, NULL, 0},
	{little_of_much_memory, "memory-low", SEVERITY_WARN, "memory",
		"Only 300.00 MiB of 16.00 GiB of memory is available.", NULL, 0},
	{raid_degraded, "raid-degraded", SEVERITY_WARN, "raid:md2",
		"Array md2 (raid1) is degraded: 1 of 2 members work.", "Replace the failed disk", 0},
	{raid_degraded_uncounted, "raid-degraded", SEVERITY_WARN, "raid:md2",
		"Array md2 (raid1) is degraded: a member is missing.", NULL, 0},
	{raid_recovers, "raid-resync", SEVERITY_WAIT, "raid:md2",
		"Array md2 (raid1) is busy with a recovery, 12.6 % done.", "Wait until the array is whole",
		3600},
	{raid_is_checked, "raid-resync", SEVERITY_WARN, "raid:md2", "Array md2 (raid1) is busy with a check.",
		"Let the array's check run", 0},
	{cache_and_unknown_ups, "cache-without-ups", SEVERITY_WARN, "ups",
		"The write cache of sda is on, and no UPS is known: a power cut loses what it holds.",
		"Connect a UPS", 0},
	{caches_and_no_ups, "cache-without-ups", SEVERITY_WARN, "ups",
		"The write cache of sda and 2 more disks is on, and there is no UPS: a power cut loses what "
		"it "
		"holds.",
		NULL, 0},
	{cache_and_ups, NULL, 0, NULL, NULL, NULL, 0},
	{no_cache_no_ups, NULL, 0, NULL, NULL, NULL, 0},
	{on_battery, "ups-on-battery", SEVERITY_BLOCK, "ups",
		"UPS apc runs on battery, 87 % charged, about 21 min left.",
		"Stop a running backup, dismount", 0},
	{battery_low, "ups-on-battery", SEVERITY_BLOCK, "ups", "UPS (without a name) has a low battery.",
		NULL, 0},
	{service_runs, "service-unneeded", SEVERITY_WARN, "service:minidlnad",
		"Service minidlnad runs, and no backup needs it.", "Stop it while backups run", 0},
	{service_runs_as_it_should, NULL, 0, NULL, NULL, NULL, 0},
	{service_of_unknown_use, NULL, 0, NULL, NULL, NULL, 0},
	{clock_of_1970, "clock-wrong", SEVERITY_WARN, "clock",
		"The NAS's clock is wrong: it says 1970-01-01T00:10:00Z.", "Set the NAS's clock", 0},
	{clock_of_2023, "clock-wrong", SEVERITY_WARN, "clock", NULL, NULL, 0},
	{clock_of_2024, NULL, 0, NULL, NULL, NULL, 0},
	{source_failed, "source-failed", SEVERITY_WARN, "source:mounts",
		"Not all that decides is known, because source mounts failed: cannot read /proc/mounts: "
		"Input/output error.",
		"Mend what it names", 0},
	{source_stale, "source-failed", SEVERITY_WARN, "source:volumes",
		"Not all that decides is known, because source volumes is incomplete.", NULL, 0},
	{fs_error, "fs-error", SEVERITY_BLOCK, "volume:c",
		"The file system of volume \"c\" holds errors: 3 since the last e2fsck.",
		"Unmount the volume, run", 0},
	{fs_error_of_root, "fs-error", SEVERITY_BLOCK, "volume:root",
		"The file system of volume \"root\" holds errors.", NULL, 0},
	{read_only, "volume-read-only", SEVERITY_BLOCK, "volume:c",
		"Volume \"c\" is mounted read-only: nothing can be written to it.", "Look into the NAS's log",
		0},
	{read_only_beside, "volume-read-only", SEVERITY_WARN, "volume:c", NULL, NULL, 0},
	{all_read_only, "volume-read-only", SEVERITY_BLOCK, "volume:c", NULL, NULL, 0},
	{root_read_only, "volume-read-only", SEVERITY_WARN, "volume:root", NULL, NULL, 0},
	{only_root_read_only, "volume-read-only", SEVERITY_BLOCK, "volume:root", NULL, NULL, 0},
	{root_read_only_and_no_shares, "volume-read-only", SEVERITY_WARN, "volume:root", NULL, NULL, 0},
	{root_and_boot_read_only, "volume-read-only", SEVERITY_BLOCK, "volume:root", NULL, NULL, 0},
	{cd, NULL, 0, NULL, NULL, NULL, 0},
	{no_journal, "journal-absent", SEVERITY_WARN, "volume:c",
		"Volume \"c\" has no journal, so only the UPS protects its file system from a power cut.",
		"See that the UPS shuts", 0},
	{no_journal_no_ups, "journal-absent", SEVERITY_BLOCK, "volume:c",
		"Volume \"c\" has no journal, and there is no UPS: a power cut can destroy the file system.",
		"Give the volume its journal back", 0},
	{no_journal_unknown_ups, "journal-absent", SEVERITY_WARN, "volume:c",
		"Volume \"c\" has no journal, and no UPS is known: a power cut can destroy the file system.",
		NULL, 0},
	{root_without_journal_and_ups, "journal-absent", SEVERITY_WARN, "volume:root", NULL, NULL, 0},
	{never_a_journal, NULL, 0, NULL, NULL, NULL, 0},
	{allocating, "allocating", SEVERITY_WAIT, "volume:c",
		"Space on volume \"c\" is being allocated, at 1200 MB/s.", "Wait until the file", 15},
	{allocating_on_root, "allocating", SEVERITY_WARN, "volume:root", NULL, NULL, 0},
	{orphaned, "allocation-orphaned", SEVERITY_WAIT, "volume:c",
		"Volume \"c\" is still allocating for 10.0.0.9, which has given up: its VHDX is lost.",
		"Wait until the allocation is over, delete", 15},
	{freeing, "freeing", SEVERITY_WAIT, "volume:c",
		"Volume \"c\" is still giving back space, at 6900 MB/s, about 4 min to go.",
		"Wait; do not create or grow a VHDX now.", 241},
	{freeing_without_end, "freeing", SEVERITY_WAIT, "volume:c",
		"Volume \"c\" is still giving back space, at 6900 MB/s.", NULL, 60},
	{journal_busy, "journal-busy", SEVERITY_WAIT, "volume:c",
		"The journal of volume \"c\" is busy: 12.3 commits/s.", "Wait until the journal", 15},
	{space_low, "space-low", SEVERITY_WARN, "volume:c", "Volume \"c\" has only 60.0 GB of 6.0 TB left.",
		"Delete what is not needed", 0},
	{space_enough, NULL, 0, NULL, NULL, NULL, 0},
	{space_low_long_ago, NULL, 0, NULL, NULL, NULL, 0},
	{past_knee, "past-knee", SEVERITY_WARN, "volume:c",
		"Volume \"c\" has 4.0 TB left, but only 68.7 GB of it in wholly free block groups: "
		"allocating the rest "
		"is about 100 times slower.",
		"Do not create or grow a VHDX over SMB here", 0},
	{before_knee, NULL, 0, NULL, NULL, NULL, 0},
	{past_knee_by_now, "past-knee", SEVERITY_WARN, "volume:c", NULL, NULL, 0},
	{past_knee_as_planned, NULL, 0, NULL, NULL, NULL, 0},
	{slow_link, "link-slow", SEVERITY_WARN, "link:eth0",
		"Link eth0 runs at 100 Mbit/s only: backups need 1 Gbit/s.", "Use a port, a switch", 0},
	{slow_link_down, NULL, 0, NULL, NULL, NULL, 0},
	{fast_link, NULL, 0, NULL, NULL, NULL, 0},
	{half_duplex, "link-half-duplex", SEVERITY_BLOCK, "link:eth0",
		"Link eth0 runs in half duplex: it will lose packets under load.", "Set both ends", 0},
	{half_duplex_beside, "link-half-duplex", SEVERITY_WARN, "link:eth0", NULL, NULL, 0},
	{half_duplex_beside_bad, "link-half-duplex", SEVERITY_BLOCK, "link:eth0", NULL, NULL, 0},
	{wireless, "link-wireless", SEVERITY_BLOCK, "link:wlan0",
		"Link wlan0 is wireless: too unstable for a mounted VHDX.", "Connect the NAS by cable", 0},
	{wireless_beside, "link-wireless", SEVERITY_WARN, "link:wlan0", NULL, NULL, 0},
	{link_errors, "link-errors", SEVERITY_WARN, "link:eth0", "Link eth0 has 2.5 damaged packets/s.",
		"Replace the cable", 0},
	{few_link_errors, NULL, 0, NULL, NULL, NULL, 0},
	{small_mtu, "mtu-small", SEVERITY_INFO, "link:eth0",
		"Link eth0 sends packets of 1500 bytes, no jumbo frames.", "If NAS, switch and Windows", 0},
	{small_mtu_virtual, NULL, 0, NULL, NULL, NULL, 0},
	{idle_client, "smb-other-clients", SEVERITY_WARN, "smb:10.0.0.9",
		"10.0.0.9 holds an SMB session without an open file.",
		"Close its Explorer windows and mapped drives: each costs 10 to 20 Mbit/s", 0},
	{busy_client, "smb-other-clients", SEVERITY_WARN, "smb:10.0.0.9",
		"10.0.0.9 has 12 files open over SMB.", NULL, 0},
	{plain_clients, "smb-other-clients", SEVERITY_WARN, "smb:fe80::1", "fe80::1 holds 2 SMB connections.",
		NULL, 0},
	{plain_clients, "smb-other-clients", SEVERITY_WARN, "smb:10.0.0.8",
		"10.0.0.8 holds 1 SMB connection.", NULL, 0},
	{other_backup, "smb-other-clients", SEVERITY_WARN, "smb:10.0.0.9",
		"10.0.0.9 has Backup/SRV2.vhdx open over SMB.", "Let its backup end first", 0},
	{other_backups, "smb-other-clients", SEVERITY_WARN, "smb:10.0.0.9",
		"10.0.0.9 has Backup/SRV2.vhdx open over SMB (and more disks).", NULL, 0},
	{too_many_clients, "smb-other-clients", SEVERITY_WARN, "smb", "7 more clients hold SMB connections.",
		NULL, 0},
	{stale_client, "smb-stale-connection", SEVERITY_WAIT, "smb:10.0.0.9",
		"10.0.0.9 is gone, but smbd still works for 2 of its connections: it may be allocating.",
		"Wait until smbd has noticed", 15},
	{web_ui, "web-ui-open", SEVERITY_WARN, "web-ui:10.0.0.9",
		"10.0.0.9 has the NAS's web interface open (2 connections).",
		"Log out of the NAS's web interface", 0},
	{ssh, "ssh-open", SEVERITY_WARN, "ssh:10.0.0.9", "10.0.0.9 has an SSH session open (1 connection).",
		"Log out of SSH", 0},
	{other_port, NULL, 0, NULL, NULL, NULL, 0},
	{sync_ignored, "sync-ignored", SEVERITY_WARN, "share:Backup",
		"Share \"Backup\" ignores it when Windows wants its data on disk (strict sync = no).",
		"Set `strict sync = yes`", 0},
	{sync_ignored_no_ups, "sync-ignored", SEVERITY_BLOCK, "share:Backup",
		"Share \"Backup\" ignores it when Windows wants its data on disk (strict sync = no), and "
		"there is no "
		"UPS.",
		NULL, 0},
	{sync_ignored_unknown_ups, "sync-ignored", SEVERITY_WARN, "share:Backup",
		"Share \"Backup\" ignores it when Windows wants its data on disk (strict sync = no), and no "
		"UPS is "
		"known.",
		NULL, 0},
	{sync_ignored_read_only, NULL, 0, NULL, NULL, NULL, 0},
	{disk_good, NULL, 0, NULL, NULL, NULL, 0},
	{disk_unread, NULL, 0, NULL, NULL, NULL, 0},
	{disk_vhd, "disk-not-vhdx", SEVERITY_WARN, "disk:Backup/S.vhdx",
		"S.vhdx is a VHD: it ends at 2040 GiB, and does not survive a lost connection as a VHDX "
		"does.",
		"Create a VHDX", 0},
	{disk_nothing, "disk-not-vhdx", SEVERITY_WARN, "disk:Backup/S.vhdx",
		"S.vhdx is no VHDX: the file is empty.", NULL, 0},
	{disk_dynamic, "disk-dynamic", SEVERITY_WARN, "disk:Backup/S.vhdx", NULL, "For large backups", 0},
	{disk_hollow, "disk-hollow", SEVERITY_WARN, "disk:Backup/S.vhdx",
		"S.vhdx calls itself fixed with 5.00 TiB, but takes only 1.00 TiB: the rest must still be "
		"free when "
		"the backup comes.",
		"Keep as much", 0},
	{disk_dirty, "disk-dirty", SEVERITY_WARN, "disk:Backup/S.vhdx",
		"S.vhdx was not closed in order: changes wait in its log, which only Windows replays.",
		"Mount it once", 0},
	{disk_damaged, "disk-damaged", SEVERITY_WARN, "disk:Backup/S.vhdx",
		"S.vhdx is damaged: two blocks share the bytes at 7.", "Do not write", 0},
	{disk_open, "disk-in-use", SEVERITY_WARN, "disk:Backup/S.vhdx", "10.0.0.5 has S.vhdx open.",
		"Let its backup", 0},
	{disk_open_twice, "disk-in-use", SEVERITY_WARN, "disk:Backup/S.vhdx",
		"10.0.0.5 and 10.0.0.6 have S.vhdx open at the same time: that destroys it.", NULL, 0},
	{disk_leased, "disk-in-use", SEVERITY_WARN, "disk:Backup/S.vhdx", "An SMB client has S.vhdx open.",
		NULL, 0},
	{backup_far_away, "path-too-long", SEVERITY_WARN, "disk:1a2b3c4d",
		"The path of " FAR_BACKUP
		" has 117 characters, counted from the share, and 110 fit: restoring it "
		"over the network fails with 0x80070001.",
		"Make it appear", 0},
	{backup_near, NULL, 0, NULL, NULL, NULL, 0},
	{leased_disk, NULL, 0, NULL, NULL, NULL, 0},
	{disk_clusters, "disk-clusters", SEVERITY_WARN, "disk:Backup/S.vhdx",
		"NTFS in S.vhdx has clusters of 4.00 KiB; a backup disk wants 64 KiB.", "Before the first",
		0},
	{disk_beyond_limit, "disk-beyond-limit", SEVERITY_WARN, "disk:Backup/S.vhdx",
		"S.vhdx has 20.00 TiB, but no disk here can take more than 16.00 TiB: ext4 with 4 KiB blocks "
		"holds files of 16 TiB.",
		"Shrink its partition", 0},
	{strict_allocate, "strict-allocate", SEVERITY_INFO, "share:Backup",
		"Share \"Backup\" takes all space of a file at once (strict allocate = yes): the client "
		"waits for it, "
		"and Windows gives up after 60 s.",
		"Create and grow a VHDX in the steps", 0},
	{strict_allocate, "gate-off", SEVERITY_INFO, "share:Backup",
		"Nothing keeps Samba from an allocation on share \"Backup\" that is too large: the gate is "
		"not enabled for it.",
		"Enable it (nasready gate enable)", 0},
	{gate_without_smbd, "gate-off", SEVERITY_INFO, "share:Backup",
		"Nothing keeps Samba from an allocation on share \"Backup\" that is too large: the running "
		"smbd was started without libnasready-gate.so.",
		"Restart smbd", 0},
};

static enum verdict worst(void)
{
	enum verdict verdict = VERDICT_GO;
	for (uint32_t i = 0; i < assessment.count; i++) {
		if (assessment.findings[i].severity == SEVERITY_BLOCK)
			return VERDICT_NO;
		if (assessment.findings[i].severity == SEVERITY_WAIT)
			verdict = VERDICT_WAIT;
	}
	return verdict;
}

START_TEST(each_rule)
{
	const struct expected *row = &expected[_i];
	all_is_well();
	row->spoil();
	judge();
	if (!row->code) {
		ck_assert_msg(!assessment.count, "row %d: %s", _i,
			assessment.count ? assessment.findings[0].message : "");
		ck_assert_int_eq(assessment.answer, VERDICT_GO);
		return;
	}
	const struct finding *finding = find(row->code, row->subject);
	ck_assert_msg(finding != NULL, "row %d: no %s", _i, row->code);
	ck_assert_msg(finding->severity == row->severity, "row %d: %s", _i, severity_name(finding->severity));
	if (row->message)
		ck_assert_str_eq(finding->message, row->message);
	if (row->remedy)
		ck_assert_msg(
			!strncmp(finding->remedy, row->remedy, strlen(row->remedy)), "%s", finding->remedy);
	ck_assert_int_eq(assessment.answer, worst());
	ck_assert_uint_eq(assessment.retry_after_s,
		assessment.answer == VERDICT_WAIT ? row->retry_after_s : UNKNOWN_U32);
}
END_TEST

/* what a rule finds it finds alone, unless one event has several sides */
START_TEST(nothing_else)
{
	const struct expected *row = &expected[_i];
	static void (*const several[])(void) = {busy_receiving_while_freeing, orphaned, plain_clients,
		half_duplex_beside_bad, strict_allocate, gate_without_smbd};
	unsigned most = 1;
	for (unsigned i = 0; i < ARRAY_LEN(several); i++)
		if (row->spoil == several[i])
			most = 4;
	all_is_well();
	row->spoil();
	judge();
	ck_assert_msg(assessment.count <= most, "row %d: %s too", _i, assessment.findings[1].code);
}
END_TEST

/* who asks about a disk hears of that one, and there it decides; not of its own opening */
START_TEST(a_question_about_a_disk)
{
	struct assess_question question = {.vdisk = 7};
	all_is_well();
	disk_open();
	struct vdisk *other = good_disk();
	other->number = 8;
	SET(other->file, "T.vhdx");
	other->image.format = IMAGE_VHD;
	judge();
	ck_assert_int_eq(assessment.answer, VERDICT_GO);
	assess_answer(&memory, &question, &assessment);
	ck_assert_int_eq(assessment.answer, VERDICT_NO);
	ck_assert_uint_eq(assessment.count, 1);
	ck_assert_str_eq(assessment.findings[0].code, "disk-in-use");
	question.asker = "10.0.0.5";
	assess_answer(&memory, &question, &assessment);
	ck_assert_int_eq(assessment.answer, VERDICT_GO);
	question.vdisk = 8;
	assess_answer(&memory, &question, &assessment);
	ck_assert_str_eq(assessment.findings[0].code, "disk-not-vhdx");
	/* two openers are wrong even for one of them */
	all_is_well();
	disk_open_twice();
	judge();
	question.vdisk = 7;
	assess_answer(&memory, &question, &assessment);
	ck_assert_int_eq(assessment.answer, VERDICT_NO);
}
END_TEST

/* a disk is its owner's; whose it is, is no matter for questions about others; it need not exist yet */
START_TEST(a_question_about_a_leased_disk)
{
	struct assess_question question = {.vdisk = 7, .server = "SRV2"};
	all_is_well();
	leased_disk();
	judge();
	assess_answer(&memory, &question, &assessment);
	ck_assert_int_eq(assessment.answer, VERDICT_NO);
	ck_assert_uint_eq(assessment.count, 1);
	ck_assert_str_eq(assessment.findings[0].code, "disk-foreign-lease");
	ck_assert_str_eq(assessment.findings[0].subject, "disk:backup/s.vhdx");
	ck_assert_str_eq(assessment.findings[0].message,
		"s.vhdx belongs to SRV1: a VHDX is never shared between servers.");
	question.server = "srv1";
	assess_answer(&memory, &question, &assessment);
	ck_assert_int_eq(assessment.answer, VERDICT_GO);
	ck_assert_uint_eq(assessment.count, 0);
	question.server = NULL;
	assess_answer(&memory, &question, &assessment);
	ck_assert_int_eq(assessment.answer, VERDICT_GO);
	ck_assert_int_eq(assessment.findings[0].severity, SEVERITY_WARN);
	question = (struct assess_question){.vdisk = 8, .server = "SRV2"};
	assess_answer(&memory, &question, &assessment);
	ck_assert_uint_eq(assessment.count, 0);
	all_is_well();
	leased("new.vhdx");
	judge();
	question.vdisk = vdisk_number("backup", "new.vhdx");
	assess_answer(&memory, &question, &assessment);
	ck_assert_int_eq(assessment.answer, VERDICT_NO);
}
END_TEST

START_TEST(the_gate_in_smbd_is_no_finding)
{
	all_is_well();
	gate_on();
	judge();
	ck_assert(!find("gate-off", "share:Backup"));
	ck_assert(find("strict-allocate", "share:Backup"));
}
END_TEST

START_TEST(every_rule_is_tried)
{
	for (unsigned i = 0; i < rules_count; i++) {
		bool tried = !strcmp(rules[i].code, "disk-foreign-lease"); /* above */
		for (unsigned j = 0; j < ARRAY_LEN(expected); j++)
			tried |= expected[j].code && !strcmp(expected[j].code, rules[i].code);
		ck_assert_msg(tried, "%s is never provoked", rules[i].code);
		for (unsigned j = 0; j < i; j++)
			ck_assert_str_ne(rules[i].code, rules[j].code);
	}
	ck_assert_uint_le(rules_count, ASSESS_RULES_MAX);
}
END_TEST

/* one plain sentence each, the remedy in the imperative: at least begun and ended as one */
START_TEST(every_text_is_a_sentence)
{
	const struct expected *row = &expected[_i];
	all_is_well();
	row->spoil();
	judge();
	for (uint32_t i = 0; i < assessment.count; i++) {
		const char *const texts[] = {assessment.findings[i].message, assessment.findings[i].remedy};
		for (unsigned j = 0; j < 2; j++) {
			ck_assert_uint_gt(strlen(texts[j]), 15);
			ck_assert_int_eq(texts[j][strlen(texts[j]) - 1], '.');
			ck_assert_ptr_null(strstr(texts[j], "  "));
			ck_assert_ptr_null(strstr(texts[j], "unknown"));
		}
	}
}
END_TEST

START_TEST(overlong_names_are_cut)
{
	all_is_well();
	struct share *share = add_share("", "c");
	memset(share->name, 'n', SHARE_LEN - 1);
	share->strict_sync = NO;
	struct client *client = add_client("10.0.0.9", 1);
	client->open_disk_count = 1;
	memset(client->open_disks[0], 'd', OPEN_DISK_LEN - 1);
	fs_error();
	memset(snapshot.volumes[1].journal.last_error, 'e', TEXT_LEN - 1);
	judge();
	ck_assert_uint_eq(assessment.count, 3);
	for (uint32_t i = 0; i < 3; i++)
		ck_assert_uint_lt(strlen(assessment.findings[i].message), MESSAGE_LEN);
	struct raised raised;
	raised_subject(&raised, "%0200d", 1);
	ck_assert_uint_eq(strlen(raised.subject), SUBJECT_LEN - 1);
	ck_assert_str_eq(raised.subject + SUBJECT_LEN - 4, "...");
}
END_TEST

/* whatever is unknown, alone or with all else: no crash, and never a reason to say no */
START_TEST(nothing_known)
{
	nothing_is_known();
	snapshot.clock_ms = 0;
	judge();
	ck_assert_uint_eq(assessment.count, 0);
	ck_assert_int_eq(assessment.answer, VERDICT_GO);
	snapshot_add_volume(&snapshot);
	snapshot_add_link(&snapshot);
	snapshot_add_disk(&snapshot);
	snapshot_add_raid(&snapshot);
	snapshot_add_share(&snapshot);
	snapshot_add_client(&snapshot);
	snapshot_add_other(&snapshot);
	snapshot_add_service(&snapshot);
	add_source("volumes", SOURCE_FAILED);
	judge();
	ck_assert_uint_eq(assessment.count, 1);
	ck_assert_str_eq(assessment.findings[0].code, "source-failed");
	ck_assert(assessment.findings[0].since_clock_ms == UNKNOWN_U64);
	ck_assert_int_eq(assessment.answer, VERDICT_GO);
}
END_TEST

Suite *suite_rules(void);
Suite *suite_rules(void)
{
	Suite *suite = suite_create("rules");
	TCase *tcase = tcase_create("rules");
	tcase_add_loop_test(tcase, each_rule, 0, (int)ARRAY_LEN(expected));
	tcase_add_loop_test(tcase, nothing_else, 0, (int)ARRAY_LEN(expected));
	tcase_add_loop_test(tcase, every_text_is_a_sentence, 0, (int)ARRAY_LEN(expected));
	tcase_add_test(tcase, a_question_about_a_disk);
	tcase_add_test(tcase, a_question_about_a_leased_disk);
	tcase_add_test(tcase, the_gate_in_smbd_is_no_finding);
	tcase_add_test(tcase, every_rule_is_tried);
	tcase_add_test(tcase, overlong_names_are_cut);
	tcase_add_test(tcase, nothing_known);
	suite_add_tcase(suite, tcase);
	return suite;
}
