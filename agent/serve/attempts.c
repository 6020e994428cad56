/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "serve/attempts.h"

#include <arpa/inet.h>
#include <string.h>

#define NETWORK sizeof(((struct attempts *)0)->slots[0].network)
#define FREE_MS (ATTEMPTS_FREE * (uint64_t)ATTEMPTS_EVERY_MS)

/* what is no address counts as one of its own, of zeros */
static void network_of(const char *address, unsigned char ret_network[NETWORK])
{
	unsigned char bytes[16] = {0};
	memset(ret_network, 0, NETWORK);
	if (inet_pton(AF_INET, address, bytes) == 1)
		memcpy(ret_network, bytes, 4);
	else if (inet_pton(AF_INET6, address, bytes) == 1)
		memcpy(ret_network, bytes, NETWORK);
}

static int find(const struct attempts *attempts, const unsigned char network[NETWORK])
{
	for (int i = 0; i < ATTEMPTS_ADDRESSES; i++)
		if (attempts->slots[i].used && !memcmp(attempts->slots[i].network, network, NETWORK))
			return i;
	return -1;
}

static int take(struct attempts *attempts, const unsigned char network[NETWORK])
{
	int oldest = 0;
	for (int i = 0; i < ATTEMPTS_ADDRESSES; i++) {
		if (!attempts->slots[i].used) {
			oldest = i;
			break;
		}
		if (attempts->slots[i].until_ms < attempts->slots[oldest].until_ms)
			oldest = i;
	}
	attempts->slots[oldest].used = true;
	attempts->slots[oldest].until_ms = 0;
	memcpy(attempts->slots[oldest].network, network, NETWORK);
	return oldest;
}

uint32_t attempts_wait_s(const struct attempts *attempts, const char *address, uint64_t now_ms)
{
	unsigned char network[NETWORK];
	network_of(address, network);
	int found = find(attempts, network);
	if (found < 0)
		return 0;
	uint64_t until_ms = attempts->slots[found].until_ms;
	/* one more must still be within the free ones */
	if (until_ms + ATTEMPTS_EVERY_MS <= now_ms + FREE_MS)
		return 0;
	return (uint32_t)((until_ms + ATTEMPTS_EVERY_MS - now_ms - FREE_MS + 999) / 1000);
}

bool attempts_failed(struct attempts *attempts, const char *address, uint64_t now_ms)
{
	unsigned char network[NETWORK];
	network_of(address, network);
	int found = find(attempts, network);
	if (found < 0)
		found = take(attempts, network);
	uint64_t *until_ms = &attempts->slots[found].until_ms;
	if (*until_ms < now_ms)
		*until_ms = now_ms;
	*until_ms += ATTEMPTS_EVERY_MS;
	return attempts_wait_s(attempts, address, now_ms) > 0;
}
