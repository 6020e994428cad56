/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Slows down who tries passwords: each address may be wrong a few times, then once every ten seconds. All
 * addresses of an IPv6 network of 64 bits count as one. Reads no clock.
 */
#ifndef NASREADY_SERVE_ATTEMPTS_H
#define NASREADY_SERVE_ATTEMPTS_H

#include <stdbool.h>
#include <stdint.h>

#define ATTEMPTS_ADDRESSES 32 /* at a time; with more of them, who was quiet for longest is forgotten */
#define ATTEMPTS_FREE 5	      /* a person who mistypes has so many */
#define ATTEMPTS_EVERY_MS 10000

struct attempts {
	struct {
		unsigned char network[8]; /* of an IPv4 address: its four bytes, and four zeros */
		bool used;
		/* when the failures so far are made up for: each adds ATTEMPTS_EVERY_MS */
		uint64_t until_ms;
	} slots[ATTEMPTS_ADDRESSES];
};

/* 0: a password may be tried; else the seconds after which it may be again */
uint32_t attempts_wait_s(const struct attempts *attempts, const char *address, uint64_t now_ms);
/* the password was wrong; true if this was the last free one */
bool attempts_failed(struct attempts *attempts, const char *address, uint64_t now_ms);

#endif
