/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/source_smbstatus.h"

#include <errno.h>
#include <stdlib.h>

#include "collect/smbstatus.h"
#include "tests/unit/recorded_root.h"
#include "tests/unit/smbstatus_captures.h"

/* Samba 3.5 and 3.6: not captured, but written after the formats in source3/utils/status.c of their last
 * releases (they are the same in both) */
#define HEAD_3X                                                                                         \
	"\nSamba version 3.6.25\nPID     Username      Group         Machine                        \n" \
	"-------------------------------------------------------------------\n"
#define TREES_3X                                              \
	"\nService      pid     machine       Connected at\n" \
	"-------------------------------------------------------\n"
#define FILES_3X                                                                                     \
	"Locked files:\nPid          Uid        DenyMode   Access      R/W        Oplock           " \
	"SharePath   "                                                                               \
	"Name   "                                                                                    \
	"Time\n-----------------------------------------------------------------------------------------\n"

static const char text_3x[] =
	HEAD_3X "5993      backup        users         __ffff_10.0.0.5 (::ffff:10.0.0.5)\n"
		"5930      anna          users         win7-pc      (10.0.0.9)\n" TREES_3X
		"IPC$         5930   win7-pc       Fri Jul 29 15:56:03 2011\n"
		"My Music     5930   win7-pc       Fri Jul 29 15:59:25 2011\n"
		"Backup       5993   __ffff_10.0.0.5  Fri Jul 29 16:32:45 2011\n\n" FILES_3X
		"5993         65534      DENY_WRITE 0x12019f    RDWR       EXCLUSIVE+BATCH  /c/Backup   "
		"SRV1.vhdx   Fri Jul "
		"29 16:32:50 2011\n"
		"5930         1000       DENY_NONE  0x100081    RDONLY     NONE             /c/My Music   .  "
		" Fri Jul 29 "
		"16:32:50 2011\n\n";

static struct snapshot machine;
static struct smbstatus status;

static void add_share(const char *name, const char *path)
{
	struct share *share = snapshot_add_share(&machine);
	snprintf(share->name, sizeof share->name, "%s", name);
	snprintf(share->path, sizeof share->path, "%s", path);
}

static void add_client(struct snapshot *snapshot, const char *address, uint64_t since)
{
	struct client *client = snapshot_add_client(snapshot);
	snprintf(client->address, sizeof client->address, "%s", address);
	client->since_clock_ms = since;
}

static void setup(void)
{
	snapshot_reset(&machine);
	memset(&status, 0xa5, sizeof status);
}

static const struct client *told(const char *address)
{
	for (uint32_t i = 0; i < status.client_count; i++)
		if (!strcmp(status.clients[i].address, address))
			return &status.clients[i];
	ck_abort_msg("%s is not told", address);
	return NULL;
}

static void expect(const char *address, uint32_t sessions, uint32_t trees, uint32_t files)
{
	const struct client *client = told(address);
	ck_assert_uint_eq(client->sessions, sessions);
	ck_assert_uint_eq(client->tree_connects, trees);
	ck_assert_uint_eq(client->open_files, files);
}

START_TEST(test_totals)
{
	static const struct {
		const char *answer, *server;
		uint32_t sessions, files, clients;
	} rows[] = {
		{text_none, "Samba 4.17.12", 0, 0, 0},
		{text_one, "Samba 4.17.12", 1, 0, 1},
		{text_two_sessions, "Samba 4.17.12", 2, 0, 1},
		{text_three, "Samba 4.17.12", 3, 3, 3},
		{text_3x, "Samba 3.6.25", 2, 2, 2},
		{HEAD_3X TREES_3X "\n", "Samba 3.6.25", 0, 0, 0},
		{"sessionid.tdb not initialised\n" TREES_3X "\n", "", 0, 0, 0},
		{HEAD_3X "12 a b PC (pc.example.org)\n" TREES_3X "\n", "Samba 3.6.25", 1, 0, 0},
		{HEAD_3X "12 a b 10.0.0.5 (pc.example.org)\n" TREES_3X "\n", "Samba 3.6.25", 1, 0, 1},
		{HEAD_3X "no process\n" TREES_3X "\n" FILES_3X "0x12019f RDWR NONE /c x.vhdx\n",
			"Samba 3.6.25", 0, 0, 0},
	};
	struct text answer = text_of(rows[_i].answer);
	ck_assert_int_eq(smbstatus_parse(answer, &machine, &status), 0);
	ck_assert_str_eq(status.server, rows[_i].server);
	ck_assert_uint_eq(status.sessions, rows[_i].sessions);
	ck_assert_uint_eq(status.open_files, rows[_i].files);
	ck_assert_uint_eq(status.client_count, rows[_i].clients);
	ck_assert(!status.hidden);
}
END_TEST

