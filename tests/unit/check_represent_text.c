/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "tests/unit/shown_machine.h"

static const char text_of_all[] =
	"nas-1, Linux 2.6.31.8, 2026-11-22T21:04:07Z\n"
	"nasready " NASREADY_VERSION " (" NASREADY_TARGET "), up 1 d\n"
	"\n"
	"wait: do not start a backup yet, ask again in 4 min\n"
	"\n"
	"wait   freeing (volume:c)\n"
	"       It gives back space.\n"
	"       Wait for that \"quietly\".\n"
	"\n"
	"and 2 more, for which there is no room\n"
	"\n"
	"CPU     97.5 % busy (programs 4.0 %, kernel 91.0 %), disk wait 2.5 %, 1 core\n"
	"Load    3.10, 2.40, 0.07 over 1, 5, 15 min\n"
	"Memory  59.00 MiB of 246.47 MiB available (estimated)\n"
	"        12.00 KiB not yet written to disk, 0 bytes of swap in use\n"
	"\n"
	"VOLUME      TYPE         SIZE        FREE  STATE              JOURNAL\n"
	"/c          ext4     5.40 TiB    3.40 TiB  freeing            ordered, busy\n"
	"  gives back 6900 MB/s, about 4 min to go\n"
	"  written at 30 MB/s\n"
	"  3.13 TiB of the free space is for users\n"
	"  has file system errors: run its check (e2fsck) when it is not mounted\n"
	"  errors: 3 since the last e2fsck\n"
	"\n"
	"LINK      STATE          SPEED  DUPLEX     MTU            IN           OUT\n"
	"eth0      up          1 Gbit/s  full      1500    464 Mbit/s    7.2 Mbit/s\n"
	"  0.25 packets/s dropped\n"
	"\n"
	"RAID      LEVEL     STATE         WORKING   HEALTH\n"
	"md2       raid1     clean         1 of 2    degraded\n"
	"  recovery, 12.6 % done\n"
	"\n"
	"DISK      MODEL                      SIZE      BUSY        READ     WRITTEN\n"
	"sda       WDC WD30EFRX             3.0 TB    12.0 %      0 MB/s     30 MB/s\n"
	"\n"
	"NOT READ      STATE    WHY\n"
	"smbstatus     absent   smbstatus is not installed\n"
	"links         stale    it hangs\n";

START_TEST(text_of_all_is_aligned)
{
	all_is_known();
	autofree char *text = printed(represent_text);
	ck_assert_str_eq(text, text_of_all);
	for (const char *line = text; *line; line = strchr(line, '\n') + 1)
		ck_assert_int_le(strchr(line, '\n') - line, 80);
}
END_TEST

START_TEST(text_tells_what_is_unknown)
{
	nothing_is_known();
	snapshot.time_ms = 1000;
	view.now_ms = 13000;
	autofree char *text = printed(represent_text);
	ck_assert_str_eq(text, "this machine, Linux of an unknown version, 12 s ago\n"
			       "nasready " NASREADY_VERSION " (" NASREADY_TARGET ")\n"
			       "\n"
			       "CPU     unknown (it takes a second look)\n"
			       "Load    unknown\n"
			       "Memory  unknown\n"
			       "\n"
			       "VOLUME      TYPE         SIZE        FREE  STATE              JOURNAL\n"
			       "none known\n");
}
END_TEST

START_TEST(text_of_names_that_hurt)
{
	names_hurt();
	autofree char *text = printed(represent_text);
	for (const char *at = text; *at; at++)
		ck_assert_msg(*at == '\n' || ((unsigned char)*at >= ' ' && *at != 127),
			"a control character: %s", at);
	ck_assert_ptr_nonnull(strstr(text, "\n\"q\" \\ <b>&'??[31m" FFFD "?  unknown"));
	ck_assert_ptr_nonnull(strstr(text, "mmmmm   "));
}
END_TEST

START_TEST(text_of_too_much)
{
	lists_overflow();
	autofree char *text = printed(represent_text);
	ck_assert_ptr_nonnull(strstr(text, "  and 3 more, for which there is no room\n\nLINK "));
	ck_assert_ptr_nonnull(strstr(text, "  and 6 more, for which there is no room\n\nDISK "));
}
END_TEST

Suite *suite_represent_text(void);
START_TEST(work)
{
	all_is_known();
	struct vdisk *vdisk = snapshot_add_vdisk(&snapshot);
	SET(vdisk->share, "Backup");
	SET(vdisk->file, "a\033b.vhdx");
	vdisk->judged_ms = 1;
	vdisk->image.format = IMAGE_VHDX;
	vdisk->image.type = IMAGE_FIXED;
	vdisk->image.log = IMAGE_LOG_DIRTY;
	vdisk->image.virtual_size_bytes = 1ULL << 40;
	snapshot.leases[snapshot.lease_count++] =
		(struct lease){.share = "Backup", .file = "a\033b.vhdx", .server = "SRV\0331"};
	snapshot.jobs[0] = (struct job){.number = 3,
		.kind = JOB_CREATE,
		.state = JOB_RUNNING,
		.share = "Backup",
		.file = "n.vhdx",
		.done_bytes = 1ULL << 40,
		.total_bytes = 4ULL << 40,
		.eta_s = 3300};
	snapshot.job_count = 1;
	autofree char *text = printed(represent_text);
	ck_assert_ptr_nonnull(
		strstr(text, "\n  Backup/a?b.vhdx: fixed vhdx, 1.00 TiB, log dirty, belongs to SRV?1\n"));
	ck_assert_ptr_nonnull(
		strstr(text, "\n  3: create Backup/n.vhdx, running, 1.00 TiB of 4.00 TiB, 55 min to go\n"));
}
END_TEST

Suite *suite_represent_text(void)
{
	Suite *suite = suite_create("represent_text");
	TCase *tcase = tcase_create("represent_text");
	tcase_add_test(tcase, text_of_all_is_aligned);
	tcase_add_test(tcase, text_tells_what_is_unknown);
	tcase_add_test(tcase, text_of_names_that_hurt);
	tcase_add_test(tcase, text_of_too_much);
	tcase_add_test(tcase, work);
	suite_add_tcase(suite, tcase);
	return suite;
}
