/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "serve/replays.h"

#include <string.h>

#define DIGITS (REPLAYS_RESPONSE_LEN - 1)

bool replays_has(const struct replays *replays, const char *header)
{
	for (unsigned i = 0; i < REPLAYS_MAX; i++)
		if (replays->responses[i][0] && strstr(header, replays->responses[i]))
			return true;
	return false;
}

bool replays_add(struct replays *replays, const char *header)
{
	const char *at = strstr(header, "response=");
	if (!at)
		return false;
	at += strlen("response=");
	at += *at == '"';
	if (strspn(at, "0123456789abcdef") != DIGITS)
		return false;
	char *slot = replays->responses[replays->next++ % REPLAYS_MAX];
	memcpy(slot, at, DIGITS);
	slot[DIGITS] = 0;
	return true;
}
