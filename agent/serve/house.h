/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * The rules of the house: what the configuration says of who may ask and how grave findings are. Plain data,
 * made by the privileged process; when the configuration is read again it hands a new one over through the
 * shared page, and no connection is lost.
 */
#ifndef NASREADY_SERVE_HOUSE_H
#define NASREADY_SERVE_HOUSE_H

#include "base/credentials.h"
#include "judge/assess.h"
#include "model/channel.h"
#include "serve/access.h"

struct house {
	struct access access;
	struct credentials credentials;
	struct assess_overrides overrides;
	uint32_t client_timeout_s; /* of the SMB clients, unless a question says otherwise */
};

_Static_assert(sizeof(struct house) <= CHANNEL_TERMS_MAX, "it fits the shared page");

#endif
