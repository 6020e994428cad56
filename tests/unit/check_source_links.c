/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "collect/source_links.h"

#include <errno.h>

#include "system/link_speed.h"
#include "tests/unit/recorded_root.h"

#define U64 UNKNOWN_U64
#define U32 UNKNOWN_U32
#define HEAD                                                                                                 \
	"Inter-|   Receive                                                |  Transmit\n"                     \
	" face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo " \
	"colls "                                                                                             \
	"carrier compressed\n"
#define NUMBERS " 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"

static struct snapshot snapshot;

/* the first link, if there is one */
static const struct {
	const char *text, *name;
	uint64_t rx, tx, errors, drops, multicast;
} devs[] = {
	{HEAD "    lo:    3089      27    0    0    0     0          0         0     3089      27    0    0  "
	      "  0     0       0 "
	      "         0\n  eth0: 84353415    2110    1    2    0     0          0        33    85204    "
	      "1001    10    20    0 "
	      "    0       0          0\n",
		"eth0", 84353415, 85204, 11, 22, 33},
	/* the number glued to the name, as old kernels print it */
	{HEAD "  eth0:4294967295 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n", "eth0", 4294967295, 9, 14, 16, 8},
	{HEAD "eth0:1" NUMBERS, "eth0", 1, 8, 12, 14, 7},
	{HEAD "  br0.7:" NUMBERS, "br0.7", 1, 9, 14, 16, 8},
	{HEAD "eth0:1:" NUMBERS, "eth0:1", 1, 9, 14, 16, 8},
	/* cut: nothing of the line is trusted */
	{HEAD "eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15", "eth0", U64, U64, U64, U64, U64},
	{HEAD "eth0: 1", "eth0", U64, U64, U64, U64, U64},
	{HEAD "eth0:", "eth0", U64, U64, U64, U64, U64},
	/* nonsense stays in its field */
	{HEAD "eth0: -1 2 3 4 5 6 7 x 18446744073709551616 10 11 12 13 14 15 16\n", "eth0", U64, U64, 14, 16,
		U64},
	{HEAD "eth0: 1 2 y 18446744073709551614 5 6 7 8 9 10 11 12 13 14 15 16\n", "eth0", 1, 9, U64, U64, 8},
};

START_TEST(test_dev)
{
	snapshot_reset(&snapshot);
	ck_assert_int_eq(links_parse_dev(text_of(devs[_i].text), NULL, NULL, &snapshot), 0);
	ck_assert_uint_eq(snapshot.link_count, 1);
	const struct link *link = &snapshot.links[0];
	ck_assert_str_eq(link->name, devs[_i].name);
	ck_assert_uint_eq(link->rx_bytes, devs[_i].rx);
	ck_assert_uint_eq(link->tx_bytes, devs[_i].tx);
	ck_assert_uint_eq(link->errors, devs[_i].errors);
	ck_assert_uint_eq(link->drops, devs[_i].drops);
	ck_assert_uint_eq(link->multicast, devs[_i].multicast);
	ck_assert_int_eq(link->up, UNKNOWN);
	ck_assert_uint_eq(link->speed_mbps, U32);
	ck_assert_uint_eq(link->mtu, U32);
	ck_assert_int_eq(link->full_duplex, UNKNOWN);
	ck_assert_int_eq(link->wireless, UNKNOWN);
}
END_TEST

static const struct {
	const char *text;
	int result;
	uint32_t omitted;
} empties[] = {
	{HEAD, 0, 0},
	{HEAD "    lo:" NUMBERS, 0, 0},
	{"lo:", 0, 0},
	{"", -EBADMSG, 0},
	{"\n\n", -EBADMSG, 0},
	{"<html>404</html>\n", -EBADMSG, 0},
	/* names that must not become part of a path or of a screen, or do not fit */
	{HEAD "..:" NUMBERS, 0, 1},
	{HEAD "a/b:" NUMBERS, 0, 1},
	{HEAD ":" NUMBERS "  :" NUMBERS, 0, 2},
	{HEAD "a\033b:" NUMBERS "a b:" NUMBERS "a\177:" NUMBERS, 0, 3},
	{HEAD "n2345678901234567890123456789012:" NUMBERS, 0, 1},
};

