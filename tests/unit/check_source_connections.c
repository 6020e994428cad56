/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/source_connections.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "tests/unit/recorded_root.h"

#define HEAD \
	"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
#define ROW(local, remote, state)           \
	"   0: " local " " remote " " state \
	" 00000000:00000000 00:00000000 00000000     0        0 181189 1\n"
#define NAS "0100000A" /* 10.0.0.1 as a little-endian machine prints it */
#define WIN "0500000A" /* 10.0.0.5 */
#define MAC "0900000A" /* 10.0.0.9 */
#define MAPPED "0000000000000000FFFF0000"
#define NAS6 "B80D0120000000000000000001000000" /* 2001:db8::1 */
#define PC6 "B80D0120000000000000000005000000"	/* 2001:db8::5 */

static struct recorded_root machine;

static int collect(const char *tcp, const char *tcp6)
{
	recorded_make(&machine);
	machine.now.clock_ms = 9000;
	if (tcp)
		recorded_put(&machine, "proc/net/tcp", tcp);
	if (tcp6)
		recorded_put(&machine, "proc/net/tcp6", tcp6);
	int result = connections_collect(&machine.pass, &machine.fault);
	recorded_drop(&machine);
	return result;
}

START_TEST(test_clients)
{
	int result = collect(
		HEAD ROW(NAS ":01BD", "00000000:0000", "0A") ROW(NAS ":01BD", WIN ":C93A", "01")
			ROW(NAS ":008B", WIN ":C93B", "01") ROW(NAS ":01BD", MAC ":0400", "08")
				ROW(NAS ":01BD", "0700000A:0400", "06") /* TIME_WAIT alone is no client */
		ROW(NAS ":C000", "0800000A:01BD", "01")			/* this machine is the client */
		ROW("0100007F:01BD", "0100007F:C000", "01"),
		HEAD ROW(NAS6 ":01BD", PC6 ":C000", "01") ROW(NAS6 ":01BD", PC6 ":C001", "04")
			ROW(MAPPED NAS ":01BD", MAPPED WIN ":C93C", "01"));
	static const struct client expected[] = {
		{.address = "10.0.0.5", .connections = 3},
		{.address = "10.0.0.9", .close_wait = 1},
		{.address = "127.0.0.1", .connections = 1},
		{.address = "2001:db8::5", .connections = 1},
	};
	ck_assert_int_eq(result, 0);
	ck_assert_uint_eq(machine.now.client_count, ARRAY_LEN(expected));
	for (unsigned i = 0; i < ARRAY_LEN(expected); i++) {
		const struct client *client = &machine.now.clients[i];
		ck_assert_str_eq(client->address, expected[i].address);
		ck_assert_uint_eq(client->connections, expected[i].connections);
		ck_assert_uint_eq(client->close_wait, expected[i].close_wait);
		ck_assert_uint_eq(client->sessions, UNKNOWN_U32);
		ck_assert_uint_eq(client->since_clock_ms, 9000);
	}
	ck_assert_uint_eq(machine.now.smb.connections, 5);
	ck_assert_str_eq(machine.now.smb.sessions_source, "proc");
	ck_assert_uint_eq(machine.now.other_count, 0);
}
END_TEST

START_TEST(test_nobody)
{
	ck_assert_int_eq(collect(HEAD, NULL), 0);
	ck_assert_uint_eq(machine.now.client_count, 0);
	ck_assert_uint_eq(machine.now.smb.connections, 0);
}
END_TEST

START_TEST(test_others)
{
	int result = collect(HEAD ROW(NAS ":01BB", WIN ":0401", "01") ROW(NAS ":0016", MAC ":0402", "01") ROW(
				     NAS ":0016", MAC ":0403", "01") ROW(NAS ":0016", WIN ":0404", "08")
				     ROW(NAS ":0050", WIN ":0405", "01") ROW(NAS ":1F90", WIN ":0406", "01"),
		NULL);
	static const struct other_session expected[] = {
		{OTHER_SSH, 22, "10.0.0.9", 2},
		{OTHER_WEB_UI, 80, "10.0.0.5", 1},
		{OTHER_WEB_UI, 443, "10.0.0.5", 1},
	};
	ck_assert_int_eq(result, 0);
	ck_assert_uint_eq(machine.now.client_count, 0);
	ck_assert_uint_eq(machine.now.other_count, ARRAY_LEN(expected));
	for (unsigned i = 0; i < ARRAY_LEN(expected); i++) {
		const struct other_session *other = &machine.now.others[i];
		ck_assert_int_eq(other->kind, expected[i].kind);
		ck_assert_uint_eq(other->port, expected[i].port);
		ck_assert_str_eq(other->address, expected[i].address);
		ck_assert_uint_eq(other->count, expected[i].count);
	}
}
END_TEST

