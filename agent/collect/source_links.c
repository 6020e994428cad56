/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/source_links.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "system/link_speed.h"

enum column {
	RX_BYTES,
	RX_ERRORS = 2,
	RX_DROPS,
	MULTICAST = 7,
	TX_BYTES,
	TX_ERRORS = 10,
	TX_DROPS,
	COLUMNS = 16
};

static uint64_t add(uint64_t a, uint64_t b)
{
	bool fits = a != UNKNOWN_U64 && b != UNKNOWN_U64 && a < UNKNOWN_U64 - b;
	return fits ? a + b : UNKNOWN_U64;
}

/* a line with fewer columns is cut or of another table: nothing of it can be trusted */
static void parse_counters(struct text words, struct link *link)
{
	uint64_t columns[COLUMNS];
	struct text word;
	for (unsigned i = 0; i < COLUMNS; i++) {
		columns[i] = UNKNOWN_U64;
		if (!text_word(&words, &word))
			return;
		text_u64(word, &columns[i]);
	}
	link->rx_bytes = columns[RX_BYTES];
	link->tx_bytes = columns[TX_BYTES];
	link->errors = add(columns[RX_ERRORS], columns[TX_ERRORS]);
	link->drops = add(columns[RX_DROPS], columns[TX_DROPS]);
	link->multicast = columns[MULTICAST];
}

/* "  eth0:123 4 ...": old kernels leave no blank after the colon, and allow one inside the name */
static bool split_line(struct text line, struct text *ret_name, struct text *ret_words)
{
	size_t end = line.length;
	while (end && line.at[end - 1] != ':')
		end--;
	if (!end)
		return false;
	*ret_name = text_trim((struct text){line.at, end - 1});
	*ret_words = (struct text){line.at + end, line.length - end};
	return true;
}

static bool is_fit(struct text name)
{
	for (size_t i = 0; i < name.length; i++)
		if ((unsigned char)name.at[i] <= ' ' || name.at[i] == 127)
			return false;
	return text_is_name(name);
}

static int rank(const struct link *link)
{
	return link->up == YES ? 0 : link->up == UNKNOWN ? 1 : 2;
}

/* keeps the rows in order of rank; when the list is full, the last one gives way */
static void insert_link(const struct link *link, struct snapshot *snapshot)
{
	struct link *links = snapshot->links;
	uint32_t at = snapshot_add_link(snapshot) ? snapshot->link_count - 1 : LINKS_MAX;
	while (at && rank(&links[at - 1]) > rank(link))
		at--;
	if (at == LINKS_MAX)
		return;
	memmove(&links[at + 1], &links[at], (snapshot->link_count - 1 - at) * sizeof *links);
	links[at] = *link;
}

static bool parse_link(struct text line, struct link *ret_link)
{
	struct text name, words;
	struct link link = {
		.up = UNKNOWN,
		.full_duplex = UNKNOWN,
		.wireless = UNKNOWN,
		.speed_mbps = UNKNOWN_U32,
		.mtu = UNKNOWN_U32,
		.rx_bytes = UNKNOWN_U64,
		.tx_bytes = UNKNOWN_U64,
		.errors = UNKNOWN_U64,
		.drops = UNKNOWN_U64,
		.multicast = UNKNOWN_U64,
	};
	if (!split_line(line, &name, &words))
		return false;
	if (is_fit(name)) /* and stays empty if it is too long */
		text_copy(link.name, sizeof link.name, name);
	parse_counters(words, &link);
	*ret_link = link;
	return true;
}

int links_parse_dev(struct text dev, enum tri (*ask_up)(const char *name, void *arg), void *arg,
	struct snapshot *snapshot)
{
	struct text line;
	struct link link;
	bool understood = false;
	while (text_line(&dev, &line)) {
		if (!parse_link(line, &link)) {
			understood |= text_starts(line, "Inter-|");
			continue;
		}
		understood = true;
		if (!link.name[0]) {
			snapshot->links_omitted++;
		} else if (strcmp(link.name, "lo")) {
			link.up = ask_up ? ask_up(link.name, arg) : UNKNOWN;
			insert_link(&link, snapshot);
		}
	}
	return understood ? 0 : -EBADMSG;
}

enum tri links_parse_up(struct text operstate, struct text carrier)
{
	operstate = text_trim(operstate);
	carrier = text_trim(carrier);
	if (text_is(operstate, "up"))
		return YES;
	/* drivers that never reported a change of the cable leave "unknown" */
	if (!operstate.length || text_is(operstate, "unknown"))
		return text_is(carrier, "1") ? YES : text_is(carrier, "0") ? NO : UNKNOWN;
	return NO;
}

void links_parse_speed(struct text speed, struct text duplex, struct link *link)
{
	uint32_t mbps;
	/* -1, or in its first years 65535, is a driver that does not know */
	if (!text_u32(text_trim(speed), &mbps) || !mbps || mbps == UINT16_MAX || mbps > INT32_MAX)
		return;
	duplex = text_trim(duplex);
	link->speed_mbps = mbps;
	link->full_duplex = text_is(duplex, "full") ? YES : text_is(duplex, "half") ? NO : UNKNOWN;
}

