/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <stdlib.h>

#include "serve/target.h"
#include "tests/unit/asked.h"

Suite *suite_api_disks(void);

static struct asked asked;

static void start(void)
{
	asked_start(&asked);
	struct vdisk *vdisk = snapshot_add_vdisk(&asked.snapshot);
	strcpy(vdisk->share, "Backup");
	strcpy(vdisk->file, "S.vhdx");
	strcpy(vdisk->volume, "c");
	vdisk->number = 0xab;
	strcpy(vdisk->id, "000000ab");
	vdisk->stamp = vdisk->judged_stamp = 5;
	vdisk->judged_ms = NOW_MS - 1000;
	vdisk->file_bytes = 4096;
	vdisk->in_use = YES;
	vdisk->opener_count = 1;
	strcpy(vdisk->openers[0], "192.0.2.9");
	vdisk->image.format = IMAGE_VHDX;
	vdisk->image.type = IMAGE_FIXED;
	vdisk->image.clean = YES;
	asked.snapshot.vdisks_ms = NOW_MS - 3000;
}

static void end(void)
{
	asked_end(&asked);
}

START_TEST(the_list)
{
	asked_call(&asked, api_disks, NULL);
	ck_assert_uint_eq(asked.reply.status, 200);
	asked_says(&asked, "/age_ms", "3000");
	asked_says(&asked, "/disks/0/id", "\"000000ab\"");
	asked_says(&asked, "/disks/0/share", "\"Backup\"");
	asked_says(&asked, "/disks/0/format", "\"vhdx\"");
	asked_says(&asked, "/disks/0/clean", "true");
	asked_says(&asked, "/disks/0/current", "true");
	asked_says(&asked, "/disks/0/virtual_size_bytes", "null");
	asked_says(&asked, "/disks/0/openers/0", "\"192.0.2.9\"");
	asked_says(&asked, "/disks/0/judged_age_ms", "1000");
	asked_says(&asked, "/disks/0/lease", "null");
	asked.snapshot.leases[asked.snapshot.lease_count++] = (struct lease){
		.share = "backup", .file = "s.VHDX", .server = "SRV1", .expires_ms = NOW_MS + 60000};
	asked_call(&asked, api_disks, NULL);
	asked_says(&asked, "/disks/0/lease/server", "\"SRV1\"");
	asked_says(&asked, "/disks/0/lease/expires_in_s", "60");
	asked.snapshot.vdisks[0].stamp++;
	asked_call(&asked, api_disks, NULL);
	asked_says(&asked, "/disks/0/current", "false");
	asked.snapshot.vdisk_count = 0;
	asked_call(&asked, api_disks, NULL);
	asked_says(&asked, "/disks", "[]");
}
END_TEST

static void of_id(const struct request *request, struct reply *reply)
{
	struct request with = *request;
	with.argument = asked.query[0];
	api_disk(&with, reply);
}

START_TEST(one)
{
	asked_with(&asked, "000000AB", "", NULL);
	asked_call(&asked, of_id, NULL);
	ck_assert_uint_eq(asked.reply.status, 200);
	asked_says(&asked, "/file", "\"S.vhdx\"");
	asked_with(&asked, "000000ac", "", NULL);
	asked_call(&asked, of_id, NULL);
	asked_refuses(&asked, 404, "no-such-disk", "000000ac");
}
END_TEST

START_TEST(by_name)
{
	const struct snapshot *snapshot = &asked.snapshot;
	ck_assert_ptr_eq(target_find_vdisk(snapshot, "backup/s.VHDX"), &snapshot->vdisks[0]);
	static const char *const wrong[] = {
		"", "/", "Backup", "Backup/", "Backup/S.vhd", "Backups/S.vhdx", "/S.vhdx"};
	for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++)
		ck_assert_ptr_null(target_find_vdisk(snapshot, wrong[i]));
}
END_TEST

Suite *suite_api_disks(void)
{
	Suite *suite = suite_create("api_disks");
	TCase *tcase = tcase_create("answers");
	tcase_add_checked_fixture(tcase, start, end);
	tcase_add_test(tcase, the_list);
	tcase_add_test(tcase, one);
	tcase_add_test(tcase, by_name);
	suite_add_tcase(suite, tcase);
	return suite;
}
