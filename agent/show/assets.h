/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What the health page loads: files of page/, made into constants by page/embed.sh when the program is built.
 */
#ifndef NASREADY_SHOW_ASSETS_H
#define NASREADY_SHOW_ASSETS_H

#include <stddef.h>

struct asset {
	const char *path, *media;
	const char *version; /* hash of the content; an address with ?v=version never changes what it holds */
	const char *etag;
	const unsigned char *gzip;
	size_t gzip_size;
};

/* generated */
extern const struct asset assets[];
extern const unsigned assets_count;

/* NULL: there is none */
const struct asset *asset_find(const char *path);

#endif
