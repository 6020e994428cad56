/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The agent's side of the gate in smbd, with a page, a socket and records of its own: what it grants, whom it
 * believes, and that the page says what the plan says. As root, since the page is root's.
 */
#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enforce/enforcer.h"
#include "judge/outlook.h"
#include "judged_machine.h"
#include "work/record.h"

Suite *suite_enforcer(void);

#define GIB (UINT64_C(1) << 30)
#define TIB (UINT64_C(1) << 40)

static char dir[64], share_path[80];
static struct root root;
static struct enforcer enforcer;
static uint64_t wait_ns; /* as smbd tells of it */

static void set_up(void)
{
	struct fault fault;
	strcpy(dir, "/tmp/nasready-enforcer-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(root_open(&root, "/"), 0);
	snprintf(share_path, sizeof share_path, "%s/share", dir);
	ck_assert_int_eq(mkdir(share_path, 0700), 0);
	ck_assert_int_eq(record_write(dir, GATE_LIST_NAME, "# nasready gate 1\n[Backup]\n", &fault), 0);
	nothing_is_known();
	struct volume *volume = add_volume("c", dir);
	SET(volume->uuid, "c0ffee");
	volume->flex_bg = NO;
	volume->knee_ms = START_MS;
	volume->knee_bytes = volume->coarse_bytes = 3 * TIB;
	volume->knee_free_bytes = volume->free_bytes;
	struct share *share = snapshot_add_share(&snapshot);
	SET(share->name, "Backup");
	SET(share->path, share_path);
	SET(share->volume, "c");
	memset(&enforcer, 0, sizeof enforcer);
	const struct enforcer_setup setup = {dir, dir, 10, &root};
	enforcer_init(&enforcer, &setup);
	enforcer_look(&enforcer, &snapshot);
	ck_assert_int_eq(enforcer.gate.ready, YES);
}

static void tear_down(void)
{
	char command[80];
	enforcer_forget(&enforcer);
	root_close(&root);
	snprintf(command, sizeof command, "rm -rf %s", dir);
	ck_assert_int_eq(system(command), 0);
}

/* what smbd may allocate at once in that file, as the page says; 0: whatever it likes */
static uint64_t limit_of(const char *file)
{
	static struct gate_page_top top;
	char path[GATE_PATH_LEN];
	ck_assert_int_gt(pread(enforcer.file.fd, &top, sizeof top, 0), (ssize_t)sizeof top.head);
	snprintf(path, sizeof path, "%s/%s", share_path, file);
	const struct gate_page_row *row = gate_page_find(&top, path);
	return row ? row->max_step_bytes : 0;
}

static uint64_t planned(uint32_t client_timeout_s)
{
	struct outlook outlook;
	const struct outlook_question question = {.snapshot = &snapshot,
		.volume = &snapshot.volumes[0],
		.size_bytes = GIB,
		.client_timeout_s = client_timeout_s,
		.now_ms = snapshot.time_ms};
	outlook_make(&question, &outlook);
	return outlook.plan.max_step_bytes;
}

static void grant(const char *file, uint64_t bytes, uint32_t timeout_s)
{
	struct order order = {.size_bytes = bytes, .timeout_s = timeout_s};
	SET(order.file, file);
	enforcer_grant(&enforcer, &snapshot, &snapshot.shares[0], &order, START_MS);
}

/* the page and the plan must never differ */
START_TEST(the_page_is_the_plan)
{
	ck_assert_uint_eq(limit_of("a.vhdx"), planned(10));
	ck_assert_uint_gt(planned(10), GIB);
}
END_TEST

START_TEST(a_grant_is_for_its_file)
{
	uint64_t wide = planned(10) + GIB;
	grant("a.vhdx", wide, 20);
	ck_assert_uint_eq(limit_of("a.vhdx"), wide);
	ck_assert_uint_eq(limit_of("b.vhdx"), planned(10));
	snapshot.time_ms += GRANT_OPEN_MS;
	enforcer_look(&enforcer, &snapshot);
	ck_assert_uint_eq(limit_of("a.vhdx"), planned(10));
}
END_TEST

/* a short step is told of once, at its end; a granted one when it begins, so that it is granted once */
START_TEST(the_beginning_of_what_lasts_is_told)
{
	const struct gate_page_row *rows = enforcer.page.top.rows;
	ck_assert_uint_eq(rows[0].tell_bytes, TIB / 15 / 10 / GIB * GIB); /* 0.1 s at 15 s/TiB */
	grant("a.vhdx", UINT64_MAX, 20);
	ck_assert_uint_eq(enforcer.page.top.head.row_count, 2);
	ck_assert_uint_eq(rows[1].tell_bytes, 0);
}
END_TEST

/* whatever the server asks for: it is the one that talks to strangers */
START_TEST(a_grant_is_no_wider_than_safe)
{
	grant("a.vhdx", UINT64_MAX, 20);
	ck_assert_uint_eq(limit_of("a.vhdx"), planned(20));
	ck_assert_uint_lt(planned(20), 3 * TIB);
	grant("a.vhdx", UINT64_MAX, 0);
	ck_assert_uint_eq(limit_of("a.vhdx"), planned(10));
}
END_TEST

START_TEST(a_grant_without_a_place_is_none)
{
	char longest[ORDER_FILE_LEN];
	memset(longest, 'a', sizeof longest - 1);
	longest[sizeof longest - 1] = 0;
	grant(longest, UINT64_MAX, 20);
	ck_assert(!grants_any(&enforcer.grants));
	SET(snapshot.shares[0].volume, "gone");
	grant("a.vhdx", UINT64_MAX, 20);
	ck_assert(!grants_any(&enforcer.grants));
}
END_TEST

/* as smbd's children do: `uid` is said to be the sender's, and the sender is gone at once */
static bool say(enum gate_message_kind kind, uint64_t wall_s, uid_t real, uid_t saved, uid_t said)
{
	int status;
	pid_t pid = fork();
	if (!pid) {
		struct gate_message message = {.magic = GATE_MESSAGE_MAGIC,
			.kind = kind,
			.growth_bytes = 512 * GIB,
			.wall_us = wall_s * 1000000,
			.cpu_us = wall_s * 1000000,
			.wait_ns = wait_ns};
		struct sockaddr_un address = {.sun_family = AF_UNIX};
		struct iovec part = {&message, sizeof message};
		union {
			struct cmsghdr header;
			char space[CMSG_SPACE(sizeof(struct ucred))];
		} control = {.header = {CMSG_LEN(sizeof(struct ucred)), SOL_SOCKET, SCM_CREDENTIALS}};
		struct msghdr header = {&address, sizeof address, &part, 1, &control, sizeof control, 0};
		SET(address.sun_path, enforcer.setup.run_dir);
		strcat(address.sun_path, "/" GATE_SOCKET_NAME);
		snprintf(message.path, sizeof message.path, "%s/a.vhdx", share_path);
		const struct ucred sender = {getpid(), said, getgid()};
		memcpy(CMSG_DATA(&control.header), &sender, sizeof sender);
		int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
		_exit(chmod(dir, 0711) || setresuid(real, real, saved) || sendmsg(fd, &header, 0) < 0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	enforcer_hear(&enforcer, &snapshot, START_MS + 1000, CLOCK_MS);
	return !status;
}

START_TEST(only_root_is_believed)
{
	const uid_t nobody = 65534;
	ck_assert(say(GATE_MESSAGE_REFUSED, 0, nobody, 0, 0)); /* smbd while it works for a guest */
	ck_assert_uint_eq(enforcer.gate.refused, 1);
	ck_assert(!say(GATE_MESSAGE_REFUSED, 0, nobody, nobody, 0)); /* the kernel does not send it */
	ck_assert(say(GATE_MESSAGE_REFUSED, 0, nobody, nobody, nobody));
	ck_assert_uint_eq(enforcer.gate.refused, 1);
	ck_assert_uint_eq(snapshot.gate.refused, 1);
}
END_TEST

START_TEST(what_was_learned_is_in_the_page_at_once)
{
	uint64_t before = planned(10);
	wait_ns = GATE_WAIT_UNKNOWN;
	ck_assert(say(GATE_MESSAGE_ENDED, 2, 0, 0, 0));
	ck_assert_uint_eq(snapshot.gate.steps[0].wall_ms, 2000);
	ck_assert_uint_eq(snapshot.volumes[0].cost_samples, 0);
	wait_ns = 0;
	ck_assert(say(GATE_MESSAGE_BEGUN, 0, 0, 0, 0));
	ck_assert(say(GATE_MESSAGE_ENDED, 2, 0, 0, 0));
	ck_assert_uint_eq(snapshot.volumes[0].cost_samples, 1);
	ck_assert_uint_gt(planned(10), before);
	ck_assert_uint_eq(limit_of("a.vhdx"), planned(10));
}
END_TEST

Suite *suite_enforcer(void)
{
	Suite *suite = suite_create("enforcer");
	TCase *tcase = tcase_create("enforcer");
	suite_add_tcase(suite, tcase);
	if (geteuid())
		return suite;
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, the_page_is_the_plan);
	tcase_add_test(tcase, a_grant_is_for_its_file);
	tcase_add_test(tcase, the_beginning_of_what_lasts_is_told);
	tcase_add_test(tcase, a_grant_is_no_wider_than_safe);
	tcase_add_test(tcase, a_grant_without_a_place_is_none);
	tcase_add_test(tcase, only_root_is_believed);
	tcase_add_test(tcase, what_was_learned_is_in_the_page_at_once);
	return suite;
}
