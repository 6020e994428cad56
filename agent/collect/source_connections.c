/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/source_connections.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define REST_MS 570000	  /* nine and a half minutes: the tenth pass of an idle agent */
#define TABLE_MAX 8000000 /* bytes of /proc/net/tcp: fifty thousand connections */
#define OMITTED_MAX \
	64 /* addresses beyond the list that are told apart; then each connection counts for one */

static const uint16_t smb_standard[] = {445, 139};

/* which the first pass finds out; 0 asks the kernel for half as much as 1 */
static const enum tcp_diag_way ways[] = {TCP_DIAG_OLD, TCP_DIAG_BY_FAMILY};
static unsigned first_way;

struct omitted {
	uint32_t count, hashes[OMITTED_MAX];
};

struct tally {
	struct snapshot *now;
	const struct snapshot *before;
	const struct port_table *ports;
	struct omitted clients, others;
};

void connections_start_ports(struct port_table *ports)
{
	*ports = (struct port_table){
		.count = 3, .rows = {{OTHER_SSH, 22}, {OTHER_WEB_UI, 80}, {OTHER_WEB_UI, 443}}};
}

int connections_set_ports(
	struct port_table *ports, enum other_kind kind, struct text list, struct fault *fault)
{
	struct port_table new = {0};
	struct text piece;
	uint32_t port;
	for (uint32_t i = 0; i < ports->count; i++)
		if (ports->rows[i].kind != kind)
			new.rows[new.count++] = ports->rows[i];
	list = text_trim(list);
	while (text_until(&list, ',', &piece)) {
		piece = text_trim(piece);
		if (!text_u32(piece, &port) || !port || port > UINT16_MAX)
			return fault_set(fault, -EINVAL,
				"\"%.*s\" is no TCP port: write numbers from 1 to 65535, with commas",
				(int)(piece.length > 40 ? 40 : piece.length), piece.at);
		if (new.count == PORTS_MAX)
			return fault_set(fault, -EINVAL, "more than %d ports in all", PORTS_MAX);
		new.rows[new.count++] = (struct port_row){kind, (uint16_t)port};
	}
	*ports = new;
	return 0;
}

/* -- /proc -- */

static bool hex_u32(struct text text, uint32_t *ret_value)
{
	uint32_t value = 0;
	if (!text.length || text.length > 8)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		char c = text.at[i];
		if (c >= '0' && c <= '9')
			value = value << 4 | (uint32_t)(c - '0');
		else if (c >= 'A' && c <= 'F')
			value = value << 4 | (uint32_t)(c - 'A' + 10);
		else if (c >= 'a' && c <= 'f')
			value = value << 4 | (uint32_t)(c - 'a' + 10);
		else
			return false;
	}
	*ret_value = value;
	return true;
}

/* each 32 bits of the address are printed as a number */
static bool hex_address(struct text text, struct tcp_connection *connection)
{
	if (text.length != 8 && text.length != 32)
		return false;
	connection->ipv6 = text.length == 32;
	for (size_t i = 0; i < text.length / 8; i++) {
		uint32_t word;
		if (!hex_u32((struct text){text.at + 8 * i, 8}, &word))
			return false;
		for (unsigned byte = 0; byte < 4; byte++)
			connection->remote[4 * i + byte] = (unsigned char)(word >> (8 * byte));
	}
	return true;
}

static bool parse_line(struct text line, struct tcp_connection *connection)
{
	struct text slot, local, remote, state, address;
	uint32_t port, number;
	if (!text_word(&line, &slot) || !text_word(&line, &local) || !text_word(&line, &remote) ||
		!text_word(&line, &state) || !text_until(&local, ':', &address) || !hex_u32(local, &port) ||
		port > UINT16_MAX || !text_until(&remote, ':', &address) || !hex_u32(state, &number) ||
		number > UINT8_MAX)
		return false;
	connection->local_port = (uint16_t)port;
	connection->state = (uint8_t)number;
	return hex_address(address, connection);
}

static void parse_rows(
	struct text text, void (*each)(const struct tcp_connection *connection, void *arg), void *arg)
{
	struct text line;
	while (text_line(&text, &line)) {
		struct tcp_connection connection = {0};
		if (parse_line(line, &connection))
			each(&connection, arg);
	}
}

int connections_parse_proc(
	struct text text, void (*each)(const struct tcp_connection *connection, void *arg), void *arg)
{
	struct text line, word;
	if (!text_line(&text, &line) || !text_word(&line, &word) || !text_is(word, "sl"))
		return -EBADMSG;
	parse_rows(text, each, arg);
	return 0;
}

/* -- counting -- */

void connections_show_address(const struct tcp_connection *connection, char ret_address[ADDRESS_LEN])
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	bool is_mapped = connection->ipv6 && !memcmp(connection->remote, mapped, sizeof mapped);
	const unsigned char *bytes = is_mapped ? connection->remote + 12 : connection->remote;
	inet_ntop(connection->ipv6 && !is_mapped ? AF_INET6 : AF_INET, bytes, ret_address, ADDRESS_LEN);
}

