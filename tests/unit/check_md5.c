/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "common/md5.h"
#include "common/scope.h"

Suite *suite_md5(void);

static void hex(const unsigned char digest[MD5_LEN], char ret_text[2 * MD5_LEN + 1])
{
	for (unsigned i = 0; i < MD5_LEN; i++)
		snprintf(ret_text + 2 * i, 3, "%02x", digest[i]);
}

/* RFC 1321, appendix A.5 */
static const struct {
	const char *text, *digest;
} vectors[] = {
	{"", "d41d8cd98f00b204e9800998ecf8427e"},
	{"a", "0cc175b9c0f1b6a831c399e269772661"},
	{"abc", "900150983cd24fb0d6963f7d28e17f72"},
	{"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
	{"abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"},
	{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
		"d174ab98d277d9f5a5611c2c9f419d9f"},
	{"1234567890123456789012345678901234567890123456789012345678901234567890123456789"
	 "0",
		"57edf4a22be3c955ac49da2e2107b67a"},
	/* RFC 7616, section 3.9.1: the user there */
	{"Mufasa:http-auth@example.org:Circle of Life", "3d78807defe7de2157e2b0b6573a855f"},
};

START_TEST(test_vectors)
{
	unsigned char digest[MD5_LEN];
	char text[2 * MD5_LEN + 1];
	md5(vectors[_i].text, strlen(vectors[_i].text), digest);
	hex(digest, text);
	ck_assert_str_eq(text, vectors[_i].digest);
}
END_TEST

/* around the ends of blocks, as coreutils' md5sum counts them: that many letters x */
static const struct {
	unsigned length;
	const char *digest;
} lengths[] = {
	{55, "04364420e25c512fd958a70738aa8f72"},
	{56, "668a72d5ba17f08e62dabcafad6db14b"},
	{57, "693037871c4a9d3d8685018905cb530a"},
	{63, "7dc2ca208106a2f703567bdff99d8981"},
	{64, "c1bb4f81d892b2d57947682aeb252456"},
	{65, "1bc932052302d074bdec39795fe00cf6"},
	{119, "ab347a5f68c8a443cfcddc633f12c24f"},
	{120, "fb98667f98096de92620b64f46e1c5b5"},
	{127, "a0b28c1da68705c2ff883fe279b72753"},
	{128, "d69cb61a6ee87200676eb0d4b90edbcb"},
	{129, "3926841d393c00c3f36260e5ace10dc1"},
	{200, "30a83621ce5422fbdfdd539777458c78"},
};

START_TEST(test_lengths)
{
	char letters[200];
	unsigned char digest[MD5_LEN];
	char text[2 * MD5_LEN + 1];
	memset(letters, 'x', sizeof letters);
	md5(letters, lengths[_i].length, digest);
	hex(digest, text);
	ck_assert_str_eq(text, lengths[_i].digest);
}
END_TEST

Suite *suite_md5(void)
{
	Suite *suite = suite_create("md5");
	TCase *tcase = tcase_create("md5");
	tcase_add_loop_test(tcase, test_vectors, 0, (int)ARRAY_LEN(vectors));
	tcase_add_loop_test(tcase, test_lengths, 0, (int)ARRAY_LEN(lengths));
	suite_add_tcase(suite, tcase);
	return suite;
}
