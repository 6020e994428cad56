/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <ctype.h>
#include <stdio.h>

#include "tests/unit/asked.h"

Suite *suite_api_openapi(void);

static struct asked nas;

static void set_up(void)
{
	asked_start(&nas);
	asked_call(&nas, api_openapi, NULL);
}

static void tear_down(void)
{
	asked_end(&nas);
}

static struct json_c_object *member(struct json_c_object *of, const char *name)
{
	struct json_c_object *value = NULL;
	json_object_object_get_ex(of, name, &value);
	return value;
}

static struct json_c_object *operation_of(const struct route *route)
{
	struct json_c_object *path = member(member(nas.json, "paths"), route->path);
	char method[8] = "";
	for (size_t i = 0; route->method[i]; i++)
		method[i] = (char)tolower((unsigned char)route->method[i]);
	return member(path, method);
}

START_TEST(every_route_is_described)
{
	asked_says(&nas, "/openapi", "\"3.0.3\"");
	for (unsigned i = 0; i < routes_count; i++) {
		struct json_c_object *operation = operation_of(&routes[i]);
		ck_assert_msg(operation, "%s %s is missing", routes[i].method, routes[i].path);
		ck_assert_str_eq(json_object_get_string(member(operation, "summary")), routes[i].says);
		ck_assert_msg(member(member(operation, "responses"), "200"),
			"%s %s has no row in api_openapi.c", routes[i].method, routes[i].path);
		ck_assert_msg((member(operation, "requestBody") != NULL) == (routes[i].body_max > 0),
			"%s %s: body", routes[i].method, routes[i].path);
	}
}
END_TEST

START_TEST(nothing_else_is_described)
{
	unsigned operations = 0;
	struct json_c_object *paths = member(nas.json, "paths");
	struct json_object_iterator at = json_object_iter_begin(paths), end = json_object_iter_end(paths);
	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at))
		operations += (unsigned)json_object_object_length(json_object_iter_peek_value(&at));
	ck_assert_uint_eq(operations, routes_count);
	ck_assert_uint_eq(api_openapi_rows(), routes_count);
}
END_TEST

static const struct {
	const char *schema;
	void (*handle)(const struct request *request, struct reply *reply);
	int members;
} bodies[] = {{"Allocation", api_ask_gate, 5}, {"Path", api_paths, 5}};

/* what the document says of a body is what the handler takes */
START_TEST(the_body_is_what_it_says)
{
	struct json_c_object *properties = member(
		member(member(member(nas.json, "components"), "schemas"), bodies[_i].schema), "properties");
	ck_assert_int_eq(json_object_object_length(properties), bodies[_i].members);
	struct asked gate;
	asked_start(&gate);
	asked_call(&gate, bodies[_i].handle, "{\"x\":1}");
	struct json_object_iterator at = json_object_iter_begin(properties),
				    end = json_object_iter_end(properties);
	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at))
		ck_assert_ptr_nonnull(
			strstr(parsed_at(gate.json, "/detail"), json_object_iter_peek_name(&at)));
	asked_end(&gate);
}
END_TEST

Suite *suite_api_openapi(void)
{
	Suite *suite = suite_create("api_openapi");
	TCase *tcase = tcase_create("api_openapi");
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, every_route_is_described);
	tcase_add_test(tcase, nothing_else_is_described);
	tcase_add_loop_test(tcase, the_body_is_what_it_says, 0, (int)ARRAY_LEN(bodies));
	suite_add_tcase(suite, tcase);
	return suite;
}