static bool is_smb(const struct smb *smb, uint16_t port)
{
	const uint16_t *ports = smb->smb_port_count ? smb->smb_ports : smb_standard;
	uint32_t count = smb->smb_port_count ? smb->smb_port_count : ARRAY_LEN(smb_standard);
	for (uint32_t i = 0; i < count && i < ARRAY_LEN(smb->smb_ports); i++)
		if (ports[i] == port)
			return true;
	return false;
}

/* true the first time that this one is left out */
static bool is_another(struct omitted *omitted, uint32_t hash)
{
	for (uint32_t i = 0; i < omitted->count; i++)
		if (omitted->hashes[i] == hash)
			return false;
	if (omitted->count < OMITTED_MAX)
		omitted->hashes[omitted->count++] = hash;
	return true;
}

static const struct client *find_client(const struct snapshot *snapshot, const char *address)
{
	for (uint32_t i = 0; snapshot && i < snapshot->client_count; i++)
		if (!strcmp(snapshot->clients[i].address, address))
			return &snapshot->clients[i];
	return NULL;
}

static struct client *obtain_client(struct tally *tally, const char *address)
{
	struct snapshot *now = tally->now;
	struct client *client = (struct client *)find_client(now, address);
	if (client)
		return client;
	if (now->client_count == CLIENTS_MAX && !is_another(&tally->clients, text_hash(address)))
		return NULL;
	client = snapshot_add_client(now);
	if (!client)
		return NULL;
	const struct client *old = find_client(tally->before, address);
	snprintf(client->address, sizeof client->address, "%s", address);
	client->since_clock_ms = old ? old->since_clock_ms : now->clock_ms;
	return client;
}

static void count_smb(struct tally *tally, const struct tcp_connection *connection)
{
	char address[ADDRESS_LEN] = "";
	connections_show_address(connection, address);
	bool established = connection->state == TCP_STATE_ESTABLISHED;
	struct client *client = obtain_client(tally, address);
	tally->now->smb.connections += established;
	if (client && established)
		client->connections++;
	else if (client)
		client->close_wait++;
}

static void count_other(
	struct tally *tally, const struct tcp_connection *connection, const struct port_row *row)
{
	struct snapshot *now = tally->now;
	char address[ADDRESS_LEN] = "";
	connections_show_address(connection, address);
	for (uint32_t i = 0; i < now->other_count; i++) {
		struct other_session *other = &now->others[i];
		if (other->port == row->port && other->kind == row->kind &&
			!strcmp(other->address, address)) {
			other->count++;
			return;
		}
	}
	if (now->other_count == OTHERS_MAX && !is_another(&tally->others, text_hash(address) ^ row->port))
		return;
	struct other_session *other = snapshot_add_other(now);
	if (!other)
		return;
	other->kind = row->kind;
	other->port = row->port;
	other->count = 1;
	snprintf(other->address, sizeof other->address, "%s", address);
}

static void count_one(const struct tcp_connection *connection, void *arg)
{
	struct tally *tally = arg;
	if (connection->state != TCP_STATE_ESTABLISHED && connection->state != TCP_STATE_CLOSE_WAIT)
		return;
	if (is_smb(&tally->now->smb, connection->local_port)) {
		count_smb(tally, connection);
		return;
	}
	for (uint32_t i = 0; i < tally->ports->count; i++)
		if (tally->ports->rows[i].port == connection->local_port &&
			connection->state == TCP_STATE_ESTABLISHED) {
			count_other(tally, connection, &tally->ports->rows[i]);
			return;
		}
}

/* what a way that failed in the middle may have counted is forgotten */
static void start_over(struct tally *tally)
{
	struct snapshot *now = tally->now;
	now->client_count = now->clients_omitted = now->other_count = now->others_omitted = 0;
	now->smb.connections = 0;
	tally->clients.count = tally->others.count = 0;
}

/* the oldest first, so that rows stay where they are from pass to pass */
static int compare_clients(const void *a, const void *b)
{
	const struct client *left = a, *right = b;
	if (left->since_clock_ms != right->since_clock_ms)
		return left->since_clock_ms < right->since_clock_ms ? -1 : 1;
	return strcmp(left->address, right->address);
}

static int compare_others(const void *a, const void *b)
{
	const struct other_session *left = a, *right = b;
	if (left->kind != right->kind)
		return left->kind < right->kind ? -1 : 1;
	if (left->port != right->port)
		return left->port < right->port ? -1 : 1;
	return strcmp(left->address, right->address);
}

/* -- where they come from -- */

/* a way that this kernel will never know, not one that failed for once */
static bool is_lasting(int error)
{
	return error != -ETIMEDOUT && error != -ENOBUFS && error != -ENOMEM && error != -EMSGSIZE &&
	       error != -EMFILE && error != -ENFILE;
}