START_TEST(test_clients)
{
	ck_assert_int_eq(smbstatus_parse(text_of(text_three), &machine, &status), 0);
	expect("10.0.0.5", 1, 1, 3);
	expect("10.0.0.9", 1, 2, 0);
	expect("::1", 1, 1, 0);
	const struct client *client = told("10.0.0.5");
	ck_assert_uint_eq(client->open_disk_count, 2);
	ck_assert_uint_eq(client->open_disks_omitted, 0);
	ck_assert_str_eq(client->open_disks[0], "Backup/sub dir/My Disk 2.AVHDX");
	ck_assert_str_eq(client->open_disks[1], "Backup/SRV1.vhdx");
	ck_assert_int_eq(smbstatus_parse(text_of(text_two_sessions), &machine, &status), 0);
	expect("10.0.0.5", 2, 2, 0);
}
END_TEST

START_TEST(test_3x)
{
	add_share("backup", "/c/Backup/");
	ck_assert_int_eq(smbstatus_parse(text_of(text_3x), &machine, &status), 0);
	expect("10.0.0.5", 1, 1, 1);
	expect("10.0.0.9", 1, 2, 1);
	ck_assert_str_eq(status.kept_tree[1].service, "My Music");
	ck_assert_uint_eq(told("10.0.0.9")->open_disk_count, 0);
	ck_assert_uint_eq(told("10.0.0.5")->open_disk_count, 1);
	ck_assert_str_eq(told("10.0.0.5")->open_disks[0], "backup/SRV1.vhdx");
}
END_TEST

#define FILE_3X(pid, path, name)                                                     \
	pid "  0  DENY_NONE  0x12019f  RDWR  LEASE STATE UNKNOWN   " path "   " name \
	    "   Fri Jul 29 16:32:50 2011\n"
#define ONE_3X(trees, files) HEAD_3X "7  a  b  PC (10.0.0.5)\n" TREES_3X trees "\n" FILES_3X files "\n"

START_TEST(test_disk_names)
{
	static const struct {
		const char *answer, *disk;
		uint32_t disks, omitted;
	} rows[] = {
		/* the share that is used, of two with one path */
		{ONE_3X("Two   7   pc   now\n", FILE_3X("7", "/c/Shared", "a.vhd")), "Two/a.vhd", 1, 0},
		{ONE_3X("", FILE_3X("7", "/c/Shared", "a.vhd")), "One/a.vhd", 1, 0},
		/* no share has the path: the only one that is connected, or the path itself */
		{ONE_3X("Home   7   pc   now\nIPC$   7   pc   now\n", FILE_3X("7", "/c/home/x", "a.vhd")),
			"Home/a.vhd", 1, 0},
		{ONE_3X("One   7   pc   now\nTwo   7   pc   now\n", FILE_3X("7", "/c/elsewhere", "a.vhd")),
			"/c/elsewhere/a.vhd", 1, 0},
		/* the same disk twice; more than are kept; three blanks in a name */
		{ONE_3X("", FILE_3X("7", "/c/Shared", "a.vhd") FILE_3X("7", "/c/Shared", "a.vhd")),
			"One/a.vhd", 1, 0},
		{ONE_3X("", FILE_3X("7", "/s", "1.vhd") FILE_3X("7", "/s", "2.VhDx")
				    FILE_3X("7", "/s", "3.avhd")),
			"/s/1.vhd", 2, 1},
		{ONE_3X("", FILE_3X("7", "/c/Shared", "a   b.vhdx")), "One/a   b.vhdx", 1, 0},
		/* no disks: other endings, nothing before the ending, a process without a session */
		{ONE_3X("", FILE_3X("7", "/s", "vhdx") FILE_3X("7", "/s", ".vhdx")
				    FILE_3X("7", "/s", "a.vhdx.txt")),
			"", 0, 0},
		{ONE_3X("", FILE_3X("8", "/s", "a.vhdx")), "", 0, 0},
		{ONE_3X("", "7 0 DENY_NONE 0x1 RDWR NONE /\n7 0 DENY_NONE\n7\n"), "", 0, 0},
	};
	add_share("One", "/c/Shared");
	add_share("Two", "/c/Shared");
	ck_assert_int_eq(smbstatus_parse(text_of(rows[_i].answer), &machine, &status), 0);
	const struct client *client = told("10.0.0.5");
	ck_assert_uint_eq(client->open_disk_count, rows[_i].disks);
	ck_assert_uint_eq(client->open_disks_omitted, rows[_i].omitted);
	ck_assert_str_eq(client->open_disks[0], rows[_i].disk);
}
END_TEST