START_TEST(test_smb_ports)
{
	const char *tcp = HEAD ROW(NAS ":01BD", WIN ":0401", "01") ROW(NAS ":386D", MAC ":0402", "01");
	recorded_make(&machine);
	recorded_put(&machine, "proc/net/tcp", tcp);
	machine.now.smb.smb_ports[0] = 14445;
	machine.now.smb.smb_port_count =
		_i ? 200 : 1; /* a count beyond the list is no reason to read beyond it */
	int result = connections_collect(&machine.pass, &machine.fault);
	recorded_drop(&machine);
	ck_assert_int_eq(result, 0);
	ck_assert_uint_eq(machine.now.client_count, 1);
	ck_assert_str_eq(machine.now.clients[0].address, "10.0.0.9");
}
END_TEST

START_TEST(test_since)
{
	static struct snapshot before;
	snapshot_reset(&before);
	struct client *old = snapshot_add_client(&before);
	strcpy(old->address, "10.0.0.9");
	old->since_clock_ms = 1234;
	recorded_make(&machine);
	recorded_put(&machine, "proc/net/tcp",
		HEAD ROW(NAS ":01BD", WIN ":0401", "01") ROW(NAS ":01BD", MAC ":0402", "01"));
	machine.pass.before = &before;
	machine.now.clock_ms = 9000;
	ck_assert_int_eq(connections_collect(&machine.pass, &machine.fault), 0);
	recorded_drop(&machine);
	ck_assert_str_eq(machine.now.clients[0].address, "10.0.0.9"); /* the oldest first */
	ck_assert_uint_eq(machine.now.clients[0].since_clock_ms, 1234);
	ck_assert_uint_eq(machine.now.clients[1].since_clock_ms, 9000);
}
END_TEST

START_TEST(test_too_many)
{
	char *text = malloc(60000), *end = text;
	end += sprintf(end, "%s", HEAD);
	for (unsigned i = 0; i < 2 * (CLIENTS_MAX + 7); i++)
		end += sprintf(end, " 1: 0100000A:01BD %02X00000A:0400 01 x\n", i / 2 + 2);
	for (unsigned i = 0; i < 2 * (OTHERS_MAX + 3); i++)
		end += sprintf(end, " 1: 0100000A:0016 %02X00000A:0400 01 x\n", i / 2 + 2);
	int result = collect(text, NULL);
	free(text);
	ck_assert_int_eq(result, 0);
	ck_assert_uint_eq(machine.now.client_count, CLIENTS_MAX);
	ck_assert_uint_eq(machine.now.clients_omitted, 7); /* addresses, not connections */
	ck_assert_uint_eq(machine.now.smb.connections, 2 * (CLIENTS_MAX + 7));
	ck_assert_uint_eq(machine.now.other_count, OTHERS_MAX);
	ck_assert_uint_eq(machine.now.others_omitted, 3);
}
END_TEST

/* longer than the buffer, wherever its pieces are cut; the last line has no end */
START_TEST(test_large)
{
	const unsigned lines = 3000;
	char *text = malloc(200 * lines), *end = text;
	end += sprintf(end, "%s%*s\n", HEAD, _i * 37, "");
	for (unsigned i = 0; i < lines; i++)
		end += sprintf(end,
			"%s%*u: " NAS
			":01BD %02X00000A:%04X 01 00000000:00000000 00:00000000 00000000 0 0 %u",
			i ? "\n" : "", (int)(i % 30), i, i % 20 + 2, i, i);
	*end = 0;
	int result = collect(text, NULL);
	ck_assert_uint_gt((size_t)(end - text), 3 * PROC_TEXT_MAX);
	free(text);
	ck_assert_int_eq(result, 0);
	ck_assert_uint_eq(machine.now.smb.connections, lines);
	ck_assert_uint_eq(machine.now.client_count, 20);
	for (unsigned i = 0; i < 20; i++)
		ck_assert_uint_eq(machine.now.clients[i].connections, lines / 20);
}
END_TEST

