/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "serve/access.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/text.h"

#define PORT_NONE 0
#define ADDRESS_BITS 128
#define MAPPED_BITS 96 /* of an IPv4 address within ::ffff:a.b.c.d */

/* -- addresses -- */

static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

static bool address_parse(struct text text, unsigned char ret_bytes[16], bool *ret_ipv4)
{
	char string[INET6_ADDRSTRLEN];
	unsigned char bytes[16];
	if (!text_copy(string, sizeof string, text))
		return false;
	*ret_ipv4 = inet_pton(AF_INET, string, bytes + sizeof mapped) == 1;
	if (*ret_ipv4)
		memcpy(bytes, mapped, sizeof mapped);
	else if (inet_pton(AF_INET6, string, bytes) != 1)
		return false;
	memcpy(ret_bytes, bytes, sizeof bytes);
	return true;
}

/* "10.0.0.0/8", "2001:db8::1" */
static bool network_parse(struct text text, struct network *ret_network)
{
	struct text address;
	struct network network;
	bool ipv4;
	if (!text_until(&text, '/', &address) || !address_parse(address, network.bytes, &ipv4))
		return false;
	bool whole = address.at + address.length == text.at; /* there was no '/' */
	uint32_t bits = ipv4 ? 32 : ADDRESS_BITS;
	uint32_t most = bits;
	if (!whole && (!text_u32(text, &bits) || bits > most))
		return false;
	network.bits = bits + (ipv4 ? MAPPED_BITS : 0);
	*ret_network = network;
	return true;
}

static bool network_holds(const struct network *network, const unsigned char bytes[16])
{
	/* "::/0" means all of IPv6: the form in which IPv4 is kept here must not count as such */
	if (network->bits < MAPPED_BITS && !memcmp(bytes, mapped, sizeof mapped))
		return false;
	unsigned whole = network->bits / 8, rest = network->bits % 8;
	if (memcmp(network->bytes, bytes, whole))
		return false;
	return !rest || !((network->bytes[whole] ^ bytes[whole]) >> (8 - rest));
}

bool access_may_read(const struct access *access, const char *peer)
{
	unsigned char bytes[16];
	bool ipv4;
	if (!address_parse(text_of(peer), bytes, &ipv4))
		return false;
	for (unsigned i = 0; i < access->network_count; i++)
		if (network_holds(&access->networks[i], bytes))
			return true;
	return false;
}

/* -- Host and Origin -- */

struct authority {
	struct text host; /* without brackets and without the dot at the end */
	bool bracketed;
	uint32_t port;
};

static bool port_parse(struct text text, uint32_t *ret_port)
{
	/* "nas:" is allowed by RFC 3986 and means no port */
	if (!text.length) {
		*ret_port = PORT_NONE;
		return true;
	}
	return text_u32(text, ret_port) && *ret_port >= 1 && *ret_port <= 65535;
}

static bool authority_parse(struct text text, struct authority *ret_authority)
{
	struct authority found = {.bracketed = text_starts(text, "[")};
	const char separator = found.bracketed ? ']' : ':';
	if (found.bracketed)
		text = (struct text){text.at + 1, text.length - 1};
	const char *end = text.length ? memchr(text.at, separator, text.length) : NULL;
	if (found.bracketed && !end)
		return false;
	found.host = (struct text){text.at, end ? (size_t)(end - text.at) : text.length};
	struct text rest = {text.at + found.host.length, text.length - found.host.length};
	if (found.bracketed)
		rest = (struct text){rest.at + 1, rest.length - 1};
	if (rest.length && *rest.at != ':')
		return false;
	if (rest.length)
		rest = (struct text){rest.at + 1, rest.length - 1};
	if (!found.bracketed && found.host.length && found.host.at[found.host.length - 1] == '.')
		found.host.length--;
	if (!found.host.length || !port_parse(rest, &found.port))
		return false;
	*ret_authority = found;
	return true;
}

static bool same_name(struct text a, struct text b)
{
	return a.length == b.length && !strncasecmp(a.at, b.at, a.length);
}

/* An address cannot be rebound: the browser was told to go there. */
static bool is_address(const struct authority *authority)
{
	unsigned char bytes[16];
	bool ipv4;
	return address_parse(authority->host, bytes, &ipv4) && ipv4 == !authority->bracketed;
}