START_TEST(test_nonsense)
{
	static const char *const rows[] = {"", "\n", "{", "{}", "[]",
		"{\"sessions\":1,\"tcons\":{},\"open_files\":{}}",
		"{\"timestamp\": \"2026\", \"version\": \"4.17.12\", \"smb_conf\": \"x\"}",
		"command not found\n", HEAD_3X, TREES_3X, HEAD_3X TREES_3X "7  x",
		"{\"sessions\":{},\"tcons\":{},\"open_files\":{}", "{\"sessions\":{}}",
		"{\"sessions\":{},\"tcons\":{}}", "{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{"};
	struct smbstatus before = status;
	ck_assert_int_eq(smbstatus_parse(text_of(rows[_i]), &machine, &status), -EBADMSG);
	ck_assert(!memcmp(&before, &status, sizeof before));
}
END_TEST

/* found by fuzzing: pieces that are empty were read before they were set */
START_TEST(test_shreds)
{
	static const char *const shreds[] = {"5993\n", "5993 u g ipv6::5\n", "5993 u g %\n", "5993 u g ()\n"};
	struct smbstatus told = {0};
	char text[1024];
	snprintf(text, sizeof text, "%s%s", HEAD_3X, shreds[_i]);
	smbstatus_parse(text_of(text), NULL, &told);
	ck_assert_uint_le(told.client_count, 1);
}
END_TEST

/* every beginning of an answer: refused or taken, and never read past its end (the sanitizers see that) */
START_TEST(test_cut)
{
	const char *whole[] = {text_three, text_3x};
	size_t length = strlen(whole[_i]);
	unsigned taken = 0;
	for (size_t cut = 0; cut < length; cut++) {
		char *copy = malloc(cut + 1);
		memcpy(copy, whole[_i], cut);
		taken += !smbstatus_parse((struct text){copy, cut}, NULL, &status);
		free(copy);
	}
	/* it may end after any line from its second heading on */
	ck_assert_uint_le(taken, 16);
}
END_TEST

START_TEST(test_many)
{
	char *text = malloc(200000), *end = text;
	end += sprintf(end, "%s", HEAD_3X);
	for (unsigned i = 0; i < 300; i++)
		end += sprintf(end, "%u  a  b  PC (10.0.%u.%u)\n", 1000 + i, i / 200, i % 200 + 1);
	end += sprintf(end, "%s", TREES_3X);
	for (unsigned i = 0; i < 300; i++)
		end += sprintf(end, "Share%u   %u   pc   now\n", i, 1000 + i);
	end += sprintf(end, "\n%s", FILES_3X);
	for (unsigned i = 0; i < 300; i++)
		end += sprintf(
			end, "%u  0  DENY_NONE  0x1  RDWR  NONE   /c   %0200u.vhdx   now\n", 1000 + i, i);
	int error = smbstatus_parse((struct text){text, (size_t)(end - text)}, &machine, &status);
	free(text);
	ck_assert_int_eq(error, 0);
	ck_assert_uint_eq(status.sessions, 300);
	ck_assert_uint_eq(status.open_files, 300);
	ck_assert_uint_eq(status.client_count, CLIENTS_MAX);
	ck_assert_uint_eq(told("10.0.0.24")->open_files, 1);
	ck_assert_str_eq(told("10.0.0.24")->open_disks[0] + OPEN_DISK_LEN - 4, "...");
}
END_TEST

