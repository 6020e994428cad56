/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "show/represent_path.h"

#include <stdio.h>

void represent_path(const struct path_case *of, struct json *json)
{
	char message[PATH_RULE_SAYS_LEN];
	path_rule_message(of, message);
	json_string(json, "verdict", path_verdict_name(of->verdict));
	json_string(json, "path", of->path);
	json_bool(json, "completed", of->built);
	json_u32(json, "characters", of->relative);
	json_u32(json, "limit_characters", PATH_RULE_MOST);
	json_u32(json, "full_characters", of->full);
	json_u32(json, "at_share_root_characters", of->at_root);
	json_string(json, "message", message);
	json_string(json, "remedy", path_rule_remedy(of));
}

void represent_path_text(const struct path_case *of, struct out *out)
{
	char message[PATH_RULE_SAYS_LEN];
	const char *remedy = path_rule_remedy(of);
	path_rule_message(of, message);
	out_print(out, "%-9s", path_verdict_name(of->verdict));
	out_plain(out, of->path);
	out_print(out, "\n         %s\n", message);
	if (remedy)
		out_print(out, "         %s\n", remedy);
}