START_TEST(test_failures)
{
	static char large[70000];
	static const struct {
		const char *tcp, *tcp6;
		int result;
		const char *says;
	} rows[] = {
		{NULL, NULL, SOURCE_E_ABSENT, "/proc/net/tcp is missing"},
		{"", NULL, -EBADMSG, "/proc/net/tcp does not begin"},
		{"nothing of use\n", NULL, -EBADMSG, "/proc/net/tcp does not begin"},
		{HEAD ROW(NAS ":01BD", WIN ":0401", "01"), "nonsense", -EBADMSG,
			"/proc/net/tcp6 does not begin"},
		{large, NULL, -EBADMSG, "/proc/net/tcp does not begin"},
	};
	memset(large, 'x', sizeof large - 1);
	ck_assert_int_eq(collect(rows[_i].tcp, rows[_i].tcp6), rows[_i].result);
	ck_assert_msg(strstr(machine.fault.text, rows[_i].says), "%s", machine.fault.text);
	ck_assert_ptr_nonnull(strstr(machine.now.smb.reason, rows[_i].says));
	ck_assert_uint_eq(machine.now.smb.connections, UNKNOWN_U32);
	ck_assert_uint_eq(machine.now.client_count, 0);
}
END_TEST

static struct tcp_connection seen[8];
static unsigned seen_count;

static void see(const struct tcp_connection *connection, void *arg)
{
	(void)arg;
	if (seen_count < ARRAY_LEN(seen))
		seen[seen_count] = *connection;
	seen_count++;
}

START_TEST(test_bad_rows)
{
	static const char *const rows[] = {"", "\n", "   0:\n", " 0: " NAS ":01BD\n",
		" 0: " NAS ":01BD " WIN ":0401\n", ROW("0100000:01BD", "0100000:0401", "01"),
		ROW("0100000AA:01BD", "0100000AA:0401", "01"), ROW(NAS ":01BD", "0100000G:0401", "01"),
		ROW(NAS ":101BD", WIN ":0401", "01"), ROW(NAS, WIN, "01"), ROW(NAS ":", WIN ":", "01"),
		ROW(NAS ":01BD", WIN ":0401", "101"), ROW(NAS ":01BD", WIN ":0401", "-1"),
		ROW(NAS6 ":01BD", PC6 "0:0401", "01"), ROW(NAS ":01BD", ":0401", "01"),
		ROW(NAS ":FFFFFFFFFFFFFFFF1", WIN ":0401", "01")};
	char text[600];
	seen_count = 0;
	snprintf(text, sizeof text, "%s%s%s", HEAD, rows[_i], ROW(NAS ":01BD", WIN ":0401", "01"));
	ck_assert_int_eq(connections_parse_proc(text_of(text), see, NULL), 0);
	ck_assert_uint_eq(seen_count, 1); /* the good one behind it */
	ck_assert_uint_eq(seen[0].local_port, 445);
	ck_assert_uint_eq(seen[0].state, TCP_STATE_ESTABLISHED);
	ck_assert(!seen[0].ipv6);
	ck_assert(!memcmp(seen[0].remote, (unsigned char[]){10, 0, 0, 5}, 4));
}
END_TEST

START_TEST(test_ports)
{
	static const struct {
		const char *list;
		int result;
		uint32_t count;
		uint16_t last;
	} rows[] = {
		{"22", 0, 3, 22},
		{" 22, 2222 ", 0, 4, 2222},
		{"", 0, 2, 443},
		{"65535", 0, 3, 65535},
		{"0", -EINVAL, 3, 443},
		{"65536", -EINVAL, 3, 443},
		{"-1", -EINVAL, 3, 443},
		{"22,,23", -EINVAL, 3, 443},
		{"ssh", -EINVAL, 3, 443},
		{"18446744073709551638", -EINVAL, 3, 443},
		{"1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23", -EINVAL, 3, 443},
	};
	struct port_table ports;
	struct fault fault = {""};
	connections_start_ports(&ports);
	ck_assert_int_eq(
		connections_set_ports(&ports, OTHER_SSH, text_of(rows[_i].list), &fault), rows[_i].result);
	ck_assert_uint_eq(ports.count, rows[_i].count);
	ck_assert_uint_eq(ports.rows[ports.count - 1].port, rows[_i].last);
	ck_assert_int_eq(fault.text[0] != 0, rows[_i].result != 0);
}
END_TEST

/* -- netlink -- */