static int ask_kernel(struct tally *tally)
{
	int error = -EOPNOTSUPP;
	for (unsigned i = first_way; i < ARRAY_LEN(ways); i++) {
		start_over(tally);
		error = tcp_diag_list(ways[i], count_one, tally);
		if (!error)
			return 0;
		if (i == first_way && is_lasting(error))
			first_way++;
	}
	return error;
}

/* Ten thousand connections that only wait for their end take 1.4 MB, so the table is read in pieces: of each,
 * the whole lines. */
static int parse_stream(int fd, char *text, struct tally *tally)
{
	size_t kept = 0, total = 0;
	for (bool first = true;; first = false) {
		ssize_t count = read(fd, text + kept, PROC_TEXT_MAX - kept);
		if (count < 0)
			return -errno;
		struct text rest = {text, kept + (size_t)count}, whole = rest;
		while (count && whole.length && whole.at[whole.length - 1] != '\n')
			whole.length--;
		if (first && connections_parse_proc(whole, count_one, tally))
			return -EBADMSG;
		if (!first)
			parse_rows(whole, count_one, tally);
		kept = rest.length - whole.length;
		total += (size_t)count;
		if (!count)
			return 0;
		if (kept == PROC_TEXT_MAX || total > TABLE_MAX)
			return -EFBIG;
		memmove(text, text + whole.length, kept);
	}
}

static int read_table(struct pass *pass, struct tally *tally, const char *name, struct fault *fault)
{
	autoclose int fd = root_open_stream(pass->root, "proc/net/%s", name);
	if (fd == -ENOENT)
		return fault_set(fault, SOURCE_E_ABSENT, "/proc/net/%s is missing%s", name,
			pass->root->recorded ? " in this recording" : ": this kernel has no TCP");
	int error = fd < 0 ? fd : parse_stream(fd, pass->text, tally);
	if (error == -EFBIG)
		return fault_set(fault, error, "/proc/net/%s is longer than %d bytes", name, TABLE_MAX);
	if (error == -EBADMSG)
		return fault_set(fault, error, "/proc/net/%s does not begin with \"sl local_address\"", name);
	if (error)
		return fault_set(fault, error, "cannot read /proc/net/%s: %s", name, strerror(-error));
	return 0;
}

static int read_proc(struct pass *pass, struct tally *tally, struct fault *fault)
{
	start_over(tally);
	int result = read_table(pass, tally, "tcp", fault);
	if (result)
		return result;
	result = read_table(pass, tally, "tcp6", fault);
	return result == SOURCE_E_ABSENT ? 0 : result; /* a kernel without IPv6 */
}

/* While nobody asks, and so nobody waits for an answer, the table is read every tenth time: on a machine with
 * much memory it is a third of what a pass costs. */
static bool may_rest(const struct pass *pass)
{
	if (pass->asked || pass->root->recorded)
		return false;
	const struct source_report *report = snapshot_find_source(pass->before, "connections");
	return report && report->state == SOURCE_OK &&
	       pass->now->time_ms - pass->before->smb.connections_ms < REST_MS;
}

static void carry_over(const struct snapshot *before, struct snapshot *now)
{
	now->client_count = before->client_count;
	now->clients_omitted = before->clients_omitted;
	now->other_count = before->other_count;
	now->others_omitted = before->others_omitted;
	memcpy(now->clients, before->clients, now->client_count * sizeof now->clients[0]);
	memcpy(now->others, before->others, now->other_count * sizeof now->others[0]);
	now->smb.connections = before->smb.connections;
	now->smb.connections_ms = before->smb.connections_ms;
	memcpy(now->smb.sessions_source, before->smb.sessions_source, sizeof now->smb.sessions_source);
}

int connections_collect(struct pass *pass, struct fault *fault)
{
	if (may_rest(pass)) {
		carry_over(pass->before, pass->now);
		return 0;
	}
	struct port_table standard;
	struct smb *smb = &pass->now->smb;
	connections_start_ports(&standard);
	struct tally tally = {.now = pass->now,
		.before = pass->before,
		.ports = pass->settings.ports ? pass->settings.ports : &standard};
	bool told = !pass->root->recorded && !ask_kernel(&tally);
	int result = told ? 0 : read_proc(pass, &tally, fault);
	if (result) {
		start_over(&tally);
		smb->connections = UNKNOWN_U32;
		text_show(smb->reason, sizeof smb->reason, text_of(fault ? fault->text : ""));
		return result;
	}
	smb->connections_ms = pass->now->time_ms;
	snprintf(smb->sessions_source, sizeof smb->sessions_source, "%s", told ? "sock_diag" : "proc");
	qsort(pass->now->clients, pass->now->client_count, sizeof pass->now->clients[0], compare_clients);
	qsort(pass->now->others, pass->now->other_count, sizeof pass->now->others[0], compare_others);
	return 0;
}
