/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "work/lease.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/scope.h"

Suite *suite_lease(void);

#define HOUR_MS UINT64_C(3600000)
#define TOKEN_1 "0123456789abcdef0123456789abcdef"
#define TOKEN_2 "fedcba9876543210fedcba9876543210"

static struct leases leases;
static struct snapshot known;
static struct fault fault;
static char token[ORDER_TOKEN_LEN];

static void set_up(void)
{
	memset(&leases, 0, sizeof leases);
	leases.keep_s = 3600;
	fault.text[0] = 0;
	token[0] = 0;
	snapshot_reset(&known);
	known.time_ms = 10 * HOUR_MS;
	known.smb.connections = 0;
}

static enum order_status put(const char *file, const char *server, const char *with, const char *fresh)
{
	struct lease wanted = {.open = UNKNOWN, .since_clock_ms = 1795000000000};
	strcpy(wanted.share, "Backup");
	strcpy(wanted.address, "192.0.2.7");
	snprintf(wanted.file, sizeof wanted.file, "%s", file);
	snprintf(wanted.server, sizeof wanted.server, "%s", server);
	return leases_put(&leases, &wanted, with, fresh, known.time_ms, token, &fault);
}

static struct client *add_client(const char *address, const char *open_disk)
{
	struct client *client = snapshot_add_client(&known);
	strcpy(client->address, address);
	client->connections = 1;
	client->open_files = 0;
	known.smb.connections = known.client_count;
	known.smb.status_ms = known.time_ms;
	if (open_disk) {
		client->open_disk_count = 1;
		strcpy(client->open_disks[0], open_disk);
	}
	return client;
}

START_TEST(test_put)
{
	ck_assert_int_eq(put("SRV1.vhdx", "SRV1", "", TOKEN_1), ORDER_DONE);
	ck_assert_str_eq(token, TOKEN_1);
	ck_assert_int_eq(put("SRV2.vhdx", "SRV2", "", TOKEN_2), ORDER_DONE);
	ck_assert_str_eq(token, TOKEN_2);
	token[0] = 0;
	/* another server; the same without its token; with another's; another name with the token */
	ck_assert_int_eq(put("SRV1.vhdx", "SRV2", "", TOKEN_2), ORDER_LEASED);
	ck_assert_ptr_nonnull(strstr(fault.text, "Backup/SRV1.vhdx belongs to SRV1"));
	ck_assert_int_eq(put("SRV1.vhdx", "SRV1", "", TOKEN_2), ORDER_LEASED);
	ck_assert_int_eq(put("srv1.VHDX", "SRV1", TOKEN_2, TOKEN_2), ORDER_LEASED);
	ck_assert_int_eq(put("SRV1.vhdx", "SRV1", "0123456789abcdef0123456789abcdeF", TOKEN_2), ORDER_LEASED);
	ck_assert_int_eq(put("SRV1.vhdx", "SRV3", TOKEN_1, TOKEN_2), ORDER_LEASED);
	ck_assert_str_eq(token, "");
	ck_assert_int_eq(put("srv1.VHDX", "srv1", TOKEN_1, TOKEN_2), ORDER_DONE);
	ck_assert_str_eq(token, TOKEN_1);
	ck_assert_uint_eq(leases.count, 2);
	ck_assert_str_eq(leases_find(&leases, "BACKUP", "srv1.vhdx")->server, "SRV1");
	ck_assert_ptr_null(leases_find(&leases, "Backup", "SRV3.vhdx"));
}
END_TEST

START_TEST(test_may)
{
	put("SRV1.vhdx", "SRV1", "", TOKEN_1);
	ck_assert(leases_may(&leases, "Backup", "SRV2.vhdx", ""));
	ck_assert(leases_may(&leases, "backup", "srv1.vhdx", TOKEN_1));
	ck_assert(!leases_may(&leases, "Backup", "SRV1.vhdx", ""));
	ck_assert(!leases_may(&leases, "Backup", "SRV1.vhdx", TOKEN_2));
	ck_assert(!leases_may(&leases, "Backup", "SRV1.vhdx", TOKEN_1 "0"));
}
END_TEST

START_TEST(test_too_many)
{
	char name[16];
	for (unsigned i = 0; i < LEASES_MAX; i++) {
		snprintf(name, sizeof name, "%u.vhdx", i);
		ck_assert_int_eq(put(name, "SRV1", "", TOKEN_1), ORDER_DONE);
	}
	ck_assert_int_eq(put("more.vhdx", "SRV1", "", TOKEN_1), ORDER_TOO_MANY);
	ck_assert_int_eq(put("3.vhdx", "SRV1", TOKEN_1, TOKEN_2), ORDER_DONE);
	ck_assert_int_eq(leases_end(&leases, "Backup", "0.vhdx", NULL, &fault), ORDER_DONE);
	ck_assert_int_eq(put("more.vhdx", "SRV1", "", TOKEN_2), ORDER_DONE);
	ck_assert(!leases_may(&leases, "Backup", "more.vhdx", TOKEN_1));
	ck_assert(leases_may(&leases, "Backup", "15.vhdx", TOKEN_1));
}
END_TEST

