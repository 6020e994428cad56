/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "common/scope.h"
#include "serve/access.h"

Suite *suite_access(void);

static const struct {
	const char *peer;
	bool allowed;
} peers[] = {
	{"127.0.0.1", true},
	{"127.255.255.254", true},
	{"128.0.0.1", false},
	{"::1", true},
	{"::2", false},
	{"::", false},
	{"10.255.255.255", true},
	{"11.0.0.0", false},
	{"9.255.255.255", false},
	{"172.15.255.255", false},
	{"172.16.0.0", true},
	{"172.31.255.255", true},
	{"172.32.0.0", false},
	{"192.167.255.255", false},
	{"192.168.0.1", true},
	{"192.169.0.0", false},
	{"169.254.7.7", true},
	{"169.255.0.0", false},
	{"8.8.8.8", false},
	{"0.0.0.0", false},
	{"fc00::1", true},
	{"fdff:ffff::1", true},
	{"fe00::1", false},
	{"fe80::1", true},
	{"febf::1", true},
	{"fec0::1", false},
	{"2001:db8::1", false},
	{"::ffff:192.168.1.2", true},
	{"::ffff:8.8.8.8", false},
	{"", false},
	{"localhost", false},
	{"192.168.1", false},
	{"192.168.1.1 ", false},
	{"192.168.1.1.1", false},
	{"192.168.1.1:80", false},
	{"-1.0.0.1", false},
	{"127.0.0.1127.0.0.1127.0.0.1127.0.0.1127.0.0.1127.0.0.1127.0.0.1", false},
};

START_TEST(test_peer)
{
	struct access access;
	access_start(&access, "nas");
	ck_assert_msg(access_may_read(&access, peers[_i].peer) == peers[_i].allowed, "%s", peers[_i].peer);
}
END_TEST

static const struct {
	const char *list, *peer;
	bool allowed;
} lists[] = {
	{"", "203.0.113.1", false},
	{"203.0.113.0/24", "203.0.113.255", true},
	{"203.0.113.0/24", "203.0.114.0", false},
	{"203.0.113.7/24", "203.0.113.9", true},
	{"203.0.113.128/25", "203.0.113.127", false},
	{"203.0.113.128/25", "203.0.113.128", true},
	{"203.0.113.7", "203.0.113.7", true},
	{"203.0.113.7", "203.0.113.6", false},
	{"203.0.113.7/32", "203.0.113.6", false},
	{"0.0.0.0/0", "8.8.8.8", true},
	{"0.0.0.0/0", "2001:db8::1", false},
	{"::/0", "2001:db8::1", true},
	{"::/0", "8.8.8.8", false},
	{" 198.51.100.0/24 ,2001:db8::/33 , ", "2001:db8:7fff::1", true},
	{" 198.51.100.0/24 ,2001:db8::/33 , ", "2001:db8:8000::1", false},
	{" 198.51.100.0/24 ,2001:db8::/33 , ", "198.51.100.3", true},
};

START_TEST(test_allow)
{
	struct access access;
	access_start(&access, "nas");
	ck_assert_int_eq(access_allow(&access, lists[_i].list, NULL), 0);
	ck_assert_msg(access_may_read(&access, lists[_i].peer) == lists[_i].allowed, "%s: %s", lists[_i].list,
		lists[_i].peer);
}
END_TEST

static const struct {
	const char *list, *named;
} wrong_lists[] = {
	{"203.0.113.0/33", "203.0.113.0/33"},
	{"2001:db8::/129", "2001:db8::/129"},
	{"203.0.113.0/-1", "203.0.113.0/-1"},
	{"203.0.113.0/", "203.0.113.0/"},
	{"203.0.113.0/8/8", "203.0.113.0/8/8"},
	{"203.0.113.0/99999999999999999999", "203.0.113.0/9999"},
	{"/8", "/8"},
	{"198.51.100.1, example.org", "\"example.org\""},
	{"203.0.113", "203.0.113"},
	{"203.0.113.0 203.0.113.1", "203.0.113.0 203.0.113.1"},
	{"1.1.1.1,1.1.1.2,1.1.1.3,1.1.1.4,1.1.1.5,1.1.1.6,1.1.1.7,1.1.1.8,1.1.1.9,1.1.1.10", "too many"},
};

START_TEST(test_allow_wrong)
{
	struct access access;
	struct fault fault = {""};
	access_start(&access, "nas");
	ck_assert_int_eq(access_allow(&access, wrong_lists[_i].list, &fault), -EINVAL);
	ck_assert_msg(strstr(fault.text, wrong_lists[_i].named), "%s", fault.text);
}
END_TEST

