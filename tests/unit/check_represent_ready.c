/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "show/represent_ready.h"
#include "tests/unit/parsed_json.h"
#include "tests/unit/shown_machine.h"

START_TEST(text_of_findings)
{
	all_is_known();
	assessment.findings[0].since_clock_ms = snapshot.clock_ms - 720000;
	assessment.findings[0].message = "Volume \"c\" is still giving back space, at 6900 MB/s, and of this "
					 "sentence the end comes on a line of "
					 "its own.";
	autofree char *text = printed(represent_ready_text);
	ck_assert_str_eq(text,
		"wait: do not start a backup yet, ask again in 4 min\n"
		"\n"
		"wait   freeing (volume:c), for 12 min\n"
		"       Volume \"c\" is still giving back space, at 6900 MB/s, and of this sentence\n"
		"       the end comes on a line of its own.\n"
		"       Wait for that \"quietly\".\n"
		"\n"
		"and 2 more, for which there is no room\n");
}
END_TEST

static const struct {
	enum verdict verdict;
	uint32_t count;
	bool info;
	const char *text;
} lines[] = {
	{VERDICT_GO, 0, false, "go: a backup may run now\n"},
	{VERDICT_GO, 1, true, "go: a backup may run now\n"},
	{VERDICT_GO, 1, false, "go: a backup may run now, but look at what follows\n"},
	{VERDICT_WAIT, 1, false, "wait: do not start a backup yet, ask again in 4 min\n"},
	{VERDICT_NO, 1, false, "no: a backup must not run now\n"},
};

START_TEST(one_line)
{
	all_is_known();
	if (lines[_i].info)
		assessment.findings[0].severity = SEVERITY_INFO;
	assessment.answer = lines[_i].verdict;
	assessment.count = lines[_i].count;
	struct out out = {0};
	represent_answer_text(&assessment, &out);
	ck_assert_str_eq(out.data, lines[_i].text);
	out_free(&out);
}
END_TEST

START_TEST(nobody_judged)
{
	nothing_is_known();
	autofree char *text = printed(represent_ready_text);
	ck_assert_str_eq(text, "unknown: nobody judged\n");
}
END_TEST

START_TEST(names_steer_nothing)
{
	all_is_known();
	assessment.findings[0].subject = "share:" NASTY;
	assessment.findings[0].message = "a\x1b[2J" NASTY;
	autofree char *text = printed(represent_ready_text);
	ck_assert_ptr_null(strchr(text, '\x1b'));
	ck_assert_ptr_nonnull(strstr(text, "a?[2J\"q\""));
}
END_TEST

static struct json_c_object *said(void (*represent)(const struct view *, struct json *))
{
	struct json json;
	json_start(&json);
	represent(&view, &json);
	struct json_c_object *root = parsed(json_text(&json, false));
	json_free(&json);
	return root;
}

START_TEST(moment)
{
	all_is_known();
	struct json_c_object *root = said(represent_moment);
	ck_assert_str_eq(parsed_at(root, "/answer"), "\"wait\"");
	ck_assert_str_eq(parsed_at(root, "/retry_after_s"), "240");
	ck_assert_str_eq(parsed_at(root, "/findings"), "[\"freeing\"]");
	json_object_put(root);
	nothing_is_known();
	root = said(represent_moment);
	ck_assert_str_eq(parsed_at(root, "/answer"), "null");
	ck_assert_str_eq(parsed_at(root, "/findings"), "[]");
	json_object_put(root);
}
END_TEST

START_TEST(json_of_names_that_hurt)
{
	all_is_known();
	assessment.findings[0].message = NASTY;
	struct json_c_object *root = said(represent_ready);
	ck_assert_str_eq(
		parsed_at(root, "/findings/0/message"), "\"\\\"q\\\" \\\\ <b>&'\\n\\u001b[31m" FFFD "\x7f\"");
	json_object_put(root);
}
END_TEST

Suite *suite_represent_ready(void);
Suite *suite_represent_ready(void)
{
	Suite *suite = suite_create("represent_ready");
	TCase *tcase = tcase_create("represent_ready");
	tcase_add_test(tcase, text_of_findings);
	tcase_add_loop_test(tcase, one_line, 0, (int)ARRAY_LEN(lines));
	tcase_add_test(tcase, nobody_judged);
	tcase_add_test(tcase, names_steer_nothing);
	tcase_add_test(tcase, moment);
	tcase_add_test(tcase, json_of_names_that_hurt);
	suite_add_tcase(suite, tcase);
	return suite;
}
