/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * /proc/net/dev, sysfs's words, and ethtool's answers. max_len: 4096
 */
#include "collect/source_links.h"
#include "tests/fuzz/fuzz.h"

static enum tri ask_up(const char *name, void *arg)
{
	(void)arg;
	return (unsigned char)name[0] % 3;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct snapshot snapshot;
	struct text text = fuzz_text(data, size);
	snapshot_reset(&snapshot);
	int result = links_parse_dev(text, size % 2 ? ask_up : NULL, NULL, &snapshot);
	MUST(result <= 0);
	MUST(!result || !snapshot.link_count);
	for (uint32_t i = 0; i < snapshot.link_count; i++) {
		struct link *link = &snapshot.links[i];
		MUST(link->name[0] && strcmp(link->name, "lo") != 0);
		MUST(link->speed_mbps == UNKNOWN_U32 && link->full_duplex == UNKNOWN);
		links_parse_ethtool(text, link);
	}
	fuzz_check_snapshot(&snapshot);
	snapshot_reset(&snapshot);
	struct link *link = snapshot_add_link(&snapshot);
	strcpy(link->name, "eth0");
	MUST(links_parse_ethtool(text, link) || link->speed_mbps == UNKNOWN_U32);
	fuzz_check_snapshot(&snapshot);
	struct text first = fuzz_piece(&text);
	MUST(links_parse_up(first, text) <= UNKNOWN);
	link->speed_mbps = UNKNOWN_U32;
	link->full_duplex = UNKNOWN;
	links_parse_speed(first, text, link);
	MUST(link->speed_mbps != UNKNOWN_U32 || link->full_duplex == UNKNOWN);
	fuzz_check_snapshot(&snapshot);
	return 0;
}