START_TEST(test_end)
{
	put("SRV1.vhdx", "SRV1", "", TOKEN_1);
	put("SRV2.vhdx", "SRV2", "", TOKEN_2);
	ck_assert_int_eq(leases_end(&leases, "Backup", "SRV1.vhdx", TOKEN_2, &fault), ORDER_LEASED);
	ck_assert_int_eq(leases_end(&leases, "Backup", "SRV1.vhdx", "", &fault), ORDER_LEASED);
	ck_assert_uint_eq(leases.count, 2);
	ck_assert_int_eq(leases_end(&leases, "Backup", "SRV1.vhdx", TOKEN_1, &fault), ORDER_DONE);
	ck_assert_int_eq(leases_end(&leases, "Backup", "SRV1.vhdx", TOKEN_1, &fault), ORDER_NO_LEASE);
	ck_assert_int_eq(leases_end(&leases, "Backup", "srv2.vhdx", NULL, &fault), ORDER_DONE);
	ck_assert_uint_eq(leases.count, 0);
}
END_TEST

START_TEST(test_expires)
{
	put("SRV1.vhdx", "SRV1", "", TOKEN_1);
	ck_assert(!leases_expire(&leases, &known, known.time_ms + HOUR_MS - 1, NULL));
	ck_assert_int_eq(put("SRV1.vhdx", "SRV1", TOKEN_1, ""), ORDER_DONE);
	known.time_ms += HOUR_MS / 2;
	put("SRV1.vhdx", "SRV1", TOKEN_1, "");
	ck_assert(!leases_expire(&leases, &known, known.time_ms + HOUR_MS - 1, NULL));
	ck_assert(leases_expire(&leases, &known, known.time_ms + HOUR_MS, NULL));
	ck_assert_uint_eq(leases.count, 0);
	ck_assert_int_eq(put("SRV1.vhdx", "SRV2", "", TOKEN_2), ORDER_DONE);
}
END_TEST

/* years after its time it still holds while a client has the disk open, or may have */
START_TEST(test_does_not_expire)
{
	const uint64_t late_ms = known.time_ms + 10000 * HOUR_MS;
	put("SRV1.vhdx", "SRV1", "", TOKEN_1);
	known.time_ms = late_ms;
	struct client *client = add_client("192.0.2.7", "backup/srv1.vhdx");
	ck_assert(!leases_expire(&leases, &known, late_ms, NULL));
	ck_assert_int_eq(leases.list[0].open, YES);
	/* known too long ago */
	client->open_disk_count = 0;
	known.smb.status_ms = late_ms - 60001;
	ck_assert(!leases_expire(&leases, &known, late_ms, NULL));
	ck_assert_int_eq(leases.list[0].open, UNKNOWN);
	known.smb.status_ms = 0;
	ck_assert(!leases_expire(&leases, &known, late_ms, NULL));
	/* a client has just come, and nobody told of it yet */
	known.smb.status_ms = late_ms;
	client->open_files = UNKNOWN_U32;
	ck_assert(!leases_expire(&leases, &known, late_ms, NULL));
	client->open_files = 0;
	/* a client has more disks open than are listed, or is not listed */
	known.smb.status_ms = late_ms;
	client->open_disks_omitted = 1;
	ck_assert(!leases_expire(&leases, &known, late_ms, NULL));
	client->open_disks_omitted = 0;
	known.clients_omitted = 1;
	ck_assert(!leases_expire(&leases, &known, late_ms, NULL));
	known.clients_omitted = 0;
	/* how many are connected is not known */
	known.client_count = 0;
	known.smb.connections = UNKNOWN_U32;
	known.smb.status_ms = 0;
	ck_assert(!leases_expire(&leases, &known, late_ms, NULL));
	/* another disk is open */
	known.client_count = 1;
	known.smb.connections = 1;
	known.smb.status_ms = late_ms;
	client->open_disk_count = 1;
	strcpy(client->open_disks[0], "Backup/SRV1.vhdx2");
	ck_assert(leases_expire(&leases, &known, late_ms, NULL));
}
END_TEST

static bool still_open(const struct lease *lease, const struct snapshot *snapshot)
{
	return snapshot == &known && !strcmp(lease->server, "SRV1");
}

/* the file itself is asked last */
START_TEST(test_does_not_expire_by_file)
{
	put("SRV1.vhdx", "SRV1", "", TOKEN_1);
	put("SRV2.vhdx", "SRV2", "", TOKEN_2);
	ck_assert(leases_expire(&leases, &known, known.time_ms + 2 * HOUR_MS, still_open));
	ck_assert_uint_eq(leases.count, 1);
	ck_assert_str_eq(leases.list[0].server, "SRV1");
}
END_TEST

