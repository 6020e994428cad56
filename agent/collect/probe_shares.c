/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The child's half of source_shares.h: runs Samba's programs.
 */
#include <stdio.h>
#include <string.h>

#include "collect/source_shares.h"

void shares_find_programs(const struct pass *pass, struct shares_question *ret_question)
{
	tool_find(pass->root, "testparm", ret_question->testparm, sizeof ret_question->testparm);
	if (!tool_find(pass->root, "smbd", ret_question->version, sizeof ret_question->version))
		memcpy(ret_question->version, ret_question->testparm, sizeof ret_question->version);
	snprintf(ret_question->smb_conf, sizeof ret_question->smb_conf, "%s",
		pass->settings.smb_conf ? pass->settings.smb_conf : "");
}

void shares_ask(int out, void *shares_question)
{
	struct shares_question *question = shares_question;
	char *version[] = {question->version, "-V", NULL};
	char *testparm[] = {
		question->testparm, "-s", question->smb_conf[0] ? question->smb_conf : NULL, NULL};
	if (question->version[0])
		tool_run(out, version);
	if (question->testparm[0])
		dprintf(out, "\n%s %d\n", TESTPARM_ENDED, tool_run(out, testparm));
}