START_TEST(test_no_link)
{
	snapshot_reset(&snapshot);
	ck_assert_int_eq(
		links_parse_dev(text_of(empties[_i].text), NULL, NULL, &snapshot), empties[_i].result);
	ck_assert_uint_eq(snapshot.link_count, 0);
	ck_assert_uint_eq(snapshot.links_omitted, empties[_i].omitted);
}
END_TEST

START_TEST(test_nul)
{
	snapshot_reset(&snapshot);
	ck_assert_int_eq(links_parse_dev(TEXT("a\0b:" NUMBERS), NULL, NULL, &snapshot), 0);
	ck_assert_uint_eq(snapshot.links_omitted, 1);
	ck_assert_int_eq(links_parse_dev((struct text){NULL, 0}, NULL, NULL, &snapshot), -EBADMSG);
}
END_TEST

/* u…: up, d…: down, anything else: not known */
static enum tri by_letter(const char *name, void *arg)
{
	++*(unsigned *)arg;
	return name[0] == 'u' ? YES : name[0] == 'd' ? NO : UNKNOWN;
}

static void parse_names(const char *const *names, unsigned count, unsigned *ret_asked)
{
	char text[8192] = HEAD;
	for (unsigned i = 0; i < count; i++)
		sprintf(text + strlen(text), "%s:%u" NUMBERS, names[i], i);
	*ret_asked = 0;
	snapshot_reset(&snapshot);
	ck_assert_int_eq(links_parse_dev(text_of(text), by_letter, ret_asked, &snapshot), 0);
}

START_TEST(test_order)
{
	static const char *const names[] = {"d1", "x1", "lo", "u1", "d2", "u2", "x2"};
	static const char *const expected[] = {"u1", "u2", "x1", "x2", "d1", "d2"};
	static const uint64_t rx[] = {3, 5, 1, 6, 0, 4};
	unsigned asked;
	parse_names(names, ARRAY_LEN(names), &asked);
	ck_assert_uint_eq(asked, 6);
	ck_assert_uint_eq(snapshot.link_count, 6);
	ck_assert_uint_eq(snapshot.links_omitted, 0);
	for (unsigned i = 0; i < ARRAY_LEN(expected); i++) {
		ck_assert_str_eq(snapshot.links[i].name, expected[i]);
		ck_assert_uint_eq(snapshot.links[i].rx_bytes, rx[i]);
	}
}
END_TEST

START_TEST(test_too_many)
{
	static char space[2 * LINKS_MAX + 2][8];
	const char *names[ARRAY_LEN(space)];
	for (unsigned i = 0; i < ARRAY_LEN(space); i++) {
		/* full of such that are down, then two up, then more that are down */
		bool up = i == LINKS_MAX || i == LINKS_MAX + 1;
		sprintf(space[i], "%c%u", up ? 'u' : 'd', i);
		names[i] = space[i];
	}
	unsigned asked;
	parse_names(names, ARRAY_LEN(space), &asked);
	ck_assert_uint_eq(snapshot.link_count, LINKS_MAX);
	ck_assert_uint_eq(snapshot.links_omitted, LINKS_MAX + 2);
	ck_assert_str_eq(snapshot.links[0].name, "u16");
	ck_assert_str_eq(snapshot.links[1].name, "u17");
	ck_assert_str_eq(snapshot.links[2].name, "d0");
	ck_assert_str_eq(snapshot.links[LINKS_MAX - 1].name, "d13");
}
END_TEST

START_TEST(test_up)
{
	static const struct {
		const char *operstate, *carrier;
		enum tri up;
	} states[] = {
		{"up\n", "", YES},
		{"up", "0\n", YES},
		{"unknown\n", "1\n", YES},
		{"unknown\n", "0\n", NO},
		{"unknown\n", "", UNKNOWN},
		{"unknown\n", "11", UNKNOWN},
		{"", "1\n", YES},
		{"", "", UNKNOWN},
		{"down\n", "1\n", NO},
		{"lowerlayerdown\n", "1\n", NO},
		{"dormant\n", "1\n", NO},
		{"notpresent\n", "", NO},
		{"testing\n", "", NO},
	};
	for (unsigned i = 0; i < ARRAY_LEN(states); i++)
		ck_assert_int_eq(links_parse_up(text_of(states[i].operstate), text_of(states[i].carrier)),
			states[i].up);
}
END_TEST