static size_t put_message(char *at, uint16_t type, const void *payload, size_t length)
{
	struct nlmsghdr head = {.nlmsg_type = type, .nlmsg_len = (uint32_t)(sizeof head + length)};
	memcpy(at, &head, sizeof head);
	if (length)
		memcpy(at + sizeof head, payload, length);
	return NLMSG_ALIGN(sizeof head + length);
}

static size_t put_connection(char *at, uint16_t type, uint8_t family, uint8_t state, uint16_t port)
{
	struct inet_diag_msg message = {.idiag_family = family, .idiag_state = state};
	message.id.idiag_sport = htons(port);
	message.id.idiag_dst[0] = htonl(0x0a000005);
	return put_message(at, type, &message, sizeof message);
}

START_TEST(test_netlink)
{
	char bytes[1025];
	size_t length = 1; /* not aligned */
	length += put_connection(bytes + length, TCPDIAG_GETSOCK, AF_INET, 1, 445);
	length += put_connection(bytes + length, SOCK_DIAG_BY_FAMILY, AF_INET6, 8, 139);
	length += put_connection(bytes + length, SOCK_DIAG_BY_FAMILY, AF_UNIX, 1, 445);
	length += put_message(bytes + length, NLMSG_NOOP, NULL, 0);
	seen_count = 0;
	ck_assert_int_eq(tcp_diag_parse(bytes + 1, length - 1, see, NULL), 0);
	ck_assert_uint_eq(seen_count, 2);
	ck_assert(!seen[0].ipv6 && seen[1].ipv6);
	ck_assert_uint_eq(seen[0].local_port, 445);
	ck_assert_uint_eq(seen[1].state, TCP_STATE_CLOSE_WAIT);
	char address[ADDRESS_LEN];
	connections_show_address(&seen[0], address);
	ck_assert_str_eq(address, "10.0.0.5");
	length += put_message(bytes + length, NLMSG_DONE, &(int32_t){0}, 4);
	ck_assert_int_eq(tcp_diag_parse(bytes + 1, length - 1, see, NULL), 1);
	for (size_t cut = 1; cut < length - 1; cut++) {
		char *copy = malloc(cut);
		memcpy(copy, bytes + 1, cut);
		int result = tcp_diag_parse(copy, cut, see, NULL);
		free(copy);
		ck_assert_int_ne(result, 1);
	}
}
END_TEST

START_TEST(test_netlink_errors)
{
	static const struct {
		uint16_t type;
		int32_t carried;
		size_t carried_length;
		int result;
	} rows[] = {
		{NLMSG_ERROR, -ENOENT, 4, -ENOENT},
		{NLMSG_ERROR, 0, 4, -EBADMSG},
		{NLMSG_ERROR, -ENOENT, 2, -EBADMSG},
		{NLMSG_DONE, -EINVAL, 4, -EINVAL},
		{NLMSG_DONE, 0, 0, 1},
		{TCPDIAG_GETSOCK, 0, 4, 0},
	};
	char bytes[64];
	seen_count = 0;
	size_t length = put_message(bytes, rows[_i].type, &rows[_i].carried, rows[_i].carried_length);
	ck_assert_int_eq(tcp_diag_parse(bytes, length, see, NULL), rows[_i].result);
	ck_assert_uint_eq(seen_count, 0);
	struct nlmsghdr lies = {.nlmsg_type = TCPDIAG_GETSOCK};
	static const uint32_t lengths[] = {0, 1, 15, 1000, UINT32_MAX};
	for (unsigned i = 0; i < ARRAY_LEN(lengths); i++) {
		lies.nlmsg_len = lengths[i];
		memcpy(bytes, &lies, sizeof lies);
		ck_assert_int_eq(tcp_diag_parse(bytes, sizeof bytes, see, NULL), -EBADMSG);
	}
}
END_TEST

/* -- this machine: a connection to ourselves is seen in every way -- */

static uint16_t port_sought;
static unsigned found_established, found_close_wait;

static void seek(const struct tcp_connection *connection, void *arg)
{
	(void)arg;
	if (connection->local_port != port_sought)
		return;
	found_established += connection->state == TCP_STATE_ESTABLISHED;
	found_close_wait += connection->state == TCP_STATE_CLOSE_WAIT;
}