START_TEST(test_does_not_expire_by_vdisk)
{
	put("SRV1.vhdx", "SRV1", "", TOKEN_1);
	struct vdisk *vdisk = snapshot_add_vdisk(&known);
	strcpy(vdisk->share, "Backup");
	strcpy(vdisk->file, "SRV1.vhdx");
	vdisk->in_use = YES;
	ck_assert(!leases_expire(&leases, &known, known.time_ms + 2 * HOUR_MS, NULL));
	vdisk->in_use = NO;
	ck_assert(leases_expire(&leases, &known, known.time_ms + 2 * HOUR_MS, NULL));
}
END_TEST

START_TEST(test_publish)
{
	put("SRV1.vhdx", "SRV1", "", TOKEN_1);
	leases_publish(&leases, &known);
	ck_assert_uint_eq(known.lease_count, 1);
	ck_assert_str_eq(known.leases[0].server, "SRV1");
	ck_assert_uint_eq(known.leases[0].expires_ms, known.time_ms + HOUR_MS);
	/* a token must not get there */
	const char *bytes = (const char *)&known;
	for (size_t i = 0; i + ORDER_TOKEN_LEN <= sizeof known; i++)
		ck_assert(memcmp(bytes + i, TOKEN_1, ORDER_TOKEN_LEN - 1));
}
END_TEST

START_TEST(test_record)
{
	char text[16384 + 1];
	static struct leases again;
	put("a b\t\xc3\xa4#\\.vhdx", "SRV1", "", TOKEN_1);
	put("SRV2.vhdx", "SRV2", "", TOKEN_2);
	ck_assert(leases_show(&leases, text, sizeof text));
	again.keep_s = 3600;
	ck_assert_int_eq(leases_parse(&again, text_of(text), known.time_ms, &fault), 0);
	ck_assert_mem_eq(&again, &leases, sizeof again);
	/* the longest there can be fits a record */
	memset(&leases, 0, sizeof leases);
	for (unsigned i = 0; i < LEASES_MAX; i++) {
		char name[LEASE_FILE_LEN];
		memset(name, 'x', sizeof name - 1);
		snprintf(name, sizeof name, "%02u", i);
		name[2] = 'x';
		name[LEASE_FILE_LEN - 1] = 0;
		put(name, "SRV1", "", TOKEN_1);
	}
	ck_assert(leases_show(&leases, text, sizeof text));
	ck_assert(!leases_show(&leases, text, 100));
}
END_TEST

static const char *const wrong_lines[] = {
	"x\n",
	"\t\t\t\t\t\n",
	TOKEN_1 "\t1\tSRV1\t192.0.2.7\tBackup\n",
	TOKEN_1 "\t1\tSRV1\t192.0.2.7\tBackup\t\n",
	TOKEN_1 "\t1\tSRV1\t192.0.2.7\tBackup\ta/b\n",
	TOKEN_1 "\t1\tSRV1\t192.0.2.7\tBackup\t..\n",
	TOKEN_1 "\tx\tSRV1\t192.0.2.7\tBackup\ta\n",
	TOKEN_1 "\t1\t\t192.0.2.7\tBackup\ta\n",
	TOKEN_1 "\t1\tSRV1\t192.0.2.7\t\ta\n",
	TOKEN_1 "0\t1\tSRV1\t192.0.2.7\tBackup\ta\n",
	TOKEN_1 "\t1\tSRV1\t192.0.2.7\tBackup\tgood\n",
};

START_TEST(test_record_wrong)
{
	char text[512];
	snprintf(text, sizeof text, TOKEN_2 "\t1\tSRV2\t\tBackup\tgood\n%s", wrong_lines[_i]);
	ck_assert_int_eq(leases_parse(&leases, text_of(text), 1, &fault), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(fault.text, "line 2"));
	ck_assert_uint_eq(leases.count, 1);
	ck_assert(leases_may(&leases, "Backup", "good", TOKEN_2));
}
END_TEST

Suite *suite_lease(void)
{
	Suite *suite = suite_create("lease");
	TCase *tcase = tcase_create("lease");
	tcase_add_checked_fixture(tcase, set_up, NULL);
	tcase_add_test(tcase, test_put);
	tcase_add_test(tcase, test_may);
	tcase_add_test(tcase, test_too_many);
	tcase_add_test(tcase, test_end);
	tcase_add_test(tcase, test_expires);
	tcase_add_test(tcase, test_does_not_expire);
	tcase_add_test(tcase, test_does_not_expire_by_vdisk);
	tcase_add_test(tcase, test_does_not_expire_by_file);
	tcase_add_test(tcase, test_publish);
	tcase_add_test(tcase, test_record);
	tcase_add_loop_test(tcase, test_record_wrong, 0, (int)ARRAY_LEN(wrong_lines));
	suite_add_tcase(suite, tcase);
	return suite;
}