START_TEST(test_speed)
{
	static const struct {
		const char *speed, *duplex;
		uint32_t mbps;
		enum tri full;
	} speeds[] = {
		{"1000\n", "full\n", 1000, YES},
		{"100\n", "half\n", 100, NO},
		{"10000", "unknown\n", 10000, UNKNOWN},
		{"1000\n", "", 1000, UNKNOWN},
		{"200000\n", "full\n", 200000, YES},
		{"-1\n", "unknown\n", U32, UNKNOWN},
		{"-1\n", "half\n", U32, UNKNOWN},
		{"0\n", "half\n", U32, UNKNOWN},
		{"65535\n", "full\n", U32, UNKNOWN},
		{"4294967295\n", "full\n", U32, UNKNOWN},
		{"2147483648\n", "full\n", U32, UNKNOWN},
		{"99999999999\n", "full\n", U32, UNKNOWN},
		{"1000 Mb/s\n", "full\n", U32, UNKNOWN},
		{"", "full\n", U32, UNKNOWN},
	};
	for (unsigned i = 0; i < ARRAY_LEN(speeds); i++) {
		struct link link = {.speed_mbps = U32, .full_duplex = UNKNOWN};
		links_parse_speed(text_of(speeds[i].speed), text_of(speeds[i].duplex), &link);
		ck_assert_uint_eq(link.speed_mbps, speeds[i].mbps);
		ck_assert_int_eq(link.full_duplex, speeds[i].full);
	}
}
END_TEST

START_TEST(test_ethtool)
{
	static const struct {
		const char *text;
		bool found;
		uint32_t mbps;
		enum tri full;
	} answers[] = {
		{"eth1 100 half\neth0 1000 full\n", true, 1000, YES},
		{"eth0 1000 full", true, 1000, YES},
		{"eth0 100 half\neth0 1000 full\n", true, 100, NO},
		{"eth0 1000\n", true, 1000, UNKNOWN},
		{"eth0 -1 half\n", true, U32, UNKNOWN},
		{"eth0\n", false, U32, UNKNOWN},
		{"eth00 1000 full\neth 1000 full\n", false, U32, UNKNOWN},
		{"\n\n", false, U32, UNKNOWN},
		{"", false, U32, UNKNOWN},
	};
	for (unsigned i = 0; i < ARRAY_LEN(answers); i++) {
		struct link link = {.name = "eth0", .speed_mbps = U32, .full_duplex = UNKNOWN};
		ck_assert_int_eq(links_parse_ethtool(text_of(answers[i].text), &link), answers[i].found);
		ck_assert_uint_eq(link.speed_mbps, answers[i].mbps);
		ck_assert_int_eq(link.full_duplex, answers[i].full);
	}
}
END_TEST

START_TEST(test_ask)
{
	uint32_t mbps = 7;
	enum tri full = NO;
	ck_assert_int_lt(link_speed_ask("no-such-link", &mbps, &full), 0);
	ck_assert_int_eq(link_speed_ask("a-name-of-16-chr", &mbps, &full), -ENAMETOOLONG);
	ck_assert_int_lt(link_speed_ask("lo", &mbps, &full), 0);
	ck_assert_uint_eq(mbps, 7);
	ck_assert_int_eq(full, NO);
}
END_TEST

static struct recorded_root machine;

static void put_link(const char *name, const char *const *attributes)
{
	char path[128];
	for (; *attributes; attributes += 2) {
		snprintf(path, sizeof path, "sys/class/net/%s/%s", name, attributes[0]);
		recorded_put(&machine, path, attributes[1]);
	}
}

#define ATTRIBUTES(...) ((const char *const[]){__VA_ARGS__, NULL})

static const struct {
	const char *name;
	enum tri up, full, wireless;
	uint32_t mbps, mtu;
	const char *reason;
} expected[] = {
	{"eth0", YES, YES, NO, 1000, 9000, ""},
	{"wlan0", YES, UNKNOWN, YES, U32, 1500, "wlan0 tells neither speed nor duplex: it is wireless"},
	{"tun0", YES, UNKNOWN, NO, U32, 1500,
		"tun0 tells neither speed nor duplex: it is no Ethernet device"},
	{"eth2", YES, UNKNOWN, NO, 2500, 1500, "eth2 tells its speed but no duplex"},
	{"eth3", YES, NO, NO, 100, 1500, ""},
	{"bare0", UNKNOWN, UNKNOWN, UNKNOWN, U32, U32,
		"bare0 tells neither speed nor duplex: the recording has neither sysfs's nor ethtool's "
		"answer"},
	{"eth1", NO, UNKNOWN, UNKNOWN, U32, 1500, "eth1 is down"},
};

