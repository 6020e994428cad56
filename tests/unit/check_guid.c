/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "common/guid.h"
#include "common/vhdx_metadata.h"

Suite *suite_guid(void);

START_TEST(there_and_back)
{
	struct guid guid;
	char text[GUID_TEXT_LEN];
	ck_assert(guid_parse("00112233-4455-6677-8899-AABBCCDDEEFF", &guid));
	static const unsigned char stored[] = {0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99,
		0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};
	ck_assert_mem_eq(guid.bytes, stored, 16);
	guid_format(text, &guid);
	ck_assert_str_eq(text, "00112233-4455-6677-8899-aabbccddeeff");
	struct guid other;
	ck_assert(guid_parse("{00112233-4455-6677-8899-aabbccddeeff}", &other));
	ck_assert(guid_equal(&guid, &other));
	other.bytes[15]++;
	ck_assert(!guid_equal(&guid, &other));
}
END_TEST

START_TEST(no_guids)
{
	static const char *const texts[] = {"", "{", "{}", "00112233-4455-6677-8899-AABBCCDDEEF",
		"00112233-4455-6677-8899-AABBCCDDEEFF0", "00112233-4455-6677-8899-AABBCCDDEEFG",
		"{00112233-4455-6677-8899-AABBCCDDEEFF", "00112233-4455-6677-8899-AABBCCDDEEFF}",
		"00112233 4455-6677-8899-AABBCCDDEEFF", "0011223344556677-8899-AABBCCDDEEFF--"};
	struct guid guid;
	memset(&guid, 7, sizeof guid);
	for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++)
		ck_assert_msg(!guid_parse(texts[i], &guid), "%s", texts[i]);
	ck_assert_uint_eq(guid.bytes[0], 7);
}
END_TEST

START_TEST(zero_and_random)
{
	struct guid guid;
	unsigned char bytes[16] = {0};
	guid = guid_of(bytes);
	ck_assert(guid_is_zero(&guid));
	memset(bytes, 0xff, sizeof bytes);
	guid = guid_from_random(bytes);
	char text[GUID_TEXT_LEN];
	guid_format(text, &guid);
	ck_assert_str_eq(text, "ffffffff-ffff-4fff-bfff-ffffffffffff");
}
END_TEST

/* the constants, as the specification writes them */
START_TEST(of_the_format)
{
	char text[GUID_TEXT_LEN];
	guid_format(text, &vhdx_region_bat);
	ck_assert_str_eq(text, "2dc27766-f623-4200-9d64-115e9bfd4a08");
	guid_format(text, &vhdx_region_metadata);
	ck_assert_str_eq(text, "8b7ca206-4790-4b9a-b8fe-575f050f886e");
	guid_format(text, &vhdx_locator_vhdx);
	ck_assert_str_eq(text, "b04aefb7-d19e-4a81-b789-25b8e9445913");
	static const char *const items[] = {"caa16737-fa36-4d43-b3b6-33f0aa44e76b",
		"2fa54224-cd1b-4876-b211-5dbed83bf4b8", "beca12ab-b2e6-4523-93ef-c309e000c746",
		"8141bf1d-a96f-4709-ba47-f233a8faab5f", "cda348c7-445d-4471-9cc9-e9885251c556",
		"a8d35f2d-b30b-454d-abf7-d3d84834ab0c"};
	for (unsigned i = 0; i < VHDX_KNOWN_COUNT; i++) {
		struct guid guid;
		ck_assert(guid_parse(items[i], &guid));
		ck_assert_uint_eq(vhdx_item_known(&guid), i);
	}
	ck_assert_uint_eq(vhdx_item_known(&vhdx_region_bat), VHDX_KNOWN_COUNT);
}
END_TEST

Suite *suite_guid(void)
{
	Suite *suite = suite_create("guid");
	TCase *tcase = tcase_create("guid");
	tcase_add_test(tcase, there_and_back);
	tcase_add_test(tcase, no_guids);
	tcase_add_test(tcase, zero_and_random);
	tcase_add_test(tcase, of_the_format);
	suite_add_tcase(suite, tcase);
	return suite;
}
