/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * smb.conf, an included file behind a NUL, and Samba's version. max_len: 4096
 */
#include "collect/smb_conf.h"

#include <strings.h>

#include "tests/fuzz/fuzz.h"

struct included {
	struct text text;
	unsigned depth;
};

static void include(struct smb_conf *conf, struct text path)
{
	struct included *included = conf->arg;
	MUST(path.length);
	if (included->depth++ < 3)
		smb_conf_parse(conf, included->text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct snapshot snapshot;
	struct text rest = fuzz_text(data, size), main = fuzz_piece(&rest);
	struct included included = {rest, 0};
	struct smb_conf conf;
	char server[NAME_LEN] = "";
	snapshot_reset(&snapshot);
	snapshot.share_count = 5;
	smb_conf_start(&conf, &snapshot);
	MUST(!snapshot.share_count && !snapshot.smb.smb_port_count);
	conf.include = include;
	conf.arg = &included;
	smb_conf_parse(&conf, main);
	smb_conf_end(&conf);
	fuzz_check_snapshot(&snapshot);
	for (uint32_t i = 0; i < snapshot.share_count; i++)
		for (uint32_t j = 0; j < i; j++)
			MUST(strcasecmp(snapshot.shares[i].name, snapshot.shares[j].name) != 0);
	if (smb_conf_version(main, server, sizeof server))
		MUST(!strncmp(server, "Samba", 5) && memchr(server, 0, sizeof server));
	MUST(smb_conf_default_sync(server) <= UNKNOWN);
	return 0;
}
