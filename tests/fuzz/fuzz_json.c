/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The JSON builder and the other writers: whatever is put in, a well-formed document comes out. max_len: 1024
 */
#include "show/json.h"
#include "show/out.h"
#include "tests/fuzz/fuzz.h"

static void add(struct json *json, struct text *rest, unsigned *depth, bool *in_list)
{
	autofree char *string = NULL;
	const char *name = in_list[*depth] ? NULL : "name";
	unsigned what = fuzz_choice(rest, 10);
	if (what < 2 && *depth + 1 < JSON_DEPTH_MAX) {
		(what ? json_list : json_object)(json, name);
		in_list[++*depth] = what;
	} else if (what == 2 && *depth) {
		json_end(json);
		--*depth;
	} else if (what == 3)
		json_u64(json, name, fuzz_number(rest));
	else if (what == 4)
		json_u32(json, name, (uint32_t)fuzz_number(rest));
	else if (what == 5)
		json_hundredths(json, name, (uint32_t)fuzz_number(rest));
	else if (what == 6)
		json_time(json, name, fuzz_number(rest));
	else if (what == 7)
		json_tri(json, name, (enum tri)fuzz_choice(rest, 3));
	else
		json_string(json, name, string = fuzz_string(rest));
}

static void check_out(const char *text)
{
	struct out html = {0}, plain = {0}, utf8 = {0};
	out_html(&html, text);
	out_plain(&plain, text);
	out_utf8(&utf8, text);
	MUST(!html.data || (fuzz_is_utf8(html.data) && !strpbrk(html.data, "<>\"'")));
	MUST(!plain.data || (fuzz_is_plain(plain.data) && !strchr(plain.data, '\n')));
	MUST(!utf8.data || fuzz_is_utf8(utf8.data));
	MUST(!fuzz_is_utf8(text) || !strcmp(utf8.data ? utf8.data : "", text));
	out_free(&html);
	out_free(&plain);
	out_free(&utf8);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = fuzz_text(data, size), again = rest;
	autofree char *text = fuzz_string(&again);
	bool in_list[JSON_DEPTH_MAX] = {false};
	struct json json;
	unsigned depth = 0;
	json_start(&json);
	while (rest.length)
		add(&json, &rest, &depth, in_list);
	MUST(!depth || !json_text(&json, false));
	for (; depth; depth--)
		json_end(&json);
	fuzz_check_json(json_text(&json, size % 2));
	json_free(&json);
	check_out(text);
	return 0;
}
