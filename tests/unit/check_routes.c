/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "serve/routes.h"

Suite *suite_routes(void);

static const struct {
	const char *method, *path;
	void (*handle)(const struct request *request, struct reply *reply);
} found[] = {
	{"GET", "/", api_page},
	{"HEAD", "/", api_page},
	{"GET", "/v1", api_index},
	{"GET", "/v1/", api_index},
	{"GET", "/v1/status", api_status},
	{"HEAD", "/v1/status/", api_status},
	{"GET", "/metrics", api_metrics},
	{"GET", "/v1/jobs", api_jobs},
	{"GET", "/v1/jobs/", api_jobs},
	{"GET", "/v1/jobs/17", api_job},
	{"GET", "/v1/jobs/17/", api_job},
	{"DELETE", "/v1/jobs/x y", api_cancel_job},
};

START_TEST(test_found)
{
	struct reply reply = {0};
	const struct route *route = route_find(found[_i].method, found[_i].path, &reply);
	ck_assert_msg(route && route->handle == found[_i].handle, "%s %s", found[_i].method, found[_i].path);
	ck_assert_uint_eq(reply.status, 0);
	ck_assert_str_eq(reply.allow, "");
	ck_assert_ptr_null(reply.body.data);
}
END_TEST

static const struct {
	const char *method, *path;
	unsigned status;
	const char *allow, *code;
} refused[] = {
	{"GET", "", 404, "", "no-such-route"},
	{"GET", "//", 404, "", "no-such-route"},
	{"GET", "*", 404, "", "no-such-route"},
	{"GET", "/v", 404, "", "no-such-route"},
	{"GET", "/v1//", 404, "", "no-such-route"},
	{"GET", "/V1", 404, "", "no-such-route"},
	{"GET", "/v1/statu", 404, "", "no-such-route"},
	{"GET", "/v1/statuses", 404, "", "no-such-route"},
	{"GET", "/v1/status/x", 404, "", "no-such-route"},
	{"GET", "v1", 404, "", "no-such-route"},
	{"GET", "/v1/jobs//", 404, "", "no-such-route"},
	{"GET", "/v1/jobs/1/2", 404, "", "no-such-route"},
	{"GET", "/v1/job/1", 404, "", "no-such-route"},
	{"POST", "/v1/jobs/1", 405, "GET, HEAD, DELETE", "method-not-allowed"},
	{"DELETE", "/nothing", 404, "", "no-such-route"},
	{"POST", "/v1/status", 405, "GET, HEAD", "method-not-allowed"},
	{"get", "/v1", 405, "GET, HEAD", "method-not-allowed"},
	{"", "/v1", 405, "GET, HEAD", "method-not-allowed"},
	{"OPTIONS", "/", 405, "GET, HEAD", "method-not-allowed"},
	{"GETS", "/v1/", 405, "GET, HEAD", "method-not-allowed"},
};

START_TEST(test_refused)
{
	char code[64];
	struct reply reply = {0};
	ck_assert_ptr_null(route_find(refused[_i].method, refused[_i].path, &reply));
	ck_assert_uint_eq(reply.status, refused[_i].status);
	ck_assert_str_eq(reply.allow, refused[_i].allow);
	ck_assert_str_eq(reply.content_type, "application/problem+json; charset=utf-8");
	ck_assert_ptr_nonnull(reply.body.data);
	snprintf(code, sizeof code, "\"%s\"", refused[_i].code);
	ck_assert_msg(strstr(reply.body.data, code), "%s", reply.body.data);
	ck_assert_uint_eq(reply.body.length, strlen(reply.body.data));
	ck_assert_int_eq(reply.body.data[reply.body.length - 1], '\n');
	reply_free(&reply);
	ck_assert_ptr_null(reply.body.data);
}
END_TEST