static void connect_to_self(int family, int ret_fds[3])
{
	struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	struct sockaddr_in four = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr *address = family == AF_INET ? (struct sockaddr *)&four : (struct sockaddr *)&six;
	socklen_t size = family == AF_INET ? sizeof four : sizeof six;
	ret_fds[0] = socket(family, SOCK_STREAM, 0);
	ck_assert_int_eq(bind(ret_fds[0], address, size), 0);
	ck_assert_int_eq(listen(ret_fds[0], 1), 0);
	ck_assert_int_eq(getsockname(ret_fds[0], address, &size), 0);
	port_sought = ntohs(family == AF_INET ? four.sin_port : six.sin6_port);
	ret_fds[1] = socket(family, SOCK_STREAM, 0);
	ck_assert_int_eq(connect(ret_fds[1], address, size), 0);
	ret_fds[2] = accept(ret_fds[0], NULL, NULL);
	ck_assert_int_ge(ret_fds[2], 0);
}

/* the kernel of a container may refuse to be asked */
static bool ask(int way)
{
	const size_t size = 8 << 20; /* this machine may be busy */
	struct root root;
	int error = 0;
	found_established = found_close_wait = 0;
	if (way < 2)
		return tcp_diag_list(way ? TCP_DIAG_OLD : TCP_DIAG_BY_FAMILY, seek, NULL) == 0;
	ck_assert_int_eq(root_open(&root, "/"), 0);
	char *text = malloc(size);
	for (unsigned i = 0; i < 2 && !error; i++) {
		ssize_t length = root_read(&root, text, size, "proc/net/tcp%s", i ? "6" : "");
		error = length < 0 ? (int)length
				   : connections_parse_proc((struct text){text, (size_t)length}, seek, NULL);
	}
	free(text);
	root_close(&root);
	return !error;
}

START_TEST(test_live)
{
	int fds[3];
	connect_to_self(_i % 2 ? AF_INET6 : AF_INET, fds);
	if (ask(_i / 2)) {
		ck_assert_uint_eq(found_established, 1);
		ck_assert_uint_eq(found_close_wait, 0);
		close(fds[1]);
		for (unsigned i = 0; i < 100 && !found_close_wait; i++) {
			usleep(1000);
			ask(_i / 2);
		}
		ck_assert_uint_eq(found_established, 0);
		ck_assert_uint_eq(found_close_wait, 1);
	}
	close(fds[0]);
	close(fds[2]);
}
END_TEST

START_TEST(test_live_collect)
{
	static char text[PROC_TEXT_MAX];
	static struct snapshot now;
	struct root root;
	int fds[3];
	connect_to_self(_i ? AF_INET6 : AF_INET, fds);
	snapshot_reset(&now);
	now.smb.smb_ports[0] = port_sought;
	now.smb.smb_port_count = 1;
	ck_assert_int_eq(root_open(&root, "/"), 0);
	struct pass pass = {.asked = true, .root = &root, .now = &now, .text = text};
	struct fault fault = {""};
	ck_assert_int_eq(connections_collect(&pass, &fault), 0);
	root_close(&root);
	for (unsigned i = 0; i < 3; i++)
		close(fds[i]);
	ck_assert_uint_eq(now.smb.connections, 1);
	ck_assert_uint_eq(now.client_count, 1);
	ck_assert_str_eq(now.clients[0].address, _i ? "::1" : "127.0.0.1");
}
END_TEST

Suite *suite_source_connections(void);
Suite *suite_source_connections(void)
{
	Suite *suite = suite_create("source_connections");
	TCase *recorded = tcase_create("recorded");
	tcase_add_test(recorded, test_clients);
	tcase_add_test(recorded, test_nobody);
	tcase_add_test(recorded, test_others);
	tcase_add_loop_test(recorded, test_smb_ports, 0, 2);
	tcase_add_test(recorded, test_since);
	tcase_add_test(recorded, test_too_many);
	tcase_add_loop_test(recorded, test_large, 0, 5);
	tcase_add_loop_test(recorded, test_failures, 0, 5);
	tcase_add_loop_test(recorded, test_bad_rows, 0, 16);
	tcase_add_loop_test(recorded, test_ports, 0, 11);
	suite_add_tcase(suite, recorded);
	TCase *netlink = tcase_create("netlink");
	tcase_add_test(netlink, test_netlink);
	tcase_add_loop_test(netlink, test_netlink_errors, 0, 6);
	tcase_add_loop_test(netlink, test_live, 0, 6);
	tcase_add_loop_test(netlink, test_live_collect, 0, 2);
	suite_add_tcase(suite, netlink);
	return suite;
}
