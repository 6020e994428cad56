/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What the page loads. Both forms were made when the program was built: a small processor has better things
 * to do than to compress the same text again.
 */
#include <string.h>

#include "common/text.h"
#include "serve/routes.h"
#include "show/assets.h"

/* q=0, q=0.0 and so on */
static bool is_refused(struct text parameters)
{
	struct text piece;
	while (text_until(&parameters, ';', &piece)) {
		uint32_t quality;
		piece = text_trim(piece);
		if (text_starts(piece, "q=") || text_starts(piece, "Q="))
			return text_hundredths((struct text){piece.at + 2, piece.length - 2}, &quality) &&
			       !quality;
	}
	return false;
}

bool asset_takes_gzip(const char *accept_encoding)
{
	struct text rest = text_of(accept_encoding ? accept_encoding : ""), piece, name;
	while (text_until(&rest, ',', &piece)) {
		if (!text_until(&piece, ';', &name))
			continue;
		name = text_trim(name);
		if (text_is(name, "gzip") || text_is(name, "*"))
			return !is_refused(piece);
	}
	return false;
}

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
	bool gzip = asset_takes_gzip(request->accept_encoding);
	reply->status = 200;
	reply->content_type = asset->media;
	reply->encoding = gzip ? "gzip" : NULL;
	reply->etag = gzip ? asset->etag_gzip : asset->etag;
	/* with its version in the address it can never be another one */
	reply->cache = version && !strcmp(version, asset->version) ? "public, max-age=31536000, immutable"
								   : "no-cache";
	reply->fixed = gzip ? asset->gzip : asset->plain;
	reply->fixed_length = gzip ? asset->gzip_size : asset->plain_size;
	if (asset_is_known(request->if_none_match, reply->etag)) {
		reply->status = 304;
		reply->fixed_length = 0;
		reply->encoding = NULL;
	}
}