bool access_host_is_ours(const struct access *access, const char *host_header)
{
	struct authority host;
	/* HTTP/1.0 has no Host; every browser sends one */
	if (!host_header)
		return true;
	if (!authority_parse(text_trim(text_of(host_header)), &host))
		return false;
	if (host.bracketed || is_address(&host))
		return is_address(&host);
	for (unsigned i = 0; i < access->name_count; i++)
		if (same_name(host.host, text_of(access->names[i])))
			return true;
	return false;
}

bool access_origin_matches(const char *origin, const char *host_header)
{
	static const struct {
		const char *scheme;
		uint32_t port;
	} schemes[] = {{"http://", 80}, {"https://", 443}};
	struct authority from, to;
	if (!origin)
		return true;
	if (!host_header || !authority_parse(text_trim(text_of(host_header)), &to))
		return false;
	for (unsigned i = 0; i < ARRAY_LEN(schemes); i++) {
		size_t length = strlen(schemes[i].scheme);
		if (strncasecmp(origin, schemes[i].scheme, length))
			continue;
		if (!authority_parse(text_trim(text_of(origin + length)), &from) ||
			!same_name(from.host, to.host))
			return false;
		uint32_t port = to.port == PORT_NONE ? schemes[i].port : to.port;
		return from.port == PORT_NONE || from.port == port;
	}
	return false;
}

/* -- configuration -- */

static int add_network(struct access *access, struct text piece, struct fault *fault)
{
	char shown[64];
	struct network network;
	text_show(shown, sizeof shown, piece);
	if (!network_parse(piece, &network))
		return fault_set(fault, -EINVAL,
			"\"%s\" is no network: write it as 192.0.2.0/24, 2001:db8::/32 or a single "
			"address",
			shown);
	if (access->network_count == ACCESS_NETWORKS_MAX)
		return fault_set(fault, -EINVAL,
			"\"%s\" is one network too many: %u fit, the private ones among them", shown,
			ACCESS_NETWORKS_MAX);
	access->networks[access->network_count++] = network;
	return 0;
}

static bool is_host_name(struct text text)
{
	for (size_t i = 0; i < text.length; i++) {
		char c = text.at[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		/* Windows allows '_' in the names of computers */
		if (!letter && c != '-' && c != '.' && c != '_')
			return false;
	}
	return text.length && text.length < HOST_LEN;
}

static int add_name(struct access *access, struct text piece, struct fault *fault)
{
	char shown[HOST_LEN];
	text_show(shown, sizeof shown, piece);
	if (piece.length && piece.at[piece.length - 1] == '.')
		piece.length--;
	if (!is_host_name(piece))
		return fault_set(fault, -EINVAL,
			"\"%s\" is no host name: write it without scheme, port and path", shown);
	if (access->name_count == ACCESS_NAMES_MAX)
		return fault_set(fault, -EINVAL,
			"\"%s\" is one name too many: %u fit, the NAS's own among them", shown,
			ACCESS_NAMES_MAX);
	text_copy(access->names[access->name_count++], HOST_LEN, piece);
	return 0;
}

static int add_list(struct access *access, const char *list,
	int (*add)(struct access *access, struct text piece, struct fault *fault), struct fault *fault)
{
	struct text rest = text_of(list), piece;
	int error = 0;
	while (!error && text_until(&rest, ',', &piece)) {
		piece = text_trim(piece);
		/* a comma too many is no reason to refuse to start */
		if (piece.length)
			error = add(access, piece, fault);
	}
	return error;
}

int access_allow(struct access *access, const char *list, struct fault *fault)
{
	return add_list(access, list, add_network, fault);
}

int access_add_names(struct access *access, const char *list, struct fault *fault)
{
	return add_list(access, list, add_name, fault);
}

void access_start(struct access *access, const char *host)
{
	static const char private[] =
		"127.0.0.0/8, ::1, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 169.254.0.0/16, "
		"fc00::/7, fe80::/10";
	char local[HOST_LEN + sizeof ".local"];
	memset(access, 0, sizeof *access);
	access_allow(access, private, NULL);
	add_name(access, TEXT("localhost"), NULL);
	/* a NAS whose name is none, or too long, is reached by its address */
	if (add_name(access, text_of(host), NULL))
		return;
	snprintf(local, sizeof local, "%s.local", host);
	add_name(access, text_of(local), NULL);
}
