/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What the page loads, compressed when the program was built and in no other form: whatever shows the page
 * takes gzip, and plain copies would be a fifth of the program (RFC 9110, 12.5.3: sending plain text to
 * others is a SHOULD).
 */
#include <string.h>

#include "common/text.h"
#include "serve/routes.h"
#include "show/assets.h"

bool asset_is_known(const char *if_none_match, const char *etag)
{
	struct text rest = text_of(if_none_match ? if_none_match : ""), piece;
	while (text_until(&rest, ',', &piece)) {
		piece = text_trim(piece);
		if (text_starts(piece, "W/"))
			piece = (struct text){piece.at + 2, piece.length - 2};
		if (text_is(piece, etag) || text_is(piece, "*"))
			return true;
	}
	return false;
}

void api_asset(const struct request *request, struct reply *reply)
{
	const struct asset *asset = asset_find(request->path);
	if (!asset) {
		reply_problem(reply, 404, "no-such-route", "No such route",
			"this part of the page exists only without a slash at its end");
		return;
	}
	const char *version = request->query(request, "v");
	reply->status = 200;
	reply->content_type = asset->media;
	reply->encoding = "gzip";
	reply->etag = asset->etag;
	/* with its version in the address it can never be another one */
	reply->cache = version && !strcmp(version, asset->version) ? "public, max-age=31536000, immutable"
								   : "no-cache";
	reply->fixed = asset->gzip;
	reply->fixed_length = asset->gzip_size;
	if (asset_is_known(request->if_none_match, reply->etag)) {
		reply->status = 304;
		reply->fixed_length = 0;
		reply->encoding = NULL;
	}
}