START_TEST(test_address)
{
	static const struct {
		const char *text, *address;
	} rows[] = {
		{"ipv4:10.0.0.5:51514", "10.0.0.5"},
		{"ipv6:2001:db8::5:51514", "2001:db8::5"},
		{"ipv6:::1:37200", "::1"},
		{"ipv6:::ffff:10.0.0.5:37200", "10.0.0.5"},
		{"ipv6:fe80::5%eth0:37200", "fe80::5"},
		{"::ffff:10.0.0.5", "10.0.0.5"},
		{"2001:DB8:0:0::5", "2001:db8::5"},
		{"10.0.0.5", "10.0.0.5"},
		{"", NULL},
		{"ipv4:", NULL},
		{"ipv4:10.0.0.5", NULL},
		{"ipv4::", NULL},
		{"unix:/run/x", NULL},
		{"win7-pc", NULL},
		{"10.0.0.500", NULL},
		{"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa", NULL},
	};
	char address[ADDRESS_LEN] = "as it was";
	bool is = smbstatus_address(text_of(rows[_i].text), address);
	ck_assert_int_eq(is, rows[_i].address != NULL);
	ck_assert_str_eq(address, is ? rows[_i].address : "as it was");
}
END_TEST

START_TEST(test_apply)
{
	add_client(&machine, "10.0.0.5", 1000);
	add_client(&machine, "10.0.0.7", 1000); /* connected, without a session */
	add_client(&machine, "10.0.0.9", 2001); /* came after smbstatus was started */
	ck_assert_int_eq(smbstatus_parse(text_of(text_three), &machine, &status), 0);
	smbstatus_apply(&status, 2000, &machine);
	ck_assert_uint_eq(machine.smb.sessions, 3);
	ck_assert_uint_eq(machine.smb.open_files, 3);
	ck_assert_str_eq(machine.smb.server, "Samba 4.17.12");
	ck_assert_uint_eq(machine.clients[0].sessions, 1);
	ck_assert_uint_eq(machine.clients[0].open_files, 3);
	ck_assert_uint_eq(machine.clients[0].open_disk_count, 2);
	ck_assert_str_eq(machine.clients[0].open_disks[1], "Backup/SRV1.vhdx");
	ck_assert_uint_eq(machine.clients[1].sessions, 0);
	ck_assert_uint_eq(machine.clients[1].open_files, 0);
	ck_assert_uint_eq(machine.clients[2].sessions, UNKNOWN_U32);
	ck_assert_uint_eq(machine.clients[2].tree_connects, UNKNOWN_U32);
}
END_TEST

START_TEST(test_hidden)
{
	const char *share = HEAD_3X " <processes do not show up in anonymous mode>\n" TREES_3X
				    "public   2399   test-pc   Tue Dec  2 17:05:09 2014\n\n" FILES_3X
				    "2399  99  DENY_NONE  0x1  RDONLY  NONE   /home/share   a.vhdx   now\n\n";
	add_client(&machine, "10.0.0.5", 1000);
	ck_assert_int_eq(smbstatus_parse(text_of(share), &machine, &status), 0);
	smbstatus_apply(&status, 2000, &machine);
	ck_assert_uint_eq(machine.smb.sessions, UNKNOWN_U32);
	ck_assert_uint_eq(machine.smb.open_files, 1);
	ck_assert_uint_eq(machine.clients[0].sessions, UNKNOWN_U32);
	ck_assert_ptr_nonnull(strstr(machine.smb.reason, "security = share"));
}
END_TEST

static struct recorded_root recording;

static int run_pass(void)
{
	int result = smbstatus_collect(&recording.pass, &recording.fault);
	return result ? result : smbstatus_finish(&recording.pass, &recording.fault);
}

START_TEST(test_collect)
{
	const char *answers[] = {text_three, text_3x};
	recorded_make(&recording);
	add_client(&recording.now, "10.0.0.5", 1);
	recording.now.time_ms = 5000;
	recording.now.clock_ms = 6000;
	recorded_put(&recording, "answers/smbstatus", answers[_i]);
	int result = run_pass();
	recorded_drop(&recording);
	ck_assert_int_eq(result, 0);
	ck_assert_uint_eq(recording.now.smb.status_ms, 5000);
	ck_assert_uint_eq(recording.now.smb.sessions, _i == 1 ? 2 : 3);
	ck_assert_uint_eq(recording.now.clients[0].sessions, 1);
	ck_assert_str_eq(recording.now.smb.reason, "");
}
END_TEST