bool links_parse_ethtool(struct text answer, struct link *link)
{
	struct text line, word, speed, duplex = TEXT("");
	while (text_line(&answer, &line)) {
		if (!text_word(&line, &word) || !text_is(word, link->name) || !text_word(&line, &speed))
			continue;
		text_word(&line, &duplex);
		links_parse_speed(speed, duplex, link);
		return true;
	}
	return false;
}

/* empty if it cannot be read */
static struct text read_attribute(
	const struct root *root, const char *name, const char *attribute, char buffer[64])
{
	ssize_t length = root_read(root, buffer, 64, "sys/class/net/%s/%s", name, attribute);
	return (struct text){buffer, length < 0 ? 0 : (size_t)length};
}

static enum tri ask_up(const char *name, void *arg)
{
	const struct root *root = arg;
	char operstate[64], carrier[64];
	enum tri up = links_parse_up(read_attribute(root, name, "operstate", operstate), TEXT(""));
	if (up == UNKNOWN)
		up = links_parse_up(TEXT("unknown"), read_attribute(root, name, "carrier", carrier));
	return up;
}

static bool is_told(const struct link *link)
{
	return link->speed_mbps != UNKNOWN_U32 && link->full_duplex != UNKNOWN;
}

static void read_speed(const struct root *root, struct text recorded, struct link *link)
{
	char speed[64], duplex[64];
	links_parse_speed(read_attribute(root, link->name, "speed", speed),
		read_attribute(root, link->name, "duplex", duplex), link);
	if (is_told(link))
		return;
	if (root->recorded) {
		links_parse_ethtool(recorded, link);
		return;
	}
	uint32_t mbps;
	enum tri full;
	if (!link_speed_ask(link->name, &mbps, &full) && mbps != UNKNOWN_U32) {
		link->speed_mbps = mbps;
		link->full_duplex = full;
	}
}

static const char *why_silent(const struct root *root, const struct link *link)
{
	char buffer[64];
	struct text type = text_trim(read_attribute(root, link->name, "type", buffer));
	if (link->wireless == YES)
		return "it is wireless";
	if (type.length && !text_is(type, "1"))
		return "it is no Ethernet device";
	if (root->recorded)
		return "the recording has neither sysfs's nor ethtool's answer";
	return "a virtual device, or a driver that does not know";
}

static void explain(const struct root *root, const struct link *link, char reason[TEXT_LEN])
{
	if (link->up == NO)
		snprintf(reason, TEXT_LEN, "%s is down", link->name);
	else if (link->speed_mbps == UNKNOWN_U32)
		snprintf(reason, TEXT_LEN, "%.16s tells neither speed nor duplex: %s", link->name,
			why_silent(root, link));
	else if (link->full_duplex == UNKNOWN)
		snprintf(reason, TEXT_LEN, "%s tells its speed but no duplex", link->name);
}

static void read_details(const struct root *root, struct text recorded, struct link *link)
{
	char buffer[64];
	bool in_sysfs = text_u32(text_trim(read_attribute(root, link->name, "mtu", buffer)), &link->mtu);
	if (link->up != NO) {
		if (root_exists(root, "sys/class/net/%s/wireless", link->name) ||
			root_exists(root, "sys/class/net/%s/phy80211", link->name))
			link->wireless = YES;
		else if (in_sysfs)
			link->wireless = NO;
		read_speed(root, recorded, link);
	}
	char reason[TEXT_LEN] = "";
	explain(root, link, reason);
	memcpy(link->reason, reason, sizeof reason);
}

/* what a link can do changes only while it is down */
static bool keep_details(const struct pass *pass, struct link *link)
{
	for (uint32_t i = 0; pass->lately && i < pass->before->link_count; i++) {
		const struct link *old = &pass->before->links[i];
		if (strcmp(old->name, link->name) || old->up != link->up)
			continue;
		link->mtu = old->mtu;
		link->wireless = old->wireless;
		link->speed_mbps = old->speed_mbps;
		link->full_duplex = old->full_duplex;
		memcpy(link->reason, old->reason, sizeof link->reason);
		return true;
	}
	return false;
}

int links_collect(struct pass *pass, struct fault *fault)
{
	ssize_t length = root_read(pass->root, pass->text, PROC_TEXT_MAX, "proc/net/dev");
	if (length == -ENOENT)
		return fault_set(
			fault, SOURCE_E_ABSENT, "this kernel has no network: /proc/net/dev is missing");
	if (length == -EFBIG)
		return fault_set(fault, -EFBIG,
			"/proc/net/dev is longer than %d bytes: more links than nasready reads",
			PROC_TEXT_MAX);
	if (length < 0)
		return fault_set(fault, (int)length, "cannot read /proc/net/dev: %s", strerror((int)-length));
	struct text text = {pass->text, (size_t)length};
	int error = links_parse_dev(text, ask_up, (void *)pass->root, pass->now);
	if (error)
		return fault_set(fault, error, "/proc/net/dev has no line \"NAME: counters\"");
	if (pass->root->recorded)
		length = root_read(pass->root, pass->text, PROC_TEXT_MAX, "answers/ethtool");
	text.length = pass->root->recorded && length > 0 ? (size_t)length : 0;
	for (uint32_t i = 0; i < pass->now->link_count; i++)
		if (!keep_details(pass, &pass->now->links[i]))
			read_details(pass->root, text, &pass->now->links[i]);
	return 0;
}
