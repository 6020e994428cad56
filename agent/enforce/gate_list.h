/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * For which shares the gate is enabled: the sections of gate.conf in the state directory, which is an include
 * file for Samba at the same time, so that both always mean the same shares. Pure.
 */
#ifndef NASREADY_ENFORCE_GATE_LIST_H
#define NASREADY_ENFORCE_GATE_LIST_H

#include "common/fault.h"
#include "common/text.h"

#define GATE_LIST_NAME "gate.conf"
#define GATE_LIST_TEXT_MAX (1024 + SHARES_MAX * (SHARE_LEN + 200))

struct gate_list {
	uint32_t count;
	char shares[SHARES_MAX][SHARE_LEN];
};

/* lines that are no section are left alone; -EBADMSG and the fault: no list that nasready wrote */
int gate_list_read(struct text text, struct gate_list *ret_list, struct fault *fault);
/* `dfree`: path of the program for Samba's `dfree command`; NULL: none. `state_dir`: where the file lies. */
void gate_list_write(const struct gate_list *list, const char *state_dir, const char *dfree,
	char ret_text[GATE_LIST_TEXT_MAX]);
/* as Windows compares names: without regard to case */
bool gate_list_has(const struct gate_list *list, const char *share);
/* -EINVAL: no name of a share; -EFBIG: too many. 0 also if it is there already. */
int gate_list_add(struct gate_list *list, const char *share, struct fault *fault);
void gate_list_remove(struct gate_list *list, const char *share);

#endif