START_TEST(test_collect_failures)
{
	static char large[70000];
	static const struct {
		const char *answer;
		int result;
		const char *says;
	} rows[] = {
		{NULL, SOURCE_E_ABSENT, "answers/smbstatus is not in this recording"},
		{"", -EBADMSG, "printed nothing"},
		{" \n\n", -EBADMSG, "printed nothing"},
		{"smbstatus: cannot open\n", -EBADMSG, "makes no sense"},
		{"{\"sessions\": {", -EBADMSG, "makes no sense"},
		{large, SOURCE_E_STALE, "longer than 65536 bytes"},
	};
	memset(large, 'x', sizeof large - 1);
	recorded_make(&recording);
	add_client(&recording.now, "10.0.0.5", 1);
	if (rows[_i].answer)
		recorded_put(&recording, "answers/smbstatus", rows[_i].answer);
	int result = run_pass();
	recorded_drop(&recording);
	ck_assert_int_eq(result, rows[_i].result);
	ck_assert_msg(strstr(recording.fault.text, rows[_i].says), "%s", recording.fault.text);
	ck_assert_msg(strstr(recording.now.smb.reason, rows[_i].says), "%s", recording.now.smb.reason);
	ck_assert_uint_eq(recording.now.smb.sessions, UNKNOWN_U32);
	ck_assert_uint_eq(recording.now.clients[0].sessions, UNKNOWN_U32);
	ck_assert_uint_eq(recording.now.smb.status_ms, 0);
}
END_TEST

/* this machine's own root, but nobody asks: nothing runs, and the old figures stay for a while */
START_TEST(test_carry_over)
{
	static struct snapshot before;
	const uint64_t ages_ms[] = {2000, 119000, 121000};
	recorded_make(&recording);
	recording.root.recorded = false;
	snapshot_reset(&before);
	before.smb.status_ms = 10000;
	before.smb.sessions = 2;
	before.smb.open_files = 4;
	strcpy(before.smb.server, "Samba 4.17.12");
	add_client(&before, "10.0.0.5", 1);
	before.clients[0].sessions = 2;
	before.clients[0].open_files = 4;
	before.clients[0].open_disk_count = 1;
	strcpy(before.clients[0].open_disks[0], "Backup/SRV1.vhdx");
	recording.pass.before = &before;
	recording.now.time_ms = before.smb.status_ms + ages_ms[_i];
	add_client(&recording.now, "10.0.0.5", 1);
	add_client(&recording.now, "10.0.0.6", 5);
	int result = run_pass();
	recording.root.recorded = true;
	recorded_drop(&recording);
	bool kept = ages_ms[_i] <= 120000;
	ck_assert_int_eq(result, 0);
	ck_assert_str_eq(recording.now.smb.server, "Samba 4.17.12");
	ck_assert_uint_eq(recording.now.smb.status_ms, kept ? 10000 : 0);
	ck_assert_uint_eq(recording.now.smb.sessions, kept ? 2 : UNKNOWN_U32);
	ck_assert_uint_eq(recording.now.clients[0].sessions, kept ? 2 : UNKNOWN_U32);
	ck_assert_uint_eq(recording.now.clients[0].open_disk_count, kept);
	ck_assert_uint_eq(recording.now.clients[1].sessions, UNKNOWN_U32);
	ck_assert_str_eq(recording.now.smb.reason, kept ? "" : "smbstatus was not asked");
}
END_TEST

START_TEST(test_not_installed)
{
	recorded_make(&recording);
	recording.root.recorded = false; /* an empty folder as the live root */
	recording.pass.asked = true;
	recording.now.time_ms = 1000;
	int result = run_pass();
	bool named = strstr(recording.fault.text, "smbstatus is not installed") != NULL;
	const char *none = smbstatus_find(&recording.root);
	recorded_put(&recording, "usr/sbin/smbstatus", "");
	const char *found = smbstatus_find(&recording.root);
	/* not looked for again before it is due, and the reason stays */
	recording.now.time_ms = 2000;
	int again = run_pass();
	recording.root.recorded = true;
	recorded_drop(&recording);
	ck_assert_int_eq(result, SOURCE_E_ABSENT);
	ck_assert(named);
	ck_assert_ptr_null(none);
	ck_assert_str_eq(found, "usr/sbin/smbstatus");
	ck_assert_int_eq(again, SOURCE_E_ABSENT);
}
END_TEST

/* -- an smbstatus of ours, below a root that is not recorded -- */

static uint64_t moment_ms = 1000000; /* the source remembers when it asked last */

