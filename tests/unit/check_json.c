/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "show/json.h"

#include "common/scope.h"
#include "tests/unit/parsed_json.h"

#define FFFD "\xef\xbf\xbd"

/* the document whose only member is "x", as text */
#define ONE(call, expected)                                           \
	do {                                                          \
		struct json json;                                     \
		json_start(&json);                                    \
		call;                                                 \
		ck_assert_pstr_eq(json_text(&json, false), expected); \
		json_free(&json);                                     \
	} while (0)

START_TEST(values)
{
	ONE(json_null(&json, "x"), "{\"x\":null}");
	ONE(json_bool(&json, "x", true), "{\"x\":true}");
	ONE(json_bool(&json, "x", false), "{\"x\":false}");
	ONE(json_tri(&json, "x", YES), "{\"x\":true}");
	ONE(json_tri(&json, "x", NO), "{\"x\":false}");
	ONE(json_tri(&json, "x", UNKNOWN), "{\"x\":null}");
	ONE(json_u64(&json, "x", 0), "{\"x\":0}");
	ONE(json_u64(&json, "x", UNKNOWN_U64 - 1), "{\"x\":18446744073709551614}");
	ONE(json_u64(&json, "x", UNKNOWN_U64), "{\"x\":null}");
	ONE(json_u64(&json, "x", UNKNOWN_U32), "{\"x\":4294967295}");
	ONE(json_u32(&json, "x", UNKNOWN_U32 - 1), "{\"x\":4294967294}");
	ONE(json_u32(&json, "x", UNKNOWN_U32), "{\"x\":null}");
	ONE(json_time(&json, "x", 1795381447999), "{\"x\":\"2026-11-22T21:04:07Z\"}");
	ONE(json_time(&json, "x", 253402300800000), "{\"x\":null}");
	ONE(json_time(&json, "x", UNKNOWN_U64), "{\"x\":null}");
}
END_TEST

START_TEST(hundredths)
{
	ONE(json_hundredths(&json, "x", 9750), "{\"x\":97.5}");
	ONE(json_hundredths(&json, "x", 200), "{\"x\":2.0}");
	ONE(json_hundredths(&json, "x", 37), "{\"x\":0.37}");
	ONE(json_hundredths(&json, "x", 0), "{\"x\":0.0}");
	ONE(json_hundredths(&json, "x", 5), "{\"x\":0.05}");
	ONE(json_hundredths(&json, "x", 10), "{\"x\":0.1}");
	ONE(json_hundredths(&json, "x", 101), "{\"x\":1.01}");
	ONE(json_hundredths(&json, "x", UNKNOWN_U32 - 1), "{\"x\":42949672.94}");
	ONE(json_hundredths(&json, "x", UNKNOWN_U32), "{\"x\":null}");
}
END_TEST

START_TEST(strings)
{
	ONE(json_string(&json, "x", NULL), "{\"x\":null}");
	ONE(json_string(&json, "x", ""), "{\"x\":null}");
	ONE(json_string(&json, "x", "/c \"q\" \\ </a>"), "{\"x\":\"/c \\\"q\\\" \\\\ </a>\"}");
	ONE(json_string(&json, "x", "\n\t\x01"), "{\"x\":\"\\n\\t\\u0001\"}");
	ONE(json_string(&json, "x", "B\xc3\xbc\xf0\x9f\x92\xbe"), "{\"x\":\"B\xc3\xbc\xf0\x9f\x92\xbe\"}");
	ONE(json_string(&json, "x", "a\xff\xc3"), "{\"x\":\"a" FFFD FFFD "\"}");
}
END_TEST

START_TEST(nesting)
{
	struct json json;
	json_start(&json);
	json_object(&json, "inner");
	json_u32(&json, "a", 1);
	json_list(&json, "list");
	ck_assert_ptr_null(json_text(&json, false)); /* not yet whole */
	json_string(&json, NULL, "b");
	json_object(&json, NULL);
	json_null(&json, "c");
	json_end(&json);
	json_list(&json, NULL);
	json_end(&json);
	json_end(&json);
	json_end(&json);
	json_bool(&json, "last", true);
	const char *text = json_text(&json, false);
	ck_assert_str_eq(text, "{\"inner\":{\"a\":1,\"list\":[\"b\",{\"c\":null},[]]},\"last\":true}");
	struct json_c_object *root = parsed(json_text(&json, true));
	ck_assert_str_eq(parsed_at(root, "/inner/list/0"), "\"b\"");
	json_object_put(root);
	json_free(&json);
}
END_TEST

START_TEST(pretty_is_one_member_a_line)
{
	struct json json;
	json_start(&json);
	json_string(&json, "path", "/c");
	json_u32(&json, "n", 2);
	ck_assert_pstr_eq(json_text(&json, true), "{\n  \"path\": \"/c\",\n  \"n\": 2\n}");
	json_free(&json);
}
END_TEST

static void nest(struct json *json, unsigned depth)
{
	for (unsigned i = 0; i < depth; i++)
		json_object(json, "inner");
	for (unsigned i = 0; i < depth; i++)
		json_end(json);
}

START_TEST(depth_has_an_end)
{
	struct json json;
	json_start(&json);
	nest(&json, JSON_DEPTH_MAX - 1);
	ck_assert_ptr_nonnull(json_text(&json, false));
	json_free(&json);
	json_start(&json);
	nest(&json, JSON_DEPTH_MAX);
	ck_assert(json.failed);
	ck_assert_ptr_null(json_text(&json, false));
	json_free(&json);
}
END_TEST

static void end_too_often(struct json *json)
{
	json_end(json);
}

static void end_too_seldom(struct json *json)
{
	json_list(json, "x");
}

static void no_name_in_object(struct json *json)
{
	json_u32(json, NULL, 1);
}

static void name_in_list(struct json *json)
{
	json_list(json, "x");
	json_string(json, "name", "value");
	json_end(json);
}

static void object_without_name(struct json *json)
{
	json_object(json, NULL);
	json_end(json);
}

static void null_without_name(struct json *json)
{
	json_null(json, NULL);
}

static void (*const mistakes[])(struct json *) = {end_too_often, end_too_seldom, no_name_in_object,
	name_in_list, object_without_name, null_without_name};

START_TEST(mistakes_stick)
{
	struct json json;
	json_start(&json);
	json_u32(&json, "good", 1);
	mistakes[_i](&json);
	json_u32(&json, "later", 1);
	json_object(&json, "object");
	json_end(&json);
	ck_assert_ptr_null(json_text(&json, false));
	json_free(&json);
}
END_TEST

START_TEST(free_takes_any_state)
{
	struct json json = {0};
	json_free(&json);
	json_start(&json);
	json_list(&json, "open");
	json_free(&json);
	json_free(&json);
	json_string(&json, "after", "the end");
	json_end(&json);
	ck_assert_ptr_null(json_text(&json, true));
}
END_TEST

Suite *suite_json(void);
Suite *suite_json(void)
{
	Suite *suite = suite_create("json");
	TCase *tcase = tcase_create("json");
	tcase_add_test(tcase, values);
	tcase_add_test(tcase, hundredths);
	tcase_add_test(tcase, strings);
	tcase_add_test(tcase, nesting);
	tcase_add_test(tcase, pretty_is_one_member_a_line);
	tcase_add_test(tcase, depth_has_an_end);
	tcase_add_loop_test(tcase, mistakes_stick, 0, ARRAY_LEN(mistakes));
	tcase_add_test(tcase, free_takes_any_state);
	suite_add_tcase(suite, tcase);
	return suite;
}
