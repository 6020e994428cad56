/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "enforce/grants.h"

#include <string.h>

void grants_add(struct grants *grants, const struct grant *grant)
{
	struct grant *place = &grants->open[0];
	for (unsigned i = 0; i < GATE_GRANTS_MAX; i++) {
		struct grant *other = &grants->open[i];
		if (other->path[0] && !strcmp(other->volume, grant->volume)) {
			place = other;
			break;
		}
		if (place->path[0] && (!other->path[0] || other->until_ms < place->until_ms))
			place = other;
	}
	*place = *grant;
}

void grants_close(struct grants *grants, const char *path)
{
	for (unsigned i = 0; i < GATE_GRANTS_MAX; i++)
		if (!strcmp(grants->open[i].path, path))
			grants->open[i].path[0] = 0;
}

void grants_expire(struct grants *grants, uint64_t now_ms)
{
	for (unsigned i = 0; i < GATE_GRANTS_MAX; i++)
		if (grants->open[i].until_ms <= now_ms)
			grants->open[i].path[0] = 0;
}

bool grants_any(const struct grants *grants)
{
	for (unsigned i = 0; i < GATE_GRANTS_MAX; i++)
		if (grants->open[i].path[0])
			return true;
	return false;
}