static const struct {
	const char *host;
	bool ours;
} hosts[] = {
	{NULL, true},
	{"", false},
	{" ", false},
	{"localhost", true},
	{"LocalHost", true},
	{"localhost:8439", true},
	{"localhost.:8439", true},
	{"localhost..", false},
	{"localhost:", true},
	{"localhost:0", false},
	{"localhost:65536", false},
	{"localhost:8439x", false},
	{"localhost:-1", false},
	{"localhost:80:80", false},
	{"localhosts", false},
	{"localhos", false},
	{"NAS", true},
	{"nas.local", true},
	{"nas.local.", true},
	{"nas.lan", true},
	{"backup.example.org:8439", true},
	{"example.org", false},
	{"nas.evil.example", false},
	{"nas@evil.example", false},
	{"192.168.1.5", true},
	{"192.168.1.5:8439", true},
	{"8.8.8.8", true},
	{"192.168.1.5.evil.example", false},
	{"192.168.1", false},
	{"[::1]", true},
	{"[::1]:8439", true},
	{"[FE80::1]", true},
	{"[::1", false},
	{"[]", false},
	{"[", false},
	{"[::1]x", false},
	{"[::1]:x", false},
	{"[127.0.0.1]", false},
	{"[localhost]", false},
	{"::1", false},
	{":8439", false},
	{".", false},
	{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	 "a",
		false},
};

START_TEST(test_host)
{
	struct access access;
	access_start(&access, "nas");
	ck_assert_int_eq(access_add_names(&access, "nas.lan., backup.example.org", NULL), 0);
	ck_assert_msg(access_host_is_ours(&access, hosts[_i].host) == hosts[_i].ours, "%s",
		hosts[_i].host ? hosts[_i].host : "no Host");
}
END_TEST

static const struct {
	const char *list, *named;
} wrong_names[] = {
	{"http://nas", "http://nas"},
	{"nas:8439", "nas:8439"},
	{"nas/x", "nas/x"},
	{"nas, my nas", "my nas"},
	{".", "no host name"},
	{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"no host name"},
	{"a,b,c,d,e,f", "\"f\" is one name too many"},
};

START_TEST(test_names_wrong)
{
	struct access access;
	struct fault fault = {""};
	access_start(&access, "nas");
	ck_assert_int_eq(access_add_names(&access, wrong_names[_i].list, &fault), -EINVAL);
	ck_assert_msg(strstr(fault.text, wrong_names[_i].named), "%s", fault.text);
}
END_TEST

/* a machine without a usable name is still reached by address and as localhost, and not by an empty name */
START_TEST(test_own_name)
{
	static const char *const names[] = {"", "(none)",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
	struct access access;
	access_start(&access, names[_i]);
	ck_assert(access_host_is_ours(&access, "localhost"));
	ck_assert(!access_host_is_ours(&access, names[_i]));
	ck_assert(!access_host_is_ours(&access, ".local"));
	ck_assert(access_may_read(&access, "192.168.1.1"));
}
END_TEST

static const struct {
	const char *origin, *host;
	bool matches;
} origins[] = {
	{NULL, "nas:8439", true},
	{NULL, NULL, true},
	{"null", "nas:8439", false},
	{"null", "null", false},
	{"", "nas", false},
	{"http://nas:8439", "nas:8439", true},
	{"http://NAS:8439", "nas.:8439", true},
	{"http://nas", "nas:8439", true},
	{"http://nas:8440", "nas:8439", false},
	{"http://nas:80", "nas", true},
	{"https://nas:443", "nas", true},
	{"http://nas:443", "nas", false},
	{"https://nas", "nas:8439", true},
	{"http://evil.example", "nas:8439", false},
	{"http://nas.evil.example", "nas", false},
	{"http://nas@evil.example", "nas", false},
	{"http://na", "nas", false},
	{"http://nas", NULL, false},
	{"http://nas", "", false},
	{"http://", "nas", false},
	{"nas", "nas", false},
	{"//nas", "nas", false},
	{"file://nas", "nas", false},
	{"chrome-extension://nas", "nas", false},
	{"http://nas/page", "nas", false},
	{"http://[::1]:8439", "[::1]:8439", true},
	{"http://[::2]:8439", "[::1]:8439", false},
	{"http://192.168.1.5:8439", "192.168.1.5:8439", true},
	{"http://nas:99999", "nas:99999", false},
};

START_TEST(test_origin)
{
	ck_assert_msg(access_origin_matches(origins[_i].origin, origins[_i].host) == origins[_i].matches,
		"%s at %s", origins[_i].origin ? origins[_i].origin : "no Origin",
		origins[_i].host ? origins[_i].host : "no Host");
}
END_TEST

Suite *suite_access(void)
{
	Suite *suite = suite_create("access");
	TCase *tcase = tcase_create("access");
	tcase_add_loop_test(tcase, test_peer, 0, (int)ARRAY_LEN(peers));
	tcase_add_loop_test(tcase, test_allow, 0, (int)ARRAY_LEN(lists));
	tcase_add_loop_test(tcase, test_allow_wrong, 0, (int)ARRAY_LEN(wrong_lists));
	tcase_add_loop_test(tcase, test_host, 0, (int)ARRAY_LEN(hosts));
	tcase_add_loop_test(tcase, test_names_wrong, 0, (int)ARRAY_LEN(wrong_names));
	tcase_add_loop_test(tcase, test_own_name, 0, 3);
	tcase_add_loop_test(tcase, test_origin, 0, (int)ARRAY_LEN(origins));
	suite_add_tcase(suite, tcase);
	return suite;
}