START_TEST(test_arguments)
{
	static const struct route leases = {.path = "/v1/leases/{share}/{file}"};
	char arguments[ROUTE_ARGUMENTS_MAX][ROUTE_ARGUMENT_LEN];
	char longest[300] = "/v1/leases/a/";
	ck_assert_uint_eq(route_arguments(&leases, "/v1/leases/Back up/a.vhdx", arguments), 2);
	ck_assert_str_eq(arguments[0], "Back up");
	ck_assert_str_eq(arguments[1], "a.vhdx");
	ck_assert_uint_eq(route_arguments(&leases, "/v1/leases/a", arguments), 0);
	ck_assert_uint_eq(route_arguments(&leases, "/v1/leases//a", arguments), 0);
	memset(longest + strlen(longest), 'x', ROUTE_ARGUMENT_LEN - 1);
	ck_assert_uint_eq(route_arguments(&leases, longest, arguments), 2);
	ck_assert_uint_eq(strlen(arguments[1]), ROUTE_ARGUMENT_LEN - 1);
	strcat(longest, "x");
	ck_assert_uint_eq(route_arguments(&leases, longest, arguments), 0);
}
END_TEST

START_TEST(test_names_its_subject)
{
	struct reply reply = {0};
	ck_assert_ptr_null(route_find("GET", "/nothing-here", &reply));
	ck_assert_ptr_nonnull(strstr(reply.body.data, "nothing-here"));
	ck_assert_ptr_nonnull(strstr(reply.body.data, "v1 lists"));
	ck_assert_ptr_nonnull(strstr(reply.body.data, "\"about:blank\""));
	reply_free(&reply);
}
END_TEST

START_TEST(test_overlong)
{
	static char path[20000], method[5000];
	struct reply reply = {0};
	memset(path, 'x', sizeof path - 1);
	path[0] = '/';
	memset(method, 'M', sizeof method - 1);
	ck_assert_ptr_null(route_find("GET", path, &reply));
	ck_assert_uint_lt(reply.body.length, 1000);
	ck_assert_ptr_nonnull(strstr(reply.body.data, "xxx..."));
	ck_assert_ptr_nonnull(strstr(reply.body.data, "lists what can be asked"));
	reply_free(&reply);
	ck_assert_ptr_null(route_find(method, "/v1", &reply));
	ck_assert_uint_eq(reply.status, 405);
	ck_assert_uint_lt(reply.body.length, 1000);
	reply_free(&reply);
}
END_TEST

START_TEST(test_index)
{
	struct reply reply = {0};
	api_index(NULL, &reply);
	ck_assert_uint_eq(reply.status, 200);
	ck_assert_str_eq(reply.content_type, "application/json; charset=utf-8");
	const char *at = strstr(reply.body.data, "\"routes\"");
	for (unsigned i = 0; i < routes_count; i++) {
		ck_assert_msg(at && (at = strstr(at, routes[i].says)), "%s is not listed", routes[i].path);
		ck_assert_ptr_nonnull(routes[i].handle);
		ck_assert_int_eq(routes[i].path[0], '/');
	}
	reply_free(&reply);
}
END_TEST

/* the second refusal of one exchange takes the place of the first, in memory too */
START_TEST(test_problem_twice)
{
	struct reply reply = {0};
	reply_problem(&reply, 404, "first", "First", "%s", "one");
	reply_problem(&reply, 413, "second", "Second", "%s", "two");
	ck_assert_uint_eq(reply.status, 413);
	ck_assert_ptr_null(strstr(reply.body.data, "first"));
	ck_assert_ptr_nonnull(strstr(reply.body.data, "\"second\""));
	reply_free(&reply);
}
END_TEST

Suite *suite_routes(void)
{
	Suite *suite = suite_create("routes");
	TCase *tcase = tcase_create("routes");
	tcase_add_loop_test(tcase, test_found, 0, (int)ARRAY_LEN(found));
	tcase_add_loop_test(tcase, test_refused, 0, (int)ARRAY_LEN(refused));
	tcase_add_test(tcase, test_arguments);
	tcase_add_test(tcase, test_names_its_subject);
	tcase_add_test(tcase, test_overlong);
	tcase_add_test(tcase, test_index);
	tcase_add_test(tcase, test_problem_twice);
	suite_add_tcase(suite, tcase);
	return suite;
}