/* a pass `later_ms` after the last one; its figures go to `before` */
static int next_pass(uint64_t later_ms)
{
	static struct snapshot before;
	before = recording.now;
	snapshot_reset(&recording.now);
	add_client(&recording.now, "10.0.0.5", 1);
	moment_ms += later_ms;
	recording.now.time_ms = recording.now.clock_ms = moment_ms;
	recording.pass.before = &before;
	return run_pass();
}

static void put_program(const char *script)
{
	recorded_put(&recording, "new", script);
	ck_assert_int_eq(fchmodat(recording.root.fd, "new", 0700, 0), 0);
	mkdirat(recording.root.fd, "usr", 0700);
	mkdirat(recording.root.fd, "usr/bin", 0700);
	ck_assert_int_eq(renameat(recording.root.fd, "new", recording.root.fd, "usr/bin/smbstatus"), 0);
}

static void install(const char *script)
{
	recorded_make(&recording);
	recording.root.recorded = false;
	recording.pass.asked = true;
	recording.pass.patience_ms = 5000;
	recorded_put(&recording, "dev/null", "");
	recorded_put(&recording, "text", text_three);
	put_program("#!/bin/sh\nexit 1\n"); /* the source forgets what an earlier test taught it */
	ck_assert_int_eq(next_pass(100000), -EBADMSG);
	put_program(script);
}

static void expect_three(void)
{
	ck_assert_uint_eq(recording.now.smb.status_ms, moment_ms);
	ck_assert_uint_eq(recording.now.smb.sessions, 3);
	ck_assert_uint_eq(recording.now.clients[0].open_disk_count, 2);
}

static unsigned calls(void)
{
	char log[4096];
	ssize_t length = root_read(&recording.root, log, sizeof log, "log");
	unsigned lines = 0;
	for (ssize_t i = 0; i < length; i++)
		lines += log[i] == '\n';
	return lines;
}

#define ARGUMENTS_LOGGED "#!/bin/sh\nprintf '%s\\n' \"$*\" >> log\n"

START_TEST(test_live)
{
	static const struct {
		const char *script;
		int result;
		unsigned calls;
		const char *says;
	} rows[] = {
		{ARGUMENTS_LOGGED "exec cat text\n", 0, 1, ""},
		{ARGUMENTS_LOGGED "exit 1\n", -EBADMSG, 1, "printed nothing"},
		{ARGUMENTS_LOGGED "echo nonsense\n", -EBADMSG, 1, "makes no sense"},
		{ARGUMENTS_LOGGED "exec head -c 70000 /dev/zero\n", SOURCE_E_STALE, 1,
			"more than 65536 bytes"},
		{"#!/nowhere/interpreter\n", -EBADMSG, 0, "printed nothing"},
	};
	if (geteuid())
		return;
	install(rows[_i].script);
	int result = next_pass(100000);
	unsigned count = calls();
	recorded_drop(&recording);
	ck_assert_int_eq(result, rows[_i].result);
	ck_assert_uint_eq(count, rows[_i].calls);
	ck_assert_msg(strstr(recording.fault.text, rows[_i].says), "%s", recording.fault.text);
	if (!result)
		expect_three();
	else
		ck_assert_uint_eq(recording.now.smb.sessions, UNKNOWN_U32);
}
END_TEST

START_TEST(test_live_arguments)
{
	char log[4096];
	if (geteuid())
		return;
	install(ARGUMENTS_LOGGED "exec cat text\n");
	recording.pass.settings.smb_conf = "/c/my smb.conf";
	ck_assert_int_eq(next_pass(100000), 0);
	ck_assert_int_gt(root_read(&recording.root, log, sizeof log, "log"), 0);
	recorded_drop(&recording);
	ck_assert_str_eq(log, "-n -s /c/my smb.conf\n");
}
END_TEST

START_TEST(test_live_pace)
{
	if (geteuid())
		return;
	install(ARGUMENTS_LOGGED "exec cat text\n");
	recording.pass.asked = false;
	ck_assert_int_eq(next_pass(100000), -EBADMSG); /* what the last one came to */
	ck_assert_uint_eq(calls(), 0);
	recording.pass.asked = true;
	ck_assert_int_eq(next_pass(2000), 0);
	expect_three();
	uint64_t answered_ms = moment_ms;
	for (unsigned i = 0; i < 14; i++)
		ck_assert_int_eq(next_pass(2000), 0);
	ck_assert_uint_eq(calls(), 1);
	ck_assert_uint_eq(recording.now.smb.status_ms, answered_ms);
	ck_assert_uint_eq(recording.now.smb.sessions, 3);
	ck_assert_uint_eq(recording.now.clients[0].open_disk_count, 2);
	ck_assert_int_eq(next_pass(2000), 0);
	ck_assert_uint_eq(calls(), 2);
	expect_three();
	recorded_drop(&recording);
}
END_TEST

