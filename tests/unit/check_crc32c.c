/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "common/crc32c.h"

Suite *suite_crc32c(void);

/* RFC 3720, appendix B.4 */
START_TEST(known_vectors)
{
	unsigned char bytes[32];
	memset(bytes, 0, sizeof bytes);
	ck_assert_uint_eq(crc32c(0, bytes, 32), 0x8a9136aa);
	memset(bytes, 0xff, sizeof bytes);
	ck_assert_uint_eq(crc32c(0, bytes, 32), 0x62a8ab43);
	for (unsigned i = 0; i < 32; i++)
		bytes[i] = (unsigned char)i;
	ck_assert_uint_eq(crc32c(0, bytes, 32), 0x46dd794e);
	for (unsigned i = 0; i < 32; i++)
		bytes[i] = (unsigned char)(31 - i);
	ck_assert_uint_eq(crc32c(0, bytes, 32), 0x113fdb5c);
	ck_assert_uint_eq(crc32c(0, (const unsigned char *)"123456789", 9), 0xe3069283);
	ck_assert_uint_eq(crc32c(0, bytes, 0), 0);
}
END_TEST

START_TEST(in_pieces)
{
	const unsigned char *bytes = (const unsigned char *)"123456789";
	for (unsigned i = 0; i <= 9; i++)
		ck_assert_uint_eq(crc32c(crc32c(0, bytes, i), bytes + i, 9 - i), 0xe3069283);
}
END_TEST

START_TEST(with_a_hole)
{
	unsigned char bytes[16] = "abcdefghijklmnop", zeroed[16] = "abcdefghijklmnop";
	memset(zeroed + 4, 0, 4);
	ck_assert_uint_eq(crc32c_without(bytes, 16, 4), crc32c(0, zeroed, 16));
	ck_assert_uint_ne(crc32c_without(bytes, 16, 4), crc32c(0, bytes, 16));
	ck_assert_uint_eq(crc32c_without(zeroed, 8, 4), crc32c(0, zeroed, 8));
}
END_TEST

Suite *suite_crc32c(void)
{
	Suite *suite = suite_create("crc32c");
	TCase *tcase = tcase_create("crc");
	tcase_add_test(tcase, known_vectors);
	tcase_add_test(tcase, in_pieces);
	tcase_add_test(tcase, with_a_hole);
	suite_add_tcase(suite, tcase);
	return suite;
}