START_TEST(test_collect)
{
	recorded_make(&machine);
	recorded_put(&machine, "proc/net/dev",
		HEAD "lo:" NUMBERS "bare0:" NUMBERS "eth1:" NUMBERS "eth0:" NUMBERS "wlan0:" NUMBERS
		     "tun0:" NUMBERS "eth2:" NUMBERS "eth3:" NUMBERS);
	/* eth0 as on Linux 2.6.31: no speed in sysfs */
	put_link("eth0", ATTRIBUTES("operstate", "unknown\n", "carrier", "1\n", "mtu", "9000\n"));
	put_link("eth1", ATTRIBUTES("operstate", "down\n", "mtu", "1500\n", "speed", "10\n", "duplex",
				 "half\n", "wireless/x", ""));
	put_link("wlan0", ATTRIBUTES("operstate", "up\n", "mtu", "1500\n", "speed", "-1\n", "phy80211/x", "",
				  "type", "1\n"));
	put_link("tun0",
		ATTRIBUTES("operstate", "unknown\n", "carrier", "1\n", "mtu", "1500\n", "type", "65534\n"));
	put_link("eth2",
		ATTRIBUTES("operstate", "up\n", "mtu", "1500\n", "speed", "2500\n", "duplex", "unknown\n"));
	put_link("eth3",
		ATTRIBUTES("operstate", "up\n", "mtu", "1500\n", "speed", "100\n", "duplex", "half\n"));
	recorded_put(&machine, "answers/ethtool", "eth0 1000 full\neth1 1000 full\neth3 1000 full\n");
	int result = links_collect(&machine.pass, &machine.fault);
	recorded_drop(&machine);
	ck_assert_int_eq(result, 0);
	ck_assert_uint_eq(machine.now.link_count, ARRAY_LEN(expected));
	for (unsigned i = 0; i < ARRAY_LEN(expected); i++) {
		const struct link *link = &machine.now.links[i];
		ck_assert_str_eq(link->name, expected[i].name);
		ck_assert_str_eq(link->reason, expected[i].reason);
		ck_assert_int_eq(link->up, expected[i].up);
		ck_assert_int_eq(link->full_duplex, expected[i].full);
		ck_assert_int_eq(link->wireless, expected[i].wireless);
		ck_assert_uint_eq(link->speed_mbps, expected[i].mbps);
		ck_assert_uint_eq(link->mtu, expected[i].mtu);
		ck_assert_uint_eq(link->rx_bytes, 1);
	}
}
END_TEST

START_TEST(test_collect_failures)
{
	recorded_make(&machine);
	int missing = links_collect(&machine.pass, &machine.fault);
	bool named = strstr(machine.fault.text, "/proc/net/dev is missing") != NULL;
	recorded_put(&machine, "proc/net/dev", "nothing of use\n");
	int nonsense = links_collect(&machine.pass, &machine.fault);
	recorded_drop(&machine);
	ck_assert_int_eq(missing, SOURCE_E_ABSENT);
	ck_assert(named);
	ck_assert_int_eq(nonsense, -EBADMSG);
	ck_assert_ptr_nonnull(strstr(machine.fault.text, "/proc/net/dev"));
	ck_assert_uint_eq(machine.now.link_count, 0);
}
END_TEST

Suite *suite_source_links(void);
Suite *suite_source_links(void)
{
	Suite *suite = suite_create("source_links");
	TCase *parse = tcase_create("parse");
	tcase_add_loop_test(parse, test_dev, 0, ARRAY_LEN(devs));
	tcase_add_loop_test(parse, test_no_link, 0, ARRAY_LEN(empties));
	tcase_add_test(parse, test_nul);
	tcase_add_test(parse, test_order);
	tcase_add_test(parse, test_too_many);
	tcase_add_test(parse, test_up);
	tcase_add_test(parse, test_speed);
	tcase_add_test(parse, test_ethtool);
	suite_add_tcase(suite, parse);
	TCase *collect = tcase_create("collect");
	tcase_add_test(collect, test_ask);
	tcase_add_test(collect, test_collect);
	tcase_add_test(collect, test_collect_failures);
	suite_add_tcase(suite, collect);
	return suite;
}