/* the pass does not wait; the answer is taken when it is there */
START_TEST(test_live_slow)
{
	if (geteuid())
		return;
	install("#!/bin/sh\nsleep 0.3\nexec cat text\n");
	recording.pass.patience_ms = 10;
	ck_assert_int_eq(next_pass(200000), SOURCE_E_STALE);
	ck_assert_msg(strstr(recording.fault.text, "still at work"), "%s", recording.fault.text);
	ck_assert_uint_eq(recording.now.smb.sessions, UNKNOWN_U32);
	recording.pass.patience_ms = 5000;
	ck_assert_int_eq(next_pass(2000), 0);
	expect_three();
	recorded_drop(&recording);
}
END_TEST

START_TEST(test_live_hang)
{
	if (geteuid())
		return;
	install(_i ? "#!/bin/sh\ncat text\nexec sleep 1000\n" : "#!/bin/sh\nexec cat /dev/zero\n");
	recording.pass.patience_ms = 10;
	ck_assert_int_eq(next_pass(200000), SOURCE_E_STALE);
	ck_assert_int_eq(next_pass(19000), SOURCE_E_STALE);
	ck_assert_msg(strstr(recording.fault.text, "still at work"), "%s", recording.fault.text);
	for (unsigned i = 0; i < 2; i++) { /* and the reason stays until it is asked again */
		ck_assert_int_eq(next_pass(2000), SOURCE_E_STALE);
		ck_assert_msg(strstr(recording.fault.text, "did not answer within 20 s"), "%s",
			recording.fault.text);
		ck_assert_uint_eq(recording.now.smb.sessions, UNKNOWN_U32);
	}
	put_program("#!/bin/sh\nexec cat text\n");
	usleep(200000); /* until the killed one is gone */
	recording.pass.patience_ms = 5000;
	ck_assert_int_eq(next_pass(30000), 0);
	expect_three();
	recorded_drop(&recording);
}
END_TEST

/* it closes its output and stays: the answer is whole, and nobody waits for the process */
START_TEST(test_live_lingers)
{
	if (geteuid())
		return;
	install("#!/bin/sh\ncat text\nexec >&- sleep 1000\n");
	ck_assert_int_eq(next_pass(200000), 0);
	expect_three();
	recorded_drop(&recording);
}
END_TEST

Suite *suite_source_smbstatus(void);
Suite *suite_source_smbstatus(void)
{
	Suite *suite = suite_create("source_smbstatus");
	TCase *parse = tcase_create("parse");
	tcase_add_checked_fixture(parse, setup, NULL);
	tcase_set_timeout(parse, 60);
	tcase_add_loop_test(parse, test_shreds, 0, 4);
	tcase_add_loop_test(parse, test_totals, 0, 10);
	tcase_add_test(parse, test_clients);
	tcase_add_test(parse, test_3x);
	tcase_add_loop_test(parse, test_disk_names, 0, 10);
	tcase_add_loop_test(parse, test_nonsense, 0, 15);
	tcase_add_loop_test(parse, test_cut, 0, 2);
	tcase_add_test(parse, test_many);
	tcase_add_loop_test(parse, test_address, 0, 16);
	tcase_add_test(parse, test_apply);
	tcase_add_test(parse, test_hidden);
	suite_add_tcase(suite, parse);
	TCase *collect = tcase_create("collect");
	tcase_add_loop_test(collect, test_carry_over, 0, 3);
	tcase_add_test(collect, test_not_installed);
	tcase_add_loop_test(collect, test_collect, 0, 2);
	tcase_add_loop_test(collect, test_collect_failures, 0, 6);
	suite_add_tcase(suite, collect);
	TCase *live = tcase_create("live");
	tcase_set_timeout(live, 60);
	tcase_add_loop_test(live, test_live, 0, 5);
	tcase_add_test(live, test_live_arguments);
	tcase_add_test(live, test_live_pace);
	tcase_add_test(live, test_live_slow);
	tcase_add_loop_test(live, test_live_hang, 0, 2);
	tcase_add_test(live, test_live_lingers);
	suite_add_tcase(suite, live);
	return suite;
}
