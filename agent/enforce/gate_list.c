/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "enforce/gate_list.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define FIRST_LINE "# nasready gate 1"

bool gate_list_has(const struct gate_list *list, const char *share)
{
	for (uint32_t i = 0; i < list->count; i++)
		if (!strcasecmp(list->shares[i], share))
			return true;
	return false;
}

static bool is_share_name(const char *share)
{
	size_t length = strlen(share);
	for (const char *at = share; *at; at++)
		if ((unsigned char)*at < 0x20 || strchr("[]\"\\/:|<>+=;,?*%", *at))
			return false;
	return length && length < SHARE_LEN && strcasecmp(share, "global") && share[0] != ' ' &&
	       share[length - 1] != ' ';
}

int gate_list_add(struct gate_list *list, const char *share, struct fault *fault)
{
	char shown[SHARE_LEN];
	text_show(shown, sizeof shown, text_of(share));
	if (!is_share_name(share))
		return fault_set(fault, -EINVAL, "\"%s\" is no name of a share", shown);
	if (gate_list_has(list, share))
		return 0;
	if (list->count == SHARES_MAX)
		return fault_set(fault, -EFBIG, "the gate holds %d shares: disable one first", SHARES_MAX);
	snprintf(list->shares[list->count++], SHARE_LEN, "%s", share);
	return 0;
}

void gate_list_remove(struct gate_list *list, const char *share)
{
	for (uint32_t i = 0; i < list->count; i++) {
		if (strcasecmp(list->shares[i], share))
			continue;
		list->count--;
		memmove(list->shares[i], list->shares[i + 1], (list->count - i) * SHARE_LEN);
		return;
	}
}

int gate_list_read(struct text text, struct gate_list *ret_list, struct fault *fault)
{
	struct gate_list list = {.count = 0};
	struct text line;
	char share[SHARE_LEN];
	if (!text_line(&text, &line) || !text_is(line, FIRST_LINE))
		return fault_set(fault, -EBADMSG, "it does not begin with \"" FIRST_LINE "\"");
	while (text_line(&text, &line)) {
		line = text_trim(line);
		if (line.length < 2 || line.at[0] != '[')
			continue;
		struct text name = {line.at + 1, line.length - 2};
		if (line.at[line.length - 1] != ']' || !text_copy(share, sizeof share, name))
			return fault_set(fault, -EBADMSG, "a section in it is not closed, or too long");
		int error = gate_list_add(&list, share, fault);
		if (error)
			return error;
	}
	*ret_list = list;
	return 0;
}

void gate_list_write(const struct gate_list *list, const char *state_dir, const char *dfree,
	char ret_text[GATE_LIST_TEXT_MAX])
{
	size_t at = (size_t)snprintf(ret_text, GATE_LIST_TEXT_MAX,
		FIRST_LINE "\n# Written by `nasready gate`; at its next change whatever else stands here is "
			   "lost. As the last line\n"
			   "# of smb.conf: include = %.400s/" GATE_LIST_NAME "\n",
		state_dir);
	for (uint32_t i = 0; i < list->count; i++) {
		at += (size_t)snprintf(ret_text + at, GATE_LIST_TEXT_MAX - at,
			"\n[%s]\n\tstrict allocate = yes\n", list->shares[i]);
		if (dfree)
			at += (size_t)snprintf(ret_text + at, GATE_LIST_TEXT_MAX - at,
				"\tdfree command = %.100s dfree\n", dfree);
	}
}
